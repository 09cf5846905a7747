"""The only clock of the domain.

Domain code never asks the machine for the time: tests and the demonstration set this clock. Sessions, cookies and the
log-in lock-out keep the machine's time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.utils import timezone

# One value for the whole process, not one per thread: a browser test sets it for the server's threads too.
_fixed: datetime | None = None


def now() -> datetime:
    """The present moment, aware."""
    return _fixed or timezone.now()


def today() -> date:
    """The present date in the project's time zone (Asia/Shanghai)."""
    return timezone.localdate(now())


def set_clock(moment: datetime | None) -> None:
    """Fix the clock at an aware moment; ``None`` lets it run again. For tests and the demonstration."""
    global _fixed
    _fixed = moment


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Fix the clock for a block and put the previous setting back."""
    previous = _fixed
    set_clock(moment)
    try:
        yield
    finally:
        set_clock(previous)


def shanghai(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An aware moment given in local time."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))
