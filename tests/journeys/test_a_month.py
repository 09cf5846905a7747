"""A month's forms as clerks send them: five workbooks made in other programs become forms, every chain is signed by its
people, and the month page adds up; in December all of it is confirmed, applied for, signed seven times and packed. After the
site has started nothing is written but through the browser."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.journeys.reading_back import beside, column_of, formulas_in, off_after_recalculation, pdf_text, recalculated
from tests.journeys.settling import (
    SEVEN,
    begin_completion,
    open_application,
    submit,
    sums_on,
    take_pack,
    upload_evidence,
)
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SAMPLES = Path(__file__).parents[1] / "budgets" / "samples"
PLAN_CHAIN = ("property_leader", "property_finance_head", "marketing_handler", "marketing_head")
# Workbook, kind, figure on the entry page, number, who signs.
FORMS = (
    ("01-物业人员岗位配置表.xlsx", "staffing_plan", "232,890.00", "CH-SP-202612-001", PLAN_CHAIN),
    ("02-物业行政管理费用支出表.xls", "admin_expense_plan", "24,348.00", "CH-AE-202612-001", PLAN_CHAIN),
    ("03-物业采购申请表.xlsx", "purchase_request", "21,658.50", "CH-PR-202612-001", PLAN_CHAIN),
    ("04-物业服务工作确认单-专项.ods", "service_confirmation", "19,680.00", "CH-SC-202612-001", PLAN_CHAIN),
    (
        "05-物业服务工作确认单-超计划.xlsx",
        "unplanned_work",
        "20,000.00",
        "CH-UW-202612-001",
        (*PLAN_CHAIN, "general_manager"),
    ),
)
# Every line of the five workbooks in 分, in their order, copied from the sheets by hand.
LINES = {
    "CH-SP-202612-001": (1490000, 1095000, 3320000, 945000, 9120000, 768000, 3816000, 1055000, 1680000),  # 232,890.00
    "CH-AE-202612-001": (114000, 62000, 79800, 186000, 34000, 290000, 640000, 957000, 72000),  # 24,348.00
    "CH-PR-202612-001": (
        101100, 103200, 59700, 103200, 76800, 232000, 138800, 384000, 232800, 74250, 660000,
    ),  # 21,658.50
    "CH-SC-202612-001": (1040000, 352000, 576000),  # 19,680.00
    "CH-UW-202612-001": (1280000, 720000),  # 20,000.00
}  # fmt: skip
APPLICATION = "CH-EA-202612-001"
# 318,576.50 × 10 % = 31,857.65; 350,434.15 ÷ 1.06 = 330,598.254… → 330,598.25; 350,434.15 − 330,598.25 = 19,835.90
SUMS = {
    "subtotal": "318,576.50",
    "commission": "31,857.65",
    "total": "350,434.15",
    "net": "330,598.25",
    "tax": "19,835.90",
    "capital": "人民币叁拾伍万零肆佰叁拾肆元壹角伍分",
}
# What is wrong in 06 by row, and what a clerk writes instead: cell → value.
FAULTY_ROWS = range(5, 16)
CORRECTIONS = {
    "C5": "扫帚", "B6": "清洁", "F7": 3, "H7": 180, "G8": 12, "G9": 4, "H9": 40, "H10": 340, "G11": 16, "F12": 1, "H13": 330,
    "G14": 1000, "H15": "=SUM(H4:H14)",
}  # fmt: skip


@pytest.fixture
def walk(browser, live_server, settings, tmp_path):
    settings.SITE_URL = live_server.url
    walking = Walk(browser, live_server.url, tmp_path / "screens", first=30)
    yield walking
    walking.finish()


def upload(page, kind: str, workbook: Path) -> None:
    page.goto(f"/budgets/new/{kind}/")
    page.locator('select[name="instalment"]').select_option(label="翠湖花园 · 二期（CH-2）")
    page.locator("#id_month").select_option("2026-12")
    page.locator('[name="way"][value="import"]').check()
    page.locator('[name="file"]').set_input_files(workbook)
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_load_state("networkidle")


def fill_head(page) -> None:
    """What a workbook doesn't hold is asked before the submission."""
    for name, value in (("contact", "陈思琪"), ("requested_on", "2026-11-20")):
        if page.locator(f"#id_{name}").count():
            page.locator(f"#id_{name}").fill(value)
    if page.locator("#id_urgency").count():
        page.locator("#id_urgency").select_option("紧急")


def test_a_faulty_workbook_comes_back_marked_and_imports_once_corrected(walk, tmp_path):
    page = walk.page("property_clerk")
    upload(page, "purchase_request", SAMPLES / "06-有错误的采购申请表.xlsx")
    told = page.locator("main").inner_text()
    for row in FAULTY_ROWS:
        assert f"第 {row} 行" in told, row
    walk.look(page, "faulty-workbook")
    marked = walk.download(
        page, lambda: page.get_by_role("button", name="下载标注后的工作簿").click(), tmp_path / "marked.xlsx"
    )
    walk.faults = [fault for fault in walk.faults if "400" not in fault]  # the browser's own line on the refusal

    book = openpyxl.load_workbook(marked)
    sheet = book.worksheets[0]
    assert {cell.row for row in sheet.iter_rows() for cell in row if cell.comment} == set(FAULTY_ROWS)
    for place, value in CORRECTIONS.items():
        sheet[place] = value
    book.save(tmp_path / "corrected.xlsx")

    upload(page, "purchase_request", tmp_path / "corrected.xlsx")
    page.wait_for_url("**/budgets/forms/**")
    # 250 + 200 + 180 + 180 + 120 + 40 + 340 + 80 + 30 + 330 + 20,000
    assert page.locator("[data-grid-total]").inner_text() == "21,750.00"


