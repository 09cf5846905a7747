"""At least two inspections, and a closed handover phase goes on standing on them (guide 3.1.4)."""

from datetime import date

import pytest
from django.db import transaction

from documents import verifying
from documents.refusals import Blocked, Denied
from intervention import phasing
from intervention.log import event_hash
from intervention.models import PlanEvent, Visit
from intervention.site import visiting
from intervention.site.queries import inspection_days
from intervention.site.registered import VISIT_VERBS
from intervention.site.states import KeptState
from tests.intervention import planned, site, tampered
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db
SENTENCE = "「翠湖花园二期」的承接查验阶段已关闭，此改动后只剩 1 次承接查验"


WALKERS = {"property_clerk", "property_project_manager"}
# (state, verb) → who may.
LEGALITY = {
    ("kept", "hand"): WALKERS,
    ("kept", "amend"): WALKERS,
    ("kept", "strike"): {"property_project_manager"},
    ("struck", "hand"): set(),
    ("struck", "amend"): set(),
    ("struck", "strike"): set(),
}


def test_the_table_knows_every_state_and_verb():
    assert set(LEGALITY) == {(state, verb) for state in KeptState.values for verb in VISIT_VERBS}


@pytest.mark.parametrize(("state", "verb"), LEGALITY)
def test_visits(cast, state, verb):
    walked = site.visit(cast)
    if state == "struck":
        visiting.strike(visit_id=walked.pk, actor=cast.property_project_manager, reason="误登")
    elif verb == "hand":
        site.found(cast, walked)
    sent = said(walked, note="补记") | {"reason": "误登"}
    for username in EVERYBODY:
        spot = transaction.savepoint()
        try:
            VISIT_VERBS[verb].perform(walked.pk, cast[username], sent)
        except Denied:
            done = False
        else:
            done = True
        transaction.savepoint_rollback(spot)
        assert done is (username in LEGALITY[state, verb]), username


@pytest.fixture
def plan(cast):
    laid = planned.plan(cast, "CH-2")
    planned.closed(laid, "handover", cast)
    return laid


def said(visit, **more):
    names = ("day", "kind", "trades", "participants", "note")
    return {name: getattr(visit, name) for name in names} | more


def amend(cast, visit, **more):
    return visiting.amend(visit_id=visit.pk, actor=cast.property_clerk, **said(visit, **more))


def test_an_inspection_that_a_closed_phase_counts_on_goes_on_counting(cast, plan):
    first, second = Visit.objects.order_by("pk")
    with pytest.raises(Blocked, match=SENTENCE):
        visiting.strike(visit_id=first.pk, actor=cast.property_project_manager, reason="误登")
    with pytest.raises(Blocked, match=SENTENCE):
        amend(cast, first, kind="patrol")
    with pytest.raises(Blocked, match=SENTENCE):
        amend(cast, first, day=second.day)
    assert inspection_days(plan) == 2
    amend(cast, first, note="补记：含电梯厅")
    site.visit(cast, kind="inspection", day=date(2026, 11, 21))
    visiting.strike(visit_id=first.pk, actor=cast.property_project_manager, reason="误登")
    with pytest.raises(Blocked, match=SENTENCE):
        visiting.strike(visit_id=second.pk, actor=cast.property_project_manager, reason="误登")
    phasing.reopen(phase_id=planned.phase(plan, "handover").pk, actor=cast.service_head, reason="补查")
    visiting.strike(visit_id=second.pk, actor=cast.property_project_manager, reason="误登")
    assert inspection_days(plan) == 1


def test_what_no_closed_phase_counts_on_is_struck_as_before(cast, plan):
    elsewhere = site.visit(cast, "CH-1", kind="inspection", day=date(2026, 11, 20))
    patrol = site.visit(cast)
    for visit in (elsewhere, patrol):
        struck = visiting.strike(visit_id=visit.pk, actor=cast.property_project_manager, reason="误登")
        assert struck.state == "struck"


def test_verify_asks_again_whether_a_closed_handover_phase_stands_on_two_inspections(cast, plan):
    """Whoever rewrites the visits together with their journal is found by the phase that was closed on them."""
    first, second = Visit.objects.order_by("pk")
    phase = planned.phase(plan, "handover")
    assert PlanEvent.objects.get(code="closed").parameters == {"inspections": 2}
    assert list(verifying.differences()) == []
    for change in (f"day = '{second.day}'", "kind = 'patrol'", "state = 'struck'"):
        found = tampered.found_after(f"UPDATE intervention_visit SET {change} WHERE id = {first.pk}")
        assert f"intervention_planphase {phase.pk} state: closed on 1 inspections, 2 are asked for" in found, change


def test_a_handover_phase_closed_before_inspections_were_asked_for_is_no_difference(cast, plan):
    """Its log tells on how many it stood when the log began to tell."""
    with tampered.unguarded():
        closed = PlanEvent.objects.get(code="closed")
        events = list(PlanEvent.objects.filter(plan=plan).order_by("seq"))
        events[events.index(closed)].parameters = {"inspections": 0}
        tampered.rehash(events, event_hash)
        tampered.run("DELETE FROM intervention_recordevent WHERE subject = 'visit'", "DELETE FROM intervention_visit")
        assert tampered.lines() == []
