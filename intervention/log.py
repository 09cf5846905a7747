"""The log of a plan: append-only, one line of numbers per plan; whoever writes has locked the plan's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max

from intervention.models import Plan, PlanEvent
from organization import clock

if TYPE_CHECKING:
    from intervention.models import PlanItem, PlanPhase
    from organization.models import Person


def lock(plan_id: int) -> Plan:
    """Lock a plan and read it behind the lock. One lock for a plan, its phases and rows: acts on it take turns."""
    return Plan.objects.select_for_update(of=("self",)).select_related("project", "instalment__project").get(pk=plan_id)


def record(
    plan: Plan,
    code: str,
    actor: Person,
    *,
    phase: PlanPhase | None = None,
    item: PlanItem | None = None,
    reason: str = "",
    **parameters: Any,
) -> PlanEvent:
    """Append an event; parameters are JSON-able."""
    last = PlanEvent.objects.filter(plan=plan).aggregate(last=Max("seq"))["last"] or 0
    return PlanEvent.objects.create(
        plan=plan,
        seq=last + 1,
        at=clock.now(),
        actor=actor,
        code=code,
        phase=phase,
        item=item,
        reason=reason,
        parameters=parameters,
    )
