"""PDFs of decided forms: rendered once after commit, kept with their hash, handed out unchanged ever after (design 21)."""

from __future__ import annotations

from collections.abc import Iterable

from django_tasks import task

from documents.models import Document, RenderedFile
from documents.rendering import kept
from documents.rendering.pdf import pdf_bytes
from documents.states import DECIDED


def document_pdf(document: Document, revision_n: int | None = None) -> bytes:
    """The PDF to hand out: the kept one of a decided form, else a fresh one with its watermark.

    ``revision_n`` 0 is the working copy, None the newest submitted revision; an older one is always rendered afresh.
    Effects: may keep the file if the worker has not yet. Never call it while a transaction holds locks.
    """
    if document.state in DECIDED and revision_n in (None, document.revision_n):
        return kept.read(kept_pdf(document))
    return pdf_bytes(document, revision_n)


def kept_pdf(document: Document) -> RenderedFile:
    """The kept PDF of a decided form, made now if there is none. Two callers at once get the same row.

    Raises ``ValueError`` for a form that is still on its way.
    """
    if document.state not in DECIDED:
        raise ValueError(f"{document} is not decided")
    key = {"document": document, "revision_n": document.revision_n, "state": document.state}
    return kept.keep(RenderedFile, key, lambda file: file.write(pdf_bytes(document)))


def differences() -> Iterable[str]:
    """For ``verify``: kept files whose bytes are gone or changed. A PDF not yet made is no difference."""
    for row in RenderedFile.objects.order_by("pk").iterator():
        try:
            kept.opened(row).close()
        except kept.KeptFileDamaged:
            yield f"documents_renderedfile {row.pk} sha256"


@task()
def keep_pdf(document_id: int) -> None:
    """Worker's task: keep the PDF of a form that has just been decided. Does nothing for one that has not."""
    document = Document.objects.select_related("creator__company", "project", "instalment__project").get(pk=document_id)
    if document.state in DECIDED:
        kept_pdf(document)
