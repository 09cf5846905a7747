"""People who act at the same moment. Each race stands beside its control, in which the guard is taken out: there it must go
wrong in at least 80 % of the rounds, or the race proves nothing.
"""

import threading
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from django.db.models import Count

from budgets.drafting import save_lines
from documents import circulation, drafting, guards, numbering, verifying
from documents.circulation import ending, signing, stations, submitting
from documents.models import Act, Document, Step
from documents.verifying import forms as reckoning
from organization import appointing
from settlements import applying, reversing
from settlements.models import ApplicationLine
from tests import forms
from tests.trust.racing import PAUSE, ROUNDS, pausing, silent, together, unlocked, without_index

pytestmark = pytest.mark.race

OFTEN = 0.8 * ROUNDS


@pytest.fixture
def cast(real_transactions):
    """The cast, and a second holder of the first station's post: one step, two people who may decide it."""
    people = real_transactions
    second = appointing.create_person(
        actor=None,
        username="second_leader",
        name="副分管",
        company=people.companies["property"],
        password="a-long-one-2026",
    )
    appointing.appoint(actor=None, person=second, post="property_leader", starts_on=date(2024, 1, 1))
    people.people["second_leader"] = second
    return people


def months():
    """A month of its own for each round: one live form per instalment and month."""
    for n in range(1000):
        yield date(2027 + n // 12, n % 12 + 1, 1)


def sound(outcomes):
    """No deadlock, no database error, nothing that a person would see as a fault."""
    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert list(verifying.differences()) == []


def sign_as(document, person):
    return lambda: circulation.sign(document_id=document.pk, actor=person, revision=1, round_n=1)


def return_as(document, person):
    return lambda: circulation.send_back(document_id=document.pk, actor=person, revision=1, round_n=1, opinion="请核减")


def any_status(steps, act, status):
    """``signing._decide`` without its comparison."""
    Step.objects.filter(pk__in=[step.pk for step in steps]).update(status=status, act=act)


@pytest.fixture
def unguarded(monkeypatch):
    """Signing and withdrawing without lock, comparison, trail and triggers."""
    guards.uninstall()
    for module in (signing, ending, submitting, drafting):
        monkeypatch.setattr(module, "lock", unlocked)
    monkeypatch.setattr(signing, "_decide", any_status)
    for module in (signing, ending, stations):
        monkeypatch.setattr(module.trail, "record", silent)


@pytest.fixture(autouse=True)
def thinking(monkeypatch):
    """Everybody pauses between check and change, guarded or not."""
    for module in (signing, ending, submitting, drafting):
        monkeypatch.setattr(module, "require", pausing(module.require))


# --- one step, two signatures ------------------------------------------------------------------------------------------
def double_sign(cast):
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        document = forms.submitted(cast, month=month)
        outcome = together(sign_as(document, cast.property_leader), sign_as(document, cast.second_leader))
        yield outcome, Act.objects.filter(document=document).count()


def test_one_step_is_signed_once_however_many_sign_it(cast):
    outcomes, acts = zip(*double_sign(cast), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * ROUNDS
    assert acts == (1,) * ROUNDS


def test_control_one_step_is_signed_twice_without_the_guard(cast, unguarded):
    assert sum(acts == 2 for _outcome, acts in double_sign(cast)) >= OFTEN


# --- sign, withdraw, return --------------------------------------------------------------------------------------------
def three_ways(cast):
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        document = forms.submitted(cast, month=month)
        yield together(
            sign_as(document, cast.property_leader),
            return_as(document, cast.second_leader),
            lambda document=document: circulation.withdraw(document_id=document.pk, actor=cast.property_clerk),
        )


def test_of_signing_returning_and_withdrawing_exactly_one_happens(cast):
    outcomes = list(three_ways(cast))

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 2)] * ROUNDS


def test_control_several_of_them_happen_without_the_guard(cast, unguarded):
    assert sum(outcome.done > 1 for outcome in three_ways(cast)) >= OFTEN


# --- two applications, one line ----------------------------------------------------------------------------------------
def gathering(cast, fixed_clock):
    """Two people open applications of two months that may both take November's lines; afterwards the drafts are thrown away
    and the lines are free again."""
    november = date(2026, 11, 1)
    origin = forms.approved(cast, month=november)
    forms.confirmed(cast, origin)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    for _round in range(ROUNDS):
        outcome = together(
            lambda: forms.application(cast, month=november),
            lambda: forms.application(cast, by="property_clerk"),
        )
        held = ApplicationLine.objects.filter(live=True).values("completion_line").annotate(n=Count("pk"))
        twice = any(row["n"] > 1 for row in held)
        for draft in Document.objects.filter(kind="expense_application").select_related("creator"):
            circulation.discard(document_id=draft.pk, actor=draft.creator)
        yield outcome, twice


