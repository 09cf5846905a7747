"""``verify`` for the journal: every chain recomputed, every record against the newest event of its own.

Rows and chains are walked side by side by their keys, so that one record and its chain are held at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from intervention import journal
from intervention.models import RecordEvent

if TYPE_CHECKING:
    from django.db.models import Model

    from intervention.models import Record

# How many events and rows are read at once.
EVENTS, ROWS = 500, 500

Chain = list[RecordEvent]


def differences(models: Mapping[str, type[Record]]) -> Iterator[str]:
    """Every record of these models, by their names in the journal."""
    for name, model in models.items():
        table = model._meta.db_table
        for key, row, chain in _side_by_side(_rows(model), _chains(name)):
            yield from journal.broken_links("intervention_recordevent", chain, journal.event_hash)
            if row is None:
                yield f"{table} {key} id: the journal knows it, the table doesn't"
            elif not chain:
                yield f"{table} {key} id: the journal doesn't know it"
            else:
                yield from (f"{table} {key} {column}" for column in _apart(row, chain))


def _rows(model: type[Record]) -> Iterator[Record]:
    return model.objects.order_by("pk").prefetch_related(*journal.parts_of(model)).iterator(chunk_size=ROWS)


def _chains(name: str) -> Iterator[tuple[int, Chain]]:
    events = RecordEvent.objects.filter(subject=name).order_by("key", "seq").iterator(chunk_size=EVENTS)
    for key, chain in groupby(events, key=lambda event: event.key):
        yield key, list(chain)


def _side_by_side(
    rows: Iterator[Record], chains: Iterator[tuple[int, Chain]]
) -> Iterator[tuple[int, Record | None, Chain]]:
    """Each key that a row or a chain has, with both or with the one that there is."""
    row, found = next(rows, None), next(chains, None)
    while row is not None or found is not None:
        if found is None or (row is not None and row.pk < found[0]):
            yield row.pk, row, []
            row = next(rows, None)
        elif row is None or found[0] < row.pk:
            yield found[0], None, found[1]
            found = next(chains, None)
        else:
            yield row.pk, row, found[1]
            row, found = next(rows, None), next(chains, None)


def _apart(row: Record, chain: Chain) -> list[str]:
    """Columns and parts in which a record is other than its newest event says."""
    now, said = journal.told(row), chain[-1].told
    try:
        said = _completed(type(row), said)
        apart = [name for name in sorted(now | said) if name in said and now.get(name) != said[name]]
        if "photos" in now and "photos" not in said and _shown(now["photos"]) != _photos_of(chain):
            apart.append("photos")
    except (AttributeError, KeyError, TypeError):
        # What cannot be read was not written by a verb.
        return ["id: its newest event cannot be read"]
    return apart


def _completed(model: type[Record], said: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says, with the columns that came after it: of those it would have told the default."""
    whole = _with_defaults(model, model.untold, said)
    for name in journal.parts_of(model):
        if name in said:
            part = model._meta.get_field(name).related_model
            whole[name] = [_with_defaults(part, (), row) for row in said[name]]
    return whole


def _with_defaults(model: type[Model], untold: tuple[str, ...], said: Mapping[str, Any]) -> dict[str, Any]:
    later = {
        field.attname: journal.text_of(field.get_default())
        for field in model._meta.concrete_fields
        if field.attname not in untold and field.attname not in said
    }
    return later | said


def _photos_of(chain: Chain) -> dict[int, bool]:
    """Photographs by key, and whether each is hidden, of a record whose events don't tell them yet: the acts on them do."""
    found: dict[int, bool] = {}
    for event in chain:
        if event.code == "photographed":
            found |= {key: found.get(key, False) for key in event.parameters["photos"]}
        elif event.code == "photo_hidden":
            found[event.parameters["photo"]] = True
    return found


def _shown(photos: list[dict[str, Any]]) -> dict[int, bool]:
    return {photo["id"]: photo["hidden_at"] is not None for photo in photos}
