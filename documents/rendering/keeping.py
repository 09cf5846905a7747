"""PDFs of decided forms: rendered once after commit, kept with their hash, handed out unchanged ever after (design 21)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django_tasks import task

from documents.models import Document, RenderedFile
from documents.rendering.pdf import pdf_bytes
from documents.states import DECIDED
from organization import clock

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

logger = logging.getLogger(__name__)


class KeptFileDamaged(RuntimeError):
    """The stored bytes are gone or are not those that were kept."""


def document_pdf(document: Document, revision_n: int | None = None) -> bytes:
    """The PDF to hand out: the kept one of a decided form, else a fresh one with its watermark.

    ``revision_n`` 0 is the working copy, None the newest submitted revision; an older one is always rendered afresh.
    Effects: may keep the file if the worker has not yet. Never call it while a transaction holds locks.
    """
    if document.state in DECIDED and revision_n in (None, document.revision_n):
        return read_kept(kept_pdf(document))
    return pdf_bytes(document, revision_n)


def kept_pdf(document: Document) -> RenderedFile:
    """The kept PDF of a decided form, made now if there is none. Two callers at once get the same row.

    The file is written before its row: a crash between them leaves an unused file, never a row without one.
    Raises ``ValueError`` for a form that is still on its way.
    """
    if document.state not in DECIDED:
        raise ValueError(f"{document} is not decided")
    key = {"document": document, "revision_n": document.revision_n, "state": document.state}
    kept = RenderedFile.objects.filter(**key).first()
    if kept is not None:
        return kept
    data = pdf_bytes(document)
    row = RenderedFile(**key, size=len(data), sha256=hashlib.sha256(data).hexdigest(), made_at=clock.now())
    row.file.save("form.pdf", ContentFile(data), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _drop(row.file)
        return RenderedFile.objects.get(**key)
    return row


def _drop(file: FieldFile) -> None:
    """Remove the file of a lost race; that it stays behind does no harm."""
    try:
        file.storage.delete(file.name)
    except OSError:
        logger.warning("unused rendered file stays behind: %s", file.name)


def read_kept(kept: RenderedFile) -> bytes:
    """The kept bytes, checked against their hash. Raises ``KeptFileDamaged``."""
    try:
        with kept.file.open("rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise KeptFileDamaged(f"{kept.document_id}: {kept.file.name} is missing") from error
    if hashlib.sha256(data).hexdigest() != kept.sha256:
        raise KeptFileDamaged(f"{kept.document_id}: {kept.file.name} has changed")
    return data


def differences() -> Iterable[str]:
    """For ``verify``: kept files whose bytes are gone or changed. A PDF not yet made is no difference."""
    for kept in RenderedFile.objects.order_by("pk").iterator():
        try:
            read_kept(kept)
        except KeptFileDamaged:
            yield f"documents_renderedfile {kept.pk} sha256"


@task()
def keep_pdf(document_id: int) -> None:
    """Worker's task: keep the PDF of a form that has just been decided. Does nothing for one that has not."""
    document = Document.objects.select_related("creator__company", "project", "instalment__project").get(pk=document_id)
    if document.state in DECIDED:
        kept_pdf(document)
