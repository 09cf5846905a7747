"""Changes since last month: the pure comparison by literal values, and where people meet it."""

from datetime import date
from decimal import Decimal

import pytest

from budgets.changes import compare, percent
from budgets.comparing import since_last
from budgets.drafting import save_lines
from documents import circulation
from documents.models import Document
from tests import forms

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def line(position, subject, quantity, price, amount, **more):
    cells = {"category": "清洁", "specification": "", "unit": "桶", "description": "", "remark": ""}
    return {
        **cells,
        "position": position,
        "subject": subject,
        "quantity": quantity,
        "price": price,
        "amount": amount,
        **more,
    }


OLD = [
    line(1, "清洁剂", "6", "168.50", "1011.00"),
    line(2, "垃圾袋", "120", "8.60", "1032.00", unit="卷"),
    line(3, "绿植", "4", "1650.00", "6600.00", category="客服", unit="次"),
    line(4, "灯管", "10", "35.70", "357.00", category="工程", unit="支"),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1000", "1042", "4.2"),
        ("1000", "1042.49", "4.2"),
        ("1000", "1042.50", "4.3"),
        ("1000", "957.50", "-4.3"),
        ("1000", "957.51", "-4.2"),
        ("3", "4", "33.3"),
        ("3", "5", "66.7"),
        ("8000", "8004", "0.1"),
        ("8000", "8003.99", "0.0"),
        ("0.01", "99999999999.99", "999999999999800.0"),
        ("100", "0", "-100.0"),
    ],
)
def test_growth_is_exact_and_half_up(before, after, expected):
    assert percent(Decimal(before), Decimal(after)) == Decimal(expected)


def test_lines_are_told_apart_by_what_happened_to_them():
    new = [
        OLD[0],
        line(2, "垃圾袋", "130", "8.60", "1118.00", unit="卷"),
        line(3, "绿植", "4", "1650.00", "6600.00", category="客服", unit="次"),
        line(4, "拖把", "5", "20.00", "100.00", unit="把"),
    ]
    found = compare("purchase_request", OLD, new)

    assert found.summary == "2 行未变，1 行有变，新增 1，减少 1，-1.9 %"
    assert (found.before, found.after, found.difference) == (Decimal("9000.00"), Decimal("8829.00"), Decimal("-171.00"))
    assert [(one.kind, one.number, one.name, one.before, one.after) for one in found.lines] == [
        ("changed", 2, "清洁 垃圾袋", Decimal("1032.00"), Decimal("1118.00")),
        ("added", 4, "清洁 拖把", None, Decimal("100.00")),
        ("removed", 4, "工程 灯管", Decimal("357.00"), None),
    ]
    assert [(cell.label, cell.before, cell.after) for cell in found.lines[0].cells] == [("数量", "120", "130")]


def test_order_width_case_and_blanks_are_no_change():
    new = [
        line(1, "绿植", "4.000", "1650", "6600.00", category="客服", unit="次"),
        line(2, " 清 洁剂", "6", "168.5", "1011.00"),
        line(3, "垃圾袋", "120", "8.60", "1032.00", unit="卷"),
        line(4, "灯管", "10", "35.70", "357.00", category="工程", unit="支"),
    ]
    found = compare("purchase_request", OLD, new)
    assert (found.unchanged, found.lines, found.summary) == (4, (), "4 行未变，合计不变")
    wide = [line(1, "LED灯", "1", "2.00", "2.00", specification="Ａ４　80g")]
    narrow = [line(1, "led 灯", "1", "2.00", "2.00", specification="A480G")]
    assert compare("purchase_request", wide, narrow).unchanged == 1


def test_lines_of_one_name_are_paired_like_with_like():
    old = [line(n, "工具", "1", price, price) for n, price in ((1, "10.00"), (2, "20.00"), (3, "30.00"))]
    new = [line(1, "工具", "1", "30.00", "30.00"), line(2, "工具", "1", "25.00", "25.00")]
    found = compare("purchase_request", old, new)
    assert found.unchanged == 1
    assert [(one.kind, one.before, one.after) for one in found.lines] == [
        ("changed", Decimal("10.00"), Decimal("25.00")),
        ("removed", Decimal("20.00"), None),
    ]


def test_where_the_last_total_is_nothing_words_stand_for_the_percentage():
    assert compare("purchase_request", [], OLD[:1]).summary == "0 行未变，新增 1，上次合计为 0，无法计算百分比"
    assert compare("purchase_request", OLD[:1], []).summary == "0 行未变，减少 1，-100.0 %"
    assert compare("purchase_request", [], []).summary == "0 行未变，合计不变"


def test_an_empty_cost_per_head_equals_zero():
    post = {"department_name": "客服部", "subject": "管家", "quantity": "2", "wage": "5000.00", "price": "5000.00",
            "amount": "10000.00", "position": 1, "social_insurance": None, "benefits": "0", "other_cost": "0.00",
            "remark": ""}  # fmt: skip
    found = compare("staffing_plan", [post], [post | {"social_insurance": "0", "benefits": None}])
    assert found.unchanged == 1
    raised = post | {"wage": "5200.00", "price": "5200.00", "amount": "10400.00"}
    found = compare("staffing_plan", [post], [raised])
    assert found.summary == "0 行未变，1 行有变，+4.0 %"
    assert [(cell.label, cell.before, cell.after) for cell in found.lines[0].cells] == [
        ("工资", "5,000.00", "5,200.00"),
        ("人均合计", "5,000.00", "5,200.00"),
    ]