def yuan(fen: int) -> str:
    """分 as pages and papers write 元: 1490000 → ``14,900.00``."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}"


def sign_five_workbooks(walk: Walk) -> None:
    page = walk.page("property_clerk")
    for name, kind, figure, number, _signers in FORMS:
        upload(page, kind, SAMPLES / name)
        page.wait_for_url("**/budgets/forms/**")
        assert page.locator("[data-grid-total]").inner_text() == figure
        fill_head(page)
        if kind in ("staffing_plan", "unplanned_work"):
            walk.look(page, f"entry-{kind}")
        submit(page)
        assert number in page.content()
    walk.look(page, "unplanned-submitted")
    for _name, _kind, _figure, number, signers in FORMS:
        for username in signers:
            page = walk.sign(username, number)
        assert "已通过" in page.locator("main").inner_text()

    clerk = walk.page("property_clerk")
    clerk.goto("/budgets/months/?month=2026-12")
    month = clerk.locator("main").inner_text()
    for _name, _kind, figure, number, _signers in FORMS:
        assert figure in month
        assert number in month
    assert "318,576.50" in month
    walk.look(clerk, "month")


def confirm_everything(walk: Walk) -> None:
    """Each form at full actual; the purchases with a photograph of the receipt, the others with a word on theirs."""
    for n, (_name, kind, figure, number, _signers) in enumerate(FORMS, start=1):
        page = begin_completion(walk, number)
        assert page.locator("[data-grid-total]").inner_text() == figure
        if kind == "purchase_request":
            upload_evidence(page, "到货照片.jpg", "照片")
        else:
            # Without a file one line says why: nothing is confirmed on no evidence at all.
            page.locator("[data-actual] [data-key=note]").first.fill("现场签认，凭证随月末单据")
        if kind == "staffing_plan":
            walk.look(page, "completion-of-staff")
        submit(page)
        for username in ("marketing_handler", "marketing_head"):
            page = walk.sign(username, f"CH-WC-202612-{n:03d}")
        assert "已通过" in page.locator("main").inner_text()


def apply_for_all(walk: Walk) -> None:
    page = open_application(walk, ("共 34 行", *SUMS.values()))
    assert sums_on(page) == SUMS
    walk.look(page, "application-entry-of-the-month")
    submit(page)
    for username in SEVEN:
        page = walk.sign(username, APPLICATION)
    assert "已通过" in page.locator("main").inner_text()
    page.goto(f"/settlements/applications/{APPLICATION}/explained/")
    told = page.locator("main").inner_text()
    for text in (
        "318,576.50 × 10% = 31,857.65",
        "318,576.50 + 31,857.65 = 350,434.15",
        "350,434.15 − 330,598.25 = 19,835.90",
    ):
        assert text in told, text
    walk.look(page, "explained")


def read_back(pdf: Path, book: Path, folder: Path) -> None:
    """Other programs find the same figures, which the lines give when added up by hand."""
    by_hand = [fen for lines in LINES.values() for fen in lines]
    assert len(by_hand) == 34
    assert {number: yuan(sum(lines)) for number, lines in LINES.items()} == {row[3]: row[2] for row in FORMS}
    subtotal = sum(by_hand)
    commission = (subtotal + 5) // 10
    assert (subtotal, commission, subtotal + commission) == (31857650, 3185765, 35043415)

    completions = [f"CH-WC-202612-{n:03d}" for n in range(1, 6)]
    text = pdf_text(pdf)
    for word in (APPLICATION, *LINES, *completions, "到货照片.jpg", *SUMS.values(), *map(yuan, by_hand)):
        assert word in text, word

    sheets = recalculated(book, folder)
    in_pairs = [name for pair in zip(LINES, completions, strict=True) for name in pair]
    assert sheets.sheetnames == ["汇总", APPLICATION, *in_pairs]
    assert off_after_recalculation(book, sheets) == []
    assert all(count > 0 for count in formulas_in(book).values())
    column = column_of(sheets[APPLICATION], "实际金额（元）", "CH-WC-")
    assert [round(value * 100) for value in column] == by_hand
    for name in ("汇总", APPLICATION):
        assert beside(sheets[name], "申请金额合计（价税合计）") == 350434.15


# Five chains of four, five confirmations, seven signatures: minutes on a busy machine.
@pytest.mark.timeout(900)
def test_five_workbooks_are_signed_confirmed_applied_for_and_packed(walk, fixed_clock, tmp_path):
    sign_five_workbooks(walk)

    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    walk.seen = 49
    confirm_everything(walk)
    apply_for_all(walk)
    pdf, book = take_pack(walk, APPLICATION, tmp_path)
    walk.look(walk.page("finance"), "application-with-its-pack")
    read_back(pdf, book, tmp_path)

    page = walk.page("finance")
    page.goto("/settlements/applications/?month=2026-12")
    packed = walk.download(page, page.get_by_role("link", name="下载本月全部资料包").click, tmp_path / "month.zip")
    with zipfile.ZipFile(packed) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    stem = f"2026-12_CH_入伙前_{APPLICATION}"
    assert inside == {f"{stem}.pdf": pdf.read_bytes(), f"{stem}.xlsx": book.read_bytes()}
    walk.look(page, "month-settled")
