"""Which lines a month's application takes: the cut-off day, interim ones, what waits, and why less is applied for."""

from datetime import date
from decimal import Decimal

import pytest

from budgets.confirming import save_completion
from budgets.drafting import open_work_form
from documents import circulation, verifying
from documents.models import Document, Policy
from documents.presenting import sheet_of
from documents.refusals import Blocked, Conflict, Invalid
from documents.vocabulary import Kind
from settlements import gathering
from settlements.applying import Terms, choose_lines
from settlements.candidates import choices
from settlements.explaining import explanation
from settlements.models import Application, InvoiceKind
from tests import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(fixed_clock):
    """Set the clock to a day and hour of December 2026 (or January 2027) in Shanghai."""
    return lambda day, hour=9, minute=0, month=12, year=2026: fixed_clock.set_clock(
        fixed_clock.shanghai(year, month, day, hour, minute)
    )


def special(cast, *, people="3", price="500", kind=Kind.SERVICE_CONFIRMATION, month=forms.DECEMBER, **head):
    """An approved special work form of one line: 3 × 500.00."""
    row = {
        "subject": "开盘保障",
        "starts_on": f"{month:%Y-%m}-05",
        "ends_on": f"{month:%Y-%m}-05",
        "people": people,
        "days": "1",
        "price": price,
    }
    document = open_work_form(
        kind=kind,
        actor=cast.property_clerk,
        instalment=cast.instalments["CH-2"],
        month=month,
        rows=forms.checked(kind, [row]),
        head={"department_name": "营销小组", "contact": "陈思琪", "requested_on": date(2026, 11, 20), **head},
    )
    circulation.submit(document_id=document.pk, actor=cast.property_clerk, late_reason="补")
    return forms.sign_through(document, cast)


@pytest.mark.parametrize(
    ("moment", "goes_in"),
    [((25, 9), True), ((25, 23, 59), True), ((26, 0, 0), False), ((26, 9), False), ((31, 9), False)],
)
def test_the_cut_off_day_is_included_to_its_last_minute_in_shanghai(cast, at, moment, goes_in):
    origin = forms.approved(cast)
    at(*moment)
    forms.confirmed(cast, origin)
    at(31, 18)
    if goes_in:
        assert forms.application(cast).amount == Decimal("9507.30")
        return
    with pytest.raises(Invalid) as refused:
        forms.application(cast)
    assert "没有可结算的明细：2026年12月及以前" in str(refused.value)
    assert "另有 3 行在本月 25 日截止之后确认" in str(refused.value)
    at(4, month=1, year=2027)
    assert forms.application(cast, month=date(2027, 1, 1)).amount == Decimal("9507.30")


def test_what_waits_is_counted_beside_what_goes_in(cast, at):
    first, second = forms.approved(cast), forms.approved(cast, month=date(2026, 11, 1))
    at(20)
    forms.confirmed(cast, first)
    at(27)
    forms.confirmed(cast, second)
    draft = forms.application(cast)

    assert draft.application_lines.count() == 3
    late = gathering.waiting(draft.project, draft.period, draft.side)
    assert (late.day, late.lines, late.amount) == (25, 3, Decimal("8643.00"))


@pytest.mark.parametrize(("day", "month", "last"), [("31", date(2027, 2, 1), 28), ("10", date(2027, 2, 1), 10)])
def test_another_cut_off_day_and_a_shorter_month(day, month, last):
    policy = Policy(settings={"cutoff_day": int(day)})

    assert gathering.cutoff_day(month, policy) == last
    assert gathering.cutoff(month, policy).date() > month


def test_a_month_that_has_not_begun_is_refused_and_the_clock_is_named(cast, at):
    at(20)
    with pytest.raises(Invalid, match="2027年01月尚未开始（今天是 2026-12-20）.*系统时间"):
        forms.application(cast, month=date(2027, 1, 1))


def test_a_clock_before_the_first_policy_gives_a_sentence(cast, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2019, 5, 5))
    with pytest.raises(Blocked, match="尚无生效的签批制度，请核对系统时间"):
        gathering.policy_now()


def test_a_month_without_confirmed_work_gives_a_sentence(cast, at):
    at(20)
    with pytest.raises(Invalid, match="2026年12月及以前没有已确认、未列入申请的工作量"):
        forms.application(cast)


