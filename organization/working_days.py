"""Working days: Monday to Friday but for what the calendar says otherwise (guide 6.4).

A year that was never imported counts Monday to Friday, and ``note`` says so; nothing here raises for a date that exists.
A page with many dates makes one ``Calendar`` and hands it on: one query, whatever the number of dates. The functions below
are for a single date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from organization.models import CalendarYear

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def _years(days: Iterable[date]) -> list[int]:
    return sorted({day.year for day in days})


class Calendar:
    """What is known of a run of years, read once; asked for a year outside it, it reads on."""

    def __init__(self, *days: date) -> None:
        self._days: dict[date, bool] = {}
        self._known: set[int] = set()
        self._loaded: range = range(0)
        if days:
            # The year before and the year after: deadlines move across the turn of the year.
            self._load(min(days).year - 1, max(days).year + 1)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        self._load(day.year, day.year)
        return self._days.get(day, day.weekday() < SATURDAY)

    def on_or_before(self, day: date) -> date:
        """The day itself, or the last working day before it; the calendar's first day where there is none."""
        while not self.is_working_day(day) and day > date.min:
            day -= ONE_DAY
        return day

    def before(self, day: date, n: int) -> date:
        """The ``n``-th working day before a day, itself not counted; the calendar's first day where there are fewer."""
        for _step in range(n):
            if day == date.min:
                break
            day = self.on_or_before(day - ONE_DAY)
        return day

    def after(self, day: date, n: int) -> date:
        """The ``n``-th working day after a day, itself not counted; the calendar's last day where there are fewer."""
        while n > 0 and day < date.max:
            day += ONE_DAY
            n -= self.is_working_day(day)
        return day

    def working_days_until(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is past."""
        if end < start:
            return -self.working_days_until(end, start)
        self._load(start.year, end.year)
        moved = sum(works - (day.weekday() < SATURDAY) for day, works in self._days.items() if start < day <= end)
        return _weekdays_up_to(end) - _weekdays_up_to(start) + moved

    def unknown_years(self, *days: date | None) -> list[int]:
        """Years of these days whose holidays were never imported."""
        given = [day for day in days if day is not None]
        if given:
            self._load(min(given).year, max(given).year)
        return [year for year in _years(given) if year not in self._known]

    def note(self, *days: date | None) -> str:
        """The sentence for pages that show dates of unknown years; empty where all are known."""
        years = self.unknown_years(*days)
        if not years:
            return ""
        return _("%(years)s年节假日未导入，按周一至周五计算") % {"years": "、".join(map(str, years))}

    def _load(self, first: int, last: int) -> None:
        """Read years that are not read yet, in one query; years without entries are read too."""
        if first in self._loaded and last in self._loaded:
            return
        if self._loaded:
            first, last = min(first, self._loaded[0]), max(last, self._loaded[-1])
        rows = CalendarYear.objects.filter(year__range=(max(first, 0), last)).order_by()
        for year, day, works in rows.values_list("year", "days__day", "days__is_working"):
            self._known.add(year)
            if day is not None:
                self._days[day] = works
        self._loaded = range(first, last + 1)


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from 0001-01-01, which was a Monday, up to and including a day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)
