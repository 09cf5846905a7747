"""The pack read back with other programs: poppler page by page, LibreOffice recalculating the workbook."""

import io
import re
import subprocess
from decimal import Decimal

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents import circulation
from documents.models import RequiredPaper
from documents.rendering.kept import read
from settlements.packs import pack
from tests import forms
from tests.journeys.reading_back import recalculated
from tests.permissions.world import picture

pytestmark = pytest.mark.django_db

# What people type that a spreadsheet program would take for a formula.
EVIL = "=HYPERLINK(A1)"
LINES = [*forms.LINES, {"category": "清洁", "subject": EVIL, "unit": "个", "quantity": "2.5", "price": "33.33"}]
# 8,643.00 + 83.33 (2.5 × 33.33 half up) = 8,726.33; twice that, less 172.00 of bin bags not used = 17,280.66;
# a tenth of it is 1,728.066, half up 1,728.07; together 19,008.73.
APPROVED, ACTUAL, DIFFERENCE, COMMISSION, TOTAL = 17452.66, 17280.66, 172, 1728.07, 19008.73


@pytest.fixture
def application(cast, fixed_clock):
    """Two forms of CH-2 (November and December), each confirmed; the second with fewer bin bags and a photograph."""
    first = forms.approved(cast, month=forms.date(2026, 11, 1), lines=LINES)
    second = forms.approved(cast, lines=LINES)
    RequiredPaper.objects.create(kind="purchase_request", name="报价单")
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, first)
    from budgets.confirming import open_completion, save_completion

    completion = open_completion(origin=second, actor=cast.property_clerk)

    rows = [
        {"id": line.origin_line.key, "quantity": str(line.quantity), "amount": str(line.amount)}
        | ({"quantity": "100", "amount": "860.00"} if line.origin_line.subject == "垃圾袋" else {})
        for line in completion.completion_lines.select_related("origin_line")
    ]
    save_completion(document=completion, actor=cast.property_clerk, draft_version=1, rows=rows)
    circulation.attach(document_id=completion.pk, actor=cast.property_clerk, upload=picture("签收照片.png"))
    circulation.attach(document_id=completion.pk, actor=cast.property_clerk, upload=workbook("考勤.xlsx"))
    circulation.submit(document_id=completion.pk, actor=cast.property_clerk)
    forms.sign_through(completion, cast)
    document = forms.application(cast)
    circulation.submit(document_id=document.pk, actor=cast.property_finance)
    return forms.sign_through(document, cast)


def workbook(name):
    data = io.BytesIO()
    openpyxl.Workbook().save(data)
    return SimpleUploadedFile(name, data.getvalue())


@pytest.fixture
def book(application, tmp_path):
    path = tmp_path / "pack.xlsx"
    path.write_bytes(read(pack(application, "xlsx")))
    return path


def labelled(sheet, label):
    """The figure in the line that a label begins."""
    row = next(row for row in sheet.iter_rows() if row[0].value == label)
    return next(cell for cell in row[1:] if cell.value is not None)


def formulas(path):
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_the_summary_comes_first_and_every_formula_recalculates_to_its_stored_value(book, tmp_path):
    stored, again = openpyxl.load_workbook(book, data_only=True), recalculated(book, tmp_path)
    assert stored.sheetnames == [
        "汇总",
        "CH-EA-202612-001",
        "CH-PR-202611-001",
        "CH-WC-202611-001",
        "CH-PR-202612-001",
        "CH-WC-202612-001",
    ]
    live = formulas(book)
    # Eight lines in and out, each approved and actual, with their differences and the sums of each sheet.
    assert len(live) > 60
    for sheet, place in live:
        value = stored[sheet][place].value
        assert value is not None, (sheet, place)
        assert again[sheet][place].value == pytest.approx(value, abs=1e-9), (sheet, place)
    for label, value in (("批准合计", APPROVED), ("实际费用合计", ACTUAL), ("其余合计", DIFFERENCE),
                         ("管理者佣金（10%）", COMMISSION), ("申请金额合计（价税合计）", TOTAL)):  # fmt: skip
        assert labelled(again["汇总"], label).value == pytest.approx(value, abs=1e-9), label
    rows = [[cell.value for cell in row] for row in again["汇总"].iter_rows() if row[1].value in stored.sheetnames]
    assert rows == [
        [1, "CH-PR-202611-001", "2026年11月物业采购申请表", "物业采购申请表", rows[0][4], 8726.33, 8726.33, 0],
        [
            2,
            "CH-PR-202612-001",
            "2026年12月物业采购申请表",
            "物业采购申请表",
            rows[0][4],
            8726.33,
            8554.33,
            pytest.approx(172),
        ],
    ]
    assert "CH-2" in rows[0][4]


