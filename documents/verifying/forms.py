"""Every form, some hundred at a time: the same few queries for each lot, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ObjectDoesNotExist

from documents import kinds
from documents.models import Document, Event
from documents.states import DECIDED
from documents.trail import broken_links
from documents.verifying import chains, content, story, together
from documents.verifying.content import same_moment

LOT = 400
_PARTS = ("revisions", "events", "acts", "steps", "editors", "attachments")


def differences() -> Iterator[str]:
    """Forms in the order of their kinds; a kind that no app implements is itself a difference."""
    for kind in Document.objects.order_by("kind").values_list("kind", flat=True).distinct():
        keys = list(Document.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True))
        if not kinds.is_registered(kind):
            yield from (f"documents_document {pk} kind: {kind}" for pk in keys)
            continue
        loads = [name for part in kinds.parts(kind) for name in part.loads]
        for start in range(0, len(keys), LOT):
            documents = (
                Document.objects.filter(pk__in=keys[start : start + LOT])
                .select_related("project", "instalment", "department", "policy")
                .prefetch_related(*_PARTS, *dict.fromkeys(loads))
                .order_by("pk")
            )
            for document in documents:
                yield from of(document)
            yield from together.differences(documents)


def of(document: Document) -> Iterator[str]:
    """One form: trail, head, content, chain."""
    events = list(document.events.all())
    yield from broken_links(document, events)
    try:
        told = story.read(events)
    except (KeyError, TypeError, AttributeError):
        yield f"documents_event {document.pk}/{len(events)} parameters: the trail cannot be read"
        return
    yield from _head(document, told, events)
    for check in (content.differences, chains.differences, _files):
        try:
            yield from check(document, told)
        except (ObjectDoesNotExist, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            # Rows that contradict each other beyond reckoning are a difference, not the end of the report.
            yield f"documents_document {document.pk} id: cannot be recomputed ({error})"


def _head(document: Document, told: story.Story, events: list[Event]) -> Iterator[str]:
    """The document's own columns against what the trail tells."""
    first, newest = told.submissions.get(1), told.submissions.get(told.revision_n)
    if newest is None:
        expected: dict[str, object] = {"submitted_by_id": None, "policy_id": None, "number": None}
    else:
        expected = {"submitted_by_id": newest.actor_id}
    expected |= {"state": told.state, "revision_n": told.revision_n, "round_n": told.round_n}
    for name, value in expected.items():
        if getattr(document, name) != value:
            yield f"documents_document {document.pk} {name}: {getattr(document, name)}, the trail says {value}"
    decided = told.decided if told.state in DECIDED else None
    moments = {"first_submitted_at": first, "submitted_at": newest, "decided_at": decided}
    for name, event in moments.items():
        if not same_moment(getattr(document, name), event.at if event else None):
            yield f"documents_document {document.pk} {name}"
    if document.creator_id not in {editor.person_id for editor in document.editors.all()}:
        yield f"documents_document {document.pk} creator_id: not among its editors"
    if events and events[0].code != "submitted":
        yield f"documents_event {events[0].pk} code: the trail begins with a submission"


def _files(document: Document, told: story.Story) -> Iterator[str]:
    """Files added after the first submission, against the trail."""
    present = {file.sha256: file for file in document.attachments.all()}
    for digest, name in told.files.items():
        if digest not in present:
            yield f"documents_attachment {document.pk}/{name} sha256: not among its files"
        elif present[digest].name != name:
            yield f"documents_attachment {present[digest].pk} name"
    for digest, file in present.items():
        if file.revision_n and digest not in told.files:
            yield f"documents_attachment {file.pk} sha256: not on the trail"
        if file.revision_n > document.revision_n:
            yield f"documents_attachment {file.pk} revision_n"
