"""A month's settlement on both sides: what was approved, confirmed, applied for and settled, and where the application lies.

Figures are of the forms of that month that the person may see, in 元, tax included, before commission.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import WorkLine
from documents.deadlines import Purpose
from documents.models import Document, Step
from documents.states import DocumentState, StepStatus
from documents.vocabulary import WORK_KINDS, Kind
from intervention.assessing.queries import of_month
from organization import clock
from organization.posts import Post
from organization.working_days import Calendar
from settlements.ageing import under_confirmation
from settlements.deadlines import handed_over_by, not_monthly, signed_by
from settlements.models import ApplicationLine
from settlements.queries import SideOfMonth, months_of_projects

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.deadlines import Deadline
    from documents.inbox import InboxRow
    from documents.queries import DocumentQuerySet
    from intervention.models import Assessment
    from organization.models import Person, Project


GROUP_HANDLERS = (Post.MARKETING_HANDLER, Post.SERVICE_HANDLER)


@dataclass(frozen=True, slots=True)
class Figures:
    """A month's forms of one side. ``confirming`` is in confirmations on their way, ``held`` in applications that are not
    approved, ``settled`` in approved ones."""

    approved: Decimal = Decimal(0)
    confirmed: Decimal = Decimal(0)
    confirming: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)
    lapsed: Decimal = Decimal(0)

    @property
    def unconfirmed(self) -> Decimal:
        """What nobody has filed a confirmation of."""
        return self.approved - self.confirmed - self.confirming - self.lapsed


@dataclass(frozen=True, slots=True)
class KeptDate:
    """What was reached on which day, and whether by its date (guide 6, 3. and 4.)."""

    purpose: Purpose
    on: date
    in_time: bool


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as a list row, with the moment since which it lies where it is and how it kept its two dates."""

    row: InboxRow
    since: datetime | None
    kept: tuple[KeptDate, ...] = ()

    @property
    def document(self) -> Document:
        return self.row.document

    @property
    def amount(self) -> Decimal:
        """As submitted, in 元; a draft's own."""
        return self.row.amount

    @property
    def done(self) -> int:
        return self.row.done

    @property
    def total(self) -> int:
        return self.row.total

    @property
    def current(self) -> str:
        """Posts whose turn it is."""
        return self.row.current

    @property
    def deadline(self) -> Deadline | None:
        return self.row.deadline

    @property
    def lay(self) -> timedelta | None:
        """How long it has lain there; None once it is decided."""
        return max(clock.now() - self.since, timedelta(0)) if self.since else None


@dataclass(frozen=True, slots=True)
class SideOverview:
    """One side of a project's month."""

    month: date
    of: SideOfMonth
    figures: Figures
    rows: list[ApplicationRow]
    # The property company's score of the month, as far as the person may see it: beside the sums, never part of them.
    assessment: Assessment | None = None

    @property
    def begun(self) -> bool:
        """Whether the month's own application stands."""
        return self.of.is_begun

    @property
    def warning(self) -> str:
        """What should have been begun by now and was not; empty where nothing is amiss."""
        if self.begun or self.month > clock.today():
            return ""
        if self.of.free_lines:
            return _("有已确认、未列入申请的工作，本月的费用申请尚未提交。")
        if self.figures.approved > self.figures.confirmed + self.figures.lapsed:
            return _("本月已通过的工作还没有确认；确认通过后才能申请费用。")
        return ""


@dataclass(frozen=True, slots=True)
class ProjectOverview:
    """A project's month; ``may_start`` for those who draft applications there."""

    project: Project
    may_start: bool
    # From which day on an application of the month can be begun, where that lies ahead.
    opens_on: date | None
    sides: list[SideOverview]


def month_overview(person: Person, month: date, project: str = "") -> list[ProjectOverview]:
    """Both sides of each project. The number of queries does not grow with projects, forms or applications."""
    board = months_of_projects(person, month, project)
    found = figures(person, month, [row.project for row in board])
    scores = of_month(person, month, [row.project for row in board])
    documents = [row.document for one in board for side in one.sides for row in side.rows]
    since, kept = since_when(documents), dates_kept(documents, month)
    return [
        ProjectOverview(
            one.project,
            one.may_start,
            month if month > clock.today() else None,
            [
                SideOverview(
                    month,
                    side,
                    found.get((one.project.pk, side.side), Figures()),
                    [
                        ApplicationRow(row, since.get(row.document.pk), kept.get(row.document.pk, ()))
                        for row in side.rows
                    ],
                    scores.get((one.project.pk, side.side)),
                )
                for side in one.sides
            ],
        )
        for one in board
    ]