def test_a_side_without_a_group_handler_names_post_and_project(cast, at):
    from organization import appointing
    from organization.models import Appointment

    origin = forms.approved(cast)
    at(20)
    forms.confirmed(cast, origin)
    draft = forms.application(cast)
    for row in Appointment.objects.filter(post="marketing_handler", person=cast.marketing_handler):
        appointing.end_appointment(actor=None, appointment=row, ends_on=date(2026, 12, 19))
    with pytest.raises(Blocked, match="项目「翠湖花园」的「营销小组经办人」无人任职"):
        circulation.submit(document_id=draft.pk, actor=cast.property_finance)


def test_special_work_may_be_applied_for_within_the_month_beside_the_months_own(cast, at):
    goods, work = forms.approved(cast), special(cast)
    at(26)
    forms.confirmed(cast, work)
    interim = forms.application(cast, nature="interim")
    # No cut-off: 1,500.00 + 150.00
    assert interim.amount == Decimal("1650.00")
    assert interim.title == "2026年12月物业前期介入费用申请（入伙前）临时第1号"
    with pytest.raises(Invalid, match="没有已确认、未列入申请的专项或超计划工作"):
        forms.application(cast, nature="interim")

    at(25)
    forms.confirmed(cast, goods)
    monthly = forms.application(cast)
    assert (monthly.amount, monthly.application.serial) == (Decimal("9507.30"), 0)
    second = special(cast, kind=Kind.UNPLANNED_WORK, urgency="紧急")
    forms.confirmed(cast, second)
    assert forms.application(cast, nature="interim").title.endswith("临时第2号")
    assert list(verifying.differences()) == []


def test_repairs_carry_no_commission_and_the_line_says_so(cast, at):
    goods, repair = forms.approved(cast), special(cast, kind=Kind.UNPLANNED_WORK, urgency="紧急", subject="房屋维修")
    at(20)
    for origin in (goods, repair):
        forms.confirmed(cast, origin)
    draft = forms.application(cast)
    # 8,643.00 × 10 % + 1,500.00 × 0 = 864.30; 10,143.00 + 864.30 = 11,007.30; ÷ 1.06 = 10,384.245… → 10,384.25
    application = draft.application
    assert (application.subtotal, application.commission) == (Decimal("10143.00"), Decimal("864.30"))
    assert (application.net, application.tax) == (Decimal("10384.25"), Decimal("623.05"))
    assert sorted(draft.application_lines.values_list("rate", flat=True)) == [Decimal("0.000"), *[Decimal("0.100")] * 3]

    totals = {total.key: total.value for total in sheet_of(draft).totals}
    assert (totals["base1"], totals["rate1"]) == (Decimal("8643.00"), Decimal("0.1"))
    assert (totals["base2"], totals["rate2"]) == (Decimal("1500.00"), Decimal("0"))
    from documents.revisions import full_content

    own = explanation(full_content(draft)).own
    assert [(one.percent, one.digits) for one in own.products] == [("10%", "864.30"), ("0%", "0.00")]
    assert own.quotient == "10,384.245283…"


def less(cast, origin, **actual):
    return forms.confirmed(cast, origin, actuals={"垃圾袋": {"quantity": "100", "amount": "860"} | actual})


def test_less_than_approved_is_explained_from_the_confirmations(cast, at):
    origin = forms.approved(cast)
    at(20)
    less(cast, origin, note="到货破损 20 卷")
    draft = forms.application(cast)
    (row,) = draft.application_origins.all()
    assert (row.approved, row.earlier, row.amount, row.rest) == tuple(
        map(Decimal, ("8643.00", "0.00", "8471.00", "172.00"))
    )
    assert row.reason == "到货破损 20 卷；其余 172.00 元留待以后月份确认"


