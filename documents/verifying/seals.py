"""Daily seals: each recomputed from the events up to it, and chained to the one before."""

from __future__ import annotations

from collections.abc import Iterator

from documents import sealed
from documents.models import Event, Seal
from documents.trail import heads_hash, seal_hash


def differences() -> Iterator[str]:
    """Seals that the events no longer bear out; the events are read once whatever the number of seals."""
    seals = list(Seal.objects.order_by("day"))
    yield from _of_documents(seals)
    for trail in sealed.covered():
        yield from _of(trail, seals)
    known = {trail.name for trail in sealed.covered()}
    for seal in seals:
        yield from (f"documents_seal {seal.pk} trails: no trail {name}" for name in sorted(_said(seal).keys() - known))


def _said(seal: Seal) -> dict[str, sealed.Sum]:
    return seal.trails if isinstance(seal.trails, dict) else {}


def _of_documents(seals: list[Seal]) -> Iterator[str]:
    heads: dict[int, str] = {}
    events = Event.objects.order_by("pk").values_list("pk", "document_id", "hash").iterator(chunk_size=5000)
    event = next(events, None)
    previous = ""
    for seal in seals:
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


def _of(trail: sealed.Trail, seals: list[Seal]) -> Iterator[str]:
    """A further trail against what the seals say of it: once it is sealed, every later seal covers it."""
    events = _Reader(trail.events())
    before = sealed.NOTHING
    for seal in seals:
        said = _said(seal).get(trail.name)
        if said is None:
            if before is not sealed.NOTHING:
                yield f"documents_seal {seal.pk} trails: nothing of {trail.name}"
            continue
        try:
            now = sealed.continued(before, events.up_to(said["last_event"]), said["last_event"])
            told = said["events"]
        except (KeyError, TypeError):
            yield f"documents_seal {seal.pk} trails: {trail.name} cannot be read"
            return
        if now["events"] != told:
            yield f"documents_seal {seal.pk} trails: {trail.name} had {told} events, {now['events']} are there"
        elif now != said:
            yield f"documents_seal {seal.pk} trails: {trail.name} has changed"
        before = said


class _Reader:
    """Events in the order of their keys, taken a piece at a time."""

    def __init__(self, events: Iterator[tuple[int, str]]) -> None:
        self._events = events
        self._next = next(events, None)

    def up_to(self, key: int) -> Iterator[tuple[int, str]]:
        """Those not taken yet, up to a key."""
        while self._next is not None and self._next[0] <= key:
            yield self._next
            self._next = next(self._events, None)
