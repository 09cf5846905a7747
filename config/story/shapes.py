"""The shapes in which the story is written: what was filed, confirmed and settled, by whom and on which day. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from documents.vocabulary import Kind, Side
from organization import clock

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
# What is said of a line that is confirmed without a paper.
WITHOUT_PAPERS = "现场验收合格，票据随月末单据寄送"
CLERK, MANAGER = "property_clerk", "property_project_manager"

# What is typed of a line, in the order of the form's columns; computed cells are left to the form.
_SERVICE = ("subject", "description", "starts_on", "ends_on", "people", "days", "price")
_ARTICLE = ("subject", "specification", "unit", "quantity", "price", "description")
TYPED: dict[str, tuple[str, ...]] = {
    Kind.STAFFING_PLAN: (
        "department_name",
        "subject",
        "quantity",
        "wage",
        "social_insurance",
        "benefits",
        "other_cost",
    ),
    Kind.ADMIN_EXPENSE_PLAN: ("category", "subject", "description", "unit", "quantity", "price"),
    Kind.PURCHASE_REQUEST: ("category", *_ARTICLE),
    Kind.SERVICE_CONFIRMATION: _SERVICE,
    Kind.UNPLANNED_WORK: _SERVICE,
    Kind.UNPLANNED_PURCHASE: _ARTICLE,
    Kind.SALES_OFFICE_SUNDRIES: _ARTICLE,
}

# Weekdays that were holidays while the story runs: Mid-Autumn and National Day 2026. It works on no weekend.
HOLIDAYS = frozenset({date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))})


def is_office_day(day: date) -> bool:
    """Whether the offices of the story are open."""
    return day.weekday() < 5 and day not in HOLIDAYS


@dataclass(frozen=True, slots=True)
class Slot:
    """A half day in the office: from it the next one follows, over nights, weekends and holidays."""

    day: date
    afternoon: bool = False

    def later(self, half_days: int = 1) -> Slot:
        """The slot so many half days on."""
        slot = self
        for _n in range(half_days):
            slot = Slot(slot.day, True) if not slot.afternoon else Slot(_next_office_day(slot.day))
        return slot

    def moment(self, minutes: int) -> datetime:
        """A moment of it: ``minutes`` after nine in the morning or two in the afternoon."""
        start = clock.shanghai(self.day.year, self.day.month, self.day.day, 14 if self.afternoon else 9)
        return start + timedelta(minutes=minutes)


def _next_office_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_office_day(day):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of our own making: ``form`` says how it is drawn (``config.story.evidence``), ``paper`` which required one it is."""

    name: str
    form: str
    rows: tuple[str, ...] = ()
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A form sent back once with a lower amount for a line (核减); its submitter takes it over."""

    by: str
    subject: str
    to: str
    opinion: str


@dataclass(frozen=True, slots=True)
class Less:
    """A line confirmed lower than approved."""

    quantity: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class Done:
    """The confirmation of a form: filed on a day, with what was less, and how far it has come.

    ``waits_for`` is the post that has not signed yet; ``returned`` the post that sent it back, with its reason.
    """

    filed: date
    less: Mapping[str, Less] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    by: str = CLERK
    waits_for: str = ""
    returned: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A work form. ``lines`` are written afresh; ``copied`` takes last month's and then changes, drops and adds some.

    ``changed`` names lines by their subject, ``opinions`` signers by their post.
    """

    kind: Kind
    month: date
    filed: date
    lines: tuple[tuple[str, ...], ...] = ()
    copied: bool = False
    changed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    head: Mapping[str, str] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    by: str = CLERK
    late_reason: str = ""
    cut: Cut | None = None
    opinions: Mapping[str, str] = field(default_factory=dict)
    done: Done | None = None

    def typed(self) -> list[dict[str, str]]:
        """``lines`` as cells by column."""
        return [dict(zip(TYPED[self.kind], line, strict=False)) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Settlement:
    """An application: opened on a day, signed by the property company at once, by the developer on the days named."""

    side: Side
    month: date
    opened: date
    reviewed: tuple[date, date, date, date]
    note: str
    opinions: Mapping[str, str] = field(default_factory=dict)
