"""Credit notes: an approved application is taken back by one of its own kind; nothing approved is ever edited."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from budgets.models import WorkLine
from documents import circulation, verifying
from documents.models import Document, Revision
from documents.presenting import content_of, sheet_of
from documents.refusals import Blocked, Conflict, Denied, Invalid
from documents.states import DocumentState
from settlements.applying import choose_lines, open_application
from settlements.candidates import choices
from settlements.explaining import explanation
from settlements.gathering import free_lines
from settlements.models import Application, ApplicationLine
from settlements.reversing import choose_reversed, open_reversal
from settlements.standing import reversal_marks
from tests import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(cast, fixed_clock):
    """Approved in December over 1,011.00 + 1,032.00 + 6,600.00: 8,643.00 + 864.30 = 9,507.30; net 8,969.15, tax 538.15."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    return forms.settled(cast)


def settled_by_subject(original):
    lines = WorkLine.objects.filter(document__kind="purchase_request", document__project=original.project)
    return {line.subject: line.settled for line in lines}


def test_a_whole_reversal_is_the_exact_negative_and_settles_nothing_any_more(cast, original):
    draft = forms.reversal(cast, original)
    application = draft.application
    assert (application.subtotal, application.commission) == (Decimal("-8643.00"), Decimal("-864.30"))
    assert (application.net, application.tax) == (Decimal("-8969.15"), Decimal("-538.15"))
    assert draft.amount == Decimal("-9507.30")
    assert (draft.title, draft.month) == ("2026年12月物业前期介入费用申请（入伙前）冲销第1号", "2026-12")

    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    before = settled_by_subject(original)
    assert before["垃圾袋"] == Decimal("1032.00")
    done = forms.sign_through(draft, cast)

    assert done.state == DocumentState.APPROVED
    # Routed as its amount without the sign, and never over budget.
    assert [step.post for step in done.steps.all()] == [step.post for step in original.steps.all()]
    facts = Revision.objects.get(document=done).facts
    assert (facts["nature"], facts["amount"], facts["over_budget"]) == ("reversal", "-8643.00", False)
    assert set(settled_by_subject(original).values()) == {Decimal(0)}
    assert reversal_marks([original, done]) == {original.pk: "已冲销"}
    assert list(verifying.differences()) == []


def test_nothing_of_the_original_changes_but_that_its_lines_are_free(cast, original):
    content, rows = content_of(original, 1), list(original.application_lines.values())
    head = Application.objects.filter(document=original).values().get()
    forms.reversed_(cast, original)

    original.refresh_from_db()
    assert original.state == DocumentState.APPROVED
    assert content_of(original, 1) == content
    assert Application.objects.filter(document=original).values().get() == head
    assert list(original.application_lines.values()) == [row | {"live": False} for row in rows]


def test_partial_reversals_leave_what_the_remaining_lines_come_to(cast, original):
    # Left after the first: 1,011.00 + 6,600.00 = 7,611.00, commission 761.10: the reversal takes 864.30 − 761.10 = 103.20.
    first = forms.reversed_(cast, original, lines=["垃圾袋"])
    assert (first.application.subtotal, first.application.commission) == (Decimal("-1032.00"), Decimal("-103.20"))
    # 8,372.10 ÷ 1.06 = 7,898.207… → 7,898.21; 7,898.21 − 8,969.15 = −1,070.94
    assert (first.application.net, first.application.tax) == (Decimal("-1070.94"), Decimal("-64.26"))
    assert reversal_marks([original]) == {original.pk: "部分冲销"}

    second = forms.reversed_(cast, original)
    assert second.application_lines.count() == 2
    assert second.title.endswith("冲销第2号")
    everything = [original.application, first.application, second.application]
    assert [sum(getattr(one, name) for one in everything) for name in ("subtotal", "commission", "net", "tax")] == [
        0
    ] * 4
    assert list(verifying.differences()) == []
    with pytest.raises(Denied, match="已全部冲销"):
        forms.reversal(cast, original)


def test_reversed_lines_are_offered_again_but_never_taken_in_by_themselves(cast, original, fixed_clock):
    forms.reversed_(cast, original, lines=["垃圾袋"])
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 10))
    january = fixed_clock.today().replace(day=1)
    draft = forms.application(cast, month=january)
    assert draft.application_lines.count() == 0
    with pytest.raises(Blocked, match="没有可结算的明细"):
        circulation.submit(document_id=draft.pk, actor=cast.property_finance)

    (offered,) = choices(draft)
    assert (offered.was_reversed, offered.taken) == (True, False)
    draft = choose_lines(
        document=draft, actor=cast.property_finance, draft_version=None, keep={offered.line.pk}, note=""
    )
    # 1,032.00 + 103.20
    assert draft.amount == Decimal("1135.20")
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    forms.sign_through(draft, cast)
    assert settled_by_subject(original)["垃圾袋"] == Decimal("1032.00")
    assert list(verifying.differences()) == []


def test_one_reversal_at_a_time_and_the_first_is_named(cast, original):
    first = forms.reversal(cast, original, lines=["垃圾袋"])
    with pytest.raises(Denied, match=f"正在冲销（{first.reference}）"):
        forms.reversal(cast, original, lines=["鲜花绿植更换"])

    circulation.discard(document_id=first.pk, actor=cast.property_finance)
    assert forms.reversal(cast, original, lines=["鲜花绿植更换"]).application.serial == 1


