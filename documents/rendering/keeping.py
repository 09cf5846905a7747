"""PDFs of decided forms: rendered once after commit, kept with their hash, handed out unchanged ever after (design 21)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from documents.models import Document, RenderedFile
from documents.refusals import Blocked
from documents.rendering import kept
from documents.rendering.pdf import QUICK_ROWS, pdf_bytes, render_now
from documents.rendering.printout import printout
from documents.states import DECIDED


def document_pdf(document: Document, revision_n: int | None = None) -> bytes:
    """The PDF to hand out: the kept one of a decided form, else a fresh one with its watermark.

    ``revision_n`` 0 is the working copy, None the newest submitted revision; an older one is always rendered afresh.
    Raises ``Blocked`` with a sentence for a long form whose PDF is not kept: it would hold the engine for a minute.
    Effects: may keep the file if the worker has not yet. Never call it while a transaction holds locks.
    """
    if document.state not in DECIDED or revision_n not in (None, document.revision_n):
        return render_now(printout(document, revision_n))
    if not RenderedFile.objects.filter(**_key(document)).exists() and len(printout(document).sheet.rows) > QUICK_ROWS:
        raise Blocked(_("此单行数较多，存档 PDF 正在后台生成，请几分钟后再下载；急用请下载 Excel。"))
    return kept.read(kept_pdf(document))


def kept_pdf(document: Document) -> RenderedFile:
    """The kept PDF of a decided form, made now if there is none. Two callers at once get the same row.

    Raises ``ValueError`` for a form that is still on its way.
    """
    if document.state not in DECIDED:
        raise ValueError(f"{document} is not decided")
    return kept.keep(RenderedFile, _key(document), lambda file: file.write(pdf_bytes(document)))


def _key(document: Document) -> dict[str, Any]:
    return {"document": document, "revision_n": document.revision_n, "state": document.state}


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
