"""The phases at a desk: laid out from the template, an anchor moved, a result sent back once and then received, a promise
confirmed before it is used, a phase that refuses to close and then closes.

After the site has started nothing is written but through the browser.
"""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page

from intervention.models import PlanEvent, PlanPhase, Promise
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# The two results without which 营销配合 stays open, by the file that is handed in.
RESULTS = ("《项目前期物业管理方案》", "《临时管理规约》")


@pytest.fixture
def walk(real_transactions, browser, live_server, settings, tmp_path):
    settings.SITE_URL = live_server.url
    walking = Walk(browser, live_server.url, tmp_path / "screens", first=70)
    yield walking
    walking.finish()


def lay_out(walk: Walk) -> str:
    """The service handler looks at the dates and lays the plan of 二期 out; answers the plan's address."""
    page = walk.page("service_handler")
    page.goto("/intervention/plans/new/")
    page.locator("#id_project").select_option("CH")
    page.locator("#id_instalment").select_option("CH-2")
    page.get_by_role("button", name="预览日期").click()
    page.wait_for_load_state("networkidle")
    walk.look(page, "plan-preview")
    page.get_by_role("button", name="编排五个阶段").click()
    page.wait_for_url("**/intervention/plans/*/")
    walk.look(page, "plan")
    return page.url


def move_the_opening(walk: Walk, plan: str) -> None:
    """The marketing head gives 二期 an opening of its own, sees what that moves, and moves it."""
    page = walk.page("marketing_head")
    page.goto("/intervention/dates/CH/")
    page.get_by_label("二期 售楼处开放").fill("2027-01-20")
    page.get_by_role("button", name="预览影响").click()
    page.wait_for_load_state("networkidle")
    # Two months before the opening, instead of 2024-11-15.
    assert "2026-11-20" in page.locator("main").inner_text()
    walk.look(page, "anchor-preview")
    page.locator("#why").fill("展示区延期")
    page.get_by_role("button", name="保存节点并调整日期").click()
    page.wait_for_load_state("networkidle")
    handler = walk.page("service_handler")
    handler.goto(plan)
    assert "2027-01-20" in handler.locator("main").inner_text()


def phase_page(walk: Walk, username: str, plan: str) -> Page:
    page = walk.page(username)
    page.goto(f"{plan}marketing/")
    return page


def act(page: Page, link: str, **typed: str) -> None:
    """One verb of the phase's page: its link, its fields, its button."""
    page.get_by_role("link", name=link).first.click()
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state("networkidle")


def file_result(walk: Walk, plan: str, title: str) -> str:
    """The clerk fills in what the result must contain, uploads its file and submits; answers its number."""
    page = phase_page(walk, "property_clerk", plan)
    page.locator("li", has_text=title).get_by_role("link", name="编制成果").click()
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/intervention/results/**")
    for entry in page.locator('input[name^="page-"]').all():
        entry.fill("3")
    page.get_by_role("button", name="保存", exact=True).locator("visible=true").click()
    page.wait_for_load_state("networkidle")
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), (len(title) * 9, 90, 120)).save(picture, "PNG")
    page.locator("#file").set_input_files({"name": "成果.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.get_by_role("button", name="上传").click()
    page.wait_for_load_state("networkidle")
    walk.look(page, "result-entry")
    submit(page)
    return page.url.rstrip("/").split("/")[-1]


def submit(page: Page) -> None:
    page.locator('button[name="then"][value="submit"]:visible').first.click()
    page.wait_for_url("**/documents/**")
    page.wait_for_load_state("networkidle")


def send_back(walk: Walk, username: str, number: str) -> None:
    """The receiver asks for more; it goes back to who filed it."""
    page = walk.open_from_inbox(username, number)
    page.locator('.d-only [data-verb="return"]').click()
    dialogue = page.locator("#dlg-return")
    dialogue.locator("textarea[name=opinion]").fill("缺少周边项目对比")
    dialogue.get_by_role("button", name="确认退回").click()
    page.wait_for_load_state("networkidle")
    assert "已退回" in page.locator("main").inner_text()


def confirm_a_promise(walk: Walk) -> None:
    """What the brochure promises is confirmed in writing before the day on which it is used."""
    page = walk.page("marketing_handler")
    page.goto("/intervention/papers/new/publicity_confirmation/")
    page.locator("#id_project").select_option(index=1)
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/intervention/papers/**")
    page.locator("#id_subject").fill("开盘楼书")
    page.locator("#id_channel").select_option("brochure")
    page.locator("#id_from_on").fill("2026-12-15")
    page.locator("#id_text").fill("翠湖花园由示例物业提供服务")
    page.locator('[name="line-0-subject"]').select_option("fee")
    page.locator('[name="line-0-wording"]').fill("高层住宅物业费不高于 2.80 元")
    walk.look(page, "publicity")
    submit(page)
    number = page.url.rstrip("/").split("/")[-1]
    for username in ("marketing_head", "property_project_manager", "property_leader"):
        page = walk.sign(username, number)
    assert "已通过" in page.locator("main").inner_text()
    register = walk.page("marketing_handler")
    register.goto("/intervention/promises/")
    assert "高层住宅物业费不高于 2.80 元" in register.locator("main").inner_text()
    walk.look(register, "promises")


def test_from_the_template_to_a_closed_phase(walk, cast):
    plan = lay_out(walk)
    move_the_opening(walk, plan)
    act(phase_page(walk, "marketing_handler", plan), "启动阶段")
    head = phase_page(walk, "marketing_head", plan)
    assert "本阶段成果尚未全部提交，不能关闭" in head.locator("main").inner_text()
    walk.look(head, "phase-not-to-be-closed")

    first, second = (file_result(walk, plan, title) for title in RESULTS)
    walk.sign("property_leader", first)
    send_back(walk, "marketing_head", first)
    clerk = walk.page("property_clerk")
    clerk.goto(f"/intervention/results/{first}/")
    clerk.locator('textarea[name^="text-"]').first.fill("补充周边项目对比")
    submit(clerk)
    for number in (first, second):
        for username in ("property_leader", "marketing_head"):
            page = walk.sign(username, number)
        assert "已通过" in page.locator("main").inner_text()
    confirm_a_promise(walk)

    # The results are there, the work is not ticked off: the phase says so and stays open.
    act(phase_page(walk, "marketing_head", plan), "关闭阶段")
    refused = walk.page("marketing_head").locator("main").inner_text()
    assert "工作「提交营销配合工作方案」未完成" in refused
    # The browser's own line about the refusal, and nothing else.
    (told,) = (fault for fault in walk.faults if "/close/" in fault)
    assert "409" in told
    walk.faults.remove(told)
    manager = phase_page(walk, "property_project_manager", plan)
    while (ticks := manager.locator('form[action$="/tick/"] button')).count():
        ticks.first.click()
        manager.wait_for_load_state("networkidle")
    act(phase_page(walk, "marketing_head", plan), "关闭阶段")
    walk.look(phase_page(walk, "marketing_head", plan), "phase-closed")

    assert PlanPhase.objects.get(phase="marketing").state == "closed"
    codes = list(PlanEvent.objects.order_by("seq").values_list("code", flat=True))
    assert [code for code in codes if code in ("laid_out", "adopted", "started", "closed")] == [
        "laid_out", "adopted", "started", "closed",
    ]  # fmt: skip
    assert list(Promise.objects.values_list("wording", flat=True)) == ["高层住宅物业费不高于 2.80 元"]
