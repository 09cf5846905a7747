"""The month board of the work table: next month's forms and this month's application of each project, at one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from budgets.queries import month_board
from documents.forms import month_label, next_month
from organization import clock
from settlements.overview import month_overview

if TYPE_CHECKING:
    from budgets.months import Sums
    from organization.models import Person, Project
    from settlements.overview import SideOverview

# Projects on the board; the rest is a click away.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Month:
    """A project's month that is being settled: the sides on which something stands."""

    label: str
    url: str
    sides: list[SideOverview]


@dataclass(frozen=True, slots=True)
class Row:
    """A project: the forms of the month being planned, and the months being settled."""

    project: Project
    planned: Sums | None
    planned_label: str
    planned_url: str
    months: list[Month]


def month_rows(person: Person) -> tuple[list[Row], bool]:
    """The first projects of the board, and whether there are more. The number of queries doesn't grow with them."""
    this = clock.today().replace(day=1)
    coming, before = next_month(this), next_month(this, -1)
    plan = month_board(person, coming, size=SHOWN)
    planned = {row.project.pk: row.sums for row in plan.projects}
    settled = {month: {row.project.pk: row for row in month_overview(person, month)} for month in (before, this)}
    projects = [row.project for row in settled[this].values()]
    rows = []
    for project in sorted(projects, key=lambda one: one.code)[:SHOWN]:
        months = [_month(project, month, settled[month][project.pk].sides) for month in (before, this)]
        rows.append(
            Row(
                project,
                planned.get(project.pk),
                month_label(coming),
                _url("budgets:month", coming, project),
                [month for month in months if month.sides],
            )
        )
    return rows, len(projects) > SHOWN


def _month(project: Project, month: date, sides: list[SideOverview]) -> Month:
    telling = [side for side in sides if side.rows or side.of.free_lines or side.figures.approved]
    return Month(month_label(month), _url("settlements:applications", month, project), telling)


def _url(name: str, month: date, project: Project) -> str:
    return f"{reverse(name)}?{urlencode({'month': f'{month:%Y-%m}', 'project': project.code})}"
