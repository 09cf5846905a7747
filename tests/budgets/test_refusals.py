"""Files that are refused whole, in one sentence and within a second or so, whatever their name says."""

import re
import struct
import time
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from budgets.workbooks import parsing
from budgets.workbooks.ooxml import scan_xlsx
from budgets.workbooks.reading import WorkbookRefused, read_form
from budgets.workbooks.refusal import Refusal

SAMPLES = Path(__file__).parent / "samples"
XLSX = (SAMPLES / "03-物业采购申请表.xlsx").read_bytes()
ODS = (SAMPLES / "04-物业服务工作确认单-专项.ods").read_bytes()
XLS = (SAMPLES / "02-物业行政管理费用支出表.xls").read_bytes()

TYPE = "按内容看，这不是 .xlsx、.xls 或 .ods 工作簿"
DAMAGED = "工作簿已损坏，无法读取。请用表格软件打开并另存为新的 .xlsx 后再导入。"
BOMB = "工作簿解压后过大（疑似压缩炸弹），不予读取。请另存为新的 .xlsx 后再导入。"
DOCTYPE = "工作簿内含文档类型声明（<!DOCTYPE 或 <!ENTITY），不予读取。请另存为新的 .xlsx 后再导入。"
ENCRYPTED = "工作簿已加密，请取消密码后再导入。"
MACROS = "工作簿含有宏，请另存为不含宏的 .xlsx 后再导入。"
LINKS = "工作簿含有指向其他文件的外部链接，请断开链接（粘贴为数值）后再导入。"
OBJECTS = "工作簿内嵌了其他对象（OLE），请删除嵌入对象后再导入。"
MERGES = "工作表的合并单元格超过 5,000 处，请取消合并后再导入。"
ROWS = "工作表超过 5,000 行，请拆成几张表后再导入。"
FAR = "有一个离表格很远的单元格，请删除表格以外的内容后再导入。"


