"""What waits on a phone: whose it is, from where it is sent, what the person is told."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from intervention.models import Finding, Photo
from tests.conftest import PASSWORD
from tests.intervention import logged
from tests.journeys.test_site import PHONE, described, opened
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
FINDINGS = "**/api/v1/records/finding/"


@pytest.fixture
def walk(real_transactions, live_server, browser, tmp_path):
    walk = Walk(browser, live_server.url, tmp_path / "screens")
    yield walk
    for page in walk.pages.values():
        page.context.close()


def log_in(page, username):
    page.context.clear_cookies()
    page.goto("/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")


def saved(page, part, photos=1):
    described(page, part, photos)
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(page.locator("#id_part")).to_have_value("")


def stalled(page):
    """The server can't be reached with a finding."""
    page.route(FINDINGS, lambda route: route.abort())


def rows(page, state):
    return page.locator(f'[data-queue] > [data-state="{state}"]')


STORED = """new Promise((done, fail) => {
    const asking = indexedDB.open('site-outbox', 1);
    asking.onerror = () => fail(asking.error);
    asking.onsuccess = () => {
        const work = asking.result.transaction('findings'), all = work.objectStore('findings').getAll();
        work.oncomplete = () => { asking.result.close(); done(all.result.filter(row => row.made)); };
        work.onabort = () => fail(work.error);
    };
})"""
TAMPER = f"""async () => {{
    const item = (await {STORED})[0], own = window.Outbox.own(item);
    item.parked = true;
    await window.Outbox.keep(item);
    const now = (await {STORED})[0];
    return [own, !!now.parked];
}}"""


def kept(page):
    """How many rows the device's store holds that are no drafts."""
    return page.evaluate(f"async () => (await {STORED}).length")


def test_a_colleague_on_the_same_phone_sees_whose_it_is_and_can_do_nothing_with_it(walk, cast):
    walked, page = opened(walk, cast)
    stalled(page)
    saved(page, "飘窗")
    described(page, "大堂")
    page.get_by_label("范围").select_option("public")
    page.unroute(FINDINGS)
    # The first arrives, the second is refused by the server: that is what may be corrected.
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(rows(page, "failed")).to_contain_text("大堂")
    log_in(page, "property_project_manager")
    page.goto(f"/intervention/visits/{walked.pk}/")
    page.locator("form[data-outbox][data-ready]").wait_for()
    other = page.locator("[data-queue] > li")
    expect(other).to_have_count(1)
    expect(other).to_have_attribute("data-state", "other")
    expect(other).to_contain_text(f"{cast.property_clerk.name} 登记的内容，等本人登录后发送")
    expect(other).not_to_contain_text("大堂")
    expect(other.get_by_role("button")).to_have_count(0)
    # Nor by the functions behind the buttons.
    assert page.evaluate(TAMPER) == [False, False]
    assert kept(page) == 1
    page.goto("/inbox/")
    expect(page.locator("[data-waiting-here]")).to_be_hidden()
    log_in(page, "property_clerk")
    page.goto(f"/intervention/visits/{walked.pk}/")
    expect(rows(page, "failed")).to_contain_text("大堂")
    expect(rows(page, "failed").get_by_role("button", name="修改")).to_be_visible()
    assert set(Finding.objects.values_list("part", "created_by")) == {("飘窗", cast.property_clerk.pk)}
    walk.faults.clear()


def test_any_page_tells_what_waits_and_sends_it_once(walk, cast):
    walked, page = opened(walk, cast)
    stalled(page)
    saved(page, "飘窗")
    saved(page, "大堂")
    expect(rows(page, "waiting")).to_have_count(2)
    page.goto("/")
    notice = page.locator("[data-waiting-here]")
    expect(notice).to_contain_text("本机有 2 条未发送")
    assert notice.get_by_role("link").get_attribute("href") == f"/intervention/visits/{walked.pk}/"
    page.set_viewport_size(PHONE)
    walk.look(page, "waiting")
    page.set_viewport_size(PHONE)
    second = page.context.new_page()
    second.goto("/inbox/")
    page.unroute(FINDINGS)
    for tab in (page, second):
        tab.evaluate("window.dispatchEvent(new Event('online'))")
    expect(notice).to_be_hidden()
    expect(second.locator("[data-waiting-here]")).to_be_hidden()
    assert sorted(Finding.objects.values_list("part", flat=True)) == ["大堂", "飘窗"]
    assert Photo.objects.count() == 2
    assert page.evaluate("localStorage.getItem('site-outbox')") is None
    walk.faults.clear()


def test_a_page_where_nothing_waits_opens_no_store_and_asks_for_nothing(walk, cast):
    page = walk.page("property_clerk")
    page.goto("/inbox/")
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    assert asked == []
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    walk.finish()


def test_logging_out_warns_while_something_waits(walk, cast):
    _walked, page = opened(walk, cast)
    stalled(page)
    saved(page, "飘窗")
    expect(rows(page, "waiting")).to_have_count(1)
    page.goto("/me/")
    told = []
    answers = [False, True]

    def answer(dialog):
        told.append(dialog.message)
        dialog.accept() if answers[len(told) - 1] else dialog.dismiss()

    page.on("dialog", answer)
    leave = page.locator("main").get_by_role("button", name="退出登录")
    leave.click()
    page.wait_for_timeout(300)
    assert page.url.endswith("/me/")
    leave.click()
    page.wait_for_url("**/login/**")
    assert all("还有 1 条内容未发送" in text for text in told)
    assert len(told) == 2
    assert kept(page) == 1
    # Without a network nobody is shown its titles any more.
    assert page.evaluate("JSON.parse(localStorage.getItem('site-outbox')).last") is None
    page.get_by_label("用户名").fill("property_project_manager")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    assert page.evaluate("JSON.parse(localStorage.getItem('site-outbox')).last") == str(
        cast.property_project_manager.pk
    )
    walk.faults.clear()


