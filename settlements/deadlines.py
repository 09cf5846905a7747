"""The two dates of a month's settlement (guide 6, 3. and 4.), on working days, and the cut-off day."""

from __future__ import annotations

import calendar as months
from datetime import date

from documents.deadlines import Deadline, deadline
from organization.working_days import Calendar

__all__ = ["Deadline", "cut_off", "deadline", "handed_over_by", "signed_by"]

SIGNED_BY_DAY = 22


def handed_over_by(month: date, calendar: Calendar | None = None) -> date:
    """By when the application has reached the group handler: the month's last day, moved to the working day before."""
    last = month.replace(day=months.monthrange(month.year, month.month)[1])
    return (calendar or Calendar(last)).on_or_before(last)


def signed_by(month: date, calendar: Calendar | None = None) -> date:
    """By when the whole chain is signed: the 22nd of the next month, included, moved to the working day before."""
    if (month.year, month.month) == (date.max.year, 12):
        return date.max  # There is no month after it.
    year, following = (month.year + 1, 1) if month.month == 12 else (month.year, month.month + 1)
    day = date(year, following, SIGNED_BY_DAY)
    return (calendar or Calendar(day)).on_or_before(day)


def cut_off(month: date, day: int = 25) -> date:
    """The last day whose confirmations belong to the month's application (policy); a calendar date, not moved."""
    return month.replace(day=min(max(day, 1), months.monthrange(month.year, month.month)[1]))
