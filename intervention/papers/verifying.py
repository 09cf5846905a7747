"""``verify`` for promises and agreements: the register against what was signed, found promises against their confirmations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from documents.revisions import rows_of
from documents.states import DEAD, DocumentState
from intervention.models import FoundPromise
from intervention.papers.vocabulary import FoundState

if TYPE_CHECKING:
    from documents.models import Document

_HEAD = ("channel", "channel_note", "from_on", "until_on")


def publicity_differences(document: Document) -> Iterator[str]:
    """The register's rows say what the newest submission says, line by line."""
    newest = next((row for row in document.revisions.all() if row.n == document.revision_n), None)
    rows = {row.key: row for row in rows_of(document, "promises")}
    if newest is None:
        yield from (f"intervention_promise {row.pk} document_id" for row in rows.values())
        return
    try:
        signed = json.loads(newest.content)
        head, lines = signed["head"], {line["id"]: line for line in signed["lines"]}
    except (ValueError, KeyError, TypeError):
        return
    for key, line in lines.items():
        if key.startswith("found:"):
            continue
        row = rows.pop(key, None)
        if row is None:
            yield f"intervention_promise {document.pk}/{key} key"
            continue
        said = {"subject": line["subject"], "wording": line["wording"], **{name: head[name] for name in _HEAD}}
        for name, value in said.items():
            stored = getattr(row, name)
            text = stored.isoformat() if hasattr(stored, "isoformat") else stored or ""
            if text != value:
                yield f"intervention_promise {row.pk} {name}"
    yield from (f"intervention_promise {row.pk} key" for row in rows.values())


def agreement_differences(document: Document) -> Iterator[str]:
    """An agreement counts as long as it lives, stands in its own project, and follows the version before."""
    row = document.agreement
    if row.live != (document.is_submitted and document.state not in DEAD):
        yield f"intervention_serviceagreement {document.pk} live"
    if row.project_id != document.project_id:
        yield f"intervention_serviceagreement {document.pk} project_id"
    if row.predecessor is not None:
        before = row.predecessor.agreement
        if (before.project_id, before.version) != (row.project_id, row.version - 1):
            yield f"intervention_serviceagreement {document.pk} predecessor_id"


def found_differences() -> Iterator[str]:
    """A found promise is confirmed by an approved confirmation that covers it, and in use only while none does; the journal
    tells the rest."""
    rows = FoundPromise.objects.prefetch_related("covers__document").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        approved = [cover.document_id for cover in row.covers.all() if cover.document.state == DocumentState.APPROVED]
        if row.state == FoundState.CONFIRMED and row.confirmation_id not in approved:
            yield f"intervention_foundpromise {row.pk} confirmation_id"
        if row.state == FoundState.IN_USE and approved:
            yield f"intervention_foundpromise {row.pk} state: in use, although confirmed"
