"""The trail of a document: append-only events, each hashed with the one before (design 19).

It begins with the first submission; what happens to a draft that nobody was asked to sign leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from documents import sealed
from documents.canonical import VERSION, sha256_data
from documents.models import Event, Seal
from organization import clock

if TYPE_CHECKING:
    from datetime import date

    from documents.models import Document
    from organization.models import Person


def record(
    document: Document, code: str, actor: Person | None, *, content_sha256: str = "", **parameters: Any
) -> Event:
    """Append an event. The caller holds the document's lock, so the next ``seq`` is ours."""
    last = Event.objects.filter(document=document).order_by("-seq").values("seq", "hash").first()
    event = Event(
        document=document,
        seq=last["seq"] + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        code=code,
        parameters=parameters,
        content_sha256=content_sha256,
        previous_hash=last["hash"] if last else "",
    )
    event.hash = event_hash(event, document.reference)
    event.save(force_insert=True)
    return event


def event_hash(event: Event, reference: str) -> str:
    """Hash of everything an event says, and of the event before it."""
    return sha256_data(
        {
            "v": VERSION,
            "document": reference,
            "seq": event.seq,
            "at": moment_text(event.at),
            "actor": event.actor_id,
            "code": event.code,
            "parameters": event.parameters,
            "content": event.content_sha256,
            "previous": event.previous_hash,
        }
    )


def moment_text(moment: datetime) -> str:
    """A moment in UTC to the microsecond: the same on both databases."""
    from datetime import UTC

    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def broken_links(document: Document, events: list[Event]) -> Iterator[str]:
    """What is wrong with a document's trail, a line each: table, key, column."""
    previous = ""
    for number, event in enumerate(events, start=1):
        if event.seq != number:
            yield f"documents_event {event.pk} seq"
        if event.previous_hash != previous:
            yield f"documents_event {event.pk} previous_hash"
        if event.hash != event_hash(event, document.reference):
            yield f"documents_event {event.pk} hash"
        previous = event.hash


def heads_sha256(up_to_event: int) -> tuple[int, str]:
    """Number of documents with a trail and the hash over their newest events up to an event."""
    heads: dict[int, str] = {}
    events = Event.objects.filter(pk__lte=up_to_event).order_by("document", "seq")
    for document_id, digest in events.values_list("document_id", "hash").iterator(chunk_size=5000):
        heads[document_id] = digest
    return len(heads), heads_hash(heads)


def heads_hash(heads: dict[int, str]) -> str:
    """Hash over the newest event of each document, by the documents' keys."""
    return sha256_data([[key, heads[key]] for key in sorted(heads)])


def seal_hash(seal: Seal) -> str:
    """Hash of a day's seal, chained to the seal before. One made before there were further trails says nothing of them."""
    said = {
        "v": VERSION,
        "day": seal.day.isoformat(),
        "documents": seal.documents,
        "last_event": seal.last_event,
        "heads": seal.heads_sha256,
        "previous": seal.previous_hash,
    }
    return sha256_data(said | {"trails": seal.trails} if seal.trails else said)


def unsealed_since(today: date) -> date | None:
    """The first day before yesterday's seal that should have been there and is not; None while sealing keeps up.

    Yesterday's is made today. Before the first event there is nothing to seal.
    """
    last = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        first = Event.objects.order_by("pk").values_list("at", flat=True).first()
        open_day = None if first is None else timezone.localtime(first).date()
    else:
        open_day = last + timedelta(days=1)
    return open_day if open_day is not None and open_day < today - timedelta(days=1) else None


def seal_day(day: date) -> Seal | None:
    """Seal all heads and the further trails for a day; None when the day is sealed already."""
    if Seal.objects.filter(day__gte=day).exists():
        return None
    newest = sealed.newest(Event)
    count, heads = heads_sha256(newest)
    before = Seal.objects.order_by("-day").first()
    seal = Seal(
        day=day,
        documents=count,
        last_event=newest,
        heads_sha256=heads,
        trails=sealed.sums(before.trails if before else {}),
        previous_hash=before.hash if before else "",
        made_at=clock.now(),
    )
    seal.hash = seal_hash(seal)
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:
        return None  # another process sealed the day meanwhile
    return seal
