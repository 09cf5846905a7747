"""A month's forms as clerks send them: five workbooks made in other programs become forms, every chain is signed by its
people, and the month page adds up. After the site has started nothing is written but through the browser."""

from pathlib import Path

import openpyxl
import pytest

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


def submit(page) -> None:
    page.get_by_role("button", name="提交", exact=True).locator("visible=true").click()
    page.wait_for_url("**/documents/**")
    page.wait_for_load_state("networkidle")


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


def test_five_workbooks_are_signed_and_the_month_adds_up(walk):
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
