"""``verify`` for the building site: closed handover phases against the inspections that they were closed on."""

from __future__ import annotations

from collections.abc import Iterator

from documents.vocabulary import Phase
from intervention.models import PlanPhase
from intervention.site.inspecting import AT_LEAST
from intervention.site.queries import inspection_days
from intervention.states import PhaseState


def inspection_differences() -> Iterator[str]:
    """A closed handover phase stands on as many inspections still as its log tells, two being enough."""
    closed = PlanPhase.objects.filter(phase=Phase.HANDOVER, state=PhaseState.CLOSED).select_related("plan")
    for phase in closed.order_by("pk").iterator(chunk_size=500):
        told = phase.plan.events.filter(parameters__has_key="inspections").order_by("-seq").first()
        n = told.parameters["inspections"] if told and isinstance(told.parameters, dict) else AT_LEAST
        # Nothing was told of a phase that was open then.
        if isinstance(n, int) and (left := inspection_days(phase.plan)) < min(n, AT_LEAST):
            yield f"intervention_planphase {phase.pk} state: closed on {left} inspections, {AT_LEAST} are asked for"