def test_a_form_without_its_reason_is_named_at_submission(cast, at):
    origin = forms.approved(cast)
    at(20)
    less(cast, origin)
    draft = forms.application(cast)
    keep = set(draft.application_lines.values_list("completion_line", flat=True))
    how = {"document": draft, "actor": cast.property_finance, "draft_version": None, "keep": keep, "note": ""}
    choose_lines(**how, reasons={origin.number: ""})
    with pytest.raises(Blocked, match=f"{origin.number}：本次实际 8,471.00 元，比尚未申请的批准金额少 172.00 元"):
        circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    with pytest.raises(Invalid, match="差异原因"):
        choose_lines(**how, reasons={origin.number: "长" * 201})

    choose_lines(**how, reasons={origin.number: "到货破损"})
    draft = circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    (by_form, by_category) = sheet_of(draft).summaries
    assert [(row.name, row.text, row.cells["rest"]) for row in by_form.rows] == [
        (f"{origin.title} {origin.number}", "到货破损", Decimal("172.00"))
    ]
    # 1,011.00 + 860.00 of 2,043.00; flowers in full.
    assert {row.name: (row.cells["approved"], row.cells["amount"]) for row in by_category.rows} == {
        "清洁": (Decimal("2043.00"), Decimal("1871.00")),
        "客服": (Decimal("6600.00"), Decimal("6600.00")),
    }


def test_a_line_confirmed_in_two_months_is_approved_once_and_its_rest_runs_down(cast, at):
    origin = forms.approved(cast, month=date(2026, 11, 1))
    at(10)
    first = forms.completion(origin=origin, actor=cast.property_clerk, month=date(2026, 11, 1))
    rows = [
        {"id": line.origin_line.key, "quantity": "1", "amount": "100"} if line.origin_line.subject == "垃圾袋"
        else {"id": line.origin_line.key, "quantity": "0", "amount": "0"}
        for line in first.completion_lines.select_related("origin_line")
    ]  # fmt: skip
    save_completion(document=first, actor=cast.property_clerk, draft_version=None, rows=rows)
    circulation.submit(document_id=first.pk, actor=cast.property_clerk)
    forms.sign_through(first, cast)
    second = forms.completion(origin=origin, actor=cast.property_clerk, month=forms.DECEMBER)
    circulation.submit(document_id=second.pk, actor=cast.property_clerk)
    forms.sign_through(second, cast)
    draft = forms.application(cast)

    bags = [
        (line.approved, line.earlier, line.amount)
        for line in draft.application_lines.select_related("completion_line__origin_line")
        if line.completion_line.origin_line.subject == "垃圾袋"
    ]
    assert bags == [
        tuple(map(Decimal, ("1032.00", "0.00", "100.00"))),
        tuple(map(Decimal, ("1032.00", "100.00", "932.00"))),
    ]
    sheet = sheet_of(draft)
    assert {total.key: total.value for total in sheet.totals}["approved"] == Decimal("8643.00")
    assert sum(row.cells["rest"] or 0 for row in sheet.rows) == 0


def test_what_was_applied_for_before_stands_beside_what_is_applied_for_now(cast, at):
    origin = forms.approved(cast)
    at(20)
    less(cast, origin)
    forms.settled(cast)
    at(4, month=1, year=2027)
    rest = forms.completion(origin=origin, actor=cast.property_clerk, month=date(2027, 1, 1))
    circulation.submit(document_id=rest.pk, actor=cast.property_clerk)
    forms.sign_through(rest, cast)
    draft = forms.application(cast, month=date(2027, 1, 1))

    (line,) = draft.application_lines.all()
    assert (line.approved, line.earlier, line.amount) == tuple(map(Decimal, ("1032.00", "860.00", "172.00")))
    (row,) = draft.application_origins.all()
    assert (row.earlier, row.rest, row.reason) == (Decimal("8471.00"), Decimal("0.00"), "")


