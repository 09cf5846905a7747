"""What an attachment is, told by its content; what nobody could open is refused at the door."""

import io
import time
import zipfile

import pytest
from PIL import Image, ImageFile

from documents import filetypes
from documents.refusals import Invalid

BROKEN_PICTURE = "图片已损坏，无法打开，请重新拍摄或导出。"
BROKEN_FILE = "文件已损坏，无法打开。"
MACROS = "文件含有宏，请另存为不含宏的格式后再上传。"


def picture(kind, size=(400, 300)):
    made = Image.effect_noise(size, 60).convert("RGB")
    data = io.BytesIO()
    made.save(data, kind)
    return data.getvalue()


def office(*more, types=b"<Types/>"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        for name in ("xl/workbook.xml", *more):
            archive.writestr(name, b"x")
    return data.getvalue()


def refused(data, name="a.bin"):
    with pytest.raises(Invalid) as refusal:
        filetypes.media_type(data, name)
    (sentence,) = refusal.value.sentences
    return sentence


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", filetypes.JPEG), ("PNG", filetypes.PNG)])
def test_a_whole_picture_is_taken_and_one_cut_off_is_refused(monkeypatch, kind, media_type):
    """Whatever the PDF writer has told the picture library meanwhile."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = picture(kind)
    assert filetypes.media_type(data, "a") == media_type
    assert refused(data[: len(data) // 2]) == BROKEN_PICTURE
    assert refused(data[:40]) == BROKEN_PICTURE


def test_a_png_with_broken_chunks_is_refused():
    data = bytearray(picture("PNG"))
    data[len(data) // 2] ^= 0xFF
    assert refused(bytes(data)) == BROKEN_PICTURE


def test_a_large_picture_is_told_in_a_moment():
    data = picture("JPEG", (6000, 4000))
    began = time.process_time()
    assert filetypes.media_type(data, "a.jpg") == filetypes.JPEG
    assert time.process_time() - began < 2


def test_a_pdf_without_any_object_is_refused():
    assert filetypes.media_type(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF", "a") == filetypes.PDF
    assert refused(b"%PDF-") == BROKEN_FILE
    assert refused(b"%PDF-1.7\n%%EOF" + bytes(2000)) == BROKEN_FILE


def test_an_archive_that_no_reader_opens_is_refused_and_never_breaks():
    whole = office()
    assert filetypes.media_type(whole, "a") == filetypes.OFFICE["xl/workbook.xml"]
    named = bytearray(office("\N{LATIN SMALL LETTER U WITH DIAERESIS}.xml"))
    at = named.rindex("\N{LATIN SMALL LETTER U WITH DIAERESIS}".encode())
    named[at : at + 2] = b"\xff\xfe"
    assert refused(bytes(named)) == BROKEN_FILE
    newer = bytearray(whole)
    entry = newer.index(b"PK\x01\x02")
    newer[entry + 6] = 99
    assert refused(bytes(newer)) == BROKEN_FILE
    assert refused(whole[: len(whole) // 2]) == BROKEN_FILE


def test_office_files_with_macros_are_refused_old_and_new():
    assert refused(office("xl/vbaProject.bin")) == MACROS
    assert refused(office("xl/macrosheets/sheet1.xml")) == MACROS
    assert (
        refused(office(types=b'<Types ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>')) == MACROS
    )
    old = filetypes.OLE + bytes(600)
    assert filetypes.media_type(old, "a.xls") == "application/vnd.ms-office"
    assert refused(old + "_VBA_PROJECT".encode("utf-16-le"), "a.xls") == MACROS


@pytest.mark.parametrize(
    ("name", "media_type", "given"),
    [
        ("a.jpg", filetypes.PDF, "a.pdf"),
        ("报价 1.2", filetypes.PDF, "报价 1.2.pdf"),
        ("a.PDF", filetypes.PDF, "a.PDF"),
        ("a.jpeg", filetypes.JPEG, "a.jpeg"),
        ("a.pdf", filetypes.PNG, "a.png"),
        ("a.doc", "application/vnd.ms-office", "a.doc"),
    ],
)
def test_a_download_is_named_as_its_content_is(name, media_type, given):
    assert filetypes.download_name(name, media_type) == given
