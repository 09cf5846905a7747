"""A patrol with a phone: ten findings with photographs, the connection drops once, and all ten arrive once; one is
repaired, checked again and closed, and the defect list is produced."""

from datetime import date

import pytest
from playwright.sync_api import expect

from intervention.models import Finding, Photo
from tests.conftest import PASSWORD
from tests.intervention import logged, planned, site
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def walk(real_transactions, live_server, browser, tmp_path):
    walk = Walk(browser, live_server.url, tmp_path / "screens", first=90)
    yield walk
    for page in walk.pages.values():
        page.context.close()


def opened(walk, cast):
    laid = planned.plan(cast)
    planned.started(laid, "engineering", cast)
    walked = site.visit(cast)
    page = walk.page("property_clerk")
    page.set_viewport_size(PHONE)
    page.goto(f"/intervention/visits/{walked.pk}/")
    page.locator("form[data-outbox][data-ready]").wait_for()
    return walked, page


def enter(page, n, photos=1):
    """One finding as somebody types it; building and trade stay from the one before."""
    if n == 1:
        page.get_by_label("范围").select_option("unit")
        page.get_by_label("楼栋").fill("3栋")
        page.get_by_label("专业").select_option("waterproofing")
    page.locator("#id_unit").fill(f"12{n:02d}")
    page.get_by_label("部位").fill("飘窗")
    page.get_by_label("问题描述").fill(f"第{n}处渗水")
    pictures = [
        {"name": f"{n}-{k}.jpg", "mimeType": "image/jpeg", "buffer": site.jpeg((200 + n, 150 + k)).read()}
        for k in range(photos)
    ]
    page.locator("#fe-camera").set_input_files(pictures)
    expect(page.locator("[data-chosen] .one")).to_have_count(photos)
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(page.locator("#id_part")).to_have_value("")


def test_ten_findings_arrive_once_though_the_connection_drops(walk, cast):
    walked, page = opened(walk, cast)
    queue = page.locator("[data-queue] > li")
    for n in range(1, 5):
        enter(page, n)
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_have_count(4)
    page.context.set_offline(True)
    for n in range(5, 9):
        enter(page, n, photos=2)
    expect(page.locator('[data-queue] > [data-state="waiting"]')).to_have_count(4)
    expect(page.locator("[data-said]")).to_contain_text("没有网络")
    assert Finding.objects.count() == 4
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    for n in (9, 10):
        enter(page, n)
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_have_count(10)
    expect(queue).to_have_count(10)
    assert sorted(Finding.objects.values_list("unit", flat=True)) == [f"12{n:02d}" for n in range(1, 11)]
    assert set(Finding.objects.values_list("visit", "building", "trade")) == {(walked.pk, "3栋", "waterproofing")}
    assert Photo.objects.count() == 14
    assert {row.photos.count() for row in Finding.objects.all()} == {1, 2}
    page.reload()
    expect(page.locator(".fnd tbody tr")).to_have_count(10)
    expect(queue).to_have_count(0)
    # What the browser said while there was no network.
    walk.faults.clear()
    walk.look(page, "visit")
    close_one(walk, walked)
    produce_the_defect_list(walk)
    walk.finish()


