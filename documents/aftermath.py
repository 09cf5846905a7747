"""What follows a decision once it stands: the PDF is made by the worker and kept. Nothing of it runs inside a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.noticing import on_commit

if TYPE_CHECKING:
    from documents.models import Document


def keep_pdf_of(document: Document) -> None:
    """Ask the worker to keep the PDF of a document that is being decided in this transaction."""

    def ask() -> None:
        # The renderer loads fonts: processes that never decide anything never load it.
        from documents.rendering.keeping import keep_pdf

        keep_pdf.enqueue(document.pk)

    on_commit(ask)
