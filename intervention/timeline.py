"""The time line as numbers: bars and marks in hundredths of a per cent of its width. Pure over loaded plans.

Positions are attributes of SVG elements, since no style attribute may exist in a page (strict CSP).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from documents.guide import of_guide
from intervention.dates import add_months
from intervention.states import PhaseState
from intervention.vocabulary import ItemKind, ItemState

if TYPE_CHECKING:
    from intervention.models import Plan, PlanItem, PlanPhase

# About as many marks of the scale as there is room for.
TICKS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A result or a legal date on the line; ``tone`` is ok, bad or open."""

    x: str
    tone: str
    kind: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Line:
    """A phase: its bar, its marks, and the figures that the table beside it shows."""

    phase: PlanPhase
    # The days on which it began and was closed, where it was; else the planned ones.
    starts_on: date | None
    ends_on: date | None
    # The planned start of a phase that began on another day.
    planned_on: date | None
    x: str
    width: str
    marks: tuple[Mark, ...]
    done: int
    total: int
    overdue: int

    @property
    def is_drawn(self) -> bool:
        """Whether there is a date to draw."""
        return self.starts_on is not None and self.ends_on is not None


@dataclass(frozen=True, slots=True)
class Group:
    """A plan with its five lines."""

    plan: Plan
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A month on the scale."""

    x: str
    day: date


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole time line; ``today_x`` is empty where today lies outside."""

    groups: tuple[Group, ...]
    ticks: tuple[Tick, ...]
    today_x: str


def is_settled(item: PlanItem) -> bool:
    """Whether nothing is left to do for a row: done or waived, its result received, its phase begun."""
    if item.kind == ItemKind.ACTIVITY:
        return item.state != ItemState.OPEN
    if item.kind == ItemKind.RESULT:
        return bool(item.approved)
    if item.kind == ItemKind.START:
        return item.phase.state != PhaseState.PLANNED
    return bool(item.met) if item.result else item.phase.state == PhaseState.CLOSED


def is_overdue(item: PlanItem, today: date) -> bool:
    """Whether a row is past its date with something left to do for the one who owes it; ``queries.outstanding`` says it in SQL.

    Of a phase that nobody has begun its start is late, not its work.
    """
    owed = item.kind in (ItemKind.ACTIVITY, ItemKind.RESULT) and item.holds
    if owed and item.phase.state == PhaseState.PLANNED:
        return False
    waits = item.kind == ItemKind.RESULT and item.submitted
    return item.due_on is not None and item.due_on < today and not is_settled(item) and not waits


def chart(plans: Iterable[Plan], today: date) -> Chart:
    """Lay plans with their rows out on one scale of whole months."""
    loaded = [(plan, [(phase, _rows(phase)) for phase in plan.phases.all()]) for plan in plans]
    days = [row.due_on for _plan, phases in loaded for _phase, rows in phases for row in rows if row.due_on]
    days += filter(None, (_day_of(moment) for _plan, phases in loaded for phase, _rows in phases
                          for moment in (phase.started_at, phase.closed_at)))  # fmt: skip
    first = min(days, default=today).replace(day=1)
    last = add_months(max(days, default=today).replace(day=1), 1)
    scale = _Scale(first, last)
    groups = tuple(
        Group(plan, tuple(_line(phase, rows, scale, today) for phase, rows in phases)) for plan, phases in loaded
    )
    return Chart(groups, tuple(scale.ticks()), scale.x(today) if first <= today < last else "")


def _rows(phase: PlanPhase) -> list[PlanItem]:
    rows = list(phase.items.all())
    for row in rows:
        row.phase = phase
    return rows


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def part(self, days: int) -> str:
        """A length as a share of the whole, in hundredths of a per cent."""
        share = days * 10_000 // max((self.last - self.first).days, 1)
        return f"{share // 100}.{share % 100:02d}%"

    def x(self, day: date) -> str:
        return self.part((day - self.first).days)

    def ticks(self) -> Iterable[Tick]:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((n for n in (1, 2, 3, 6) if months // n <= TICKS), 12)
        day = self.first
        while day < self.last:
            if (day.month - 1) % step == 0:
                yield Tick(self.x(day), day)
            day = add_months(day, 1)


def _line(phase: PlanPhase, rows: Sequence[PlanItem], scale: _Scale, today: date) -> Line:
    starts = next((row.due_on for row in rows if row.kind == ItemKind.START), None)
    held = [row.due_on for row in rows if row.due_on and row.holds]
    begins = min(filter(None, [starts, *held]), default=None) if starts is None else starts
    begins = _day_of(phase.started_at) or begins
    ends = _day_of(phase.closed_at) or max(held, default=None)
    counted = [row for row in rows if row.kind in (ItemKind.ACTIVITY, ItemKind.RESULT) and row.holds]
    width = scale.part(max((ends - begins).days, 0) + 1) if begins and ends else "0%"
    return Line(
        phase,
        begins,
        ends,
        starts if phase.started_at and starts and starts != begins else None,
        scale.x(begins) if begins else "0%",
        width,
        tuple(
            _mark(row, scale, today) for row in rows if row.due_on and row.kind in (ItemKind.RESULT, ItemKind.WARNING)
        ),
        sum(is_settled(row) for row in counted),
        len(counted),
        sum(is_overdue(row, today) for row in rows),
    )


def _day_of(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _mark(row: PlanItem, scale: _Scale, today: date) -> Mark:
    tone = "ok" if is_settled(row) else "bad" if is_overdue(row, today) else "open"
    return Mark(scale.x(row.due_on), tone, row.kind, of_guide(row.title), row.due_on)


def months_around(day: date) -> tuple[date, date]:
    """The first days of the months before and after one."""
    first = day.replace(day=1)
    return (first - timedelta(days=1)).replace(day=1), add_months(first, 1)
