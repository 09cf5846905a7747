"""Plans as lists show them: cells of the board, days of a month, rows with how they stand. Pure over loaded rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from documents.vocabulary import Phase
from intervention.states import PhaseState
from intervention.timeline import Chart, Line, is_overdue, is_settled
from intervention.vocabulary import ItemKind

if TYPE_CHECKING:
    from intervention.models import PlanItem


@dataclass(frozen=True, slots=True)
class Told:
    """A row with how it stands today. ``days`` are those until its date, negative after it."""

    item: PlanItem
    settled: bool
    overdue: bool
    days: int

    @property
    def late(self) -> int:
        """Days since its date."""
        return -self.days

    @property
    def waits(self) -> bool:
        """Whether it is a result on its way."""
        return self.item.kind == ItemKind.RESULT and self.item.submitted and not self.settled


def told(items: Iterable[PlanItem], today: date) -> list[Told]:
    """Rows for a list."""
    return [
        Told(item, is_settled(item), is_overdue(item, today), (item.due_on - today).days if item.due_on else 0)
        for item in items
    ]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One of the five phases: its lines by state, in the states' order."""

    phase: Phase
    cells: tuple[tuple[PhaseState, tuple[Line, ...]], ...]


def board_of(chart: Chart) -> list[BoardRow]:
    """Lines of all plans by phase and state."""
    lines = [line for group in chart.groups for line in group.lines]
    return [
        BoardRow(
            phase,
            tuple(
                (state, tuple(line for line in lines if (line.phase.phase, line.phase.state) == (phase, state)))
                for state in PhaseState
            ),
        )
        for phase in Phase
    ]


def days_of(items: Iterable[PlanItem], today: date) -> list[tuple[date, list[Told]]]:
    """Rows of a month by day."""
    rows = sorted(told(items, today), key=lambda row: (row.item.due_on, row.item.phase.plan_id, row.item.position))
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row.item.due_on)]