def test_a_confirmed_line_goes_into_one_application(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(applying, "locked", pausing(applying.locked))
    outcomes, twice = zip(*gathering(cast, fixed_clock), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * ROUNDS
    assert not any(twice)


def test_control_a_line_goes_into_two_without_the_guard(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(applying, "locked", pausing(lambda lines: list(lines.all())))
    with without_index("line_in_one_live_application"):
        twice = [twice for _outcome, twice in gathering(cast, fixed_clock)]
        guards.uninstall()
    assert sum(twice) >= OFTEN


# --- one monthly application, one reversal at a time -------------------------------------------------------------------
def opening_both_at_once(cast, fixed_clock):
    """Two people open the month's application where there is work enough for two: each line is free for both."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    for _round in range(ROUNDS):
        outcome = together(lambda: forms.application(cast), lambda: forms.application(cast, by="property_clerk"))
        drafts = Document.objects.filter(kind="expense_application").select_related("creator")
        twice = drafts.count() > 1
        for draft in drafts:
            circulation.discard(document_id=draft.pk, actor=draft.creator)
        yield outcome, twice


def test_a_month_and_side_has_one_application_and_the_other_is_told_its_name(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(applying, "_require_first", pausing(applying._require_first))
    outcomes, twice = zip(*opening_both_at_once(cast, fixed_clock), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * ROUNDS
    assert not any(twice)


def test_control_a_month_and_side_has_two_without_the_guard(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(applying, "_require_first", pausing(applying._require_first))
    monkeypatch.setattr(applying, "hold_month", silent)
    monkeypatch.setattr(applying, "locked", lambda lines: list(lines.all()))
    indexes = ("application_once_a_month_and_side", "application_number_once", "line_in_one_live_application")
    with ExitStack() as out:
        for name in indexes:
            out.enter_context(without_index(name))
        twice = [twice for _outcome, twice in opening_both_at_once(cast, fixed_clock)]
        guards.uninstall()
    assert sum(twice) >= OFTEN


def reversing_both_at_once(cast, fixed_clock):
    """Two people take the same line of an approved application back."""
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    original = forms.settled(cast)
    people = (cast.property_finance, cast.property_clerk)
    for _round in range(ROUNDS):
        outcome = together(
            *(lambda person=person: reversing.open_reversal(original=original, actor=person) for person in people)
        )
        drafts = Document.objects.filter(application__reverses=original).select_related("creator")
        twice = drafts.count() > 1
        for draft in drafts:
            circulation.discard(document_id=draft.pk, actor=draft.creator)
        yield outcome, twice


def test_a_line_is_reversed_once_however_many_reverse_it(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(reversing, "require", pausing(reversing.require))
    outcomes, twice = zip(*reversing_both_at_once(cast, fixed_clock), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * ROUNDS
    assert not any(twice)


def test_control_a_line_is_reversed_twice_without_the_guard(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(reversing, "require", pausing(reversing.require))
    monkeypatch.setattr(reversing, "hold_month", silent)
    monkeypatch.setattr(reversing, "lock_origin_lines", silent)
    with ExitStack() as out:
        for name in ("application_one_reversal_at_a_time", "application_number_once", "line_reversed_once"):
            out.enter_context(without_index(name))
        twice = [twice for _outcome, twice in reversing_both_at_once(cast, fixed_clock)]
        guards.uninstall()
    assert sum(twice) >= OFTEN


# --- numbers -----------------------------------------------------------------------------------------------------------
def numbering_together(cast):
    """Four forms of one project, kind and month; the counter of the month isn't there yet."""
    instalments = ["CH-1", "CH-2", "CH-3", "CH-4"]
    for code in instalments[2:]:
        cast.instalments[code] = appointing.create_instalment(
            actor=None, project=cast.projects["CH"], code=code, name=code, planned_move_in_on=date(2035, 1, 1)
        )
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        drafts = [forms.purchase_request(cast, instalment=code, month=month) for code in instalments]
        outcome = together(
            *(
                lambda draft=draft: circulation.submit(document_id=draft.pk, actor=cast.property_clerk)
                for draft in drafts
            )
        )
        numbers = Document.objects.filter(period=month).exclude(number=None).values_list("number", flat=True)
        yield outcome, sorted(numbers) == [f"CH-PR-{month:%Y%m}-{n:03d}" for n in range(1, 5)]


def test_numbers_have_neither_gap_nor_double_and_nobody_is_turned_away(cast, monkeypatch):
    monkeypatch.setattr(submitting.numbering, "allocate", pausing(numbering.allocate))
    outcomes, gapless = zip(*numbering_together(cast), strict=True)

    sound(outcomes)
    assert [outcome.done for outcome in outcomes] == [4] * ROUNDS
    assert all(gapless)


def test_control_counting_the_highest_number_loses_forms(cast, monkeypatch):
    def highest_plus_one(document):
        n = Document.objects.filter(period=document.period).exclude(number=None).count() + 1
        return numbering.number_text("CH", document.kind, document.period, n)

    monkeypatch.setattr(submitting.numbering, "allocate", pausing(highest_plus_one))
    assert sum(not gapless for _outcome, gapless in numbering_together(cast)) >= OFTEN


# --- the same monthly form twice ---------------------------------------------------------------------------------------
def same_form_twice(cast):
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        drafts = [
            forms.purchase_request(cast, month=month, by=by) for by in ("property_clerk", "property_project_manager")
        ]
        outcome = together(
            *(lambda draft=draft: circulation.submit(document_id=draft.pk, actor=draft.creator) for draft in drafts)
        )
        yield outcome, Document.objects.filter(period=month, state="circulating").count()


def test_a_month_has_one_form_of_its_kind_and_the_other_is_told_its_number(cast):
    outcomes, live = zip(*same_form_twice(cast), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * ROUNDS
    assert live == (1,) * ROUNDS


def test_control_a_month_has_two_without_the_constraint(cast):
    with without_index("monthly_form_once_per_instalment"):
        twice = [live == 2 for _outcome, live in same_form_twice(cast)]
        guards.uninstall()
    assert sum(twice) >= OFTEN


# --- a right that is taken away ----------------------------------------------------------------------------------------
def right_taken_away(cast, fixed_clock, monkeypatch):
    """Whether a signature was written although its right was gone by then, as seen at its very end.

    The right is taken away once the signer has passed the check; the signer then waits until it is gone, or for a moment
    where the check holds it fast.
    """
    leader, today = cast.second_leader, fixed_clock.today()
    checked, gone, late = threading.Event(), threading.Event(), []
    hold_right, advance = signing._hold_right, stations.advance

    def check_and_wait(document, who):
        hold_right(document, who)
        checked.set()
        gone.wait(5 * PAUSE)

    def look(document, actor):
        late.append(not actor.appointments.active(today).filter(post="property_leader").exists())
        return advance(document, actor)

    monkeypatch.setattr(signing, "_hold_right", check_and_wait)
    monkeypatch.setattr(signing.stations, "advance", look)
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        document = forms.submitted(cast, month=month)
        checked.clear(), gone.clear(), late.clear()
        appointment = leader.appointments.get(post="property_leader", ends_on=None)

        def take_away(appointment=appointment):
            checked.wait(5)
            appointing.end_appointment(actor=None, appointment=appointment, ends_on=today - timedelta(days=1))
            gone.set()

        outcome = together(sign_as(document, leader), take_away)
        appointing.appoint(actor=None, person=leader, post="property_leader", starts_on=today)
        yield outcome, any(late)


def test_a_signature_needs_its_right_until_it_is_written(cast, fixed_clock, monkeypatch):
    outcomes, late = zip(*right_taken_away(cast, fixed_clock, monkeypatch), strict=True)

    sound(outcomes)
    assert [outcome.done for outcome in outcomes] == [2] * ROUNDS
    assert not any(late)


def test_control_a_signature_is_written_after_its_right_was_gone(cast, fixed_clock, monkeypatch):
    monkeypatch.setattr(signing, "_hold_right", lambda document, who: None)
    assert sum(late for _outcome, late in right_taken_away(cast, fixed_clock, monkeypatch)) >= OFTEN


# --- writing and submitting --------------------------------------------------------------------------------------------
def written_and_submitted(cast):
    """Whether what was signed is what stands in the rows."""
    for month, _round in zip(months(), range(ROUNDS), strict=False):
        document = forms.purchase_request(cast, month=month)
        rows = [{"id": line.key, "subject": line.subject, "category": line.category, "unit": line.unit,
                 "quantity": "1", "price": str(line.price)} for line in document.work_lines.all()]  # fmt: skip
        outcome = together(
            lambda document=document, rows=rows: save_lines(
                document=document, actor=cast.property_project_manager, draft_version=None, rows=rows
            ),
            lambda document=document: circulation.submit(document_id=document.pk, actor=cast.property_clerk),
        )
        yield outcome, list(reckoning.of(Document.objects.get(pk=document.pk)))


def test_what_is_written_while_it_is_submitted_is_either_signed_or_refused(cast):
    outcomes, found = zip(*written_and_submitted(cast), strict=True)

    sound(outcomes)
    assert not any(found)


def test_control_rows_and_signed_content_part_without_the_lock(cast, monkeypatch):
    guards.uninstall()
    for module in (submitting, drafting):
        monkeypatch.setattr(module, "lock", unlocked)
    assert sum(bool(found) for _outcome, found in written_and_submitted(cast)) >= OFTEN
