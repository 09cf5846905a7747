"""Runs: a pack is asked for, taken up by one worker, told how far it is, and taken up again when its worker has died.

A run is asked for in one short transaction and its task queued behind it; a process that dies between the two leaves a run that
waits, and ``take_up`` asks again. Making the same file twice does no harm: the first one is kept.
"""

from __future__ import annotations

import logging
import secrets
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django_tasks import task

from documents.models import Document
from documents.refusals import Blocked
from documents.rendering.kept import KeptFileDamaged
from documents.rendering.pdf import TooManyRows
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import clock
from settlements.models import Pack, PackRun
from settlements.packs.making import FORMATS, pack, require_approved

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

Status = PackRun.Status
# A worker tells of itself every second; the longest single step (a form of 5,000 lines, a PDF of 20 seconds) is far below.
PATIENCE = timedelta(minutes=5)
# A task that was queued at the decision has been begun by then, or its request was lost with its process.
LOST_AFTER = timedelta(minutes=15)
TAKEN_UP_AT_ONCE = 50
TELL_SECONDS = 1.0

DAMAGED, STORAGE, TOO_LONG, UNKNOWN = "damaged", "storage", "too_long", "unknown"


class Overtaken(Exception):
    """The run has been given to another worker meanwhile."""


def start(document: Document) -> None:
    """Ask the worker for both files of an approved application. What is made or on its way already is left alone.

    Raises Blocked for an application that is not approved. Never call it inside a transaction.
    """
    require_approved(document)
    for file_format in FORMATS:
        if _ask(document.pk, file_format):
            make_pack.enqueue(document.pk, file_format)


def _ask(document_id: int, file_format: str) -> bool:
    """Whether a task has to be queued: for a new run, a failed one, or one of which nothing has been heard for long."""
    key = {"document_id": document_id, "format": file_format}
    if Pack.objects.filter(**key).exists():
        return False
    now = clock.now()
    with transaction.atomic():
        _run, created = PackRun.objects.get_or_create(**key, defaults={"asked_at": now, "heard_at": now})
    return created or _again(key, now)


def _again(key: dict[str, object], now: datetime) -> bool:
    """Put a run back to its start; of two who ask at once, one does."""
    fresh = {"stage": "", "done": 0, "total": 0, "error": "", "claim": "", "started_at": None, "ended_at": None}
    asked = PackRun.objects.filter(**key).filter(Q(status__in=(Status.FAILED, Status.DONE)) | _silent(now))
    return bool(asked.update(status=Status.WAITING, asked_at=now, heard_at=now, **fresh))


def _silent(now: datetime) -> Q:
    return Q(status__in=(Status.WAITING, Status.RUNNING), heard_at__lt=now - PATIENCE)


@task()
def make_pack(document_id: int, file_format: str) -> None:
    """Worker's task: make one file and tell how far it is. Does nothing where another worker has taken the run."""
    claim = _claim(document_id, file_format)
    if claim is None:
        return
    try:
        document = Document.objects.get(pk=document_id)
        pack(document, file_format, partial(_tell, claim, _Pace()))
    except Overtaken:
        logger.warning("pack of document %s (%s) has been given to another worker", document_id, file_format)
    except Exception as error:
        _end(claim, Status.FAILED, code_of(error))
        raise
    else:
        _end(claim, Status.DONE)


def _claim(document_id: int, file_format: str) -> str | None:
    """Take a waiting run, or one whose worker is silent; of two workers one gets it."""
    now, claim = clock.now(), secrets.token_hex(16)
    waiting = PackRun.objects.filter(document_id=document_id, format=file_format)
    waiting = waiting.filter(Q(status=Status.WAITING) | _silent(now))
    taken = waiting.update(status=Status.RUNNING, claim=claim, started_at=now, heard_at=now)
    return claim if taken else None


class _Pace:
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


def _tell(claim: str, pace: _Pace, stage: str, done: int, total: int) -> None:
    """Write down how far it is. Raises Overtaken for a run that is no longer ours."""
    if not pace.is_due(stage, done, total):
        return
    mine = PackRun.objects.filter(claim=claim, status=Status.RUNNING)
    if not mine.update(stage=stage, done=done, total=total, heard_at=clock.now()):
        raise Overtaken


def _end(claim: str, status: str, error: str = "") -> None:
    now = clock.now()
    mine = PackRun.objects.filter(claim=claim, status=Status.RUNNING)
    mine.update(status=status, error=error, heard_at=now, ended_at=now)


def code_of(error: Exception) -> str:
    """What went wrong, as a code."""
    if isinstance(error, KeptFileDamaged):
        return DAMAGED
    if isinstance(error, OSError):
        return STORAGE
    return TOO_LONG if isinstance(error, TooManyRows) else UNKNOWN


def take_up() -> None:
    """For ``tick``: ask again for runs whose worker died, and for packs that nobody was asked for when they were due.

    A run that has failed waits for a person.
    """
    now = clock.now()
    for run in PackRun.objects.filter(_silent(now)).order_by("pk")[:TAKEN_UP_AT_ONCE]:
        if _ask(run.document_id, run.format):
            make_pack.enqueue(run.document_id, run.format)
    for document in _forgotten(now):
        start(document)


def _forgotten(now: datetime) -> list[Document]:
    """Applications approved a while ago without a file and without a run."""
    mine = {"document": OuterRef("pk")}
    without = Q()
    for file_format in FORMATS:
        made, asked = (Exists(model.objects.filter(**mine, format=file_format)) for model in (Pack, PackRun))
        without |= ~made & ~asked
    approved = Document.objects.filter(
        kind=Kind.EXPENSE_APPLICATION, state=DocumentState.APPROVED, decided_at__lt=now - LOST_AFTER
    )
    return list(approved.filter(without).order_by("pk")[:TAKEN_UP_AT_ONCE])


def ready(document: Document, file_format: str) -> Pack:
    """The kept file. Raises Blocked with a sentence while there is none."""
    require_approved(document)
    made = Pack.objects.filter(document=document, format=file_format).first()
    if made is not None:
        return made
    run = PackRun.objects.filter(document=document, format=file_format).first()
    if run is not None and run.status in (Status.WAITING, Status.RUNNING):
        raise Blocked(_("资料包正在生成，请稍候再下载。"))
    raise Blocked(_("资料包尚未生成，请先点「生成资料包」。"))
