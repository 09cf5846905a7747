"""The rest lapses while somebody confirms it: exactly one of the two happens. Each race beside its control (tests/trust/racing)."""

import pytest
from django.db.models import F

from budgets import lapsing
from budgets.confirming import save_completion
from budgets.lapsing import lapse_rest
from budgets.models import Completion, WorkLine
from documents import circulation, verifying
from documents.models import Document
from organization import clock
from tests import forms
from tests.trust.racing import PAUSE, ROUNDS, pausing, together
from tests.trust.test_races import months

pytestmark = pytest.mark.race

OFTEN = 0.8 * ROUNDS


@pytest.fixture
def cast(real_transactions):
    return real_transactions


def approved_in(month, cast):
    """An approved form of a month, near whose end the clock then stands."""
    clock.set_clock(clock.shanghai(month.year, month.month, 27))
    return forms.approved(cast, month=month)


@pytest.fixture(autouse=True)
def thinking(monkeypatch):
    """Who lets lapse pauses between reading the rests and writing, guarded or not."""
    monkeypatch.setattr(lapsing, "_chosen", pausing(lapsing._chosen, 3 * PAUSE))


@pytest.fixture
def unlocked(monkeypatch):
    """Letting lapse without a lock on the lines."""
    monkeypatch.setattr(lapsing, "_lock_lines", lambda document: None)


def lapse(origin, cast):
    return lambda: lapse_rest(document_id=origin.pk, actor=cast.property_project_manager, reason="不做")


def lapse_and_submit(cast):
    """Whether a confirmation of what has lapsed is in circulation."""
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        origin = approved_in(month, cast)
        draft = forms.completion(origin=origin, actor=cast.property_clerk)
        outcome = together(
            lapse(origin, cast), lambda draft=draft: circulation.submit(document_id=draft.pk, actor=cast.property_clerk)
        )
        lapsed = WorkLine.objects.filter(document=origin, lapsed__gt=0).exists()
        yield outcome, lapsed and Completion.objects.filter(document=draft, live=True).exists()


def test_a_rest_lapses_or_is_submitted_for_confirmation_never_both(cast):
    outcomes, both = zip(*lapse_and_submit(cast), strict=True)

    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * ROUNDS
    assert not any(both)
    assert list(verifying.differences()) == []


def test_control_without_the_lock_both_happen(cast, unlocked):
    assert sum(both for _outcome, both in lapse_and_submit(cast)) >= OFTEN


def lapse_and_approve(cast):
    """Half of each line is before its last signature when somebody lets the rest lapse."""
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        origin = approved_in(month, cast)
        draft = forms.completion(origin=origin, actor=cast.property_clerk)
        rows = [
            {"id": line.origin_line.key, "quantity": "1", "amount": "8.60"}
            for line in draft.completion_lines.select_related("origin_line")
        ]
        save_completion(document=draft, actor=cast.property_clerk, draft_version=None, rows=rows)
        circulation.submit(document_id=draft.pk, actor=cast.property_clerk)
        forms.sign(draft, cast.marketing_handler)
        now = Document.objects.get(pk=draft.pk)
        outcome = together(
            lapse(origin, cast),
            lambda now=now: circulation.sign(
                document_id=now.pk, actor=cast.marketing_head, revision=now.revision_n, round_n=now.round_n
            ),
        )
        over = WorkLine.objects.filter(document=origin, confirmed__gt=F("amount") - F("lapsed")).exists()
        yield outcome, Document.objects.get(pk=draft.pk).state, over


def test_a_confirmation_that_is_being_approved_is_never_overtaken(cast):
    outcomes, states, over = zip(*lapse_and_approve(cast), strict=True)

    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    # The signature always counts; the lapse comes after it, of the rest alone, or is refused while it is on its way.
    assert states == ("approved",) * ROUNDS
    assert not any(over)
    assert list(verifying.differences()) == []


def test_control_without_lock_and_look_the_signature_fails(cast, unlocked, monkeypatch):
    """Who neither locks nor asks what is on its way takes the whole line: the CHECK stops one of the two with a fault."""
    monkeypatch.setattr("budgets.taking.TAKING", ())
    broken = [bool(outcome.faults) or state != "approved" or over for outcome, state, over in lapse_and_approve(cast)]
    assert sum(broken) >= OFTEN
