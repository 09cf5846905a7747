"""One form, the whole way: a clerk's workbook becomes a purchase request, is signed, cut, signed again, confirmed,
applied for with commission, signed seven times, and its pack downloaded and read back with other programs.

After the site has started nothing is written but through the browser.
"""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.reading_back import formulas_in, numbers_in, pdf_text, recalculated
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SAMPLE = Path(__file__).parents[1] / "budgets" / "samples" / "03-物业采购申请表.xlsx"
FORM, COMPLETION, APPLICATION = "CH-PR-202612-001", "CH-WC-202612-001", "CH-EA-202612-001"
PLAN_CHAIN = ("property_leader", "property_finance_head", "marketing_handler", "marketing_head")
SEVEN = (
    "property_leader",
    "property_finance_head",
    "property_gm",
    "marketing_handler",
    "marketing_head",
    "finance",
    "general_manager",
)


@pytest.fixture
def walk(browser, live_server, settings, tmp_path):
    settings.SITE_URL = live_server.url
    walking = Walk(browser, live_server.url, tmp_path / "screens")
    yield walking
    walking.finish()


def upload_and_submit(walk: Walk) -> None:
    page = walk.page("property_clerk")
    walk.look(page, "home-clerk")
    page.goto("/documents/new/")
    walk.look(page, "new")
    page.get_by_role("link", name="物业采购申请表").first.click()
    page.locator('select[name="instalment"]').select_option(label="翠湖花园 · 二期（CH-2）")
    page.locator("#id_month").select_option("2026-12")
    page.locator('[name="way"][value="import"]').check()
    page.locator('[name="file"]').set_input_files(SAMPLE)
    walk.look(page, "import")
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/budgets/forms/**")
    assert page.locator("[data-grid-total]").inner_text() == "21,658.50"
    assert "贰万壹仟陆佰伍拾捌元伍角整" in page.locator("[data-grid-capital]").inner_text()
    assert page.locator("[data-grid-line]").count() == 11
    walk.look(page, "entry")
    submit(page)
    assert FORM in page.content()
    walk.look(page, "submitted")


def submit(page) -> None:
    page.get_by_role("button", name="提交", exact=True).locator("visible=true").click()
    page.wait_for_url("**/documents/**")
    page.wait_for_load_state("networkidle")


def return_with_a_cut(walk: Walk) -> None:
    """The handler proposes 6,000.00 for 鲜花绿植更换, filed at 6,600.00; the clerk takes it over."""
    page = walk.page("marketing_handler")
    page.goto("/inbox/")
    walk.look(page, "inbox")
    page = walk.open_from_inbox("marketing_handler", FORM)
    walk.look(page, "form-to-sign")
    page.locator('.d-only [data-verb="return"]').click()
    dialog = page.locator("#dlg-return")
    dialog.locator("summary").click()
    dialog.get_by_label("鲜花绿植更换 核减为").fill("6000")
    dialog.locator("textarea[name=opinion]").fill("绿植按上月标准核减")
    walk.look(page, "return-dialogue")
    dialog.get_by_role("button", name="确认退回").click()
    page.wait_for_load_state("networkidle")

    clerk = walk.page("property_clerk")
    clerk.goto(f"/documents/{FORM}/")
    walk.look(clerk, "returned")
    clerk.get_by_role("button", name="采纳核减并重新提交").locator("visible=true").first.click()
    clerk.wait_for_load_state("networkidle")
    assert "21,058.50" in clerk.content()
    clerk.goto(f"/documents/{FORM}/compare/")
    assert "6,000.00" in clerk.content()
    walk.look(clerk, "compare")


def complete(walk: Walk) -> None:
    page = walk.page("property_clerk")
    page.goto("/budgets/completions/")
    walk.look(page, "completions")
    page.get_by_role("button", name="开始确认").click()
    page.wait_for_url("**/edit/")
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), (40, 120, 80)).save(picture, "JPEG")
    page.locator("#file").set_input_files(
        {"name": "签收照片.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="上传").click()
    page.wait_for_load_state("networkidle")
    assert "签收照片.jpg" in page.content()
    walk.look(page, "completion")
    submit(page)
    for username in ("marketing_handler", "marketing_head"):
        walk.sign(username, COMPLETION)


def apply(walk: Walk, expected: dict[str, str]) -> None:
    page = walk.page("property_finance")
    page.goto("/settlements/applications/")
    walk.look(page, "applications")
    page.goto("/settlements/new/")
    project = page.locator("#id_project option", has_text="翠湖花园").get_attribute("value")
    page.locator("#id_project").select_option(project)
    page.locator("#id_month").select_option("2026-12")
    page.locator("#id_side").select_option("pre")
    page.get_by_role("button", name="预览可结算明细").click()
    page.wait_for_load_state("networkidle")
    for figure in expected.values():
        assert figure in page.locator("main").inner_text(), figure
    walk.look(page, "application-preview")
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/settlements/applications/**")
    walk.look(page, "application-entry")
    submit(page)
    for username in SEVEN:
        walk.sign(username, APPLICATION, "同意")


def download_pack(walk: Walk, expected: dict[str, str], folder: Path) -> None:
    page = walk.page("finance")
    page.goto(f"/documents/{APPLICATION}/")
    assert "已通过" in page.content()
    walk.look(page, "application-approved")
    pdf = walk.download(page, lambda: page.get_by_role("link", name="下载 PDF").click(), folder / "pack.pdf")
    book = walk.download(page, lambda: page.get_by_role("link", name="下载 Excel").click(), folder / "pack.xlsx")

    text = pdf_text(pdf)
    for word in (FORM, COMPLETION, APPLICATION, "签收照片.jpg", *expected.values()):
        assert word in text, word
    sheets = recalculated(book, folder)
    assert sheets.sheetnames == ["汇总", APPLICATION, FORM, COMPLETION]
    figures = {float(figure.replace(",", "")) for key, figure in expected.items() if key != "capital"}
    assert figures <= numbers_in(sheets[APPLICATION])
    assert figures <= numbers_in(sheets["汇总"])
    assert all(count > 0 for count in formulas_in(book).values())


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (
            True,
            {
                "subtotal": "21,058.50",
                "commission": "2,105.85",
                "total": "23,164.35",
                "capital": "贰万叁仟壹佰陆拾肆元叁角伍分",
            },
        ),
        (
            False,
            {
                "subtotal": "21,658.50",
                "commission": "2,165.85",
                "total": "23,824.35",
                "capital": "贰万叁仟捌佰贰拾肆元叁角伍分",
            },
        ),
    ],
    ids=["with a cut", "as filed"],
)
def test_a_workbook_is_signed_confirmed_applied_for_and_paid_out_in_a_pack(walk, fixed_clock, tmp_path, cut, expected):
    if not cut:
        walk.folder = tmp_path  # one set of pictures is enough
    upload_and_submit(walk)
    walk.sign("property_leader", FORM)
    walk.sign("property_finance_head", FORM, "数量与库存核对无误")
    if cut:
        return_with_a_cut(walk)
        for username in PLAN_CHAIN:
            walk.sign(username, FORM)
    else:
        walk.sign("marketing_handler", FORM)
        walk.sign("marketing_head", FORM)

    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    complete(walk)
    apply(walk, expected)
    download_pack(walk, expected, tmp_path)

    clerk = walk.page("property_clerk")
    clerk.goto("/notices/")
    walk.look(clerk, "notices")
