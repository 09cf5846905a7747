"""Steps from approved forms to a settlement pack, as people take them in a browser."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.journeys.walking import Walk

SEVEN = (
    "property_leader",
    "property_finance_head",
    "property_gm",
    "marketing_handler",
    "marketing_head",
    "finance",
    "general_manager",
)


def submit(page: Page) -> None:
    """Send an entry page's form into circulation."""
    page.get_by_role("button", name="提交", exact=True).locator("visible=true").click()
    page.wait_for_url("**/documents/**")
    page.wait_for_load_state("networkidle")


def begin_completion(walk: Walk, number: str) -> Page:
    """The clerk goes on from an approved form to its confirmation."""
    page = walk.page("property_clerk")
    page.goto(f"/documents/{number}/")
    page.get_by_role("button", name="做事后确认").click()
    page.wait_for_url("**/edit/")
    return page


def upload_evidence(page: Page, name: str, label: str) -> None:
    """A photograph of the receipt, with the label that the page offers."""
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), (40, 120, 80)).save(picture, "JPEG")
    page.locator("#paper").select_option(label=label)
    page.locator("#file").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": picture.getvalue()})
    page.get_by_role("button", name="上传").click()
    page.wait_for_load_state("networkidle")
    assert name in page.locator("#att").inner_text()
    assert label in page.locator("#att .filelist").inner_text()


def open_application(walk: Walk, figures: tuple[str, ...]) -> Page:
    """Property finance previews December before move-in, finds the figures there, and begins the draft."""
    page = walk.page("property_finance")
    page.goto("/settlements/applications/?month=2026-12")
    page.get_by_role("link", name="新建 翠湖花园 入伙前（营销小组） 费用申请").click()
    page.wait_for_load_state("networkidle")
    shown = page.locator("main").inner_text()
    for figure in figures:
        assert figure in shown, figure
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/settlements/applications/**")
    return page


def sums_on(page: Page) -> dict[str, str]:
    """What an application's page adds up, by name."""
    return {
        place.get_attribute("data-sum"): place.inner_text().removeprefix("¥")
        for place in page.locator("[data-sum]").all()
    }


def take_pack(walk: Walk, number: str, folder: Path) -> tuple[Path, Path]:
    """Finance takes both files of the pack, which the worker has made since the last signature."""
    page = walk.page("finance")
    page.goto(f"/documents/{number}/")
    pdf = walk.download(page, page.get_by_role("link", name="下载 PDF").click, folder / "pack.pdf")
    book = walk.download(page, page.get_by_role("link", name="下载 Excel").click, folder / "pack.xlsx")
    return pdf, book
