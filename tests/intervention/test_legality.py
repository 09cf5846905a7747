"""Legality as one literal table: every state × every verb × every post. What is not listed is refused."""

from contextlib import suppress
from datetime import date
from itertools import product

import pytest

from documents.refusals import Refused
from intervention.models import PlanItem, PlanPhase
from intervention.permissions import who
from intervention.queries import items_for
from intervention.states import PhaseState
from intervention.verbs import ITEM_VERBS, PHASE_VERBS
from intervention.vocabulary import ItemState
from tests.intervention import planned

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "property_clerk", "property_project_manager", "property_leader", "property_finance", "property_finance_head", "property_gm",
    "marketing_handler", "marketing_head", "service_handler", "service_head", "department_head", "requesting_department_head",
    "leader_in_charge", "finance", "finance_leader", "general_manager", "payment_signatory", "account_auditor",
    "design_reviewer", "project_engineer", "regional_vp", "administrator", "yj_property_clerk", "yj_marketing_handler",
    "outsider", "foreign_clerk",
)  # fmt: skip
LEAD = {"marketing_handler", "marketing_head", "service_handler", "service_head", "department_head"}
HEADS = {"marketing_head", "service_head", "department_head"}
DOERS = {"property_project_manager"}
NOBODY: set[str] = set()

# (state of the phase, verb) → who may; the phase is otherwise ready to close.
PHASES = {
    ("planned", "start"): LEAD,
    ("planned", "close"): NOBODY,
    ("planned", "reopen"): NOBODY,
    ("active", "start"): NOBODY,
    ("active", "close"): NOBODY,
    ("active", "reopen"): NOBODY,
    ("submitted", "start"): NOBODY,
    ("submitted", "close"): HEADS,
    ("submitted", "reopen"): NOBODY,
    ("closed", "start"): NOBODY,
    ("closed", "close"): NOBODY,
    ("closed", "reopen"): HEADS,
}
# (state of the phase, state of the work, verb) → who may.
ITEMS = {
    ("planned", "open", "tick"): NOBODY,
    ("planned", "open", "waive"): NOBODY,
    ("planned", "open", "restore"): NOBODY,
    ("planned", "open", "move"): LEAD,
    ("planned", "open", "follow"): NOBODY,
    ("active", "open", "tick"): DOERS,
    ("active", "open", "waive"): HEADS,
    ("active", "open", "restore"): NOBODY,
    ("active", "open", "move"): LEAD,
    ("active", "open", "follow"): NOBODY,
    ("active", "done", "tick"): NOBODY,
    ("active", "done", "waive"): NOBODY,
    ("active", "done", "restore"): DOERS,
    ("active", "done", "move"): NOBODY,
    ("active", "done", "follow"): NOBODY,
    ("active", "waived", "tick"): NOBODY,
    ("active", "waived", "waive"): NOBODY,
    ("active", "waived", "restore"): HEADS,
    ("active", "waived", "move"): NOBODY,
    ("active", "waived", "follow"): NOBODY,
    ("submitted", "open", "tick"): DOERS,
    ("submitted", "open", "waive"): HEADS,
    ("submitted", "open", "restore"): NOBODY,
    ("submitted", "open", "move"): LEAD,
    ("submitted", "open", "follow"): NOBODY,
    ("submitted", "done", "tick"): NOBODY,
    ("submitted", "done", "waive"): NOBODY,
    ("submitted", "done", "restore"): DOERS,
    ("submitted", "done", "move"): NOBODY,
    ("submitted", "done", "follow"): NOBODY,
    ("submitted", "waived", "tick"): NOBODY,
    ("submitted", "waived", "waive"): NOBODY,
    ("submitted", "waived", "restore"): HEADS,
    ("submitted", "waived", "move"): NOBODY,
    ("submitted", "waived", "follow"): NOBODY,
    ("closed", "done", "tick"): NOBODY,
    ("closed", "done", "waive"): NOBODY,
    ("closed", "done", "restore"): NOBODY,
    ("closed", "done", "move"): NOBODY,
    ("closed", "done", "follow"): NOBODY,
    ("closed", "waived", "tick"): NOBODY,
    ("closed", "waived", "waive"): NOBODY,
    ("closed", "waived", "restore"): NOBODY,
    ("closed", "waived", "move"): NOBODY,
    ("closed", "waived", "follow"): NOBODY,
}
# Work is settled while its phase runs, and a phase closes when all of it is.
IMPOSSIBLE = {("planned", "done"), ("planned", "waived"), ("closed", "open")}
# (kind of row, state of the phase) → who may move its date.
DATES = {
    ("start", "planned"): LEAD,
    ("start", "active"): NOBODY,
    ("result", "planned"): LEAD,
    ("result", "active"): LEAD,
    ("result", "received"): NOBODY,
    ("warning", "planned"): NOBODY,
    ("warning", "active"): NOBODY,
}
SENT = {
    "start": {"reason": "按现场安排"},
    "close": {},
    "reopen": {"reason": "补充"},
    "tick": {},
    "waive": {"reason": "不需要"},
    "restore": {"reason": "误登"},
    "move": {"day": date(2027, 2, 1), "reason": "调整"},
    "follow": {"reason": "恢复"},
}


