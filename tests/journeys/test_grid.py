"""The line grid in a browser: keys, a block from Excel, totals, saving by itself, losing the network, two windows."""

import re

import pytest
from playwright.sync_api import expect

from documents.models import Document
from tests import forms
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASTE = """text => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def walk(real_transactions, live_server, browser, tmp_path):
    walk = Walk(browser, live_server.url, tmp_path)
    yield walk
    for page in walk.pages.values():
        page.context.close()


def cell(page, row, key):
    return page.locator(f'[name="lines-{row}-{key}"]')


def open_draft(walk, cast):
    draft = forms.purchase_request(cast)
    page = walk.page("property_clerk")
    page.goto(f"/documents/{draft.reference}/edit/")
    return draft, page


def test_a_block_from_excel_makes_lines_is_summed_up_and_saved_by_itself(walk, cast):
    draft, page = open_draft(walk, cast)
    cell(page, 2, "subject").focus()

    page.evaluate(PASTE, "绿萝\t大盆\t盆\t１２\t￥３５．５０\n绿植\t小盆\t盆\t3\t10.00")

    expect(cell(page, 2, "subject")).to_have_value("绿萝")
    expect(cell(page, 2, "quantity")).to_have_value("12")
    expect(cell(page, 2, "price")).to_have_value("35.50")
    expect(cell(page, 3, "subject")).to_have_value("绿植")
    # 6 × 168.50 + 120 × 8.60 + 12 × 35.50 + 3 × 10.00
    expect(page.locator("[data-grid-total]")).to_have_text("2,499.00")
    expect(page.locator("[data-grid-capital]")).to_have_text("人民币贰仟肆佰玖拾玖元整")
    with page.expect_response("**/save/") as saving:
        cell(page, 3, "category").select_option(label="客服")
    assert saving.value.status == 200
    assert str(Document.objects.get(pk=draft.pk).amount) == "2499.00"


def test_arrows_and_enter_move_and_enter_on_the_last_line_adds_one(walk, cast):
    _draft, page = open_draft(walk, cast)
    cell(page, 0, "quantity").focus()

    page.keyboard.press("ArrowDown")
    expect(cell(page, 1, "quantity")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(cell(page, 3, "quantity")).to_be_focused()


def test_what_was_typed_offline_is_kept_and_saved_when_the_network_is_back(walk, cast):
    draft, page = open_draft(walk, cast)
    page.context.set_offline(True)
    cell(page, 0, "subject").fill("离线时填写的品名")
    saved = page.locator("[data-grid-saved]")
    expect(saved).to_have_class(re.compile("bad"), timeout=8000)
    assert "离线时填写的品名" in page.evaluate("JSON.stringify(Object.values(localStorage))")

    page.context.set_offline(False)

    expect(saved).to_have_text(re.compile("已自动保存"), timeout=8000)
    assert page.evaluate("localStorage.length") == 0
    assert draft.work_lines.order_by("position").first().subject == "离线时填写的品名"


def test_two_windows_are_shown_side_by_side_and_nothing_is_lost(walk, cast):
    draft, page = open_draft(walk, cast)
    other = page.context.new_page()
    other.goto(page.url)
    with other.expect_response("**/save/") as saving:
        cell(other, 0, "subject").fill("另一窗口的品名")
    assert saving.value.status == 200

    cell(page, 0, "subject").fill("本窗口的品名")

    conflict = page.locator("section.conflict")
    expect(conflict).to_contain_text("另一窗口的品名", timeout=8000)
    expect(conflict).to_contain_text("本窗口的品名")
    with page.expect_response("**/save/") as saving:
        conflict.locator("[data-keep-mine]").click()
    assert saving.value.status == 200
    assert draft.work_lines.order_by("position").first().subject == "本窗口的品名"


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_wrong_cell_widens_no_column_and_the_total_stays_above_the_action_bar(walk, cast, size):
    many = [forms.LINES[1] | {"subject": f"垃圾袋 {n}"} for n in range(14)]
    draft = forms.purchase_request(cast, lines=many)
    page = walk.page("property_clerk")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/documents/{draft.reference}/edit/")
    widths = "[...document.querySelectorAll('.lg.edit tbody tr:first-child td')].map(cell => cell.offsetWidth)"
    before = page.evaluate(widths)
    with page.expect_response("**/save/") as saving:
        cell(page, 1, "quantity").fill("-3")
    assert saving.value.status == 400
    expect(page.locator("#e_lines-1-quantity")).to_contain_text("负数")
    assert page.evaluate(widths) == before
    total, bar = page.locator("[data-grid] > .capline").bounding_box(), page.locator(".actbar").bounding_box()
    assert total["y"] + total["height"] <= bar["y"] + 1
    assert total["y"] > 0
