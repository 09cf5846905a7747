"""The working calendar as administrators keep it: the verb that takes years over, and the years as their page shows them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from organization import clock, trail
from organization.calendar_text import BYTES, NamedDay, decode, read_calendar
from organization.models import CalendarDay, CalendarYear
from organization.refusals import OrganizationRefused
from organization.starting import begin
from organization.texts import is_clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organization.models import Person

# What migration 0003 inserts, and from where it says it is.
FIRST_FILE = Path(__file__).parent / "migrations" / "china_calendar.csv"
FIRST_SOURCE = "chinesecalendar 1.11.0"
_WORKING = "班"
# Years from last year on that the page misses when they are unknown: dates of this year's December lie in the next one.
AHEAD = 1
SOURCE_LENGTH = 200


@transaction.atomic
def import_calendar(*, actor: Person | None, data: str | bytes, source: str) -> list[CalendarYear]:
    """Take over the years of a text, each replacing what was known of it; all or nothing.

    Effects: the days, and an event ``calendar_imported`` a year. Raises ``OrganizationRefused`` with every fault by line.
    ``actor`` None: on the server's command line.
    """
    begin(actor)
    if len(data) > BYTES:
        raise OrganizationRefused(_("文件过大，请不超过 %(n)d KB。") % {"n": BYTES // 1024})
    text = decode(data) if isinstance(data, bytes) else data
    if text is None or "\0" in text:
        raise OrganizationRefused(_("读不出文字：请用 CSV（UTF-8 或 GBK）文件，或直接粘贴。"))
    days, faults = read_calendar(text)
    if faults:
        raise OrganizationRefused(*faults)
    source = source.strip() or _("手工录入")
    if not is_clean(source) or "\n" in source or len(source) > SOURCE_LENGTH:
        raise OrganizationRefused(_("来源含有不可见字符或超过 %(n)d 字。") % {"n": SOURCE_LENGTH})
    by_year: dict[int, list[NamedDay]] = {}
    for day in days:
        by_year.setdefault(day.day.year, []).append(day)
    return [_replace(actor, year, rows, source) for year, rows in sorted(by_year.items())]


def _replace(actor: Person | None, year: int, days: list[NamedDay], source: str) -> CalendarYear:
    kept: CalendarYear = CalendarYear.objects.update_or_create(
        year=year, defaults={"source": source, "imported_at": clock.now(), "imported_by": actor}
    )[0]
    kept.days.all().delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(year=kept, day=day.day, is_working=day.is_working, name=day.name) for day in days
    )
    trail.record(
        "calendar_imported",
        actor,
        year=year,
        holidays=sum(not day.is_working for day in days),
        make_up_days=sum(day.is_working for day in days),
        source=source,
        sha256=digest((day.day, day.is_working, day.name) for day in days),
    )
    return kept


def digest(days: Iterable[tuple[date, bool, str]]) -> str:
    """A year's days in one hash, by which ``verify`` knows them again."""
    text = "\n".join(f"{day.isoformat()} {int(works)} {name}" for day, works, name in days)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def first_filling() -> dict[int, list[tuple[date, bool, str]]]:
    """The years with which every database begins, by ``china_calendar.csv``; each day's date, whether it is worked, its name."""
    found: dict[int, list[tuple[date, bool, str]]] = {}
    with FIRST_FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for text, kind, name in rows:
            day = date.fromisoformat(text)
            found.setdefault(day.year, []).append((day, kind == _WORKING, name))
    return {year: sorted(days) for year, days in found.items()}


@dataclass(slots=True)
class Span:
    """Days in a row of one kind and name: 10-01 至 10-07 国庆节."""

    first: date
    last: date
    name: str
    is_working: bool

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(slots=True)
class Year:
    """A year at a glance; ``kept`` None where nothing is known of it."""

    number: int
    kept: CalendarYear | None = None
    spans: list[Span] = field(default_factory=list)

    @property
    def holidays(self) -> list[Span]:
        """Public holidays, weekends within them included."""
        return [span for span in self.spans if not span.is_working]

    @property
    def make_up(self) -> list[Span]:
        """Weekend days that are worked."""
        return [span for span in self.spans if span.is_working]


def years() -> list[Year]:
    """Every year that is known, and those missing that people need now, newest first. Two queries."""
    this_year = clock.today().year
    found = {number: Year(number) for number in range(this_year, this_year + AHEAD + 1)}
    for row in CalendarYear.objects.select_related("imported_by").prefetch_related("days"):
        spans: list[Span] = []
        for day in row.days.all():
            last = spans[-1] if spans else None
            joins = last and (last.name, last.is_working) == (day.name, day.is_working)
            if last and joins and (day.day - last.last).days == 1:
                last.last = day.day
            else:
                spans.append(Span(day.day, day.day, day.name, day.is_working))
        found[row.year] = Year(row.year, row, spans)
    return [found[number] for number in sorted(found, reverse=True)]


def missing_years() -> list[int]:
    """This year and the next, as far as nothing is known of them."""
    return sorted(year.number for year in years() if year.kept is None)