def test_a_rejected_reversal_frees_nothing_and_another_may_follow(cast, original):
    draft = forms.reversal(cast, original)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    circulation.reject(document_id=draft.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="不必冲销")

    assert settled_by_subject(original)["垃圾袋"] == Decimal("1032.00")
    assert not free_lines(original.project, original.period, "pre").exists()
    assert forms.reversal(cast, original).application.serial == 2
    assert list(verifying.differences()) == []


@pytest.mark.parametrize("by", ["marketing_handler", "finance", "yj_property_clerk", "administrator"])
def test_only_the_property_companys_submitters_reverse(cast, original, by):
    with pytest.raises(Denied):
        open_reversal(original=original, actor=cast[by])


def test_what_is_not_approved_and_what_reverses_cannot_be_reversed(cast, original, fixed_clock):
    reversal = forms.reversed_(cast, original, lines=["垃圾袋"])
    with pytest.raises(Denied, match="冲销申请不能再被冲销"):
        forms.reversal(cast, reversal)
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 10))
    with pytest.raises(Denied, match="只有已通过的费用申请可以冲销"):
        forms.reversal(cast, forms.application(cast, month=fixed_clock.today().replace(day=1)))


def test_a_reversal_says_why_before_it_is_submitted(cast, original):
    draft = forms.reversal(cast, original, reason="")
    with pytest.raises(Blocked, match="请填写冲销原因"):
        circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    keep = set(draft.application_lines.values_list("completion_line", flat=True))
    with pytest.raises(Invalid, match="至少选择一行"):
        choose_reversed(
            document=draft, actor=cast.property_finance, draft_version=None, keep=set(), reason="x", note=""
        )
    choose_reversed(
        document=draft, actor=cast.property_finance, draft_version=None, keep=keep, reason="单价有误", note=""
    )
    assert circulation.submit(document_id=draft.pk, actor=cast.property_finance).state == DocumentState.CIRCULATING


def test_a_reversal_belongs_to_the_month_in_which_it_is_filed(cast, original, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 2, 3))
    assert forms.reversal(cast, original).month == "2027-02"


def test_paper_and_explanation_of_a_reversal(cast, original):
    done = forms.reversed_(cast, original, lines=["垃圾袋"])
    sheet = sheet_of(done)
    assert (sheet.title, sheet.amount) == ("物业前期介入费用冲销申请", Decimal("-1135.20"))
    facts = {fact.label: fact.value for fact in sheet.facts}
    assert (facts["冲销的申请"], facts["冲销原因"]) == (original.number, "数量有误，重新结算")
    told = explanation(content_of(done, 1))
    assert (told.before.amounts.commission, told.after.amounts.commission) == (Decimal("864.30"), Decimal("761.10"))
    assert told.amounts.commission == told.after.amounts.commission - told.before.amounts.commission
    assert told.after.quotient == "7,898.207547…"


def refused(sql, *values):
    from django.db import connection

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError as error:
        return str(error)
    return ""


def test_the_database_frees_a_line_only_for_an_approved_reversal(cast, original):
    line = original.application_lines.first()
    free = "UPDATE settlements_applicationline SET live = FALSE WHERE id = %s"
    assert "guard_applicationline_live" in refused(free, line.pk)
    draft = forms.reversal(cast, original)
    assert "guard_applicationline_live" in refused(free, line.pk)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    forms.sign_through(draft, cast)
    hold = "UPDATE settlements_applicationline SET live = TRUE WHERE id = %s"
    assert "guard_applicationline_live" in refused(hold, line.pk)


def test_the_database_refuses_a_negative_line_that_reverses_nothing_and_a_second_reversal(cast, original):
    draft = forms.reversal(cast, original)
    row = draft.application_lines.first()
    with pytest.raises(IntegrityError, match="application_line_sign"), transaction.atomic():
        ApplicationLine.objects.filter(pk=row.pk).update(reverses=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationLine.objects.create(
            document=draft,
            completion_line=row.completion_line,
            reverses=row.reverses,
            position=9,
            approved=row.approved,
            amount=row.amount,
        )
    assert Document.objects.filter(application__reverses=original).count() == 1


def test_the_month_stays_taken_and_an_interim_one_has_no_goods_to_take(cast, original):
    forms.reversed_(cast, original)
    with pytest.raises(Blocked, match=original.number):
        forms.application(cast)
    with pytest.raises(Invalid, match="专项或超计划"):
        open_application(
            actor=cast.property_finance,
            project=original.project,
            month=original.period,
            side="pre",
            nature="interim",
        )


def test_lines_that_are_not_left_are_refused_and_long_notes_are_a_sentence(cast, original):
    keys = set(original.application_lines.values_list("completion_line", flat=True))
    gone = max(keys) + 1
    with pytest.raises(Conflict, match="有 1 行已不能列入"):
        open_reversal(original=original, actor=cast.property_finance, lines=keys | {gone})
    draft = forms.reversal(cast, original)
    how = {"document": draft, "actor": cast.property_finance, "draft_version": None}
    with pytest.raises(Conflict, match="有 1 行已不能列入"):
        choose_reversed(**how, keep=keys | {gone}, reason="x", note="")
    with pytest.raises(Invalid, match="说明：有 600 字"):
        choose_reversed(**how, keep=keys, reason="x", note="长" * 600)
    with pytest.raises(Invalid, match="说明：有 600 字"):
        open_application(
            actor=cast.property_finance, project=original.project, month=original.period, side="pre", note="长" * 600
        )
    choose_reversed(**how, keep=keys, note="随单打印")
    stored = Application.objects.get(document=draft)
    assert (stored.note, stored.reason) == ("随单打印", "数量有误，重新结算")
