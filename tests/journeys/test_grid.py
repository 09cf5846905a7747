"""The line grid in a browser: keys, a block from Excel, totals, saving by itself, losing the network, two windows."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from budgets.confirming import open_completion, save_completion
from budgets.drafting import open_work_form
from budgets.numbers import read_written
from documents import circulation
from documents.models import Document
from documents.vocabulary import Kind
from tests import forms
from tests.budgets.test_numbers import REFUSED, TAKEN
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


def held(page):
    """The next saving stops on its way; the list holds it then."""
    stopped = []
    page.route("**/save/", lambda route: stopped.append(route), times=1)
    return stopped


def wait_for(page, stopped):
    """Until a saving stands still."""
    for _ in range(80):
        if stopped:
            return
        page.wait_for_timeout(100)
    pytest.fail("nothing was sent")


def test_the_browser_reads_a_figure_by_the_rule_of_the_server(browser):
    texts = [text for text, *_ in TAKEN + REFUSED if isinstance(text, str)]
    page = browser.new_page()
    page.add_script_tag(path="static/js/money.js")
    read = page.evaluate(
        "texts => texts.map(text => [0, 2, 3].map(d => { const n = Money.parse(text, d); return n === null ? null : String(n); }))",
        texts,
    )
    cleaned = page.evaluate("texts => texts.map(text => Money.clean(text))", texts)
    page.close()
    for text, found, plain in zip(texts, read, cleaned, strict=True):
        value = read_written(text)
        fine = 0 if value is None else -value.as_tuple().exponent
        decimals = 0 if "." not in text and "．" not in text else fine
        expected = [None if value is None or decimals > d else str(int(value.scaleb(d))) for d in (0, 2, 3)]
        assert found == expected, text
        assert plain == text if value is None else read_written(plain) == value


def test_a_figure_that_is_none_stays_as_it_was_typed_and_is_refused_in_its_cell(walk, cast):
    draft, page = open_draft(walk, cast)
    cell(page, 0, "quantity").focus()
    with page.expect_response("**/save/") as saving:
        page.evaluate(PASTE, "2,5\t12,50\n1,200\t1元5")
    assert saving.value.status == 400
    values = [cell(page, row, key).input_value() for row in (0, 1) for key in ("quantity", "price")]
    assert values == ["2,5", "12,50", "1200", "1元5"]
    expect(page.locator("#e_lines-0-quantity")).to_contain_text("千位分隔符位置不对")
    expect(page.locator("#e_lines-0-price")).to_contain_text("千位分隔符位置不对")
    expect(page.locator("#e_lines-1-price")).to_contain_text("不是普通数字写法")
    assert str(Document.objects.get(pk=draft.pk).amount) == "8643.00"


def test_a_pasted_choice_or_date_that_is_none_empties_its_cell_and_says_what_was_not_taken(walk, cast):
    draft = forms.purchase_request(cast)
    staff = open_work_form(
        kind=Kind.SERVICE_CONFIRMATION,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=forms.DECEMBER,
    )
    page = walk.page("property_clerk")
    page.goto(f"/documents/{draft.reference}/edit/")
    cell(page, 0, "category").focus()
    page.evaluate(PASTE, "园艺\n客服")
    expect(cell(page, 0, "category")).to_have_value("")
    expect(page.locator("#e_lines-0-category")).to_contain_text("“园艺”不在可选项中")
    expect(page.locator("[data-grid-errors]")).to_contain_text("第 1 行 类别：")
    assert cell(page, 1, "category").evaluate("select => select.selectedOptions[0].text") == "客服"
    # What the server says meanwhile of other cells takes no mark away; a choice does.
    with page.expect_response("**/save/"):
        cell(page, 1, "subject").fill("垃圾袋（大）")
    expect(page.locator("#e_lines-0-category")).to_contain_text("“园艺”不在可选项中")
    with page.expect_response("**/save/"):
        cell(page, 0, "category").select_option(label="清洁")
    expect(page.locator("#e_lines-0-category")).to_have_text("")

    page.goto(f"/documents/{staff.reference}/edit/")
    day = page.locator('[data-grid-line] input[type="date"]').first
    day.fill("2026-12-05")
    day.focus()
    page.evaluate(PASTE, "12月8日\t")
    expect(day).to_have_value("")
    told = page.locator("[data-grid-line] td.bad .errs").first
    expect(told).to_contain_text("“12月8日”不是有效日期")
    day.focus()
    page.evaluate(PASTE, "2026年12月8日\t")
    expect(day).to_have_value("2026-12-08")
    expect(told).to_have_count(0)


def test_a_line_deleted_while_nothing_could_be_saved_stays_deleted_when_the_page_comes_back(walk, cast):
    draft = forms.purchase_request(cast, lines=[forms.LINES[1] | {"subject": name} for name in "甲乙丙丁"])
    page = walk.page("property_clerk")
    page.goto(f"/documents/{draft.reference}/edit/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/save/", lambda route: route.abort())
    page.locator("[data-grid-remove]").nth(1).click()
    expect(page.locator("[data-grid-saved]")).to_have_class(re.compile("bad"), timeout=8000)
    page.unroute("**/save/")

    with page.expect_response("**/save/") as saving:
        page.reload()

    assert saving.value.status == 200
    expect(page.locator("[data-grid-line]")).to_have_count(3)
    assert list(draft.work_lines.order_by("position").values_list("subject", flat=True)) == ["甲", "丙", "丁"]


def test_a_line_deleted_while_a_save_is_on_its_way_gives_no_other_line_its_key(walk, cast):
    draft = forms.purchase_request(cast, lines=[forms.LINES[1] | {"subject": name} for name in "甲乙"])
    keys = list(draft.work_lines.order_by("position").values_list("key", flat=True))
    page = walk.page("property_clerk")
    page.goto(f"/documents/{draft.reference}/edit/")
    stopped = held(page)
    cell(page, 1, "price").press("Enter")
    cell(page, 2, "category").select_option(label="清洁")
    for key, text in (("subject", "丙"), ("unit", "个"), ("quantity", "1"), ("price", "2.00")):
        cell(page, 2, key).fill(text)
    wait_for(page, stopped)
    page.locator("[data-grid-remove]").first.click()
    with page.expect_response("**/save/"):
        stopped[0].continue_()

    expect(cell(page, 1, "id")).not_to_have_value("")
    ids = [cell(page, row, "id").input_value() for row in (0, 1)]
    assert ids[0] == keys[1]
    assert ids[1] not in keys


def test_who_leaves_while_a_save_is_on_its_way_is_asked_and_what_was_typed_is_kept(walk, cast):
    _draft, page = open_draft(walk, cast)
    stopped = held(page)
    cell(page, 0, "subject").fill("最后一处改动")
    wait_for(page, stopped)

    asked = page.evaluate(
        "() => { const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented; }"
    )

    assert asked
    assert "最后一处改动" in page.evaluate("JSON.stringify(Object.values(localStorage))")
    stopped[0].continue_()
    expect(page.locator("[data-grid-saved]")).to_have_text(re.compile("已自动保存"))
    assert page.evaluate("localStorage.length") == 0


def test_the_amount_of_a_confirmation_follows_its_quantity_as_the_server_reckons_it(walk, cast, fixed_clock):
    """3 × 100.00 cut to 100.00; 2 × 50.00 as filed."""
    rows = [forms.LINES[0] | {"quantity": "3", "price": "100"}, forms.LINES[1] | {"quantity": "2", "price": "50"}]
    origin = forms.submitted(cast, lines=rows)
    line = origin.work_lines.get(position=1)
    forms.send_back(origin, cast.property_leader, proposals={line.key: Decimal("100.00")})
    circulation.take_over(document_id=origin.pk, actor=cast.property_clerk)
    origin = forms.sign_through(origin, cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    first = open_completion(origin=origin, actor=cast.property_clerk)
    page = walk.page("property_clerk")
    assert amounts(page, first, "1", "2", "3", "4") == ["33.33", "66.67", "100.00", "133.33"]

    save_completion(
        document=first,
        actor=cast.property_clerk,
        draft_version=None,
        rows=[{"id": line.key, "quantity": "1", "amount": "33.33"}],
    )
    circulation.attach(document_id=first.pk, actor=cast.property_clerk, upload=forms.receipt(first.reference))
    circulation.submit(document_id=first.pk, actor=cast.property_clerk)
    forms.sign_through(first, cast)
    second = open_completion(origin=origin, actor=cast.property_clerk)
    # All that is left is the amount that is left.
    assert amounts(page, second, "1", "2", "1.5") == ["33.33", "66.67", "50.00"]


def amounts(page, completion, *quantities):
    """What the page fills in beside each quantity of the first line."""
    page.goto(f"/budgets/completions/{completion.reference}/edit/")
    found = []
    for quantity in quantities:
        cell(page, 0, "quantity").fill(quantity)
        found.append(cell(page, 0, "amount").input_value())
    with page.expect_response("**/save/"):
        cell(page, 0, "quantity").fill(quantities[0])
    return found
