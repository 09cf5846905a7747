"""The organization's own trail: append-only, hash-chained events in one line for the whole installation (design 17)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection

from organization import clock
from organization.models import AppointmentEvent, Person

# Part of every hash, so that a later canonical form can be told from this one.
VERSION = 1
# Any number will do as long as nobody else takes it: "organi" in ASCII.
LOCK = 0x6F7267616E69


def take_lock() -> None:
    """Let one writer at a time into the organization; held to the end of the transaction.

    The next ``seq`` is then ours, and a company-wide appointment cannot miss a project that is being made beside it.
    SQLite's IMMEDIATE transactions have one writer already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def record(code: str, actor: Person | None, **parameters: Any) -> AppointmentEvent:
    """Append an event. The caller has taken the lock; parameters are JSON-able and hold keys, never secrets."""
    last = AppointmentEvent.objects.order_by("-seq").values("seq", "hash").first()
    event = AppointmentEvent(
        seq=last["seq"] + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        code=code,
        parameters=parameters,
        previous_hash=last["hash"] if last else "",
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    return event


def event_hash(event: AppointmentEvent) -> str:
    """SHA-256 over everything an event says and the hash of the one before, in canonical JSON."""
    said = {
        "v": VERSION,
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "code": event.code,
        "parameters": event.parameters,
        "previous": event.previous_hash,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_links(events: list[AppointmentEvent]) -> Iterator[str]:
    """What is wrong with the chain, a line each: table, key, column."""
    previous = ""
    for number, event in enumerate(events, start=1):
        if event.seq != number:
            yield f"organization_appointmentevent {event.pk} seq"
        if event.previous_hash != previous:
            yield f"organization_appointmentevent {event.pk} previous_hash"
        if event.hash != event_hash(event):
            yield f"organization_appointmentevent {event.pk} hash"
        previous = event.hash
