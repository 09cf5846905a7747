"""Packs made by the worker (documents/runs.py): one run a file, asked for at the decision or by a person."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django_tasks import task

from documents.models import Document
from documents.refusals import Blocked
from documents.rendering.kept import KeptFileDamaged
from documents.rendering.pdf import TooManyRows
from documents.runs import Overtaken, Runs, Status
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import clock
from settlements.models import Pack, PackRun
from settlements.packs.making import FORMATS, pack, require_approved

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

RUNS = Runs(PackRun)
# A task that was queued at the decision has been begun by then, or its request was lost with its process.
LOST_AFTER = timedelta(minutes=15)
TAKEN_UP_AT_ONCE = 50

DAMAGED, STORAGE, TOO_LONG, UNKNOWN = "damaged", "storage", "too_long", "unknown"


def start(document: Document) -> None:
    """Ask the worker for both files of an approved application. What is made or on its way already is left alone.

    Raises Blocked for an application that is not approved. Never call it inside a transaction.
    """
    require_approved(document)
    for file_format in FORMATS:
        if _ask(document.pk, file_format):
            make_pack.enqueue(document.pk, file_format)


def _ask(document_id: int, file_format: str) -> bool:
    """Whether a task has to be queued: not for a file that is made, or on its way."""
    key = {"document_id": document_id, "format": file_format}
    return not Pack.objects.filter(**key).exists() and RUNS.ask(**key)


@task()
def make_pack(document_id: int, file_format: str) -> None:
    """Worker's task: make one file and tell how far it is. Does nothing where another worker has taken the run."""
    claim = RUNS.claim(document_id=document_id, format=file_format)
    if claim is None:
        return
    try:
        document = Document.objects.get(pk=document_id)
        pack(document, file_format, RUNS.teller(claim))
    except Overtaken:
        logger.warning("pack of document %s (%s) has been given to another worker", document_id, file_format)
    except Exception as error:
        RUNS.end(claim, Status.FAILED, code_of(error))
        raise
    else:
        RUNS.end(claim, Status.DONE)


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
    for run in RUNS.silent(TAKEN_UP_AT_ONCE):
        if _ask(run.document_id, run.format):
            make_pack.enqueue(run.document_id, run.format)
    for document in _forgotten(clock.now()):
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
