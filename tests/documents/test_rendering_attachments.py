"""Attachments in a pack, case by case: the pages that a reader gets, or the sentence on the cover; nothing spoils the pack."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, Pdf
from PIL import Image

from documents.rendering import flattening
from documents.rendering.pdf import render
from tests.documents.papers import paper
from tests.documents.test_rendering_pack import attachment, hostile, packed, part, picture, saved
from tests.documents.test_rendering_pdf import ACTIVE, keys, pages, squeeze

TALL, WIDE = (595, 842), (842, 595)


def blank(count=1, size=(595, 842), **options):
    document = Pdf.new()
    for _n in range(count):
        document.add_blank_page(page_size=size)
    return saved(document, **options)


def turned():
    """A photograph of 800 × 600 that its camera says is to be turned by 90°."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture(size=(800, 600), exif=exif.tobytes())


def rotated_page():
    document = Pdf.new()
    document.add_blank_page(page_size=(595, 842))
    document.pages[0].Rotate = 90
    return saved(document)


def with_links():
    document = Pdf.new()
    document.add_blank_page()
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="http://127.0.0.1:9/")
    )
    document.pages[0].Annots = document.make_indirect([document.make_indirect(link)])
    return saved(document)


def png_of(pixels_wide, pixels_high):
    """A PNG of so many pixels in few bytes."""
    output = io.BytesIO()
    Image.new("1", (pixels_wide, pixels_high)).save(output, "PNG")
    return output.getvalue()


LOCKED = blank(encryption=pikepdf.Encryption(owner="a", user="b"))
# Of forty pages two can still be found.
CUT = blank(40)[:700]
ZIP, OLE = b"PK\x03\x04" + b"\0" * 60, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60

OPEN = "请在系统中下载原件"
CASES = [
    # name, bytes, the shape of its pages, or the sentence on the cover
    ("照片.png", picture("PNG"), [TALL]),
    ("照片.jpg", picture(size=(1200, 800)), [WIDE]),
    ("相机竖拍.jpg", turned(), [TALL]),
    ("印刷四色.jpg", picture(mode="CMYK", color=(0, 99, 99, 0)), [TALL]),
    ("透明.png", picture("PNG", mode="RGBA", color=(9, 9, 9, 0)), [TALL]),
    ("像素极多.png", png_of(10_000, 7_000), "文件过大，未装入，" + OPEN),
    ("发票.pdf", blank(2), [TALL, TALL]),
    ("横页.pdf", blank(1, (842, 595)), [WIDE]),
    ("转页.pdf", rotated_page(), [WIDE]),
    ("三百页.pdf", blank(300), "超过 200 页，未装入，" + OPEN),
    ("二百页.pdf", blank(200), [TALL] * 200),
    ("密码.pdf", LOCKED, "文件设有密码，无法打开"),
    ("只锁修改.pdf", blank(encryption=pikepdf.Encryption(owner="a", user="")), [TALL]),
    ("截断得无从读起.pdf", blank(40)[:60], "文件已损坏，无法打开"),
    ("脚本与内嵌文件.pdf", hostile(), [TALL]),
    ("链接.pdf", with_links(), [TALL]),
    ("空.pdf", b"", "文件已损坏，无法打开"),
    ("没有后缀", blank(), [TALL]),
    ("前有杂字节.pdf", b"\r\n\r\n" + blank(), [TALL]),
    ("名为图片.jpg", blank(), [TALL]),
    ("名为文档.pdf", picture(), [TALL]),
    ("报价.docx", ZIP, "办公文件，" + OPEN),
    ("考勤.xlsx", ZIP, "办公文件，" + OPEN),
    ("考勤.xls", OLE, "办公文件，" + OPEN),
    ("清单.ods", ZIP, "办公文件，" + OPEN),
    ("便条.txt", "便条".encode(), "不是 PDF 或图片，" + OPEN),
]


@pytest.fixture(scope="module")
def form():
    return render(paper())