def close_one(walk, walked):
    """All are handed over; 项目部 reports one repaired with a word; the clerk checks it again and closes it, on the phone."""
    page = walk.pages["property_clerk"]
    page.set_viewport_size(PHONE)
    page.goto(f"/intervention/records/visit/{walked.pk}/hand/")
    page.locator("#id_responsible").fill("总包单位")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/intervention/visits/**")
    found = Finding.objects.order_by("pk").first()
    engineer = walk.page("project_engineer")
    for person, verb, note in ((engineer, "fix", "重做飘窗防水"), (page, "close", "淋水两小时无渗漏")):
        person.goto(f"/intervention/records/finding/{found.pk}/{verb}/")
        person.locator("#id_note").fill(note)
        person.locator("main form button.btn-primary").click()
        person.wait_for_url("**/intervention/findings/**")
    found.refresh_from_db()
    assert found.state == "closed"
    walk.look(page, "finding-closed")
    page.goto("/intervention/findings/?project=CH")
    assert "已销项" in page.locator("main").inner_text()
    walk.look(page, "findings")


def produce_the_defect_list(walk):
    """From the findings: PDF and workbook beside the draft of the result, its contents filled in."""
    page = walk.pages["property_clerk"]
    page.goto("/intervention/site-reports/")
    walk.look(page, "site-reports")
    page.locator("tr", has_text="《房屋质量缺陷表》").get_by_role("button", name="生成报告").click()
    page.get_by_role("link", name="核对草稿并提交").click()
    page.wait_for_url("**/intervention/results/**")
    files = page.locator("#att").inner_text()
    assert ".pdf" in files
    assert ".xlsx" in files
    walk.look(page, "defect-list")


def test_nothing_is_lost_on_reload_and_an_answer_that_never_came_makes_no_second_finding(walk, cast):
    walked, page = opened(walk, cast)

    # The server has stored it, the answer is lost on the way.
    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/api/v1/records/finding/", lose, times=1)
    enter(page, 1)
    expect(page.locator("[data-said]")).to_contain_text("没有网络")
    expect(page.locator('[data-queue] > [data-state="waiting"]')).to_have_count(1)
    assert Finding.objects.count() == 1
    page.get_by_label("部位").fill("还没保存的部位")
    page.wait_for_timeout(700)
    page.reload()
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_have_count(1)
    expect(page.get_by_label("部位")).to_have_value("还没保存的部位")
    assert (Finding.objects.count(), Photo.objects.count()) == (1, 1)
    walk.faults.clear()


def test_what_is_refused_says_why_and_holds_up_nothing_else(walk, cast):
    _walked, page = opened(walk, cast)
    page.get_by_label("范围").select_option("public")
    page.get_by_label("楼栋").fill("3栋")
    page.get_by_label("专业").select_option("civil")
    page.locator("#id_unit").fill("1201")
    page.get_by_label("部位").fill("大堂")
    page.get_by_label("问题描述").fill("地砖空鼓")
    # Its beginning is a photograph's: the server alone tells that it is none.
    broken = {"name": "i.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff and no more"}
    good = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": site.jpeg().read()}
    page.locator("#fe-album").set_input_files([broken, good])
    page.get_by_role("button", name="保存并继续下一条").click()
    failed = page.locator('[data-queue] > [data-state="failed"]')
    expect(failed).to_contain_text("公共部位问题不填户号")
    failed.get_by_role("button", name="修改").click()
    page.locator("#id_unit").fill("")
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(failed).to_contain_text("问题已登记，1 张照片未收。")
    expect(failed).to_contain_text("i.jpg：照片已损坏")
    expect(failed.get_by_role("button", name="删除")).to_have_count(0)
    assert (Finding.objects.count(), Photo.objects.count()) == (1, 1)
    failed.get_by_role("button", name="不要这张").click()
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_contain_text("大堂")
    page.reload()
    expect(page.locator("[data-queue] > li")).to_have_count(0)
    assert (Finding.objects.count(), Photo.objects.count()) == (1, 1)
    walk.faults.clear()


def described(page, part, photos=1):
    """A finding typed in and not saved yet."""
    page.get_by_label("范围").select_option("unit")
    page.get_by_label("楼栋").fill("3栋")
    page.get_by_label("专业").select_option("waterproofing")
    page.locator("#id_unit").fill("1201")
    page.get_by_label("部位").fill(part)
    page.get_by_label("问题描述").fill(f"{part}渗水")
    page.locator("#fe-album").set_input_files(pictures(photos, part))
    expect(page.locator("[data-chosen] .one")).to_have_count(photos)


def pictures(n, name="照片"):
    return [
        {"name": f"{name}-{k}.jpg", "mimeType": "image/jpeg", "buffer": site.jpeg((160 + len(name), 150 + k)).read()}
        for k in range(n)
    ]


def try_again(page):
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_a_double_tap_keeps_one_finding_with_its_photographs(walk, cast):
    _walked, page = opened(walk, cast)
    described(page, "飘窗", photos=2)
    page.evaluate(
        "() => { const f = document.querySelector('form[data-outbox]'); f.requestSubmit(); f.requestSubmit(); }"
    )
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_have_count(1)
    page.wait_for_timeout(500)
    assert page.locator("[data-queue] > li").count() == 1
    assert (Finding.objects.count(), Photo.objects.count()) == (1, 2)
    walk.finish()


def test_what_waited_for_a_log_in_is_sent_after_it_by_whoever_entered_it_alone(walk, cast):
    _walked, page = opened(walk, cast)
    other = page.context.new_page()

    def log_in(username):
        page.context.clear_cookies()
        other.goto("/login/")
        other.get_by_label("用户名").fill(username)
        other.get_by_label("密码").fill(PASSWORD)
        other.get_by_role("button", name="登录").click()
        other.wait_for_url("**/")

    page.context.clear_cookies()
    described(page, "飘窗")
    page.get_by_role("button", name="保存并继续下一条").click()
    item = page.locator("[data-queue] > li")
    expect(item).to_contain_text("登录已失效，请重新登录")
    log_in("project_engineer")
    try_again(page)
    expect(item).to_contain_text("请用登记时的账号登录后发送")
    expect(item).to_have_attribute("data-state", "waiting")
    log_in("property_clerk")
    try_again(page)
    expect(item).to_have_attribute("data-state", "sent")
    made = Finding.objects.get()
    assert (made.created_by, made.photos.count()) == (cast.property_clerk, 1)


