"""Packs: forms and foreign files in one PDF that nothing can spoil."""

import io
import signal
import subprocess
import sys
import zlib
from decimal import Decimal as D

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from documents.rendering import flattening, foreign, pack
from documents.rendering.foreign import flatten_all
from documents.rendering.paper import Cover, PackAttachment, PackPart
from documents.rendering.pdf import render
from tests.documents.papers import MOMENT, paper, rows, sheet
from tests.documents.test_rendering_pdf import ACTIVE, keys, pages, squeeze, text

COVER = Cover(
    "示例物业服务有限公司", "费用结算资料汇编", "CH-EA-202612-001", MOMENT,
    (("项目", "翠湖花园"), ("月份", "2026年12月")), D("23824.35"), "申请金额", ("CH-PR-202612-002：缺少发票",),
    check_code="7F3K-92QD", verify_url="http://127.0.0.1:8000/verify/a/b/",
)  # fmt: skip


@pytest.fixture(scope="module")
def form():
    return render(paper())


def attachment(name, data, **changes):
    return PackAttachment(name, "CH-PR-202612-001", lambda: data, **{"size": len(data), **changes})


def part(title, number, data, amount=None):
    return PackPart(title, number, lambda: data, amount)


def packed(parts, attachments, **how):
    """The pack's bytes."""
    target = io.BytesIO()
    pack.pack_pdf(target, COVER, parts, attachments, **how)
    return target.getvalue()


def picture(kind="JPEG", size=(600, 800), mode="RGB", color="teal", **options):
    output = io.BytesIO()
    Image.new(mode, size, color).save(output, kind, **options)
    return output.getvalue()


def saved(document, **options):
    output = io.BytesIO()
    document.save(output, **options)
    return output.getvalue()


def hostile():
    """A PDF with everything that can act, point outside or carry a file, in page, document and resources."""
    document = Pdf.new()
    document.add_blank_page(page_size=(300, 400))
    page = document.pages[0]
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    form = Stream(document, b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.AA, form.Ref = Dictionary(O=script), Dictionary(F="http://127.0.0.1:9/x.pdf", Page=0)
    form.AF = Array([Dictionary(Type=Name.Filespec, F="a", EF=Dictionary(F=Stream(document, b"MZ hidden")))])
    form.Metadata, form.PieceInfo = Stream(document, b"<x/>"), Dictionary()
    page.Resources = Dictionary(XObject=Dictionary(A=form))
    page.Contents = Stream(document, b"q /A Do Q")
    page.AA = Dictionary(O=script)
    look = Stream(document, b"1 0 0 rg 0 0 50 50 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 50, 50])
    seal = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=[200, 300, 250, 350], F=4, AP=Dictionary(N=look), A=script
    )
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="http://127.0.0.1:9/")
    )
    run = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="calc.exe"))
    page.Annots = Array([document.make_indirect(note) for note in (seal, link, run)])
    document.Root.OpenAction = script
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=["a", script]))
    document.attachments["evil.exe"] = b"MZ hidden"
    return saved(document)


