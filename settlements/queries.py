"""Reads of applications, named for their screens. Each begins at what the person may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Sum

from budgets.models import CompletionLine
from documents import drafting, inbox, money, policies
from documents.inbox import InboxRow
from documents.models import Document
from documents.states import DEAD, DocumentState
from documents.vocabulary import Kind, Side
from organization import access, clock
from organization.working_days import Calendar
from settlements.applying import gatherable
from settlements.deadlines import ARRIVED, SIGNED, Deadline, deadline, handed_over_by, signed_by
from settlements.models import ApplicationLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organization.models import Person, Project


@dataclass(slots=True)
class SideOfMonth:
    """One side of a project's month: its applications, and what is confirmed and in none yet, in 元."""

    side: str
    rows: list[InboxRow] = field(default_factory=list)
    free_lines: int = 0
    free_amount: Decimal = Decimal(0)
    # Of an application that nobody has begun although confirmed work waits.
    deadline: Deadline | None = None

    @property
    def label(self) -> str:
        """入伙前 or 入伙后, with its group."""
        return str(Side(self.side).label)


@dataclass(slots=True)
class MonthOfProject:
    """A project's month on both sides; ``may_start`` for those who draft applications there."""

    project: Project
    may_start: bool
    sides: list[SideOfMonth]


def months_of_projects(person: Person, month: date, project: str = "") -> list[MonthOfProject]:
    """Applications of a month and what could be settled, project by project. Queries don't grow with their number."""
    projects = access.visible_projects(person, clock.today()).order_by("name")
    if project:
        projects = projects.filter(code=project)
    projects = list(projects)
    applications = (
        Document.objects.visible_to(person)
        .for_table()
        .filter(kind=Kind.EXPENSE_APPLICATION, period=month, project__in=projects)
        .order_by("-pk")
    )
    arrival, _signed = dates_of(month)
    board = {(row.pk, side): SideOfMonth(side) for row in projects for side in Side.values}
    for row in inbox.page(applications, size=1000).rows:
        board[(row.document.project_id, row.document.side)].rows.append(row)
    for free in _free(person, month, projects):
        cell = board[(free["document__project"], free["document__side"])]
        cell.free_lines, cell.free_amount = free["lines"], free["amount"]
        if all(row.document.state in DEAD for row in cell.rows):
            cell.deadline = arrival
    held = drafting.places_to_draft(person, Kind.EXPENSE_APPLICATION)
    return [
        MonthOfProject(row, bool({None, row.pk} & held), [board[(row.pk, side)] for side in Side.values])
        for row in projects
    ]


def _free(person: Person, month: date, projects: list[Project]) -> Iterable[dict[str, object]]:
    """Lines and sums that no live application holds, by project and side, of confirmations that the person may see."""
    seen = Document.objects.visible_to(person).filter(
        kind=Kind.WORK_COMPLETION, state=DocumentState.APPROVED, project__in=projects, period__lte=month
    )
    held = ApplicationLine.objects.filter(completion_line=OuterRef("pk"), live=True)
    return (
        CompletionLine.objects.filter(document__in=seen, amount__gt=0)
        .filter(~Exists(held))
        .order_by()
        .values("document__project", "document__side")
        .annotate(lines=Count("pk"), amount=Sum("amount"))
    )


def dates_of(month: date) -> tuple[Deadline, Deadline]:
    """How a month's two dates stand today: arrival with the group handler, and the whole chain signed."""
    today = clock.today()
    calendar = Calendar(today, month)
    return (
        deadline(handed_over_by(month, calendar), today, calendar, ARRIVED),
        deadline(signed_by(month, calendar), today, calendar, SIGNED),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A confirmed line to take or leave. ``moved`` when another window has taken it in or out meanwhile."""

    line: CompletionLine
    taken: bool
    moved: bool = False

    @property
    def difference(self) -> Decimal:
        """Actual less approved, in 元."""
        return self.line.amount - self.line.origin_line.amount


def choices(document: Document, keep: set[int] | None = None) -> list[Choice]:
    """Lines that an application holds and free ones; ``keep`` is what was typed, by default what is stored."""
    stored = set(document.application_lines.values_list("completion_line", flat=True))
    mine = CompletionLine.objects.filter(application_lines__document=document).select_related(
        "origin_line__document", "document"
    )
    lines = sorted(
        [*mine, *gatherable(document.project, document.period, document.side)],
        key=lambda line: (line.document.period, line.origin_line.document_id, line.origin_line.position, line.pk),
    )
    chosen = stored if keep is None else keep
    return [
        Choice(line, line.pk in chosen, keep is not None and (line.pk in chosen) != (line.pk in stored))
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    """What lines come to, in 元: approved, actual, commission once half up, and all together."""

    approved: Decimal
    subtotal: Decimal
    rate: Decimal

    @property
    def commission(self) -> Decimal:
        """Management commission on the whole (3.2.1 3))."""
        return money.commission(self.subtotal, self.rate)

    @property
    def total(self) -> Decimal:
        """What is applied for."""
        return self.subtotal + self.commission

    @property
    def percent(self) -> str:
        """The rate in words: ``10%``."""
        return f"{(self.rate * 100).normalize():f}%"


def sums(lines: Iterable[CompletionLine], rate: Decimal) -> Sums:
    """Add lines up."""
    lines = list(lines)
    return Sums(
        sum((line.origin_line.amount for line in lines), Decimal(0)),
        sum((line.amount for line in lines), Decimal(0)),
        rate,
    )


def rate_now() -> Decimal:
    """The commission rate that a new application gets."""
    return policies.commission_rate(policies.in_force(clock.today()))


def others_of(person: Person, project: Project, month: date, side: str) -> list[Document]:
    """Applications of the same project, month and side that stand already."""
    return list(
        Document.objects.visible_to(person)
        .filter(kind=Kind.EXPENSE_APPLICATION, project=project, period=month, side=side)
        .exclude(state__in=DEAD)
        .order_by("pk")
    )
