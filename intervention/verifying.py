"""``verify`` for early intervention: plans recomputed from their logs and anchors, results against their documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from documents.states import DEAD
from documents.verifying.content import same_moment
from documents.verifying.files import file_differences
from intervention import replaying
from intervention.dates import derive
from intervention.journal import broken_links
from intervention.log import event_hash
from intervention.models import Photo, Plan, PlanEvent
from intervention.queries import is_frozen, with_rows
from intervention.states import RUNNING, PhaseState
from intervention.vocabulary import ItemKind, ItemState

if TYPE_CHECKING:
    from documents.models import Document
    from intervention.models import PlanItem, PlanPhase
    from intervention.replaying import Told

# How many plans are read at once, with their rows and logs.
PLANS = 50
RESULT_LOADS = ("phase_result__item__phase__plan", "phase_result__predecessor__phase_result", "result_entries")

_PHASE_STATES = {
    "started": PhaseState.ACTIVE,
    "results_in": PhaseState.SUBMITTED,
    "results_out": PhaseState.ACTIVE,
    "closed": PhaseState.CLOSED,
    "reopened": PhaseState.ACTIVE,
}
_ITEM_STATES = {"ticked": ItemState.DONE, "waived": ItemState.WAIVED, "restored": ItemState.OPEN}


def plan_differences() -> Iterator[str]:
    """Every plan: its log's chain, then states, dates and anchors against what the log tells."""
    plans = with_rows(Plan.objects.order_by("pk")).prefetch_related("events")
    for plan in plans.iterator(chunk_size=PLANS):
        events = list(plan.events.all())
        if not events:
            yield f"intervention_planevent {plan.pk} seq: the plan has no log"
        try:
            yield from broken_links("intervention_planevent", events, event_hash)
            told = replaying.read(events)
            yield from _anchors(plan, told)
            yield from _rows(plan, told)
            for phase in plan.phases.all():
                yield from _phase(plan, phase, [event for event in events if event.phase_id == phase.pk])
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            # A log that cannot be read is a difference, not the end of the report.
            yield f"intervention_planevent {plan.pk} parameters: the log cannot be read ({error})"


def _anchors(plan: Plan, told: Told) -> Iterator[str]:
    rows = {row.anchor: row for row in plan.anchors.all()}
    for row in rows.values():
        day = row.day.isoformat() if row.day else None
        if told.anchors.get(row.anchor) != day:
            yield f"intervention_plananchor {row.pk} day: {day}, the log says {told.anchors.get(row.anchor)}"
    for anchor in sorted(told.anchors.keys() - rows.keys()):
        yield f"intervention_plananchor {plan.pk}/{anchor} id: missing"


def _rows(plan: Plan, told: Told) -> Iterator[str]:
    """The rows of a plan against those that its log tells, column by column, whether they are over or not."""
    rows = {}
    for phase in plan.phases.all():
        for row in phase.items.all():
            row.phase = phase
            rows[row.pk] = row
    for key in sorted(rows.keys() | told.rows.keys()):
        if key not in told.rows:
            yield f"intervention_planitem {key} id: the log doesn't know it"
        elif key not in rows:
            yield f"intervention_planitem {key} id: missing, the log knows it"
        else:
            now, said = replaying.row_told(rows[key]), told.rows[key]
            for name in sorted(now | said):
                if now.get(name) != said.get(name):
                    yield f"intervention_planitem {key} {name}: {now.get(name)}, the log says {said.get(name)}"


