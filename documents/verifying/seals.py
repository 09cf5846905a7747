"""Daily seals: each recomputed from the events up to it, and chained to the one before."""

from __future__ import annotations

from collections.abc import Iterator

from documents.models import Event, Seal
from documents.trail import heads_hash, seal_hash


def differences() -> Iterator[str]:
    """Seals that the events no longer bear out; the events are read once whatever the number of seals."""
    heads: dict[int, str] = {}
    events = Event.objects.order_by("pk").values_list("pk", "document_id", "hash").iterator(chunk_size=5000)
    event = next(events, None)
    previous = ""
    for seal in Seal.objects.order_by("day"):
        while event is not None and event[0] <= seal.last_event:
            heads[event[1]] = event[2]
            event = next(events, None)
        if seal.documents != len(heads):
            yield f"documents_seal {seal.pk} documents: {seal.documents}, the trail has {len(heads)}"
        if seal.heads_sha256 != heads_hash(heads):
            yield f"documents_seal {seal.pk} heads_sha256"
        if seal.previous_hash != previous:
            yield f"documents_seal {seal.pk} previous_hash"
        if seal.hash != seal_hash(seal):
            yield f"documents_seal {seal.pk} hash"
        previous = seal.hash
