"""Closing a phase while somebody takes back its work, or an inspection that it counts on: one of the two wins, never both."""

from contextlib import nullcontext
from datetime import date

import pytest

from documents import guards, verifying
from intervention import log, phasing, ticking
from intervention.models import Plan, PlanItem, Visit
from intervention.site import inspecting, visiting
from tests.intervention import planned, site
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


def struck_rounds(cast):
    """How often a phase was closed over an inspection that was struck."""
    plan = planned.plan(cast)
    planned.closed(plan, "handover", cast)
    key, n = planned.phase(plan, "handover").pk, 0
    for _round in range(ROUNDS):
        if planned.phase(plan, "handover").state == "closed":
            phasing.reopen(phase_id=key, actor=cast.service_head, reason="再来")
        kept = set(Visit.objects.filter(state="kept").values_list("day", flat=True))
        for day in {date(2026, 11, 20), date(2026, 11, 22)} - kept:
            site.visit(cast, kind="inspection", day=day)
        struck = Visit.objects.filter(state="kept").latest("pk").pk
        outcome = together(
            lambda: phasing.close(phase_id=key, actor=cast.service_head),
            lambda struck=struck: visiting.strike(visit_id=struck, actor=cast.property_project_manager, reason="误登"),
        )
        assert outcome.faults == []
        closed = planned.phase(plan, "handover").state == "closed"
        n += closed and Visit.objects.filter(state="kept").count() < 2
    return n


def test_a_phase_never_closes_over_an_inspection_that_is_struck(real_transactions, monkeypatch):
    monkeypatch.setattr(inspecting, "inspection_days", pausing(inspecting.inspection_days))
    assert struck_rounds(real_transactions) == 0


def test_without_the_plans_lock_an_inspection_would_be_struck_under_it(real_transactions, monkeypatch):
    monkeypatch.setattr(visiting, "require", pausing(visiting.require))
    monkeypatch.setattr(visiting, "still_inspected", lambda visit: nullcontext())
    assert struck_rounds(real_transactions) >= 0.8 * ROUNDS


def test_without_lock_and_guards_it_would(real_transactions, monkeypatch):
    def unlocked(plan_id):
        return Plan.objects.select_related("project", "instalment__project").get(pk=plan_id)

    monkeypatch.setattr(log, "lock", unlocked)
    monkeypatch.setattr(log, "record", silent)
    guards.uninstall()
    assert rounds(real_transactions) >= 0.8 * ROUNDS