@pytest.fixture(scope="module")
def all_in_one(form):
    """Every case in one pack: its text page by page, and the shape of each page."""
    files = [attachment(name, data) for name, data, _expected in CASES]
    data = packed([part("表", "CH-PR-202612-001", form)], files)
    shapes = [tuple(round(side) for side in page.get_size()) for page in pypdfium2.PdfDocument(data)]
    return data, pages(data), shapes


@pytest.mark.parametrize(
    ("index", "name", "expected"), [(n, case[0], case[2]) for n, case in enumerate(CASES, start=1)]
)
def test_each_attachment_is_shown_or_named_with_its_reason(all_in_one, index, name, expected):
    _data, texts, shapes = all_in_one
    front = next(n for n, page in enumerate(texts) if squeeze("物业采购申请表") in page and "签批环节" in page)
    cover = "".join(texts[:front])
    label = squeeze(f"附件{index}/{len(CASES)}{name}")
    mine = [shape for page, shape in zip(texts[front:], shapes[front:], strict=True) if label in page]
    if isinstance(expected, str):
        assert mine == []
        assert squeeze(f"{label}（CH-PR-202612-001）：{expected}") in cover
    else:
        assert mine == expected
        first = next(n for n, page in enumerate(texts, 1) if n > front and label in page)
        # The contents name it with its form and its page.
        assert squeeze(f"{label}CH-PR-202612-001{first}") in cover


def test_a_pdf_cut_short_shows_what_is_left_and_says_so(form):
    """Two pages that look whole must not pass for the forty that were sent."""
    texts = pages(
        packed([part("表", "CH-PR-202612-001", form)], [attachment("截断.pdf", CUT), attachment("好.pdf", blank())])
    )
    assert squeeze("附件 1/2 截断.pdf（CH-PR-202612-001）：文件有损坏，只装入了可读出的页，请核对原件") in texts[0]
    assert len([page for page in texts[2:] if "附件1/2截断.pdf" in page]) == 2
    assert "好.pdf（CH-PR-202612-001）：" not in texts[0]


def test_nothing_of_them_acts_links_or_hides(all_in_one):
    data, _texts, _shapes = all_in_one
    assert not keys(data) & (ACTIVE | {"/Ref", "/Metadata", "/PieceInfo", "/Filespec", "/Annots"})
    with pikepdf.open(io.BytesIO(data)) as document:
        assert not document.attachments


def test_the_dark_side_of_colours_is_right():
    """CMYK of no cyan and much magenta and yellow is a red, not its negative."""
    page = pypdfium2.PdfDocument(flattening.flatten(picture(mode="CMYK", color=(0, 200, 200, 0))))[0]
    picture_of = page.render(scale=0.5).to_pil().convert("RGB")
    red, green, blue = picture_of.getpixel((picture_of.width // 2, picture_of.height // 2))
    assert red > 180 > 120 > green
    assert blue < 120


def test_more_bytes_than_a_pack_takes_are_named(form, monkeypatch):
    from documents.rendering import foreign

    small, large = picture(), picture(size=(900, 900))
    monkeypatch.setattr(foreign, "MAX_ATTACHMENTS_BYTES", len(small) + len(large) - 1)
    texts = pages(
        packed([part("表", "CH-PR-202612-001", form)], [attachment("一.jpg", small), attachment("二.jpg", large)])
    )
    assert squeeze("附件 2/2 二.jpg（CH-PR-202612-001）：文件过大，未装入") in texts[0]
    assert "附件1/2一.jpg" in texts[-1]


def test_time_that_has_run_out_is_told_as_that(form, monkeypatch):
    from documents.rendering import foreign

    monkeypatch.setattr(foreign, "FLATTENING_SECONDS", 0)
    texts = pages(packed([part("表", "CH-PR-202612-001", form)], [attachment("一.jpg", picture())]))
    assert squeeze("附件 1/1 一.jpg（CH-PR-202612-001）：附件过多，处理超时，未装入") in texts[0]