def test_five_thousand_lines_of_one_name_are_compared_in_a_moment():
    old = [line(n, "同名", "1", f"{n}.00", f"{n}.00") for n in range(1, 5001)]
    new = [line(n, "同名", "1", f"{n}.50", f"{n}.50") for n in range(1, 5001)]
    found = compare("purchase_request", old, new)
    assert (found.unchanged, found.count("changed")) == (0, 5000)


# --- pages -------------------------------------------------------------------------------------------------------------
RAISED = [forms.LINES[0], forms.LINES[1] | {"quantity": "130"}, forms.LINES[2]]
SUMMARY = "2 行未变，1 行有变，+1.0 %"


@pytest.mark.django_db
def test_signers_and_clerk_see_what_changed_and_nothing_else(cast, log_in):
    earlier = forms.approved(cast, month=NOVEMBER)
    forms.approved(cast, month=OCTOBER)
    forms.approved(cast, month=NOVEMBER, instalment="CH-1")
    document = forms.submitted(cast, lines=RAISED)

    browser = log_in(cast.property_leader)
    for address in (f"/documents/{document.number}/", f"/documents/{document.number}/preview/"):
        page = browser.get(address, headers={"HX-Request": "true"}).content.decode()
        assert f"较 2026-11 {earlier.number}：{SUMMARY}" in page
    page = browser.get(f"/documents/{document.number}/").content.decode()
    panel = page[page.index("h-changes") : page.index("</table>", page.index("h-changes"))]
    assert '<span class="muted">数量</span> 120 → 130' in panel
    assert "¥1,032.00 → ¥1,118.00" in panel
    assert "垃圾袋" in panel
    assert "鲜花绿植更换" not in panel

    draft = forms.purchase_request(cast, lines=RAISED)
    page = log_in(cast.property_clerk, fresh=True).get(f"/budgets/forms/{draft.reference}/").content.decode()
    assert SUMMARY in page
    assert '<span class="muted">数量</span> 120 → 130' in page
    # The panel is asked for again after each saving, and then tells what was saved.
    address = f"/budgets/forms/{draft.reference}/changes/"
    assert f'hx-get="{address}" hx-trigger="grid:saved from:body"' in page
    save_lines(document=draft, actor=cast.property_clerk, draft_version=None, rows=forms.LINES)
    clerk = log_in(cast.property_clerk, fresh=True)
    assert "3 行未变，合计不变" in clerk.get(address).content.decode()


@pytest.mark.django_db
def test_a_form_without_an_earlier_approved_one_says_so(cast, log_in):
    forms.submitted(cast, month=NOVEMBER)
    document = forms.submitted(cast)
    page = log_in(cast.property_leader).get(f"/documents/{document.number}/").content.decode()
    assert "没有更早月份的已批准同类表单，无从比较。" in page
    assert "h-changes" not in page


@pytest.mark.django_db
def test_signers_compare_what_was_submitted_and_the_cut_amount_is_what_was_approved(cast):
    earlier = forms.submitted(cast, month=NOVEMBER)
    first = earlier.work_lines.first()
    forms.send_back(earlier, cast.property_leader, proposals={first.key: Decimal("1000.00")})
    circulation.take_over(document_id=earlier.pk, actor=cast.property_clerk)
    earlier = forms.sign_through(earlier, cast)
    assert earlier.amount == Decimal("8632.00")

    found = since_last(forms.submitted(cast), cast.property_leader)
    assert found is not None
    assert found.earlier == earlier
    assert found.changes.summary == "2 行未变，1 行有变，+0.1 %"
    assert (found.changes.lines[0].before, found.changes.lines[0].after) == (Decimal("1000.00"), Decimal("1011.00"))


@pytest.mark.django_db
def test_whoever_does_not_see_the_earlier_form_compares_with_nothing(cast):
    forms.approved(cast, month=NOVEMBER)
    document = forms.submitted(cast)
    assert since_last(Document.objects.get(pk=document.pk), cast.property_leader) is not None
    assert since_last(Document.objects.get(pk=document.pk), cast.foreign_clerk) is None


@pytest.mark.django_db
def test_comparing_costs_the_same_for_1_and_60_lines(cast, log_in, django_assert_max_num_queries):
    browser = log_in(cast.property_leader)
    browser.get("/inbox/")
    costs = set()
    for count, instalment in ((1, "CH-1"), (60, "CH-2")):
        lines = [forms.LINES[0]] * count
        earlier = forms.approved(cast, instalment=instalment, month=NOVEMBER, lines=lines)
        document = forms.submitted(cast, instalment=instalment, lines=[line | {"price": "9"} for line in lines])
        browser.get(f"/documents/{document.number}/")
        with django_assert_max_num_queries(60) as counted:
            assert earlier.number in browser.get(f"/documents/{document.number}/").content.decode()
        costs.add(len(counted))
    assert len(costs) == 1