def test_correcting_what_was_refused_puts_aside_what_was_being_typed(walk, cast):
    _walked, page = opened(walk, cast)
    described(page, "大堂")
    page.get_by_label("范围").select_option("public")
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(page.locator('[data-queue] > [data-state="failed"]')).to_contain_text("公共部位问题不填户号")
    described(page, "厨房", photos=2)
    page.locator('[data-queue] > [data-state="failed"]').get_by_role("button", name="修改").click()
    expect(page.get_by_label("部位")).to_have_value("大堂")
    aside = page.locator('[data-queue] > [data-state="parked"]')
    expect(aside).to_contain_text("厨房")
    expect(aside).to_contain_text("未填完")
    page.reload()
    page.locator("form[data-outbox][data-ready]").wait_for()
    page.get_by_label("范围").select_option("public")
    page.locator("#id_unit").fill("")
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_contain_text("大堂")
    aside.get_by_role("button", name="修改").click()
    expect(page.get_by_label("部位")).to_have_value("厨房")
    expect(page.locator("[data-chosen] .one")).to_have_count(2)
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(page.locator('[data-queue] > [data-state="sent"]')).to_have_count(2)
    found = {row.part: (row.unit, row.photos.count()) for row in Finding.objects.all()}
    assert found == {"大堂": ("", 1), "厨房": ("1201", 2)}
    walk.faults.clear()


def test_photographs_of_a_repair_arrive_once_though_page_and_answer_are_lost(walk, cast):
    laid = planned.plan(cast)
    planned.started(laid, "engineering", cast)
    found = site.brought(cast, "handed")
    page = walk.page("project_engineer")
    page.set_viewport_size(PHONE)
    page.goto(f"/intervention/findings/{found.pk}/")
    form = page.locator("form[data-upload-form][data-ready]")
    form.wait_for()
    page.locator("#camera-after").set_input_files(pictures(1, "甲"))
    page.locator("#album-after").set_input_files(pictures(2, "乙乙"))
    expect(form.locator("[data-chosen] .one")).to_have_count(3)
    page.wait_for_timeout(500)
    page.reload()
    expect(form.locator("[data-chosen] .one")).to_have_count(3)
    walk.look(page, "repair-photos")
    page.set_viewport_size(PHONE)

    # The server has stored the first, the answer is lost on the way; nothing else gets through.
    def lose(route):
        if not Photo.objects.exists():
            route.fetch()
        route.abort()

    page.route("**/api/v1/records/finding/*/photos/", lose)
    form.get_by_role("button", name="上传照片").click()
    item = page.locator("[data-queue] > li")
    expect(item).to_have_attribute("data-state", "waiting")
    expect(form.locator("[data-said]")).to_contain_text("没有网络")
    expect(form.locator("[data-chosen] .one")).to_have_count(0)
    assert Photo.objects.count() == 1
    page.goto("/intervention/findings/")
    page.unroute("**/api/v1/records/finding/*/photos/")
    page.goto(f"/intervention/findings/{found.pk}/")
    expect(item).to_have_attribute("data-state", "sent")
    expect(page.locator('[data-fresh="photos-after"] li')).to_have_count(3)
    assert found.photos.filter(role="after").count() == Photo.objects.count() == 3
    walk.faults.clear()


def test_photographs_of_a_day_log_are_sent_from_the_next_page_that_is_opened(walk, cast):
    log, other = logged.begun(cast), logged.begun(cast, day=date(2026, 11, 19))
    page = walk.page("property_clerk")
    page.set_viewport_size(PHONE)
    page.goto(f"/intervention/days/{log.pk}/")
    form = page.locator("form[data-upload-form][data-ready]")
    form.wait_for()
    page.route("**/api/v1/records/day_log/*/photos/", lambda route: route.abort())
    form.get_by_role("button", name="上传照片").click()
    expect(form.locator("[data-said]")).to_have_text("请先拍照或选择照片，再上传。")
    page.locator("#album-photo").set_input_files(pictures(2))
    form.get_by_role("button", name="上传照片").click()
    item = page.locator("[data-queue] > li")
    expect(item).to_have_attribute("data-state", "waiting")
    page.unroute("**/api/v1/records/day_log/*/photos/")
    page.goto(f"/intervention/days/{other.pk}/")
    expect(item).to_have_attribute("data-state", "sent")
    assert (log.photos.count(), other.photos.count()) == (2, 0)
    item.get_by_role("link").click()
    expect(page.locator('[data-fresh="photos"] li')).to_have_count(2)
    walk.faults.clear()
