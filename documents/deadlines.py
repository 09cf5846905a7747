"""How a form stands to its date: derived on reading, never stored (guide 6). Pure but for the calendar it is given.

A kind says by what date it has to be where (``FormKind.limits``); this module turns that into late, near or due.
``documents.due`` asks the kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from organization.working_days import Calendar

LATE, NEAR, DUE = "late", "near", "due"
# Working days before its date, the day itself included, from which a form is near it.
NEAR_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class Limit:
    """By when what has to be done: ``purpose`` in words (送达经办).

    ``remind`` are posts that are reminded beside those before whom the form lies.
    """

    on: date
    purpose: str | Promise = ""
    remind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date and how a form stands to it. ``days_left`` are working days, negative once it is past.

    ``state``: late, near or due; empty where nothing is awaited any more. ``purpose`` says what has to be done by then,
    ``note`` that the year's holidays are unknown; mostly it is empty.
    """

    on: date
    state: str
    days_left: int
    note: str = ""
    purpose: str | Promise = ""


def deadline(on: date, today: date, calendar: Calendar, purpose: str | Promise = "") -> Deadline:
    """A date as it stands today: late after it, near from three working days before it, due before that."""
    left = calendar.working_days_until(today, on)
    state = LATE if today > on else NEAR if left <= NEAR_WORKING_DAYS else DUE
    return Deadline(on, state, left, calendar.note(on), purpose)


def month_from(month: date, n: int) -> date:
    """The first day of the month ``n`` months after a month, negative before; the calendar's ends hold it."""
    count = month.year * 12 + month.month - 1 + n
    year, index = divmod(min(max(count, 12), date.max.year * 12 + 11), 12)
    return date(year, index + 1, 1)


def last_month_due(due_on: Callable[[date, Calendar], date], by: date, calendar: Calendar) -> date | None:
    """The newest month whose date is no later than ``by``, for a date that grows with the month; None where there is none.

    Such dates lie within a month or so of their month: the walk begins two months on and ends after a few steps.
    """
    month = month_from(by, 2)
    while due_on(month, calendar) > by:
        earlier = month_from(month, -1)
        if earlier == month:
            return None
        month = earlier
    return month