def bomb(size=600_000_000):
    """A page whose drawing unpacks to a thousand times its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(size // 10_000_000)) + packer.flush()
    document = Pdf.new()
    document.add_blank_page()
    stream = document.make_indirect(Stream(document, b""))
    stream.write(packed, filter=Name.FlateDecode)
    document.pages[0].Contents = Array([stream, document.make_indirect(Stream(document, b"q Q"))])
    return saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def test_a_pack_has_cover_contents_forms_attachments_and_page_numbers(form):
    long_form = render(paper(sheet(rows(40))))
    parts = [
        part("物业前期介入费用申请", "CH-EA-202612-001", long_form, D("23824.35")),
        part("物业采购申请表", "CH-PR-202612-001", form),
    ]
    data = packed(parts, [attachment("送货单.jpg", picture()), attachment("发票.pdf", form)])
    shown, length = pages(data), len(pages(long_form))
    assert len(shown) == 1 + length + 1 + 2
    for words in (
        "费用结算资料汇编", "CH-EA-202612-001·校验码7F3K-92QD", "人民币贰万叁仟捌佰贰拾肆元叁角伍分¥23,824.35", f"{len(shown)}页",
        "1物业前期介入费用申请CH-EA-202612-00123,824.352", f"2物业采购申请表CH-PR-202612-001{2 + length}",
        f"3附件1/2送货单.jpgCH-PR-202612-001{3 + length}", f"4附件2/2发票.pdfCH-PR-202612-001{4 + length}",
        "缺少的资料", "CH-PR-202612-002：缺少发票",
    ):  # fmt: skip
        assert squeeze(words) in shown[0], words
    assert squeeze("附件1/2送货单.jpg（CH-PR-202612-001）") in shown[-2]
    assert "附件2/2发票.pdf" in shown[-1]
    assert all(f"总第{n}页共{len(shown)}页" in page for n, page in enumerate(shown, 1))
    assert "第1页共1页" in shown[1 + length]
    with pikepdf.open(io.BytesIO(data)) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "封面 费用结算资料汇编", "物业前期介入费用申请 CH-EA-202612-001", "物业采购申请表 CH-PR-202612-001",
            "附件 1/2　送货单.jpg CH-PR-202612-001", "附件 2/2　发票.pdf CH-PR-202612-001",
        ]  # fmt: skip


def test_a_long_list_of_contents_moves_the_page_numbers(form):
    parts = [part(f"第{n}张", f"CH-PR-202612-{n:03}", form) for n in range(1, 61)]
    shown = pages(packed(parts, []))
    front = len(shown) - 60
    assert front > 1
    joined = "".join(shown[:front])
    assert squeeze(f"1第1张CH-PR-202612-001{front + 1}") in joined
    assert squeeze(f"60第60张CH-PR-202612-060{front + 60}") in joined


def test_the_same_pack_gives_the_same_bytes(form):
    parts = [part("表", "CH-PR-202612-001", form)]
    files = [attachment("a.png", picture("PNG", mode="RGBA")), attachment("b.pdf", hostile())]
    assert packed(parts, files) == packed(parts, files)


def test_what_cannot_be_shown_is_named_on_the_cover_with_its_reason(form, monkeypatch):
    def gone():
        raise FileNotFoundError

    locked = saved(Pdf.open(io.BytesIO(form)), encryption=pikepdf.Encryption(owner="a", user="b"))
    monkeypatch.setattr(foreign, "MAX_ATTACHMENT_BYTES", 1_000_000)
    files = [
        attachment("损坏.pdf", b"%PDF-1.7 rubbish"),
        attachment("断.pdf", form[: len(form) // 2]),
        attachment("加密.pdf", locked),
        attachment("报价.xlsx", b"PK\x03\x04 sheet"),
        attachment("坏图.jpg", picture()[:300]),
        attachment("空.pdf", b""),
        attachment("巨大.pdf", b"%PDF", size=2_000_000),
        attachment("谎报.pdf", b"%PDF" + b"x" * 2_000_000, size=9),
        PackAttachment("遗失.pdf", "CH-PR-202612-001", gone),
        attachment("<b>好</b>.jpg", picture()),
    ]
    data = packed([part("表", "CH-PR-202612-001", form)], files)
    shown = text(data)
    for words in (
        "附件1/10损坏.pdf（CH-PR-202612-001）：文件已损坏，无法打开",
        "附件3/10加密.pdf（CH-PR-202612-001）：文件设有密码，无法打开",
        "附件4/10报价.xlsx（CH-PR-202612-001）：办公文件，请在系统中下载原件",
        "附件5/10坏图.jpg（CH-PR-202612-001）：文件已损坏，无法打开",
        "附件6/10空.pdf",
        "附件7/10巨大.pdf（CH-PR-202612-001）：文件过大，未装入",
        "附件8/10谎报.pdf（CH-PR-202612-001）：文件过大，未装入",
        "附件9/10遗失.pdf（CH-PR-202612-001）：文件缺失，请联系系统管理员",
        "附件10/10<b>好</b>.jpg",
    ):
        assert squeeze(words) in shown, words


def test_nothing_of_a_hostile_pdf_acts_any_more_but_its_seal_is_seen(form):
    data = packed([part("表", "CH-PR-202612-001", form)], [attachment("a.pdf", hostile())])
    assert not keys(data) & (ACTIVE | {"/Ref", "/Metadata", "/PieceInfo", "/Filespec"})
    with pikepdf.open(io.BytesIO(data)) as document:
        assert not document.attachments
        streams = b"".join(
            thing.read_bytes()
            for thing in document.objects
            if isinstance(thing, Stream) and "/DCT" not in str(thing.get("/Filter"))
        )
    assert b"hidden" not in streams
    opened = pypdfium2.PdfDocument(data)
    last = opened[len(opened) - 1].render(scale=1).to_pil().convert("RGB")
    assert any(red > 200 and green < 60 and blue < 60 for _n, (red, green, blue) in last.getcolors(maxcolors=1 << 20))


def test_a_decompression_bomb_spoils_only_itself(form, tmp_path):
    files = [attachment("前.jpg", picture()), attachment("炸弹.pdf", bomb()), attachment("后.pdf", form)]
    flats = flatten_all(files, tmp_path)
    assert [flat.path is None for flat in flats] == [False, True, False]


def test_a_file_that_brings_its_process_down_spoils_only_itself(form, tmp_path, monkeypatch):
    real_run = foreign._run

    def run(folder, first, end, told):
        """The process dies on the second file: it leaves no outcome for it, nor for those behind it."""
        if first == 0:
            (folder / "1.in").rename(folder / "away")
        real_run(folder, first, end, told)
        if first == 0:
            (folder / "away").rename(folder / "1.in")

    monkeypatch.setattr(foreign, "_run", run)
    files = [attachment("前.jpg", picture()), attachment("坏.pdf", form), attachment("后.pdf", form)]
    assert [flat.path is None for flat in flatten_all(files, tmp_path)] == [False, True, False]
    assert squeeze("附件 2/3 坏.pdf（CH-PR-202612-001）：文件已损坏，无法打开") in text(packed([], files))


def test_the_process_has_limits(tmp_path, monkeypatch):
    """An endless file is cut off by the alarm, one that asks for too much memory by its limit."""
    (tmp_path / "0.in").write_bytes(b"%PDF")
    code = (
        "import sys; from pathlib import Path; from documents.rendering import flattening as f\n"
        "f.FILE_SECONDS = 0.3\n"
        "f.flatten = {'endless': lambda data: [None for _ in iter(int, 1)], 'greedy': lambda data: bytearray(3_000_000_000)}[sys.argv[2]]\n"
        "f.main(Path(sys.argv[1]), 0)\n"
    )
    endless = subprocess.run([sys.executable, "-c", code, str(tmp_path), "endless"], timeout=60, check=False)
    assert endless.returncode == -signal.SIGPROF
    assert not list(tmp_path.glob("0.[pw]*"))
    subprocess.run([sys.executable, "-c", code, str(tmp_path), "greedy"], timeout=20, check=True)
    assert (tmp_path / "0.why").read_text() == flattening.TOO_LARGE


def test_files_are_only_opened_in_the_limited_process(tmp_path, monkeypatch):
    def refuse(data):
        raise AssertionError("opened here")

    monkeypatch.setattr(flattening, "flatten", refuse)
    assert flatten_all([attachment("a.jpg", picture())], tmp_path)[0].path


@pytest.mark.parametrize(
    ("data", "wide"),
    [
        (picture(size=(3000, 2000)), True),
        (picture(size=(2000, 3000)), False),
        (picture("PNG", mode="LA", color=(9, 9)), False),
        (picture("PNG", mode="P", color=3), False),
        (picture("PNG", mode="I;16", color=3), False),
        (picture("JPEG", mode="CMYK"), False),
    ],
    ids=["wide", "tall", "transparent", "palette", "deep", "print colours"],
)
def test_pictures_become_a4_pages(data, wide):
    page = pypdfium2.PdfDocument(flattening.flatten(data))[0]
    width, height = page.get_size()
    assert (round(width), round(height)) == ((842, 595) if wide else (595, 842))


def test_a_picture_turned_by_its_camera_stands_upright_and_loses_its_notes():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "camera of somebody"
    flat = flattening.flatten(picture(size=(800, 600), exif=exif.tobytes()))
    width, height = pypdfium2.PdfDocument(flat)[0].get_size()
    assert height > width
    assert b"somebody" not in flat


def test_too_many_pages_or_points_are_refused(form, monkeypatch):
    monkeypatch.setattr(flattening, "MAX_PAGES", 1)
    with pytest.raises(flattening.Refused, match=flattening.TOO_LONG):
        flattening.flatten(render(paper(sheet(rows(60)))))
    monkeypatch.setattr(flattening, "MAX_PIXELS", 100)
    with pytest.raises(flattening.Refused, match=flattening.TOO_LARGE):
        flattening.flatten(picture())


def test_turned_and_cropped_pages_keep_their_text_inside_the_frame(form):
    with Pdf.open(io.BytesIO(form)) as document:
        document.pages[0].rotate(90, relative=False)
        document.pages[0].cropbox = [0, 0, 595, 841]
        turned = saved(document)
    flat = pypdfium2.PdfDocument(flattening.flatten(turned))[0]
    width, height = flat.get_size()
    assert width > height
    words = flat.get_textpage()
    boxes = [words.get_charbox(n) for n in range(words.count_chars())]
    assert min(left for left, *_ in boxes if left) >= 30
    assert max(top for *_, top in boxes) <= height - 40
