"""Trails that the daily seal covers beside the documents' own: an app adds its tables of chained events while it starts.

A seal keeps for each a running sum over every event so far: what the seal before it said, and the keys and hashes since.
Sealing reads the new events alone, checking reads each event once and keeps none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from organization.models import AppointmentEvent

Sum = dict[str, Any]
# What is said of a trail before its first seal.
NOTHING: Sum = {"last_event": 0, "events": 0, "sha256": ""}


@dataclass(frozen=True, slots=True)
class Trail:
    """A table of events: append-only, with a column ``hash``. ``name`` stands in the seals and never changes."""

    name: str
    model: type[Model]

    def events(self, *, after: int = 0, up_to: int | None = None) -> Iterator[tuple[int, str]]:
        """Keys and hashes in the order of their keys."""
        rows = self.model._base_manager.filter(pk__gt=after).order_by("pk")
        rows = rows if up_to is None else rows.filter(pk__lte=up_to)
        yield from rows.values_list("pk", "hash").iterator(chunk_size=5000)


_trails: dict[str, Trail] = {}


def add(name: str, model: type[Model]) -> None:
    """Let the daily seal cover a table of events; called from the owning app's ``ready()``."""
    _trails[name] = Trail(name, model)


add("organization", AppointmentEvent)


def covered() -> list[Trail]:
    """The trails in the order in which they were added."""
    return list(_trails.values())


def newest(model: type[Model]) -> int:
    """The key of the newest event of a table, none with a lower key being still on its way to a commit; 0 where there is none.

    PostgreSQL gives keys before the commit: without the lock an event could slip in under a seal that did not see it. Each
    table has its lock for itself and for a moment, so that sealing and a writer never wait for one another.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN SHARE MODE')
        return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def sums(before: dict[str, Sum]) -> dict[str, Sum]:
    """What a seal of now says of each trail, ``before`` being what the seal before it said."""
    found = {}
    for trail in covered():
        last = newest(trail.model)
        said = before.get(trail.name, NOTHING)
        found[trail.name] = continued(said, trail.events(after=said["last_event"], up_to=last), last)
    return found


def continued(before: Sum, events: Iterable[tuple[int, str]], last_event: int) -> Sum:
    """The sum of a seal from that of the seal before it and the events between them."""
    total, digest = before["events"], hashlib.sha256(before["sha256"].encode())
    for key, said in events:
        digest.update(f"{key} {said}\n".encode())
        total += 1
    return {"last_event": last_event, "events": total, "sha256": digest.hexdigest()}
