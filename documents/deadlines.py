"""How a form stands to its date: derived on reading, never stored (guide 6).

A kind says by what date it has to be where (``FormKind.limits``); this module turns that into late, near or due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from organization.working_days import Calendar

LATE, NEAR, DUE = "late", "near", "due"
# Working days before its date, the day itself included, from which a form is near it.
NEAR_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date and how a form stands to it. ``days_left`` are working days, negative once it is past.

    ``state``: late, near, due, or empty where nothing is awaited any more. ``purpose`` names what has to be done by then
    (a code of ``wording.deadline_text``); ``note`` says that the year's holidays are unknown, mostly empty.
    """

    on: date
    state: str
    days_left: int
    note: str = ""
    purpose: str = ""


def deadline(on: date, today: date, calendar: Calendar, purpose: str = "") -> Deadline:
    """A date as it stands today: late after it, near from three working days before it, due before that."""
    left = calendar.working_days_until(today, on)
    state = LATE if today > on else NEAR if left <= NEAR_WORKING_DAYS else DUE
    return Deadline(on, state, left, calendar.note(on), purpose)