def test_a_records_next_step_asks_first_while_something_waits(walk, cast):
    """What it closes takes no photograph that comes after it."""
    log = logged.begun(cast)
    _walked, page = opened(walk, cast)
    stalled(page)
    saved(page, "飘窗")
    expect(rows(page, "waiting")).to_have_count(1)
    page.goto(f"/intervention/records/day_log/{log.pk}/file/")
    told = []
    answers = [False, True]

    def answer(dialog):
        told.append(dialog.message)
        dialog.accept() if answers[len(told) - 1] else dialog.dismiss()

    page.on("dialog", answer)
    step = page.locator("main form button.btn-primary")
    step.click()
    page.wait_for_timeout(300)
    log.refresh_from_db()
    assert log.state == "draft"
    step.click()
    page.wait_for_url(f"**/intervention/days/{log.pk}/")
    log.refresh_from_db()
    assert log.state == "filed"
    assert all("可能不再被接收" in text for text in told)
    assert len(told) == 2
    walk.faults.clear()


def test_the_visits_page_shows_what_has_arrived_and_hands_over_only_then(walk, cast):
    _walked, page = opened(walk, cast)
    head = page.locator('[data-fresh="head"]')
    expect(head).to_contain_text("问题 0 个")
    expect(page.get_by_role("link", name="全部移交项目部")).to_have_count(0)
    saved(page, "飘窗", photos=2)
    expect(page.locator(".fnd tbody tr")).to_have_count(1)
    expect(page.locator(".fnd .thumbs img")).to_have_count(2)
    expect(head).to_contain_text("问题 1 个")
    expect(page.get_by_role("link", name="全部移交项目部")).to_be_visible()
    walk.finish()


def test_a_photograph_that_cant_be_taken_is_said_at_once_and_the_others_stay(walk, cast):
    _walked, page = opened(walk, cast)
    described(page, "大堂", photos=1)
    heic = {"name": "i.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic\0\0\0\0mif1"}
    text = {"name": "说明.txt", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    page.locator("#fe-album").set_input_files([heic, text])
    told = page.locator("form[data-outbox] [data-said]")
    expect(told).to_contain_text("「i.heic」没有加入：此设备打不开 HEIC 照片")
    expect(told).to_contain_text("「说明.txt」没有加入：只接受 JPG、PNG、WebP 照片。")
    expect(page.locator("[data-chosen] .one")).to_have_count(1)
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(rows(page, "sent")).to_have_count(1)
    assert (Finding.objects.count(), Photo.objects.count()) == (1, 1)
    walk.finish()


def test_a_picture_over_the_servers_limits_is_made_smaller_upright(walk, cast):
    _walked, page = opened(walk, cast)
    described(page, "大堂", photos=0)
    page.evaluate("window.Outbox.said.mostPixels = '1000000'")
    exif = Image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    Image.new("RGB", (3000, 1500), "grey").save(data, "JPEG", exif=exif)
    webp = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(webp, "WEBP")
    page.locator("#fe-album").set_input_files(
        [
            {"name": "大.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()},
            {"name": "安卓.webp", "mimeType": "image/webp", "buffer": webp.getvalue()},
        ]
    )
    expect(page.locator("[data-chosen] img")).to_have_count(2)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/photos/") else None)
    page.get_by_role("button", name="保存并继续下一条").click()
    expect(rows(page, "sent")).to_have_count(1)
    assert sorted(Photo.objects.values_list("width", "height")) == [(300, 200), (1000, 2000)]
    # As it was made on the device, no longer than 2600.
    assert len(sent) == 2
    walk.finish()


def test_without_a_network_a_page_of_our_own_tells_what_waits(real_transactions, live_server, browser, tmp_path, cast):
    walk = Walk(browser, live_server.url, tmp_path / "screens", service_workers=True)
    walked, page = opened(walk, cast)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # From here on the worker stands between.
    page.reload()
    page.locator("form[data-outbox][data-ready]").wait_for()
    page.context.set_offline(True)
    saved(page, "飘窗", photos=2)
    expect(rows(page, "waiting")).to_have_count(1)
    page.goto("/inbox/")
    main = page.locator("main")
    expect(main).to_contain_text("现在没有网络")
    expect(main).to_contain_text("本机有 1 条未发送")
    expect(main).to_contain_text("3栋 · 1201 · 飘窗（2 张照片）")
    page.screenshot(path=tmp_path / "offline-390.png")
    caches = page.evaluate("""async () => {
        const found = [];
        for (const name of await caches.keys()) {
            for (const asked of await (await caches.open(name)).keys()) found.push(new URL(asked.url).pathname);
        }
        return found;
    }""")
    assert [path for path in caches if not path.startswith("/static/")] == ["/offline/"]
    expect(page.get_by_role("button", name="再试一次")).to_be_visible()
    # The page that was asked for comes by itself when the connection does.
    page.context.set_offline(False)
    expect(page.locator(".tabbar")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-waiting-here]")).to_be_hidden()
    assert (Finding.objects.count(), Photo.objects.count()) == (1, 2)
    page.goto("/me/")
    page.locator("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login/**")
    page.context.close()
    assert walked.findings.count() == 1