def changed(data, change=None, **added):
    """A copy of an archive with parts changed by ``change(name, bytes)`` and parts added."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(entry.filename, part) if change else part)
        for name, part in added.items():
            new.writestr(name.replace("__", "/"), part)
    return target.getvalue()


def within(name, old, new):
    """A change of one part."""
    return lambda part, data: data.replace(old, new) if part == name else data


def ole(*names):
    """A compound file with these streams, as a small writer of our own makes it (MS-CFB)."""
    sector = bytes(512)
    entries = [("Root Entry", 5), *((name, 2) for name in names)]
    directory = b""
    for index, (name, kind) in enumerate(entries):
        encoded = name.encode("utf-16-le")
        child = 1 if index == 0 else 0xFFFFFFFF
        sibling = index + 1 if 0 < index < len(entries) - 1 else 0xFFFFFFFF
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
        directory += struct.pack("<III", 0xFFFFFFFF, sibling, child) + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    count = len(directory) // 512
    fat = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + struct.pack(
        "<108I", *[0xFFFFFFFF] * 108
    )
    return header + struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff") + directory + sector


def with_record(data, old, length, record, payload):
    """A copy of an .xls in which a harmless record is replaced in place by another of the same length."""
    place = re.search(re.escape(struct.pack("<HH", old, length)), data)
    assert place
    new = struct.pack("<HH", record, length) + payload.ljust(length, b"\0")
    return data[: place.start()] + new + data[place.start() + len(new) :]


def with_cell(place):
    book = openpyxl.load_workbook(BytesIO(XLSX))
    book.active[place] = 1
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_rows(rows):
    """The sample .ods with rows behind its table, before the empty ones that fill the sheet."""

    def insert(name, part):
        if name != "content.xml":
            return part
        place = part.rindex(b"<table:table-row", 0, part.index(b'number-rows-repeated="1048'))
        return part[:place] + rows + part[place:]

    return changed(ODS, insert)


def spanned(number):
    """Cells of an .ods that each claim to cover a hundred million columns and rows."""
    cell = '<table:table-cell table:number-columns-spanned="99999999" table:number-rows-spanned="%d" office:value-type="string" office:string-value="%s"/>'
    return "".join(
        cell % (rows, sha256(b"%d" % rows).hexdigest()) for rows in range(90_000_000, 90_000_000 + number)
    ).encode()


def with_merges(count):
    """The sample .xlsx with so many merges, each over cells of its own."""
    merges = b"".join(b'<mergeCell ref="K%d:L%d"/>' % (row, row) for row in range(1, count + 1))
    return changed(
        XLSX, within("xl/worksheets/sheet1.xml", b"<mergeCells ", b"<mergeCells>%s</mergeCells><x " % merges)
    )


def plain_archive():
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("采购.csv", "类别,品名")
    return target.getvalue()


def lying_bomb():
    """An archive that declares 10 bytes and holds 60 MB, in its directory and in its local header."""
    data = changed(XLSX, xl__big=b"0" * 60_000_000)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        size = struct.pack("<I", archive.getinfo("xl/big").file_size)
    return data.replace(size, struct.pack("<I", 10))


CONTENT_TYPES = "[Content_Types].xml"
CASES = {
    "empty": (b"", "文件是空的，请重新选择工作簿。"),
    "text": ("类别,品名\n清洁,袋\n".encode(), TYPE),
    "text in gbk": ("类别,品名\n清洁,袋\n".encode("gbk"), TYPE),
    "html": (b"<html><table><tr><td>1</td></tr></table></html>", TYPE),
    "xml spreadsheet 2003": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', TYPE),
    "pdf": (b"%PDF-1.7 ...", TYPE),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(50), TYPE),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(50), TYPE),
    "rtf": (b"{\\rtf1 x}", TYPE),
    "gzip": (b"\x1f\x8b\x08" + bytes(50), TYPE),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(50), TYPE),
    "windows program": (b"MZ" + bytes(500), TYPE),
    "something before the archive": (b"GIF89a" + XLSX, TYPE),
    "plain archive": (plain_archive(), TYPE),
    "word document": (changed(XLSX, within(CONTENT_TYPES, b"spreadsheetml.sheet.main", b"wordprocessingml.document.main")), TYPE),
    "xlsb": (
        changed(XLSX, within(CONTENT_TYPES, b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"ms-excel.sheet.binary.main")),
        TYPE,
    ),
    "odt": (changed(ODS, within("mimetype", b"spreadsheet", b"text")), TYPE),
    "old word document": (ole("WordDocument", "1Table"), TYPE),
    "cut off": (XLSX[: len(XLSX) // 2], DAMAGED),
    "xlsx of noise": (changed(XLSX, lambda name, part: b"noise" if name.endswith("sheet1.xml") else part), DAMAGED),
    "xls cut off": (XLS[:2000], DAMAGED),
    "xls of noise": (XLS[:512] + bytes(range(256)) * 20, DAMAGED),
    "too large": (XLSX + bytes(5 * 1024 * 1024), "工作簿大于 5 MB，请删去图片和无关的工作表后再导入。"),
    "bomb of zeros": (changed(XLSX, xl__worksheets__sheet9="0" * 120_000_000), BOMB),
    "bomb just under the sum": (changed(XLSX, xl__worksheets__sheet9="0" * 40_000_000), BOMB),
    "bomb that lies about its size": (lying_bomb(), BOMB),
    "very many parts": (changed(XLSX, **{f"xl__part{n}": b"x" for n in range(300)}), BOMB),
    "doctype in the sheet": (
        changed(XLSX, within("xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><worksheet")),
        DOCTYPE,
    ),
    "entity in a part nobody reads": (changed(XLSX, customXml__item1='<!ENTITY a "b">'), DOCTYPE),
    "doctype in utf-16": (changed(XLSX, customXml__item1="<!DOCTYPE x>".encode("utf-16")), DOCTYPE),
    "doctype in ods": (changed(ODS, within("meta.xml", b"<office:document-meta", b"<!DOCTYPE x><office:document-meta")), DOCTYPE),
    "xlsm": (changed(XLSX, within(CONTENT_TYPES, b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", b"vnd.ms-excel.sheet.macroEnabled.main")), MACROS),
    "vbaProject under the name of a plain workbook": (changed(XLSX, **{"xl__vbaProject.bin": b"x"}), MACROS),
    "macro sheet": (changed(XLSX, **{"xl__macrosheets__sheet1.xml": b"<x/>"}), MACROS),
    "macros in ods": (changed(ODS, **{"Basic__Standard__Module1.xml": b"<x/>"}), MACROS),
    "scripts in ods": (changed(ODS, **{"Scripts__python__a.py": b"x"}), MACROS),
    "macros in xls": (ole("Workbook", "_VBA_PROJECT_CUR", "VBA"), MACROS),
    "external link": (changed(XLSX, **{"xl__externalLinks__externalLink1.xml": b"<x/>"}), LINKS),
    "connection": (changed(XLSX, **{"xl__connections.xml": b"<x/>"}), LINKS),
    "relation outside": (
        changed(XLSX, within("xl/_rels/workbook.xml.rels", b"</Relationships>", b'<Relationship Id="rX" Type="http://x/externalLinkPath" Target="file:///c:/a.xlsx" TargetMode="External"/></Relationships>')),
        LINKS,
    ),
    "link in ods": (
        changed(ODS, within("content.xml", b"<table:table-row", b'<table:table-source xlink:href="a.ods"/><table:table-row')),
        LINKS,
    ),
    "link in xls": (with_record(XLS, 0x3D, 18, 0x1AE, b"\x01\x00\x05\x00"), LINKS),
    "embedded object": (changed(XLSX, **{"xl__embeddings__oleObject1.bin": b"x"}), OBJECTS),
    "embedded object in xls": (ole("Workbook", "MBD00A1B2C3"), OBJECTS),
    "encrypted xlsx": (ole("EncryptionInfo", "EncryptedPackage"), ENCRYPTED),
    "encrypted xls": (with_record(XLS, 0x42, 2, 0x2F, b""), ENCRYPTED),
    "encrypted ods": (
        changed(ODS, within("META-INF/manifest.xml", b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")),
        ENCRYPTED,
    ),
    "far cell": (with_cell("XFD1048576"), FAR),
    "far down": (with_cell("A60000"), FAR),
    "far right": (with_cell("ZZ3"), FAR),
    "far cell in ods": (
        changed(ODS, within("content.xml", b"</table:table-row>", b'<table:table-cell table:number-columns-repeated="16000"/><table:table-cell office:value-type="float" office:value="1"/></table:table-row>')),
        FAR,
    ),
    "repeated cells in ods": (
        changed(ODS, within("content.xml", b"</table:table-row>", b'<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row>')),
        FAR,
    ),
    "repeated rows in ods": (
        with_rows(b'<table:table-row table:number-rows-repeated="6000"><table:table-cell table:number-columns-repeated="190" office:value-type="float" office:value="1"/></table:table-row>' * 200),
        ROWS,
    ),
    "merges in xlsx": (with_merges(5_001), MERGES),
    "merges in ods": (
        with_rows(b"<table:table-row>" + b'<table:table-cell table:number-columns-spanned="2"/>' * 5_001 + b"</table:table-row>"),
        MERGES,
    ),
    "merges over merges in ods": (
        with_rows((b"<table:table-row>" + spanned(100) + b"</table:table-row>") * 40),
        DAMAGED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_is_no_safe_workbook_is_refused_in_one_sentence(name):
    data, sentence = CASES[name]
    started = time.monotonic()
    with pytest.raises(WorkbookRefused) as refusal:
        read_form(data, "purchase_request")
    # A second on a quiet machine; the limit leaves room for a busy one.
    assert time.monotonic() - started < 5
    assert len(refusal.value.errors) == 1
    assert sentence in refusal.value.errors[0].message
    assert refusal.value.errors[0].row is None


def test_the_name_says_nothing_and_the_bytes_everything():
    form = read_form((SAMPLES / "relative.ods").read_bytes(), "purchase_request")
    assert len(form.rows) == 4


def test_a_declared_size_of_the_whole_sheet_is_not_believed():
    def declare(name, part):
        return re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>', part)

    assert str(read_form(changed(XLSX, declare), "purchase_request").amount) == "21658.50"


def test_a_hyperlink_is_no_external_link():
    book = openpyxl.load_workbook(BytesIO(XLSX))
    book.active["K3"] = "网站"
    book.active["K3"].hyperlink = "https://example.com/"
    target = BytesIO()
    book.save(target)
    assert len(read_form(target.getvalue(), "purchase_request").rows) == 11


def test_a_child_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(parsing, "CHILD", "budgets.workbooks.nothing")
    with pytest.raises(WorkbookRefused, match="已停止"):
        read_form(XLSX, "purchase_request")


def test_a_child_that_hangs_is_a_refusal(monkeypatch):
    monkeypatch.setattr(parsing, "WALL_SECONDS", 0.001)
    with pytest.raises(WorkbookRefused, match="已停止"):
        read_form(XLSX, "purchase_request")


def test_a_merge_counts_no_further_than_the_table():
    data = with_rows(b"<table:table-row>" + spanned(8) + b"</table:table-row>")
    started = time.monotonic()
    form = read_form(data, "service_confirmation")
    assert time.monotonic() - started < 5
    assert len(form.rows) == 3


def test_a_sheet_of_too_many_rows_is_walked_no_further_than_the_first_of_them():
    """Both walks end where a form ends: a million rows behind it take no time."""
    rows = b"<row><c><v>1</v></c></row>" * 6_000
    parts = {
        "xl/_rels/workbook.xml.rels": b'<x><Relationship Id="a" Target="worksheets/s.xml"/></x>',
        "xl/workbook.xml": b'<x xmlns:r="r"><sheet name="s" r:id="a"/></x>',
    }
    started = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        scan_xlsx(parts | {"xl/worksheets/s.xml": b"<x>" + rows * 150 + b"</x>"})
    assert refusal.value.code == "rows"
    assert time.monotonic() - started < 1
