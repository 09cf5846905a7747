"""Twelve months of percents by project and side, and the bars that draw them. Pure over loaded rows but for ``trend_for``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from documents.forms import next_month
from documents.vocabulary import Side
from intervention.assessing.marks import mean_of
from intervention.assessing.queries import assessments_for
from intervention.assessing.states import AssessmentState

if TYPE_CHECKING:
    from intervention.assessing.marks import Marks
    from intervention.models import Assessment
    from organization.models import Person, Project

MONTHS = 12
# The drawing, in units of its height: a percent is two high. The words of the grades stand above the first column of the table
# below, each month above its own.
TOP, UNIT = 16, 2
BASE = TOP + 100 * UNIT
LEFT, WIDTH, BAR = Decimal(10), Decimal(90), Decimal(5)


@dataclass(frozen=True, slots=True)
class Point:
    """A month: its assessment, where there is one, and its marks once handed in."""

    n: int
    month: date
    row: Assessment | None
    marks: Marks | None

    @property
    def is_final(self) -> bool:
        """Whether it is closed, so that the figure stands."""
        return self.row is not None and self.row.state == AssessmentState.CLOSED

    @property
    def centre(self) -> str:
        """Middle of the month in the drawing, in percent of its width."""
        return f"{self._middle:.2f}%"

    @property
    def x(self) -> str:
        """Left edge of its bar."""
        return f"{self._middle - BAR / 2:.2f}%"

    @property
    def _middle(self) -> Decimal:
        return LEFT + (Decimal(self.n) + Decimal("0.5")) * WIDTH / MONTHS

    @property
    def y(self) -> str:
        """Upper edge of its bar."""
        return f"{BASE - self.height:.1f}"

    @property
    def label_y(self) -> str:
        """Where its figure stands."""
        return f"{BASE - self.height - 4:.1f}"

    @property
    def height(self) -> Decimal:
        """Height of its bar."""
        return self.marks.percent * UNIT if self.marks else Decimal(0)


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One side of a project."""

    project: Project
    side: str
    points: list[Point]

    @property
    def label(self) -> str:
        """入伙前 or 入伙后, with its group."""
        return str(Side(self.side).label)

    @property
    def mean(self) -> Decimal | None:
        """Mean percent of the months that have one."""
        return mean_of([point.marks.percent for point in self.points if point.marks])


@dataclass(frozen=True, slots=True)
class Trend:
    """All lines that a person may see, over the same months, the oldest first."""

    months: list[date]
    lines: list[TrendLine]


def months_until(last: date) -> list[date]:
    """Twelve months up to and with this one."""
    return [next_month(last, -back) for back in range(MONTHS - 1, -1, -1)]


def trend_for(person: Person, last: date, project: str = "") -> Trend:
    """The last twelve months of the assessments that a person may see; the same number of queries whatever there is."""
    months = months_until(last)
    rows = assessments_for(person, project).filter(month__gte=months[0], month__lte=last)
    return trend_of(rows, months)


def trend_of(rows: Iterable[Assessment], months: list[date]) -> Trend:
    """Assessments laid out by project and side; a draft's points are nobody's figure yet."""
    found: dict[tuple[int, str], dict[date, Assessment]] = {}
    projects: dict[int, Project] = {}
    for row in rows:
        projects[row.project_id] = row.project
        found.setdefault((row.project_id, row.side), {})[row.month] = row
    keys = sorted(found, key=lambda key: (projects[key[0]].code, list(Side.values).index(key[1])))
    return Trend(
        months,
        [
            TrendLine(
                projects[pk], side, [_point(n, month, found[pk, side].get(month)) for n, month in enumerate(months)]
            )
            for pk, side in keys
        ],
    )


def _point(n: int, month: date, row: Assessment | None) -> Point:
    return Point(n, month, row, None if row is None else row.figure)


def grid_of(bands: list[list[object]]) -> list[tuple[str, object]]:
    """Where the grades begin in the drawing, with their words; the lowest has no line."""
    return [(f"{BASE - int(str(start)) * UNIT}", word) for start, word in bands if start]
