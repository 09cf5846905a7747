"""What a person is shown of a document: the working copy for the drafting side, else the last submitted revision."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from documents import kinds
from documents.models import Document, Revision
from documents.queries import is_drafting_side
from documents.revisions import full_content
from documents.sheets import Sheet
from documents.states import EDITABLE

if TYPE_CHECKING:
    from organization.models import Person


@dataclass(frozen=True, slots=True)
class Shown:
    """Content and sheet of what is shown; ``revision_n`` is 0 for a working copy."""

    content: dict[str, Any]
    sheet: Sheet
    revision_n: int

    @property
    def is_working_copy(self) -> bool:
        return self.revision_n == 0


def shown(document: Document, person: Person) -> Shown:
    """What this person may see of a document that is visible to them (design 16)."""
    if document.state in EDITABLE and is_drafting_side(person, document):
        content = full_content(document)
        return Shown(content, kinds.get(document.kind).sheet(content, document), 0)
    return signed(document, document.revision_n)


def signed(document: Document, n: int) -> Shown:
    """A submitted revision as it was signed. Raises ``Revision.DoesNotExist`` where there is none."""
    content = content_of(document, n)
    return Shown(content, kinds.get(document.kind).sheet(content, document), n)


def content_of(document: Document, n: int) -> dict[str, Any]:
    """The content of a submitted revision."""
    text = Revision.objects.values_list("content", flat=True).get(document=document, n=n)
    return json.loads(text)


def sheet_of(document: Document, revision_n: int | None = None) -> Sheet:
    """The sheet of a revision; the newest one by default, the working copy of what was never submitted."""
    n = revision_n if revision_n is not None else document.revision_n
    if n == 0:
        return kinds.get(document.kind).sheet(full_content(document), document)
    return signed(document, n).sheet
