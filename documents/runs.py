"""Runs of the worker: asked for, taken up by one worker, told how far they are, and taken up again when their worker has died.

A run is asked for in one short transaction and its task queued behind it; a process that dies between the two leaves a run that
waits, and ``tick`` asks again. Making the same thing twice must do no harm.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

from documents.models import Run
from organization import clock

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

Status = Run.Status
# A worker tells of itself every second; the longest single step (a form of 5,000 lines, a PDF of 20 seconds) is far below.
PATIENCE = timedelta(minutes=5)
# Whoever waits longer than this is told that the worker may be down.
LONG_WAIT = timedelta(minutes=2)
TELL_SECONDS = 1.0
# What a page says of a run that has nothing of its own to tell yet.
INTERRUPTED = gettext_lazy("生成中断（后台服务可能已停止），请重新生成。")
SLOW = gettext_lazy("仍在排队，如长时间没有进展请联系系统管理员检查后台服务。")
QUEUED = gettext_lazy("排队等候生成")
_FRESH = {"stage": "", "done": 0, "total": 0, "error": "", "claim": "", "started_at": None, "ended_at": None}


# What a worker calls with stage, done and total while it makes something.
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


class Overtaken(Exception):
    """The run has been given to another worker meanwhile."""


class Runs:
    """The runs of one table. ``key`` names the thing that is made, by the columns of the table's unique key."""

    def __init__(self, model: type[Run]) -> None:
        self.rows = model._default_manager

    def ask(self, **key: Any) -> bool:
        """Whether a task has to be queued: for a new run, a failed or ended one, or one of which nothing was heard for long."""
        now = clock.now()
        with transaction.atomic():
            _run, created = self.rows.get_or_create(**key, defaults={"asked_at": now, "heard_at": now})
        return created or self._again(key, now)

    def _again(self, key: dict[str, Any], now: datetime) -> bool:
        """Put a run back to its start; of two who ask at once, one does."""
        asked = self.rows.filter(**key).filter(Q(status__in=(Status.FAILED, Status.DONE)) | is_silent(now))
        return bool(asked.update(status=Status.WAITING, asked_at=now, heard_at=now, **_FRESH))

    def claim(self, **key: Any) -> str | None:
        """Take a waiting run, or one whose worker is silent; of two workers one gets it."""
        now, claim = clock.now(), secrets.token_hex(16)
        waiting = self.rows.filter(**key).filter(Q(status=Status.WAITING) | is_silent(now))
        taken = waiting.update(status=Status.RUNNING, claim=claim, started_at=now, heard_at=now)
        return claim if taken else None

    def teller(self, claim: str) -> Progress:
        """What a worker calls with stage, done and total. It raises Overtaken for a run that is its own no longer."""
        return partial(self.tell, claim, Pace())

    def tell(self, claim: str, pace: Pace, stage: str, done: int, total: int) -> None:
        """Write down how far it is."""
        if not pace.is_due(stage, done, total):
            return
        mine = self.rows.filter(claim=claim, status=Status.RUNNING)
        if not mine.update(stage=stage, done=done, total=total, heard_at=clock.now()):
            raise Overtaken

    def end(self, claim: str, status: str, error: str = "", **more: Any) -> None:
        """The run is over; one that has been given to another worker stays as it is."""
        now = clock.now()
        mine = self.rows.filter(claim=claim, status=Status.RUNNING)
        mine.update(status=status, error=error, heard_at=now, ended_at=now, **more)

    def silent(self, at_most: int) -> Iterable[Run]:
        """Runs that are to be asked for again: their worker died, or their task was lost with its process."""
        found: QuerySet[Run] = self.rows.filter(is_silent(clock.now())).order_by("pk")
        return found[:at_most]


class Pace:
    """Lets through what is worth a write: each new stage, each stage's end, and otherwise once a second."""

    def __init__(self) -> None:
        self._stage, self._at = "", 0.0

    def is_due(self, stage: str, done: int, total: int) -> bool:
        """Whether this is to be written down."""
        now = time.monotonic()
        if stage == self._stage and done < total and now - self._at < TELL_SECONDS:
            return False
        self._stage, self._at = stage, now
        return True


def is_silent(now: datetime) -> Q:
    """Runs on their way of which nothing has been heard for long."""
    return Q(status__in=(Status.WAITING, Status.RUNNING), heard_at__lt=now - PATIENCE)