def _phase(plan: Plan, phase: PlanPhase, events: list[PlanEvent]) -> Iterator[str]:
    moves = [event for event in events if event.code in _PHASE_STATES]
    state = _PHASE_STATES[moves[-1].code] if moves else PhaseState.PLANNED
    if phase.state != state:
        yield f"intervention_planphase {phase.pk} state: {phase.state}, the log says {state}"
    started = next((event for event in moves if event.code == "started"), None)
    closed = moves[-1] if state == PhaseState.CLOSED else None
    for name, event in (("started_at", started), ("closed_at", closed)):
        if not same_moment(getattr(phase, name), event.at if event else None):
            yield f"intervention_planphase {phase.pk} {name}"
    rows = list(phase.items.all())
    held = [row for row in rows if row.kind == ItemKind.RESULT and row.holds]
    arrived = all(row.submitted for row in held)
    if phase.state in RUNNING and arrived != (phase.state == PhaseState.SUBMITTED):
        yield f"intervention_planphase {phase.pk} state: {phase.state}, its results say otherwise"
    if phase.state == PhaseState.CLOSED:
        unmet = [row for row in held if not row.approved]
        unmet += [row for row in rows if row.kind == ItemKind.ACTIVITY and row.state == ItemState.OPEN]
        if unmet:
            yield f"intervention_planphase {phase.pk} state: closed while {len(unmet)} conditions do not hold"
    days = {row.anchor: row.day for row in plan.anchors.all()}
    for row in rows:
        row.phase = phase
        yield from _item(row, days, [event for event in events if event.item_id == row.pk])


def _item(item: PlanItem, days: dict[str, Any], events: list[PlanEvent]) -> Iterator[str]:
    table = f"intervention_planitem {item.pk}"
    told = [event for event in events if event.code in _ITEM_STATES]
    state = _ITEM_STATES[told[-1].code] if told else ItemState.OPEN
    if item.state != state:
        yield f"{table} state: {item.state}, the log says {state}"
    if state != ItemState.OPEN and (
        item.settled_by_id != told[-1].actor_id or not same_moment(item.settled_at, told[-1].at)
    ):
        yield f"{table} settled_by_id"
    dated = [event for event in events if event.code in ("moved", "followed")]
    by_hand = bool(dated) and dated[-1].code == "moved"
    if item.by_hand != by_hand:
        yield f"{table} by_hand: {item.by_hand}, the log says {by_hand}"
    elif not by_hand and item.due_on != derive(item.anchored_on, item.months, item.days):
        yield f"{table} due_on: {item.due_on} ≠ {derive(item.anchored_on, item.months, item.days)}"
    if not is_frozen(item) and item.anchored_on != days.get(item.anchor):
        yield f"{table} anchored_on: {item.anchored_on} ≠ {days.get(item.anchor)}"


def photo_differences() -> Iterator[str]:
    """Photographs whose bytes are gone or others than they were; the journal of their record tells the rest."""
    yield from file_differences(Photo.objects.all())


def result_differences(document: Document) -> Iterator[str]:
    """A result belongs where its document says, counts as long as it lives, and follows the version before."""
    result = document.phase_result
    plan = result.item.phase.plan
    live = document.is_submitted and document.state not in DEAD
    if result.live != live:
        yield f"intervention_phaseresult {document.pk} live"
    said = (result.item.result, result.item.phase.phase, plan.project_id, plan.instalment_id)
    if said != (document.result, document.phase, document.project_id, document.instalment_id):
        yield f"intervention_phaseresult {document.pk} item_id"
    if result.predecessor is not None:
        before = result.predecessor.phase_result
        if (before.item_id, before.version) != (result.item_id, result.version - 1):
            yield f"intervention_phaseresult {document.pk} predecessor_id"


def result_place(document: Document, path: tuple[str, ...]) -> str:
    """Where a cell of a result's content is kept."""
    if path[0] == "head":
        column = {"predecessor": "predecessor_id"}.get(path[1], path[1])
        return f"intervention_phaseresult {document.pk} {column}"
    rows = {entry.key: entry for entry in document.result_entries.all()}
    if len(path) == 2:
        return f"intervention_resultentry {rows[path[1]].pk if path[1] in rows else f'{document.pk}/{path[1]}'} key"
    return f"intervention_resultentry {rows[path[1]].pk} {path[2]}"
