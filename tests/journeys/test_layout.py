"""What stands whole in the windows people have: filters on a phone, the amount one signs, the entry grids."""

from datetime import date

import pytest

from budgets.columns import LINE_FORMS
from budgets.drafting import open_work_form
from tests import forms
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LINE = {
    "category": "清洁",
    "department_name": "秩序维护部",
    "subject": "案场礼宾岗",
    "unit": "项",
    "quantity": "12",
    "price": "168.50",
    "wage": "6800",
    "social_insurance": "1560.50",
    "benefits": "300",
    "other_cost": "120",
    "starts_on": "2026-12-01",
    "ends_on": "2026-12-05",
    "people": "4",
    "days": "5",
    "description": "售楼处大厅及样板房日常保洁",
    "remark": "按十月用量核定",
}
OUTSIDE = (
    """row => [...row.children].filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth).length"""
)
CUT = "box => box.scrollWidth - box.clientWidth"


@pytest.fixture
def walk(real_transactions, live_server, browser, tmp_path):
    walk = Walk(browser, live_server.url, tmp_path)
    yield walk
    for page in walk.pages.values():
        page.context.close()


def draft(cast, kind):
    keys = {column.key for column in LINE_FORMS[kind].columns if column.editable}
    line = {key: text for key, text in LINE.items() if key in keys}
    if kind == "admin_expense_plan":
        line["category"] = "办公"
    rows = forms.checked(kind, [line, line])
    return open_work_form(
        kind=kind, actor=cast.property_clerk, instalment=cast.instalments["CH-2"], month=date(2026, 12, 1), rows=rows
    )


def test_no_filter_lies_outside_a_phones_screen(walk, cast):
    page = walk.page("property_clerk")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/inbox/", "/settlements/compare/", "/settlements/ageing/", "/intervention/promises/"):
        page.goto(address)
        assert page.locator(".filters").evaluate(OUTSIDE) == 0, address


def test_the_amount_one_signs_stands_whole_at_1440_and_at_1280(walk, cast):
    plan, page = draft(cast, "staffing_plan"), walk.page("property_clerk")
    for width in (1440, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/documents/{plan.reference}/")
        assert page.locator("#det .lg-wrap").evaluate(CUT) <= 0, width


def test_every_entry_grid_shows_its_columns_and_the_delete_button_at_1440(walk, cast):
    page = walk.page("property_clerk")
    for kind in ("staffing_plan", "admin_expense_plan", "purchase_request", "service_confirmation"):
        page.goto(f"/documents/{draft(cast, kind).reference}/edit/")
        assert page.locator("[data-grid] .lg-wrap").evaluate(CUT) <= 0, kind


def test_a_finished_form_is_printed_and_exported_on_a_phone_by_whoever_reads_it(walk, cast):
    done = forms.approved(cast, instalment="CH-2", month=date(2026, 11, 1))
    page = walk.page("property_clerk")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/documents/{done.name}/")
    page.get_by_role("link", name="打印、导出与更多").click()
    more = page.locator("#dlg-more")
    for what in ("打印 PDF", "导出 Excel"):
        assert more.get_by_role("link", name=what).is_visible(), what
    page.keyboard.press("Escape")
    walk.look(page, "finished-form")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert not page.locator(".actbar").is_visible()
    walk.finish()
