"""Files and trail of a document on their way out: what of them a person may have, and that they had it."""

from __future__ import annotations

from django.db.models import Max, QuerySet
from django_tasks import task

from documents import kinds, trail
from documents.circulation.transactions import lock, verb
from documents.models import Attachment, Document, Event
from documents.queries import is_drafting_side
from documents.refusals import Conflict
from organization.models import Person


def attachments_for(document: Document, person: Person) -> list[Attachment]:
    """Attachments that this person may see of a document that is visible to them.

    While a form is back with its submitter, files added since belong to the working copy, which others don't see
    (design 16). What others replace is marked (``is_replaced``) and comes last.
    """
    files = _own(document, person)
    old = kinds.get(document.kind).replaced_files(document, [file.name for file in files])
    for file in files:
        file.is_replaced = file.name in old
    return sorted(files, key=lambda file: file.is_replaced)


def _own(document: Document, person: Person) -> list[Attachment]:
    files = list(document.attachments.select_related("uploaded_by"))
    if not _hides_working_copy(document, person):
        return files
    new = document.events.filter(code="attached", seq__gt=_came_back(document)).values_list("parameters", flat=True)
    hidden = {parameters["sha256"] for parameters in new}
    before = _papers_before(document)
    for file in files:
        file.paper = before.get(file.sha256, file.paper)
    return [file for file in files if file.sha256 not in hidden]


def _papers_before(document: Document) -> dict[str, str]:
    """As which paper a file came back, by hash, where its writers have said something else since."""
    since = document.events.filter(code="labelled", seq__gt=_came_back(document)).order_by("-seq")
    return {said["sha256"]: said["was"] for said in since.values_list("parameters", flat=True)}


def events_for(document: Document, person: Person) -> QuerySet[Event]:
    """The trail as this person may read it: what was put in or out of the working copy is not for others yet."""
    events = document.events.select_related("actor").order_by("seq")
    if not _hides_working_copy(document, person):
        return events
    return events.exclude(code__in=("attached", "detached", "labelled"), seq__gt=_came_back(document))


def _hides_working_copy(document: Document, person: Person) -> bool:
    return document.is_editable and not is_drafting_side(person, document)


def _came_back(document: Document) -> int:
    """The event by which the form last came back to its submitter, 0 when it never went."""
    back = document.events.filter(code__in=("returned", "withdrawn"))
    return back.aggregate(last=Max("seq"))["last"] or 0


@task()
def record_all(document_ids: list[int], actor_id: int, what: str) -> None:
    """Worker's task: one download of many forms on the trail of each, form by form. What is held by others is tried again."""
    actor = Person.objects.get(pk=actor_id)
    left = []
    for document_id in document_ids:
        try:
            record(document_id=document_id, actor=actor, what=what)
        except Conflict:
            left.append(document_id)
    if left:
        record_all.enqueue(left, actor_id, what)


@verb
def record(*, document_id: int, actor: Person, what: str) -> None:
    """Put a download on the trail of a submitted form; a draft has none."""
    document = lock(document_id)
    if document.is_submitted:
        trail.record(document, "downloaded", actor, what=what)
