"""What was submitted: revisions against their hashes and events, and the rows of now against what was signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from documents import kinds
from documents.canonical import canonical_json, sha256_data, sha256_text
from documents.money import plain
from documents.revisions import full_content
from documents.states import DocumentState
from documents.verifying.story import unmatched

if TYPE_CHECKING:
    from documents.models import Document, Revision
    from documents.verifying.story import Story

# States in which the rows say what the newest revision says.
FROZEN = (DocumentState.CIRCULATING, DocumentState.APPROVED, DocumentState.REJECTED)
# Where the head of the content is kept.
_COLUMNS = {
    "project": "project_id",
    "instalment": "instalment_id",
    "department": "department_id",
}
# Rows of one transaction ask the clock one after the other.
SAME_MOMENT = timedelta(minutes=1)


def same_moment(one: datetime | None, other: datetime | None) -> bool:
    """Whether two times belong to the same transaction."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= SAME_MOMENT


def differences(document: Document, told: Story) -> Iterator[str]:
    """Sum, revisions, content of now, and what the kind's parts find in their own tables."""
    form = kinds.get(document.kind)
    total = form.amount(document)
    if document.amount != total:
        yield f"documents_document {document.pk} amount: {plain(document.amount)} ≠ {plain(total)}"
    if document.grouping != form.grouping(document):
        yield f"documents_document {document.pk} grouping"
    revisions = {revision.n: revision for revision in document.revisions.all()}
    yield from unmatched(
        "documents_revision",
        {(n,): revision.pk for n, revision in revisions.items()},
        ((n,) for n in told.submissions),
        document.pk,
        ("n",),
    )
    for n in revisions.keys() & told.submissions.keys():
        yield from _revision(revisions[n], told)
    newest = revisions.get(document.revision_n)
    if newest is not None:
        yield from _attachments(document, newest, told)
        if document.state in FROZEN:
            yield from _now(document, newest)
    for part in kinds.parts(document.kind):
        yield from part.differences(document)


def _revision(revision: Revision, told: Story) -> Iterator[str]:
    event = told.submissions[revision.n]
    if sha256_text(revision.content) != revision.sha256:
        column = "content" if event.content_sha256 == revision.sha256 else "sha256"
        yield f"documents_revision {revision.pk} {column}"
    elif event.content_sha256 != revision.sha256:
        yield f"documents_event {event.pk} content_sha256"
    if event.parameters.get("facts_sha256") != sha256_data(revision.facts):
        yield f"documents_revision {revision.pk} facts"
    if event.parameters.get("revision") != revision.n:
        yield f"documents_revision {revision.pk} n"
    if event.actor_id != revision.submitted_by_id:
        yield f"documents_revision {revision.pk} submitted_by_id"
    if not same_moment(event.at, revision.submitted_at):
        yield f"documents_revision {revision.pk} submitted_at"
    content = content_of(revision)
    if content is not None and content.get("amount") != plain(revision.amount):
        yield f"documents_revision {revision.pk} amount"


def content_of(revision: Revision) -> dict[str, Any] | None:
    """The content of a revision; None where it cannot be read any more."""
    try:
        data = json.loads(revision.content)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _attachments(document: Document, newest: Revision, told: Story) -> Iterator[str]:
    """Files that were signed are there still, under the same hash, and count as the papers that the trail says."""
    content = content_of(newest) or {}
    present = {file.sha256: file for file in document.attachments.all()}
    for said in content.get("attachments", ()):
        file = present.get(said["sha256"])
        if file is None:
            yield f"documents_attachment {document.pk}/{said['name']} sha256: not among its files"
        elif (file.name, file.size) != (said["name"], said["size"]):
            yield f"documents_attachment {file.pk} {'name' if file.name != said['name'] else 'size'}"
    for digest, paper in told.papers.items():
        if digest in present and present[digest].paper != paper:
            yield f"documents_attachment {present[digest].pk} paper"


def _now(document: Document, newest: Revision) -> Iterator[str]:
    """The rows as they are against the content as it was signed, cell by cell."""
    now = full_content(document)
    if canonical_json(now) == newest.content:
        return
    signed = content_of(newest)
    if signed is None:
        return
    form = kinds.get(document.kind)
    # Content as JSON holds it: what was loaded and what was computed have the same types.
    for path in changed_cells(signed, json.loads(canonical_json(now))):
        if path[0] == "attachments":
            yield f"documents_attachment {document.pk}/attachments revision_n"
        elif path[0] in ("head", "lines"):
            yield form.place(document, path)
        else:
            yield f"documents_document {document.pk} {_COLUMNS.get(path[0], path[0])}"


def changed_cells(signed: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Paths that differ: ("title",), ("head", "note"), ("lines", id, "price"), ("lines", id) for a line more or less."""
    for key in sorted(signed.keys() | now.keys()):
        old, new = signed.get(key), now.get(key)
        if old == new:
            continue
        if key == "lines":
            old, new = ({line["id"]: line for line in lines or ()} for lines in (old, new))
            for line_id in sorted(old.keys() | new.keys()):
                if line_id not in old or line_id not in new:
                    yield "lines", line_id
                else:
                    yield from (("lines", line_id, *rest) for rest in changed_cells(old[line_id], new[line_id]))
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from ((key, *rest) for rest in changed_cells(old, new))
        else:
            yield (key,)