def figures(person: Person, month: date, projects: Iterable[Project]) -> dict[tuple[int, str], Figures]:
    """Counters of a month's approved forms by project and side, and what applications on their way hold of them."""
    seen = Document.objects.visible_to(person).filter(
        kind__in=WORK_KINDS, state=DocumentState.APPROVED, period=month, project__in=projects
    )
    mine = WorkLine.objects.filter(document__in=seen.order_by().values("pk")).order_by()
    places = {"project": F("document__project"), "side": F("document__side")}
    sums = mine.values(**places).annotate(
        sum_amount=Sum("amount"), sum_confirmed=Sum("confirmed"), sum_settled=Sum("settled"), sum_lapsed=Sum("lapsed")
    )
    held = _held(person, seen, projects)
    confirming: dict[tuple[int, str], Decimal] = {}
    for (place, side, _month), amount in under_confirmation(person, seen).items():
        confirming[place, side] = confirming.get((place, side), Decimal(0)) + amount
    return {
        (row["project"], row["side"]): Figures(
            row["sum_amount"],
            row["sum_confirmed"],
            confirming.get((row["project"], row["side"]), Decimal(0)),
            held.get((row["project"], row["side"]), Decimal(0)),
            row["sum_settled"],
            row["sum_lapsed"],
        )
        for row in sums
    }


def _held(person: Person, forms: DocumentQuerySet, projects: Iterable[Project]) -> dict[tuple[int, str], Decimal]:
    """Amounts of a month's work in applications that stand and are not approved.

    Those being written, for the first time or again after a return or withdrawal, count for their drafting side alone: what
    stands in the working copy is not for others, and is not what was submitted.
    """
    seen = Document.objects.filter(kind=Kind.EXPENSE_APPLICATION, project__in=projects)
    applications = seen.visible_to(person).filter(
        Q(state=DocumentState.CIRCULATING) | Q(pk__in=seen.drafted_by(person).order_by().values("pk"))
    )
    rows = (
        ApplicationLine.objects.filter(
            live=True,
            reverses=None,
            document__in=applications.order_by().values("pk"),
            completion_line__origin_line__document__in=forms.order_by().values("pk"),
        )
        .order_by()
        .values(project=F("document__project"), side=F("document__side"))
        .annotate(sum=Sum("amount"))
    )
    return {(row["project"], row["side"]): row["sum"] for row in rows}


def dates_kept(documents: list[Document], month: date) -> dict[int, tuple[KeptDate, ...]]:
    """Of monthly applications: when what was submitted last reached the group handler, and when the whole chain had signed."""
    calendar = Calendar(clock.today(), month)
    by_arrival, by_end = handed_over_by(month, calendar), signed_by(month, calendar)
    apart = not_monthly(documents)
    reached = dict(
        Step.objects.filter(document__in=documents, post__in=GROUP_HANDLERS, revision_n=F("document__revision_n"))
        .exclude(opened_at=None)
        .order_by()
        .values_list("document")
        .annotate(at=Min("opened_at"))
    )
    found = {}
    for document in documents:
        days = [(Purpose.ARRIVE, reached.get(document.pk), by_arrival)]
        if document.state == DocumentState.APPROVED:
            days.append((Purpose.SIGN, document.decided_at, by_end))
        if document.pk not in apart and document.state in (DocumentState.CIRCULATING, DocumentState.APPROVED):
            found[document.pk] = tuple(
                KeptDate(purpose, timezone.localtime(at).date(), timezone.localtime(at).date() <= by)
                for purpose, at, by in days
                if at is not None
            )
    return found


def since_when(documents: Iterable[Document]) -> dict[int, datetime]:
    """Since when each undecided document lies where it is: its open stations, or the desk of who writes it."""
    rows = {document.pk: document for document in documents}
    opened = dict(
        Step.objects.filter(document__in=rows, status=StepStatus.OPEN)
        .order_by()
        .values_list("document")
        .annotate(at=Min("opened_at"))
    )
    return {pk: opened.get(pk) or document.changed_at for pk, document in rows.items() if document.decided_at is None}
