"""The log of a plan: append-only, one hashed chain per plan; whoever writes has locked the plan's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.canonical import VERSION, sha256_data
from documents.trail import moment_text
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
    last = PlanEvent.objects.filter(plan=plan).order_by("-seq").values("seq", "hash").first()
    event = PlanEvent(
        plan=plan,
        seq=last["seq"] + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        code=code,
        phase=phase,
        item=item,
        reason=reason,
        parameters=parameters,
        previous_hash=last["hash"] if last else "",
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    return event


def event_hash(event: PlanEvent) -> str:
    """Hash of everything an event says, and of the event before it."""
    return sha256_data(
        {
            "v": VERSION,
            "plan": event.plan_id,
            "seq": event.seq,
            "at": moment_text(event.at),
            "actor": event.actor_id,
            "code": event.code,
            "phase": event.phase_id,
            "item": event.item_id,
            "reason": event.reason,
            "parameters": event.parameters,
            "previous": event.previous_hash,
        }
    )
