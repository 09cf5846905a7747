"""Closing a phase while somebody takes a piece of its work back: one of the two wins, never both."""

import pytest

from documents import guards, verifying
from intervention import log, phasing, ticking
from intervention.models import Plan, PlanItem
from tests.intervention import planned
from tests.trust.racing import ROUNDS, pausing, silent, together

pytestmark = pytest.mark.race


@pytest.fixture(autouse=True)
def thinking(monkeypatch):
    """Everybody pauses between check and change, guarded or not: after the conditions, after the permission."""
    monkeypatch.setattr(phasing.conditions, "missing", pausing(phasing.conditions.missing))
    monkeypatch.setattr(ticking, "require", pausing(ticking.require))


def rounds(cast):
    """How often both got through and left a closed phase with open work."""
    plan = planned.plan(cast)
    planned.closed(plan, "planning", cast)
    row = planned.item(plan, "planning.survey")
    both = 0
    for _round in range(ROUNDS):
        if planned.phase(plan, "planning").state == "closed":
            phasing.reopen(phase_id=row.phase_id, actor=cast.service_head, reason="再来")
        if planned.item(plan, "planning.survey").state == "open":
            ticking.tick(item_id=row.pk, actor=cast.property_project_manager)
        outcome = together(
            lambda: phasing.close(phase_id=row.phase_id, actor=cast.service_head),
            lambda: ticking.restore(item_id=row.pk, actor=cast.property_project_manager, reason="误登"),
        )
        assert outcome.faults == []
        state = (planned.phase(plan, "planning").state, PlanItem.objects.get(pk=row.pk).state)
        both += state == ("closed", "open")
    return both


def test_a_phase_never_closes_over_work_that_is_taken_back(real_transactions):
    assert rounds(real_transactions) == 0
    assert list(verifying.differences()) == []


def test_without_lock_and_guards_it_would(real_transactions, monkeypatch):
    def unlocked(plan_id):
        return Plan.objects.select_related("project", "instalment__project").get(pk=plan_id)

    monkeypatch.setattr(log, "lock", unlocked)
    monkeypatch.setattr(log, "record", silent)
    guards.uninstall()
    assert rounds(real_transactions) >= 0.8 * ROUNDS
