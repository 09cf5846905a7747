"""What a plan's dates would be before anything is stored: laid out anew, or under anchors that moved or may move."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.guide import of_guide
from documents.vocabulary import Phase
from intervention import anchors
from intervention.dates import day_text, derive
from intervention.models import Plan, PlanItem, PlanPhase, TemplateItem
from intervention.queries import is_frozen, with_results
from intervention.states import PhaseState
from intervention.vocabulary import Anchor, ItemKind
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Project

_TAKEN = ("kind", "position", "title", "result", "post", "clause", "anchor", "months", "days", "holds", "note")
Changes = Mapping[str, Mapping[str, date | None]]
Stored = Sequence[tuple[str, str, str | None]]
_COURSE = (
    (Anchor.POSITIONING, Anchor.SALES_OFFICE),
    (Anchor.POSITIONING, Anchor.COMPLETION),
    (Anchor.SALES_OFFICE, Anchor.MOVE_IN),
    (Anchor.COMPLETION, Anchor.MOVE_IN),
)
_OWED = (ItemKind.ACTIVITY, ItemKind.RESULT)


@dataclass(frozen=True, slots=True)
class Move:
    """What anchors do to one row: ``kept`` when a person had changed its date, which then stays.

    ``past``: the date it gets has gone by already. ``starts_on``: its phase begins on this later day, so that the row would
    be due before its phase has begun.
    """

    item: PlanItem
    before: date | None
    after: date | None
    kept: bool = False
    past: bool = False
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """What moved anchors do to a plan: the anchors with the plan's and the organization's dates, the rows reckoned from them,
    and ``stranded`` rows that stay where they are while their phase comes to begin after them."""

    plan: Plan
    changed: tuple[tuple[Anchor, date | None, date | None], ...]
    moves: tuple[Move, ...]
    stranded: tuple[Move, ...] = ()
    # Pairs of anchors of which the first one comes to lie after the second one, against the course of a project.
    disorder: tuple[tuple[Anchor, Anchor], ...] = ()

    @property
    def doubtful(self) -> int:
        """How many rows get a date that has gone by or that lies before their phase."""
        return sum(move.past or move.starts_on is not None for move in self.moves) + len(self.stranded)


def doubts_of(item: PlanItem) -> list[str]:
    """What speaks against a row's date as it stands now, a sentence each: it lies before its phase, or its phase's start after
    rows of the phase."""
    rows = list(item.phase.items.order_by("position"))
    start = next((row.due_on for row in rows if row.kind == ItemKind.START), None)
    if item.phase.state != PhaseState.PLANNED or start is None:
        return []
    owed = rows if item.kind == ItemKind.START else [row for row in rows if row.pk == item.pk]
    early = [row for row in owed if row.kind in _OWED and _earlier_than(row.due_on, start)]
    return [
        _("「%(title)s」%(day)s 早于本阶段启动日期 %(start)s，请核对。")
        % {"title": of_guide(row.title), "day": row.due_on.isoformat(), "start": start.isoformat()}
        for row in early
        if row.due_on
    ]


def row_of(template: TemplateItem, phase: PlanPhase, day: date | None) -> PlanItem:
    """A row of a plan, unsaved, as the template has it."""
    due_on = derive(day, template.months, template.days)
    taken = {name: getattr(template, name) for name in _TAKEN}
    return PlanItem(phase=phase, key=template.key, due_on=due_on, anchored_on=day, **taken)


def preview(project: Project, instalment: Instalment | None) -> list[Move]:
    """The rows that a plan would get, by phase and position: to look at before it is laid out."""
    plan = Plan(project=project, instalment=instalment)
    days = anchors.current(plan)
    phases = {phase: PlanPhase(plan=plan, phase=phase, position=n) for n, phase in enumerate(Phase, start=1)}
    template = TemplateItem.objects.filter(is_active=True)
    rows = [row_of(row, phases[Phase(row.phase)], days[row.anchor]) for row in template]
    starts = _starts({row.phase.phase: row.due_on for row in rows if row.kind == ItemKind.START})
    moves = [_marked(row, None, row.due_on, starts.get(row.phase.phase)) for row in rows]
    return sorted(moves, key=lambda move: (move.item.phase.position, move.item.position))


def shift_of(plan: Plan, changed: Changes | None = None, items: list[PlanItem] | None = None) -> Shift:
    """What the organization's dates (or those that somebody thinks of writing) would do to a plan; nothing is stored."""
    held = {row.anchor: row.day for row in plan.anchors.all()}
    now = anchors.current(plan, changed)
    differing = tuple((anchor, held[anchor], now[anchor]) for anchor in Anchor if held[anchor] != now[anchor])
    moved = {anchor for anchor, _before, _after in differing}
    if items is None:
        rows = PlanItem.objects.filter(phase__plan=plan).select_related("phase").order_by("phase__position", "position")
        items = list(with_results(rows))
    after = {item.pk: _after(item, now, moved) for item in items}
    # Of a phase that runs, the start is behind it; only one to come can come too late for its rows.
    starts = _starts(
        {
            item.phase.phase: after[item.pk]
            for item in items
            if item.kind == ItemKind.START and item.phase.state == PhaseState.PLANNED
        }
    )
    begun_later = {item.phase.phase for item in items if item.kind == ItemKind.START and after[item.pk] != item.due_on}
    moves, stranded = [], []
    for item in items:
        if is_frozen(item):
            continue
        move = _marked(item, item.due_on, after[item.pk], starts.get(item.phase.phase), kept=item.by_hand)
        if item.anchor in moved:
            moves.append(move)
        elif move.starts_on and item.phase.phase in begun_later:
            stranded.append(move)
    return Shift(plan, differing, tuple(moves), tuple(stranded), disorder_of(now) if differing else ())


