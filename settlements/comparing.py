"""Two months of a project side by side: approved and actual by kind of form and category, on demand by subject.

Counts approved forms that the person may see. Actual is what was confirmed of a month's forms, whenever that was. Amounts in
元, tax included, before commission.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from budgets.models import WorkLine
from documents.models import Document
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS

if TYPE_CHECKING:
    from organization.models import Person, Project

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Change:
    """An amount in both months, in 元."""

    left: Decimal = Decimal(0)
    right: Decimal = Decimal(0)

    def __add__(self, other: Change) -> Change:
        return Change(self.left + other.left, self.right + other.right)

    @property
    def difference(self) -> Decimal:
        """The later month less the earlier one."""
        return self.right - self.left

    @property
    def percent(self) -> Decimal | None:
        """The difference in per cent of the left month, one decimal, half up; None where that month has nothing."""
        if not self.left:
            return None
        return (self.difference * 100 / self.left).quantize(TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Compared:
    """A row: a category of a kind, or a subject of it."""

    kind: str
    category: str
    subject: str
    approved: Change
    actual: Change


@dataclass(frozen=True, slots=True)
class Group:
    """A kind with its rows and their sums."""

    kind: str
    rows: tuple[Compared, ...]

    @property
    def approved(self) -> Change:
        return sum((row.approved for row in self.rows), Change())

    @property
    def actual(self) -> Change:
        return sum((row.actual for row in self.rows), Change())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two months; ``empty`` are those without an approved form."""

    left: date
    right: date
    groups: tuple[Group, ...]
    empty: tuple[date, ...]

    @property
    def approved(self) -> Change:
        return sum((group.approved for group in self.groups), Change())

    @property
    def actual(self) -> Change:
        return sum((group.actual for group in self.groups), Change())


def first_with_work(person: Person, projects: dict[int, Project]) -> Project | None:
    """The first of these projects in which the person sees approved work; else simply the first."""
    rows = Document.objects.visible_to(person).filter(
        kind__in=WORK_KINDS, state=DocumentState.APPROVED, project__in=projects
    )
    working = set(rows.order_by().values_list("project", flat=True).distinct())
    return next((row for pk, row in projects.items() if pk in working), next(iter(projects.values()), None))


def compare(
    person: Person, project: Project, left: date, right: date, side: str = "", *, by_subject: bool = False
) -> Comparison:
    """Put two months beside each other; one query over the lines, whatever their number."""
    seen = Document.objects.visible_to(person).filter(
        kind__in=WORK_KINDS, state=DocumentState.APPROVED, project=project, period__in=(left, right)
    )
    if side:
        seen = seen.filter(side=side)
    keys = ["kind", "period", "category", "department_name"] + (["subject"] if by_subject else [])
    rows = list(
        WorkLine.objects.filter(document__in=seen.order_by().values("pk"))
        .order_by()
        .values(*keys[2:], kind=F("document__kind"), period=F("document__period"))
        .annotate(approved=Sum("amount"), actual=Sum("confirmed"))
    )
    there = {row["period"] for row in rows}
    empty = tuple(month for month in dict.fromkeys((left, right)) if month not in there)
    return Comparison(left, right, _grouped(rows, left, right), empty)


def _grouped(rows: Iterable[Mapping[str, Any]], left: date, right: date) -> tuple[Group, ...]:
    found: dict[tuple[str, str, str], tuple[Change, Change]] = {}
    for row in rows:
        key = (row["kind"], row["category"] or row["department_name"], row.get("subject", ""))
        approved, actual = found.get(key, (Change(), Change()))
        found[key] = (approved + _at(row, "approved", left, right), actual + _at(row, "actual", left, right))
    groups = []
    for kind in WORK_KINDS:
        mine = sorted(key for key in found if key[0] == kind)
        if mine:
            groups.append(Group(kind, tuple(Compared(*key, *found[key]) for key in mine)))
    return tuple(groups)


def _at(row: Mapping[str, Any], name: str, left: date, right: date) -> Change:
    """The row's amount in its month; in both where one month is compared with itself."""
    amount = row[name]
    return Change(amount if row["period"] == left else Decimal(0), amount if row["period"] == right else Decimal(0))
