"""Files of a document on their way out: which ones a person may have, and that they had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents import trail
from documents.circulation.transactions import lock, verb
from documents.models import Attachment, Document
from documents.queries import is_drafting_side

if TYPE_CHECKING:
    from organization.models import Person


def attachments_for(document: Document, person: Person) -> list[Attachment]:
    """Attachments that this person may see of a document that is visible to them.

    While a form is back with its submitter, files added since belong to the working copy, which others don't see
    (design 16): they were put in by someone who wrote in it, after the form came back.
    """
    files = list(document.attachments.select_related("uploaded_by"))
    if not document.is_editable or is_drafting_side(person, document):
        return files
    back = (
        document.events.filter(code__in=("returned", "withdrawn")).order_by("-seq").values_list("at", flat=True).first()
    )
    return [file for file in files if back is not None and file.uploaded_at <= back]


@verb
def record(*, document_id: int, actor: Person, what: str) -> None:
    """Put a download on the trail of a submitted form; a draft has none."""
    document = lock(document_id)
    if document.is_submitted:
        trail.record(document, "downloaded", actor, what=what)
