"""Entry pages without a line grid in a browser: saved by themselves, kept without a network, two windows side by side."""

import re

import pytest
from playwright.sync_api import expect

from documents.models import Document
from tests.intervention import papered, planned
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(real_transactions, live_server, browser, tmp_path):
    walk = Walk(browser, live_server.url, tmp_path)
    yield walk
    for page in walk.pages.values():
        page.context.close()


def test_a_result_is_saved_by_itself_and_again_when_the_network_is_back(walk, cast):
    laid = planned.plan(cast, "CH-2")
    planned.started(laid, "planning", cast)
    draft = planned.result(cast, laid, "planning.positioning_survey", filled=False)
    first = draft.result_entries.order_by("position").first()
    page = walk.page("property_clerk")
    page.goto(f"/intervention/results/{draft.reference}/")
    saved = page.locator("[data-grid-saved]")
    with page.expect_response("**/save/") as saving:
        page.locator(f"#text-{first.key}").fill("周边五个项目的定位")
    assert saving.value.status == 200
    expect(saved).to_have_text(re.compile("已自动保存"))
    page.context.set_offline(True)
    page.locator("#id_note").fill("离线时写的说明")
    expect(saved).to_have_class(re.compile("bad"), timeout=8000)
    assert "离线时写的说明" in page.evaluate("JSON.stringify(Object.values(localStorage))")
    page.context.set_offline(False)
    expect(saved).to_have_text(re.compile("已自动保存"), timeout=8000)
    first.refresh_from_db()
    assert (first.text, Document.objects.get(pk=draft.pk).phase_result.note) == ("周边五个项目的定位", "离线时写的说明")


def test_two_windows_of_a_confirmation_are_shown_side_by_side_in_the_words_of_the_page(walk, cast):
    shown = papered.found(cast)
    draft = papered.publicity(cast)
    page = walk.page("marketing_handler")
    page.goto(f"/intervention/papers/{draft.reference}/")
    other = page.context.new_page()
    other.goto(page.url)
    with other.expect_response("**/save/") as saving:
        other.locator('[name="line-0-subject"]').select_option(label="会所")
        other.locator(f"#cover-{shown.pk}").check()
    assert saving.value.status == 200
    page.locator('[name="line-0-wording"]').fill("本窗口的表述")
    conflict = page.locator("section.conflict")
    expect(conflict).to_contain_text("本窗口的表述", timeout=8000)
    expect(conflict).to_contain_text("第 1 行 承诺事项")
    expect(conflict).to_contain_text("会所")
    expect(conflict).to_contain_text(shown.wording)
    with page.expect_response("**/save/") as saving:
        conflict.locator("[data-keep-mine]").click()
    assert saving.value.status == 200
    line = draft.promise_lines.order_by("position").first()
    assert (line.key, line.subject, line.wording) == ("p1", "standard", "本窗口的表述")
    assert not draft.covers.exists()


def test_a_line_added_on_the_page_keeps_its_key_from_one_saving_to_the_next(walk, cast):
    draft = papered.publicity(cast, lines=[])
    page = walk.page("marketing_handler")
    page.goto(f"/intervention/papers/{draft.reference}/")
    with page.expect_response("**/save/"):
        page.locator('[name="line-1-wording"]').fill("不高于 2.80 元")
    expect(page.locator('[name="line-1-id"]')).to_have_value("p1")
    with page.expect_response("**/save/"):
        page.locator('[name="line-1-wording"]').fill("不高于 2.60 元")
    assert list(draft.promise_lines.values_list("key", "wording")) == [("p1", "不高于 2.60 元")]


def test_leaving_a_field_that_has_been_saved_is_no_change(walk, cast):
    laid = planned.plan(cast, "CH-2")
    planned.started(laid, "planning", cast)
    draft = planned.result(cast, laid, "planning.positioning_survey", filled=False)
    page = walk.page("property_clerk")
    page.goto(f"/intervention/results/{draft.reference}/")
    told = []
    page.on("dialog", lambda dialog: (told.append(dialog.type), dialog.accept()))
    with page.expect_response("**/save/"):
        page.locator("#id_note").press_sequentially("写好的说明")
    saved = page.locator("[data-grid-saved]")
    expect(saved).to_have_text(re.compile("已自动保存"))
    # The change event comes only now.
    page.locator("#id_note").blur()
    page.wait_for_timeout(200)
    expect(saved).to_have_text(re.compile("已自动保存"))
    page.goto("/inbox/")
    assert told == []
    walk.finish()
