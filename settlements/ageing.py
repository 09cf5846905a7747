"""What was approved and is not yet confirmed, or confirmed and not yet settled, by age. Begins at what the person may see.

The age of a form is counted from the end of its month, for both: a confirmation for a later month makes its work no
younger. Amounts in 元, tax included, before commission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from budgets.models import WorkLine
from budgets.queries import pending_by_form
from budgets.taking import TAKING
from documents.forms import next_month, read_month
from documents.models import Document
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS, Kind, Side
from organization import access, clock
from settlements.models import ApplicationLine

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from documents.queries import DocumentQuerySet
    from organization.models import Person, Project

PAGE = 50
# Days since the month ended, included; what is older than the last goes into one more column.
LIMITS = (-1, 30, 60, 90)
BUCKETS = range(len(LIMITS) + 1)
# Lines of which something is left; the partial index ``work_line_unfinished`` has the same condition.
UNFINISHED = Q(confirmed__lt=F("amount") - F("lapsed")) | Q(settled__lt=F("confirmed"))


def bucket_labels() -> tuple[str, ...]:
    """Heads of the columns, youngest first."""
    return (_("当月未完"), _("0–30 天"), _("31–60 天"), _("61–90 天"), _("90 天以上"))


def age_of(month: date, today: date) -> int:
    """Days since the last day of a month; below nought while it runs or is still to come."""
    return (today - (next_month(month) - timedelta(days=1))).days


def bucket_of(month: date, today: date) -> int:
    """Which column a month's work stands in. The month's last day itself is day 0."""
    age = age_of(month, today)
    return next((index for index, limit in enumerate(LIMITS) if age <= limit), len(LIMITS))


@dataclass(frozen=True, slots=True)
class Balance:
    """approved = settled + unsettled + open + lapsed, in 元 (M5).

    ``confirming`` is the part of ``open`` that lies in confirmations on their way, ``applied`` the part of ``unsettled`` that
    lies in applications on their way: neither lies idle.
    """

    approved: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)
    unsettled: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    lapsed: Decimal = Decimal(0)
    confirming: Decimal = Decimal(0)
    applied: Decimal = Decimal(0)

    def __add__(self, other: Balance) -> Balance:
        return Balance(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def accounted(self) -> Decimal:
        """What the parts come to."""
        return self.settled + self.unsettled + self.open + self.lapsed

    @property
    def difference(self) -> Decimal:
        """Nought, or the counters and the signed totals have parted and ``verify`` says where."""
        return self.approved - self.accounted


@dataclass(slots=True)
class Place:
    """One side of a project: amounts by column, and its balance."""

    project: Project
    side: str
    open: list[Decimal] = field(default_factory=lambda: [Decimal(0) for _bucket in BUCKETS])
    unsettled: list[Decimal] = field(default_factory=lambda: [Decimal(0) for _bucket in BUCKETS])
    balance: Balance = Balance()

    @property
    def label(self) -> str:
        return str(Side(self.side).label)


@dataclass(frozen=True, slots=True)
class Aged:
    """A form of which something is left."""

    document: Document
    age: int
    bucket: int
    balance: Balance


@dataclass(frozen=True, slots=True)
class Ageing:
    """Places with their columns, and a page of forms, oldest month first; ``older`` is where the next page starts."""

    today: date
    places: list[Place]
    forms: list[Aged]
    older: str = ""

    @property
    def balance(self) -> Balance:
        """Over all places shown."""
        return sum((place.balance for place in self.places), Balance())

    @property
    def open(self) -> list[Decimal]:
        """Not confirmed, by column, over all places."""
        return _columns(place.open for place in self.places)

    @property
    def unsettled(self) -> list[Decimal]:
        """Confirmed and not settled, by column, over all places."""
        return _columns(place.unsettled for place in self.places)


def _columns(rows: Iterable[list[Decimal]]) -> list[Decimal]:
    sums = [Decimal(0) for _bucket in BUCKETS]
    for row in rows:
        sums = [one + other for one, other in zip(sums, row, strict=True)]
    return sums


def chosen_projects(person: Person, code: str) -> dict[int, Project] | None:
    """Projects that the person may see, all or the one named; None where that one is not among them."""
    projects = access.visible_projects(person, clock.today()).order_by("name", "code")
    found = {row.pk: row for row in (projects.filter(code=code) if code else projects)}
    return None if code and not found else found


def ageing(
    person: Person, projects: dict[int, Project], side: str = "", after: str = "", size: int | None = PAGE
) -> Ageing:
    """The places and a page of forms; ``size`` None takes every form. Ten queries whatever their number."""
    today = clock.today()
    seen = _approved(person, projects, side)
    forms, older = _forms(person, seen, after, size, today)
    return Ageing(today, _places(person, seen, projects, today), forms, older)


def _approved(person: Person, projects: dict[int, Project], side: str) -> DocumentQuerySet:
    seen = Document.objects.visible_to(person).filter(
        kind__in=WORK_KINDS, state=DocumentState.APPROVED, project__in=projects
    )
    return seen.filter(side=side) if side else seen


def _places(person: Person, seen: DocumentQuerySet, projects: dict[int, Project], today: date) -> list[Place]:
    """Sums of the database by project, side and month, put into columns."""
    found: dict[tuple[int, str], Place] = {}

    def place(row: dict[str, object]) -> Place:
        key = (row["project"], row["side"])
        return found.setdefault(key, Place(projects[key[0]], key[1]))

    for row in seen.order_by().values("project", "side").annotate(sum=Sum("amount")):
        place(row).balance += Balance(approved=row["sum"])
    # One pass over forms and lines together: 100,000 forms are read once.
    by_month = seen.order_by().values("project", "side", "period").annotate(**_sums("work_lines__"))
    for row in by_month:
        at, left = place(row), _left(row)
        bucket = bucket_of(row["period"], today)
        at.open[bucket] += left.open
        at.unsettled[bucket] += left.unsettled
        at.balance += left
    for moving, name in ((under_confirmation, "confirming"), (under_application, "applied")):
        for (project, side, _month), amount in moving(person, seen).items():
            found[project, side].balance += Balance(**{name: amount})
    order = list(projects)
    return sorted(found.values(), key=lambda one: (order.index(one.project.pk), Side.values.index(one.side)))


Cell = tuple[int, str, date]


def under_confirmation(person: Person, forms: DocumentQuerySet) -> dict[Cell, Decimal]:
    """Amounts of these forms in confirmations that were submitted and are not decided, as submitted; by project, side, month."""
    return _cells(
        Document.objects.visible_to(person)
        .with_signed_amount()
        .filter(completion__origin__in=forms.order_by().values("pk"), **_MOVING)
        .values_list("project", "side", "completion__origin__period", "signed_amount")
    )


def under_application(person: Person, forms: DocumentQuerySet) -> dict[Cell, Decimal]:
    """Amounts of these forms in applications that were submitted and are not decided."""
    return _cells(
        _circulating(person)
        .filter(completion_line__origin_line__document__in=forms.order_by().values("pk"))
        .order_by()
        .values_list("document__project", "document__side", "completion_line__origin_line__document__period")
        .annotate(sum=Sum("amount"))
    )


def _circulating(person: Person) -> QuerySet[ApplicationLine]:
    """Lines of applications on their way that the person may see; taken-back ones are none."""
    applications = Document.objects.visible_to(person).filter(
        kind=Kind.EXPENSE_APPLICATION, state=DocumentState.CIRCULATING
    )
    return ApplicationLine.objects.filter(live=True, reverses=None, document__in=applications.order_by().values("pk"))


_MOVING: dict[str, object] = {"state__in": TAKING, "first_submitted_at__isnull": False}


def _cells(rows: Iterable[tuple[int, str, date, Decimal]]) -> dict[Cell, Decimal]:
    found: dict[Cell, Decimal] = {}
    for project, side, month, amount in rows:
        found[project, side, month] = found.get((project, side, month), Decimal(0)) + amount
    return found


def _sums(at: str = "") -> dict[str, Sum]:
    """Sums of the counters of lines, which stand at ``at``."""
    return {f"sum_{name}": Sum(f"{at}{name}") for name in ("amount", "confirmed", "settled", "lapsed")}


def _left(row: dict[str, Decimal]) -> Balance:
    """The parts of a balance from sums of counters."""
    return Balance(
        settled=row["sum_settled"],
        unsettled=row["sum_confirmed"] - row["sum_settled"],
        open=row["sum_amount"] - row["sum_confirmed"] - row["sum_lapsed"],
        lapsed=row["sum_lapsed"],
    )


def _forms(person: Person, seen: DocumentQuerySet, after: str, size: int | None, today: date) -> tuple[list[Aged], str]:
    rows = seen.filter(pk__in=WorkLine.objects.filter(UNFINISHED).values("document"))
    if (key := read_key(after)) is not None:
        month, pk = key
        rows = rows.filter(Q(period__gt=month) | Q(period=month, pk__gt=pk))
    rows = rows.select_related("project", "instalment", "creator", "submitted_by").order_by("period", "pk")
    found = list(rows[: size + 1]) if size else list(rows)
    shown = found[:size] if size else found
    sums = {
        row["document"]: _left(row)
        for row in WorkLine.objects.filter(document__in=[form.pk for form in shown])
        .order_by()
        .values("document")
        .annotate(**_sums())
    }
    pending = pending_by_form(form.pk for form in shown)
    applied = _applied_by_form(person, shown)
    aged = [
        Aged(
            form,
            age_of(form.period, today),
            bucket_of(form.period, today),
            sums[form.pk]
            + Balance(
                approved=form.amount,
                confirming=pending.get(form.pk, Decimal(0)),
                applied=applied.get(form.pk, Decimal(0)),
            ),
        )
        for form in shown
    ]
    older = f"{shown[-1].period:%Y-%m}.{shown[-1].pk}" if len(found) > len(shown) else ""
    return aged, older


def _applied_by_form(person: Person, forms: list[Document]) -> dict[int, Decimal]:
    rows = (
        _circulating(person)
        .filter(completion_line__origin_line__document__in=[form.pk for form in forms])
        .order_by()
        .values_list("completion_line__origin_line__document")
        .annotate(sum=Sum("amount"))
    )
    return dict(rows)


def read_key(text: str) -> tuple[date, int] | None:
    """``2026-10.123``, the form after which a page starts; None for everything else."""
    month, _dot, pk = text.partition(".")
    first = read_month(month)
    return (first, int(pk)) if first and pk.isascii() and pk.isdecimal() and len(pk) < 19 else None