def disorder_of(days: Mapping[str, date | None]) -> tuple[tuple[Anchor, Anchor], ...]:
    """Anchors that stand against the course of a project: positioned, sold, accepted, moved in."""
    return tuple((first, second) for first, second in _COURSE if _earlier_than(days[second], days[first]))


def _after(item: PlanItem, now: Mapping[str, date | None], moved: set[Anchor]) -> date | None:
    if item.by_hand or item.anchor not in moved or is_frozen(item):
        return item.due_on
    return derive(now[item.anchor], item.months, item.days)


def _starts(days: Mapping[str, date | None]) -> dict[str, date]:
    return {phase: day for phase, day in days.items() if day is not None}


def _earlier_than(day: date | None, start: date | None) -> bool:
    return day is not None and start is not None and day < start


def _marked(item: PlanItem, before: date | None, after: date | None, start: date | None, *, kept: bool = False) -> Move:
    early = item.kind in _OWED and _earlier_than(after, start)
    past = _earlier_than(after, clock.today())
    return Move(item, before, after, kept=kept, past=past, starts_on=start if early else None)


def shifts_of(project: Project, changed: Changes | None = None) -> list[Shift]:
    """What moved anchors do to every plan of a project, those that stay as they are left out; four queries."""
    plans = list(project.plans.select_related("project", "instalment__project").prefetch_related("anchors"))
    rows = PlanItem.objects.filter(phase__plan__in=plans).select_related("phase")
    by_plan: dict[int, list[PlanItem]] = {}
    for item in with_results(rows).order_by("phase__position", "position"):
        by_plan.setdefault(item.phase.plan_id, []).append(item)
    found = [shift_of(plan, changed, by_plan.get(plan.pk, [])) for plan in plans]
    return [shift for shift in found if shift.changed]


def stored_dates(project: Project, changed: Changes | None) -> Stored:
    """The dates as they stand that somebody thinks of writing over, by place and name."""
    rows: dict[str, Any] = {f"project:{project.code}": project}
    rows |= {f"instalment:{row.code}": row for row in project.instalments.all()}
    said = changed or {}
    return sorted((place, name, day_text(getattr(rows[place], name))) for place in said for name in said[place])


def seal_of(shifts: Iterable[Shift], stored: Stored = ()) -> str:
    """A short hash over the dates that move and those written over, so that what is then done is what was seen."""
    moved = [
        (
            shift.plan.pk,
            [(str(anchor), day_text(before), day_text(after)) for anchor, before, after in shift.changed],
            [(move.item.pk, day_text(move.before), day_text(move.after), move.kept) for move in shift.moves],
        )
        for shift in shifts
    ]
    return hashlib.sha256(repr((moved, list(stored))).encode()).hexdigest()[:16]


def day_texts(days: Mapping[Any, date | None]) -> dict[str, str | None]:
    """Dates by anchor as the log keeps them."""
    return {str(anchor.value): day_text(day) for anchor, day in days.items()}
