"""Arithmetic of the plan's dates. Pure leaf."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from organization.bounds import FIRST, LAST

__all__ = ["FIRST", "LAST", "add_months", "day_text", "derive"]


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it has no such day (31 August − 6 months = 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def derive(anchor_on: date | None, months: int, days: int) -> date | None:
    """A date from its anchor: months first, then days; None while the anchor has no date."""
    return None if anchor_on is None else add_months(anchor_on, months) + timedelta(days=days)


def day_text(day: date | None) -> str | None:
    """A date as logs and seals keep it."""
    return day.isoformat() if day else None
