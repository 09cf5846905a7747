"""Confirmed work gathered, reckoned and settled: every fen."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.confirming import save_completion
from budgets.drafting import LinesRefused
from budgets.models import WorkLine
from documents import circulation
from documents.models import Document
from documents.refusals import Blocked, Denied, Invalid
from documents.states import DocumentState
from tests import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def december(fixed_clock):
    """The day of completion and application."""
    return lambda: fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))


def test_full_actuals_settle_with_ten_percent_commission_after_seven_signatures(cast, december):
    origin = forms.approved(cast)
    december()
    forms.confirmed(cast, origin)
    application = forms.application(cast)

    assert application.application.subtotal == Decimal("8643.00")
    assert application.application.commission == Decimal("864.30")
    assert application.amount == Decimal("9507.30")

    circulation.submit(document_id=application.pk, actor=cast.property_finance)
    application = forms.sign_through(application, cast)
    assert application.state == DocumentState.APPROVED
    assert [(step.position, step.post) for step in application.steps.all()] == [
        (1, "property_leader"),
        (1, "property_finance_head"),
        (2, "property_gm"),
        (3, "marketing_handler"),
        (4, "marketing_head"),
        (5, "finance"),
        (6, "general_manager"),
    ]
    lines = WorkLine.objects.filter(document=origin)
    assert [(line.confirmed, line.settled) for line in lines] == [(line.amount, line.amount) for line in lines]


def test_less_than_approved_is_settled_as_it_was_and_the_commission_is_rounded_half_up(cast, december):
    origin = forms.approved(cast)
    december()
    # 1,011.00 + 1,032.00 + 4,950.05 = 6,993.05; 10 % = 699.305 → 699.31
    forms.confirmed(cast, origin, actuals={"鲜花绿植更换": {"quantity": "3", "amount": "4950.05"}})
    application = forms.application(cast)

    assert application.application.subtotal == Decimal("6993.05")
    assert application.application.commission == Decimal("699.31")
    assert application.amount == Decimal("7692.36")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"quantity": "4.001"}, "大于可确认的 4"),
        ({"amount": "6600.01"}, "大于可确认的 6,600.00"),
        ({"amount": "1e3"}, "1e3"),
        ({"quantity": "-1"}, "负数"),
    ],
)
def test_more_than_approved_is_refused_with_the_guides_way(cast, december, typed, sentence):
    origin = forms.approved(cast)
    december()
    completion = forms.completion(origin=origin, actor=cast.property_clerk)
    line = completion.completion_lines.get(origin_line__subject="鲜花绿植更换")
    row = {"id": line.origin_line.key, "quantity": "4", "amount": "6600.00"} | typed

    with pytest.raises(LinesRefused, match=sentence):
        save_completion(document=completion, actor=cast.property_clerk, draft_version=None, rows=[row])


def test_a_confirmation_is_not_submitted_before_its_month(cast):
    origin = forms.approved(cast)
    completion = forms.completion(origin=origin, actor=cast.property_clerk)

    with pytest.raises(Blocked, match="2026-12 的事后确认"):
        circulation.submit(document_id=completion.pk, actor=cast.property_clerk)


def test_one_live_confirmation_per_form_and_month(cast, december):
    origin = forms.approved(cast)
    december()
    first = forms.completion(origin=origin, actor=cast.property_clerk)
    second = forms.completion(origin=origin, actor=cast.property_clerk)
    first = circulation.submit(document_id=first.pk, actor=cast.property_clerk)

    with pytest.raises(Blocked, match=first.number):
        circulation.submit(document_id=second.pk, actor=cast.property_clerk)


def test_a_line_is_held_by_one_application_until_its_draft_is_discarded(cast, december):
    origin = forms.approved(cast)
    december()
    forms.confirmed(cast, origin)
    held = forms.application(cast)
    with pytest.raises(Invalid, match="没有可结算的明细"):
        forms.application(cast, by="property_clerk", side="post")
    with pytest.raises(Blocked, match=f"已有月度费用申请 {held.reference}（草稿）"):
        forms.application(cast, by="property_clerk")
    circulation.discard(document_id=held.pk, actor=cast.property_finance)

    assert forms.application(cast, by="property_clerk").amount == Decimal("9507.30")


def test_a_rejected_application_frees_its_lines_and_settles_nothing(cast, december):
    origin = forms.approved(cast)
    december()
    forms.confirmed(cast, origin)
    first = forms.application(cast)
    circulation.submit(document_id=first.pk, actor=cast.property_finance)
    circulation.reject(document_id=first.pk, actor=cast.property_leader, revision=1, round_n=1, opinion="重做")

    assert not WorkLine.objects.filter(document=origin, settled__gt=0).exists()
    assert forms.application(cast).amount == Decimal("9507.30")


def test_sides_never_share_an_application(cast, december):
    pre = forms.approved(cast)
    post = forms.approved(cast, instalment="CH-1")
    december()
    forms.confirmed(cast, pre)
    forms.confirmed(cast, post)

    assert forms.application(cast, side="pre").application_lines.count() == 3
    assert forms.application(cast, side="post").application_lines.count() == 3


def test_only_the_property_company_opens_an_application(cast, december):
    with pytest.raises(Denied):
        forms.application(cast, by="marketing_handler")


def test_discarding_leaves_nothing_behind(cast, december):
    origin = forms.approved(cast)
    december()
    forms.confirmed(cast, origin)
    held = forms.application(cast)
    circulation.discard(document_id=held.pk, actor=cast.property_finance)

    assert not Document.objects.filter(pk=held.pk).exists()


def test_the_last_signature_counts_all_lines_in_one_statement(cast, fixed_clock):
    """It holds every approved line of the month meanwhile."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    for make in (lambda: forms.confirmed(cast, origin), lambda: forms.settled(cast)):
        with CaptureQueriesContext(connection) as asked:
            make()
        counted = [row["sql"] for row in asked if row["sql"].startswith('UPDATE "budgets_workline"')]
        assert len(counted) == 1
    assert {(line.amount, line.confirmed, line.settled) for line in origin.work_lines.all()} == {
        (line.amount,) * 3 for line in origin.work_lines.all()
    }
    assert {line.confirmed_quantity - line.quantity for line in origin.work_lines.all()} == {Decimal(0)}