def test_invoice_and_tax_follow_the_projects_last_approved_application_and_are_needed(cast, at):
    origin = forms.approved(cast)
    at(20)
    forms.confirmed(cast, origin)
    draft = forms.application(cast)
    assert (draft.application.invoice_kind, draft.application.tax_rate) == (InvoiceKind.SPECIAL, Decimal("0.060"))
    keep = set(draft.application_lines.values_list("completion_line", flat=True))
    how = {"document": draft, "actor": cast.property_finance, "draft_version": None, "keep": keep, "note": ""}
    choose_lines(**how, terms=Terms("", None))
    with pytest.raises(Blocked) as refused:
        circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    assert list(refused.value.sentences) == ["请选择发票种类。", "请填写税率。"]
    with pytest.raises(Invalid, match="税率"):
        choose_lines(**how, terms=Terms("special", Decimal("1.001")))
    with pytest.raises(Invalid, match="发票种类"):
        choose_lines(**how, terms=Terms("other", Decimal("0.06")))

    choose_lines(**how, terms=Terms("ordinary", Decimal("0.03")))
    # 9,507.30 ÷ 1.03 = 9,230.388… → 9,230.39
    stored = Application.objects.get(document=draft)
    assert (stored.net, stored.tax) == (Decimal("9230.39"), Decimal("276.91"))
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    forms.sign_through(draft, cast)
    post = forms.approved(cast, instalment="CH-1")
    forms.confirmed(cast, post)
    other = forms.application(cast, side="post").application
    assert (other.invoice_kind, other.tax_rate) == (InvoiceKind.ORDINARY, Decimal("0.030"))


def test_a_second_monthly_one_names_the_first_to_those_who_see_it(cast, at):
    origin = forms.approved(cast)
    at(20)
    forms.confirmed(cast, origin)
    first = forms.application(cast)
    with pytest.raises(Blocked, match=f"已有月度费用申请 {first.reference}（草稿）"):
        forms.application(cast, by="property_project_manager")
    circulation.submit(document_id=first.pk, actor=cast.property_finance)
    number = Document.objects.get(pk=first.pk).number
    with pytest.raises(Blocked, match=f"已有月度费用申请 {number}（审批中）"):
        forms.application(cast)


def test_a_ticked_line_that_another_application_took_meanwhile_is_refused_not_left_out(cast, at):
    goods, work = forms.approved(cast), special(cast)
    at(20)
    forms.confirmed(cast, goods)
    monthly = forms.application(cast)
    forms.confirmed(cast, work)
    interim = forms.application(cast, nature="interim")
    mine = set(monthly.application_lines.values_list("completion_line", flat=True))
    taken = set(interim.application_lines.values_list("completion_line", flat=True))
    how = {"document": monthly, "actor": cast.property_finance, "draft_version": None}

    with pytest.raises(Conflict, match="有 1 行已不能列入"):
        choose_lines(**how, keep=mine | taken)
    assert set(monthly.application_lines.values_list("completion_line", flat=True)) == mine
    with pytest.raises(Invalid, match="本申请没有表单 CG-X"):
        choose_lines(**how, keep=mine, reasons={"CG-X": "破损"})
    with pytest.raises(Invalid, match="说明：有 501 字"):
        choose_lines(**how, keep=mine, note="长" * 501)


def test_what_is_left_out_of_a_change_stays_as_it_is_stored_behind_the_lock(cast, at):
    goods = forms.approved(cast)
    at(20)
    forms.confirmed(cast, goods)
    draft = forms.application(cast)
    keep = set(draft.application_lines.values_list("completion_line", flat=True))
    how = {"document": draft, "actor": cast.property_finance, "draft_version": None, "keep": keep}
    choose_lines(**how, note="他人所写", terms=Terms("ordinary", Decimal("0.03")))

    # ``draft`` was read before; only the rate is named.
    choose_lines(**how, terms={"tax_rate": Decimal("0.09")})
    stored = Application.objects.get(document=draft)
    assert (stored.note, stored.invoice_kind, stored.tax_rate) == ("他人所写", "ordinary", Decimal("0.090"))


def test_a_returned_application_keeps_the_cut_off_day_of_its_own_policy(cast, at, monkeypatch):
    goods, other = forms.approved(cast), special(cast)
    at(20)
    forms.confirmed(cast, goods)
    draft = forms.application(cast)
    forms.confirmed(cast, other)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    returned = forms.send_back(draft, cast.property_leader)
    offered = {choice.line.pk for choice in choices(returned)}
    newer = Policy(settings={**returned.policy.settings, "cutoff_day": 10})
    monkeypatch.setattr("settlements.gathering.policy_now", lambda: newer)
    monkeypatch.setattr("settlements.applying.policy_now", lambda: newer)

    choose_lines(document=returned, actor=cast.property_finance, draft_version=None, keep=offered)
    assert returned.application_lines.count() == 4