def test_a_line_changed_in_a_sheet_moves_the_total(book, tmp_path):
    """One bottle more approved and confirmed: 168.50 each."""
    changed = openpyxl.load_workbook(book)
    form, confirmation = changed["CH-PR-202612-001"], changed["CH-WC-202612-001"]
    row = next(row for row in form.iter_rows() if any(cell.value == "洗地机清洁剂" for cell in row))
    next(cell for cell in row if cell.value == 6).value = 7
    row = next(row for row in confirmation.iter_rows() if any(cell.value == "洗地机清洁剂" for cell in row))
    next(cell for cell in reversed(row) if cell.value == 1011).value = 1179.5
    path = tmp_path / "changed.xlsx"
    changed.save(path)
    after = recalculated(path, tmp_path)["汇总"]
    # 17,280.66 + 168.50 = 17,449.16; a tenth 1,744.92 half up; together 19,194.08
    assert labelled(after, "批准合计").value == pytest.approx(APPROVED + 168.5)
    assert labelled(after, "实际费用合计").value == pytest.approx(17449.16)
    assert labelled(after, "管理者佣金（10%）").value == pytest.approx(1744.92)
    assert labelled(after, "申请金额合计（价税合计）").value == pytest.approx(19194.08)


def test_what_people_typed_never_becomes_a_formula_and_every_sheet_prints_whole(book):
    ours = re.compile(r"^=[A-Z0-9'!:(),.*+\-/年月_一-鿿]+$")
    assert all(ours.match(text) and "HYPERLINK" not in text for text in formulas(book).values())
    opened = openpyxl.load_workbook(book)
    texts = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value == EVIL]
    assert len(texts) >= 6
    assert {cell.data_type for cell in texts} == {"s"}
    for sheet in opened:
        assert sheet.print_area, sheet.title
        assert sheet.print_title_rows, sheet.title
        assert len(sheet.title) <= 31


def test_the_contents_name_the_page_on_which_each_form_begins(application, tmp_path):
    path = tmp_path / "pack.pdf"
    path.write_bytes(read(pack(application, "pdf")))
    with pikepdf.open(path) as document:
        count = len(document.pages)
    texts = ["".join(poppler(path, page).split()) for page in range(1, count + 1)]
    listed = re.findall(r"(CH-[A-Z]{2}-\d{6}-\d{3}) +(?:[\d,]+\.\d\d +)?(\d+)$", poppler(path, 1), re.M)
    contents = [(number, int(page)) for number, page in listed]
    assert [number for number, _page in contents] == [
        "CH-EA-202612-001",
        "CH-PR-202611-001",
        "CH-WC-202611-001",
        "CH-PR-202612-001",
        "CH-WC-202612-001",
        "CH-WC-202612-001",
    ]
    for number, page in contents:
        assert number in texts[page - 1], (number, page)
        assert f"总第{page}页共{count}页" in texts[page - 1]
    assert "签收照片.png" in texts[contents[-1][1] - 1]


def poppler(path, page):
    done = subprocess.run(
        ["pdftotext", "-layout", "-f", str(page), "-l", str(page), str(path), "-"], check=True, capture_output=True
    )
    return done.stdout.decode()


def test_the_cover_says_what_is_missing_and_what_is_not_inside(application, tmp_path):
    path = tmp_path / "pack.pdf"
    path.write_bytes(read(pack(application, "pdf")))
    cover = "".join(poppler(path, 1).split())
    for text in (
        r"CH-PR-202611-001\S{0,30}：缺少必备资料「报价单」",
        r"CH-PR-202612-001\S{0,30}：缺少必备资料「报价单」",
        r"CH-WC-202611-001\S{0,30}：没有附件（如收据、考勤、照片）",
        r"附件2/2考勤.xlsx（CH-WC-202612-001）：办公文件，请在系统中下载原件",
        r"必备资料按生成本册时的规定核对",
    ):
        assert re.search(text, cover), text
    assert not re.search(r"CH-WC-202612-001\S{0,30}：没有附件", cover)
    assert Decimal("19008.73") == application.amount