def brought(cast, state, work="open"):
    """A plan whose planning phase is in a state, its first piece of work too."""
    plan = planned.plan(cast)
    if state == "closed":
        if work == "waived":
            planned.started(plan, "planning", cast)
            settle(cast, plan, work)
        planned.closed(plan, "planning", cast)
        return plan
    if state == "planned":
        return plan
    planned.started(plan, "planning", cast)
    if state == "submitted":
        for key in planned.RESULTS["planning"]:
            planned.received(cast, plan, key)
    if work != "open":
        settle(cast, plan, work)
    return plan


def settle(cast, plan, work):
    """The first piece of work said to be done, or not needed."""
    verb = ITEM_VERBS["tick" if work == "done" else "waive"]
    by = cast.property_project_manager if work == "done" else cast.service_head
    verb.perform(planned.item(plan, "planning.survey").pk, by, SENT[verb.name])


def those_who_could(cast, verb, row, read):
    """Everybody for whom predicate and verb say yes; they must say the same. What was done is taken back."""
    from django.db import transaction

    allowed = set()
    for username in EVERYBODY:
        person = cast[username]
        before = read()
        denial = verb.predicate(who(person, cast.projects["CH"]), row)
        done = False
        with transaction.atomic():
            with suppress(Refused):
                verb.perform(row.pk, person, SENT[verb.name])
                done = True
            changed = read() != before
            transaction.set_rollback(True)
        assert (denial is None) == done == changed, (username, denial)
        if done:
            allowed.add(username)
    return allowed


@pytest.mark.parametrize(("state", "verb"), PHASES)
def test_phases(cast, state, verb):
    plan = brought(cast, state)
    if state == "submitted":
        planned.tick_all(plan, "planning", cast)
    phase = planned.phase(plan, "planning")
    assert phase.state == state
    found = those_who_could(cast, PHASE_VERBS[verb], phase, lambda: PlanPhase.objects.get(pk=phase.pk).state)
    assert found == PHASES[state, verb]


@pytest.mark.parametrize(("state", "work", "verb"), ITEMS)
def test_work(cast, state, work, verb):
    plan = brought(cast, state, work)
    row = planned.item(plan, "planning.survey")
    assert (row.phase.state, row.state) == (state, work)

    def read():
        return PlanItem.objects.values_list("state", "due_on", "by_hand").get(pk=row.pk)

    assert those_who_could(cast, ITEM_VERBS[verb], row, read) == ITEMS[state, work, verb]


def test_a_date_changed_by_hand_may_follow_again(cast):
    plan = brought(cast, "active")
    ITEM_VERBS["move"].perform(planned.item(plan, "planning.survey").pk, cast.service_head, SENT["move"])
    row = planned.item(plan, "planning.survey")
    found = those_who_could(cast, ITEM_VERBS["follow"], row, lambda: PlanItem.objects.get(pk=row.pk).by_hand)
    assert found == LEAD


@pytest.mark.parametrize(("kind", "state"), DATES)
def test_whose_date_is_moved_by_kind_of_row(cast, kind, state):
    """Of handover, which has all of them: its start, a result, and a date that the law sets."""
    key = {"start": "handover.start", "result": "handover.key_handover", "warning": "handover.law"}[kind]
    plan = planned.plan(cast)
    if state != "planned":
        planned.started(plan, "handover", cast)
    if state == "received":
        planned.received(cast, plan, key)
    row = items_for(cast.service_head).get(pk=planned.item(plan, key).pk)

    def read():
        return PlanItem.objects.values_list("due_on", "by_hand").get(pk=row.pk)

    assert those_who_could(cast, ITEM_VERBS["move"], row, read) == DATES[kind, state]


def test_the_tables_are_whole():
    assert set(PHASES) == set(product(PhaseState.values, PHASE_VERBS))
    there = {(state, work) for state, work in product(PhaseState.values, ItemState.values)} - IMPOSSIBLE
    assert set(ITEMS) == {(state, work, verb) for state, work in there for verb in ITEM_VERBS}


@pytest.mark.parametrize("username", EVERYBODY)
def test_the_leading_department_lays_plans_out(cast, username):
    if username in LEAD:
        assert planned.plan(cast, by=username).pk
    else:
        with pytest.raises(Refused):
            planned.plan(cast, by=username)
