"""Reads of applications, named for their screens. Each begins at what the person may see."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, Q, Sum
from django.http import Http404

from budgets.models import CompletionLine
from documents import drafting, inbox
from documents.deadlines import Deadline, Purpose, deadline
from documents.inbox import InboxRow
from documents.models import Document, Revision
from documents.states import EDITABLE, DocumentState
from documents.vocabulary import Kind, Side
from organization import access, clock
from organization.working_days import Calendar
from settlements.deadlines import handed_over_by, signed_by
from settlements.gathering import cutoff_now, held_lines, taken_back
from settlements.models import Application, Nature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organization.models import Person, Project
    from settlements.models import ApplicationLine


def application_for(person: Person, name: str) -> Document:
    """The application of this name, if this person may see it; 404 for everything else."""
    document = Document.objects.visible_to(person).for_page().get_named(name)
    if document.kind != Kind.EXPENSE_APPLICATION:
        raise Http404
    return document


@dataclass(slots=True)
class SideOfMonth:
    """One side of a project's month: its applications, and what is confirmed and in none yet, in 元."""

    side: str
    rows: list[InboxRow] = field(default_factory=list)
    free_lines: int = 0
    free_amount: Decimal = Decimal(0)
    # Confirmed after the cut-off day: for the next month's application.
    late_lines: int = 0
    late_amount: Decimal = Decimal(0)
    # Taken back by an approved reversal: never taken in by themselves.
    reversed_lines: int = 0
    # Whether the month's own application stands, as far as the person sees it; interim and reversing ones don't count.
    is_begun: bool = False
    # Of an application that nobody has begun although confirmed work waits.
    deadline: Deadline | None = None

    @property
    def may_gather(self) -> bool:
        """Whether there is something that a new application could take."""
        return bool(self.free_lines or self.reversed_lines)

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
    applications = Document.objects.visible_to(person).filter(
        kind=Kind.EXPENSE_APPLICATION, period=month, project__in=projects
    )
    arrival, _signed = dates_of(month)
    board = {(row.pk, side): SideOfMonth(side) for row in projects for side in Side.values}
    for row in inbox.page(applications.for_table().order_by("-pk"), size=1000).rows:
        board[(row.document.project_id, row.document.side)].rows.append(row)
    own = Application.objects.filter(
        nature=Nature.MONTHLY, live=True, document__in=applications.order_by().values("pk")
    )
    for place in own.values_list("project", "side"):
        board[place].is_begun = True
    for free in _free(person, month, projects):
        cell = board[(free["document__project"], free["document__side"])]
        cell.free_lines, cell.free_amount = free["lines"], free["free_sum"] or Decimal(0)
        cell.late_lines, cell.late_amount = free["late_lines"], free["late_sum"] or Decimal(0)
        cell.reversed_lines = free["reversed_lines"]
        if cell.free_lines and not cell.is_begun:
            cell.deadline = arrival
    held = drafting.places_to_draft(person, Kind.EXPENSE_APPLICATION)
    return [
        MonthOfProject(row, bool({None, row.pk} & held), [board[(row.pk, side)] for side in Side.values])
        for row in projects
    ]


def _free(person: Person, month: date, projects: list[Project]) -> Iterable[dict[str, object]]:
    """Lines and sums that no application holds as far as the person may know, by project and side, of confirmations that
    they may see. A working copy holds lines for its drafting side alone: others would find its sum by subtraction.

    What was confirmed after the cut-off day and what a reversal took back is counted apart (guide 6.3).
    """
    seen = Document.objects.visible_to(person).filter(
        kind=Kind.WORK_COMPLETION, state=DocumentState.APPROVED, project__in=projects, period__lte=month
    )
    until = cutoff_now(month)
    kept = Q(is_reversed=False)
    late = kept & Q(document__decided_at__gte=until) if until else Q(pk__in=())
    free = kept & Q(document__decided_at__lt=until) if until else kept
    return (
        CompletionLine.objects.filter(document__in=seen.order_by().values("pk"), amount__gt=0)
        .filter(~Exists(_known_to_hold(person, projects)))
        .exclude(pk__in=_submitted_by_others(person, projects))
        .annotate(is_reversed=taken_back())
        .order_by()
        .values("document__project", "document__side")
        .annotate(
            lines=Count("pk", filter=free),
            free_sum=Sum("amount", filter=free),
            late_lines=Count("pk", filter=late),
            late_sum=Sum("amount", filter=late),
            reversed_lines=Count("pk", filter=Q(is_reversed=True)),
        )
    )


def _known_to_hold(person: Person, projects: list[Project]) -> QuerySet[ApplicationLine]:
    """Lines as they stand in what was submitted and has not come back, and in working copies that the person may see."""
    own = Document.objects.filter(kind=Kind.EXPENSE_APPLICATION, project__in=projects).drafted_by(person)
    return held_lines().filter(
        ~Q(document__state__in=EDITABLE) | Q(document__in=own.filter(state__in=EDITABLE).order_by().values("pk"))
    )


def _submitted_by_others(person: Person, projects: list[Project]) -> list[int]:
    """Keys of confirmed lines that applications held when they were last submitted, of which the person may not see the
    working copy that came back."""
    back = Document.objects.filter(
        kind=Kind.EXPENSE_APPLICATION,
        project__in=projects,
        state__in=EDITABLE,
        first_submitted_at__isnull=False,
        application__reverses=None,
    )
    hidden = back.exclude(pk__in=back.drafted_by(person).order_by().values("pk"))
    contents = Revision.objects.filter(document__in=hidden, n=F("document__revision_n")).values_list(
        "content", flat=True
    )
    submitted = {line["id"] for content in contents for line in json.loads(content)["lines"]}
    if not submitted:
        return []
    rows = CompletionLine.objects.filter(document__number__in={name.partition("/")[0] for name in submitted})
    return [
        pk
        for pk, number, key in rows.values_list("pk", "document__number", "origin_line__key")
        if f"{number}/{key}" in submitted
    ]


def dates_of(month: date) -> tuple[Deadline, Deadline]:
    """How a month's two dates stand today: arrival with the group handler, and the whole chain signed."""
    today = clock.today()
    calendar = Calendar(today, month)
    return (
        deadline(handed_over_by(month, calendar), today, calendar, Purpose.ARRIVE),
        deadline(signed_by(month, calendar), today, calendar, Purpose.SIGN),
    )
