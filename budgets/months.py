"""A month as its forms stand: what is expected, where each form lies and since when, what is missing, and the sums. Pure.

``budgets.queries.month_board`` reads the rows; only what the person may see comes in, so only that is listed and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from documents.deadlines import LATE
from documents.states import DEAD, EDITABLE, UNDECIDED, DocumentState
from documents.vocabulary import MONTHLY_KINDS, WORK_KINDS

if TYPE_CHECKING:
    from documents.deadlines import Deadline
    from documents.models import Document
    from organization.models import Instalment, Project


@dataclass(frozen=True, slots=True)
class Desk:
    """A post before which a form lies, with the names of its holders; no post for the person who writes it."""

    post: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a form lies and since when; ``done`` of ``total`` stations of its chain have signed."""

    desks: tuple[Desk, ...] = ()
    since: datetime | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A form of the month, or (``document`` None) a monthly form that nobody has begun. Amounts in 元.

    ``amount`` is what this person is shown: as submitted, the working copy's for its drafting side.
    """

    kind: str
    instalment: Instalment
    document: Document | None = None
    amount: Decimal | None = None
    lying: Lying = field(default_factory=Lying)
    lay: timedelta | None = None
    deadline: Deadline | None = None
    # Who should file what is missing, and whether the person who looks may begin it.
    filers: tuple[Desk, ...] = ()
    may_start: bool = False

    @property
    def due(self) -> str:
        """How it stands to its date: late, near, due, or empty without one."""
        return self.deadline.state if self.deadline else ""

    @property
    def is_live(self) -> bool:
        """Submitted and neither rejected nor voided: it counts."""
        return self.document is not None and self.document.is_submitted and self.document.state not in DEAD

    @property
    def approved(self) -> Decimal:
        """The amount once the last station has signed."""
        return (self.amount or Decimal(0)) if self.is_approved else Decimal(0)

    @property
    def on_way(self) -> Decimal:
        """The amount while it is submitted and not yet approved."""
        return (self.amount or Decimal(0)) if self.is_live and not self.is_approved else Decimal(0)

    @property
    def is_approved(self) -> bool:
        return self.document is not None and self.document.state == DocumentState.APPROVED

    @property
    def is_missing(self) -> bool:
        return self.document is None


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts in 元 and counts. Expected are the monthly forms and whatever else was submitted: submitted + missing."""

    on_way: Decimal = Decimal(0)
    approved: Decimal = Decimal(0)
    submitted_n: int = 0
    approved_n: int = 0
    missing_n: int = 0
    overdue_n: int = 0
    late_n: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, name.name) + getattr(other, name.name) for name in fields(self)))

    @property
    def together(self) -> Decimal:
        """Everything submitted that is still alive."""
        return self.on_way + self.approved

    @property
    def expected_n(self) -> int:
        return self.submitted_n + self.missing_n


def _total(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())


@dataclass(frozen=True, slots=True)
class InstalmentMonth:
    """An instalment's lines in the guide's order, and their sums."""

    instalment: Instalment
    lines: tuple[Line, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class ProjectMonth:
    """A project's instalments and their sums."""

    project: Project
    instalments: tuple[InstalmentMonth, ...]

    @property
    def sums(self) -> Sums:
        return _total(part.sums for part in self.instalments)


@dataclass(frozen=True, slots=True)
class Board:
    """The month; ``next_key`` is the project code after which the next page starts, empty on the last."""

    month: date
    projects: tuple[ProjectMonth, ...]
    next_key: str = ""

    @property
    def sums(self) -> Sums:
        """Over the projects shown."""
        return _total(part.sums for part in self.projects)

    @property
    def note(self) -> str:
        """That the holidays of a shown date's year are unknown."""
        parts = (part for row in self.projects for part in row.instalments)
        notes = (line.deadline.note for part in parts for line in part.lines if line.deadline)
        return next(filter(None, notes), "")


def line_of(document: Document, lying: Lying, now: datetime, monthly: Deadline, *, drafting_side: bool) -> Line:
    """A form as a line; whoever does not write it sees the amount of the newest submission.

    ``monthly`` is the date of the month's monthly forms: through their chain before it begins (guide 6, 1.).
    """
    own = drafting_side and document.state in EDITABLE
    dated = document.kind in MONTHLY_KINDS and document.state in UNDECIDED
    return Line(
        kind=document.kind,
        instalment=document.instalment,
        document=document,
        amount=document.amount if own or document.signed_amount is None else document.signed_amount,
        lying=lying,
        lay=None if lying.since is None else max(now - lying.since, timedelta(0)),
        deadline=monthly if dated else None,
    )


def instalment_month(instalment: Instalment, lines: Iterable[Line], missing: Sequence[Line]) -> InstalmentMonth:
    """Put an instalment's lines together: ``missing`` holds a line for each monthly form that is expected there.

    One is missing until it is submitted: while a draft lies about, the draft stands in its place.
    """
    lines = list(lines)
    live = [line for line in lines if line.is_live]
    filed = {line.kind for line in live}
    begun = {line.kind for line in lines if line.document is not None and not line.document.is_submitted}
    open_slots = [line for line in missing if line.kind not in filed]
    sums = Sums(
        on_way=sum((line.on_way for line in live), Decimal(0)),
        approved=sum((line.approved for line in live), Decimal(0)),
        submitted_n=len(live),
        approved_n=sum(line.is_approved for line in live),
        missing_n=len(open_slots),
        overdue_n=sum(line.due == LATE for line in (*open_slots, *live)),
        late_n=sum(line.document is not None and line.document.late for line in live),
    )
    # A draft beside a form that was submitted is late for nothing.
    lines = [replace(line, deadline=None) if line.kind in filed and not line.is_live else line for line in lines]
    shown = lines + [line for line in open_slots if line.kind not in begun]
    # Forms that ended (rejected, voided) stand before what replaces them: by key, and what nobody began last.
    order = [str(kind) for kind in WORK_KINDS]
    shown.sort(
        key=lambda line: (order.index(line.kind), line.document is None, line.document.pk if line.document else 0)
    )
    return InstalmentMonth(instalment, tuple(shown), sums)
