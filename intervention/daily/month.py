"""A month's logs summed up: figures by how far they are confirmed, days with their logs. Pure over loaded logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from intervention.daily.states import TOLD, DayLogState, Spot

if TYPE_CHECKING:
    from intervention.models import DayLog, GuardPost
    from organization.models import Instalment, Project


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over some logs. ``person_hours`` is hours × people of each event."""

    logs: int
    days: int
    introductions: int
    visitors: int
    cleanings: int
    events: int
    people: int
    person_hours: Decimal
    missing: int


def figures_of(logs: Iterable[DayLog]) -> Figures:
    """Add logs up."""
    found = list(logs)
    events = [log for log in found if log.spot == Spot.EVENT]
    return Figures(
        logs=len(found),
        days=len({log.day for log in found}),
        introductions=sum(log.introductions or 0 for log in found),
        visitors=sum(log.visitors or 0 for log in found),
        cleanings=sum(log.cleanings or 0 for log in found),
        events=len(events),
        people=sum(log.people or 0 for log in events),
        person_hours=sum((person_hours(log) for log in events), Decimal(0)),
        missing=sum(bool(log.goods_missing) for log in found),
    )


def person_hours(log: DayLog) -> Decimal:
    """Hours × people of an event; nothing while either is missing."""
    return (log.hours or Decimal(0)) * (log.people or 0)


@dataclass(frozen=True, slots=True)
class GuardSum:
    """One guard post of the month, or all of them: ``hours`` is heads × time of each shift."""

    name: str
    days: int
    shifts: int
    people: int
    hours: Decimal


def guard_sum(name: str, posts: Iterable[GuardPost]) -> GuardSum:
    """Add shifts up."""
    found = list(posts)
    minutes = sum(post.heads * post.minutes for post in found)
    days = len({post.day for post in found})
    return GuardSum(name, days, len(found), sum(post.heads for post in found), Decimal(minutes) / 60)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a project or an instalment. Drafts are on the page and not in the evidence."""

    project: Project
    instalment: Instalment | None
    first: date
    logs: Sequence[DayLog]
    # Returned logs that another company than the reader's is rewriting.
    rewritten: int = 0
    # Guards of the sales office and the show flat (guide 3.1.2), struck ones left out.
    posts: Sequence[GuardPost] = ()

    @property
    def place(self) -> Instalment | Project:
        """The instalment, or the whole project."""
        return self.instalment or self.project

    @property
    def code(self) -> str:
        """The code of the instalment or project."""
        return self.place.code

    @property
    def confirmed(self) -> list[DayLog]:
        """Logs that 营销小组 has confirmed."""
        return [log for log in self.logs if log.state == DayLogState.CONFIRMED]

    @property
    def filed(self) -> list[DayLog]:
        """Logs that wait for confirmation."""
        return [log for log in self.logs if log.state == DayLogState.FILED]

    @property
    def drafts(self) -> list[DayLog]:
        """Logs that are still being written."""
        return [log for log in self.logs if log.state == DayLogState.DRAFT]

    @property
    def told(self) -> list[DayLog]:
        """Logs of the evidence: filed and confirmed ones, in the order of their days."""
        return [log for log in self.logs if log.state in TOLD]

    @property
    def figures(self) -> Figures:
        """Confirmed logs added up."""
        return figures_of(self.confirmed)

    @property
    def waiting(self) -> Figures:
        """Filed logs added up."""
        return figures_of(self.filed)

    @property
    def events(self) -> list[DayLog]:
        """Events of the evidence."""
        return [log for log in self.told if log.spot == Spot.EVENT]

    @property
    def has_evidence(self) -> bool:
        """Whether there is anything to show of the month."""
        return bool(self.told or self.posts)

    @property
    def guards(self) -> list[GuardSum]:
        """Shifts by post."""
        names = sorted({post.name for post in self.posts})
        return [guard_sum(name, (post for post in self.posts if post.name == name)) for name in names]

    @property
    def guarded(self) -> GuardSum:
        """All shifts."""
        return guard_sum("", self.posts)

    def by_day(self) -> list[tuple[date, list[DayLog]]]:
        """All logs by their day."""
        return [(day, list(logs)) for day, logs in groupby(self.logs, key=lambda log: log.day)]
