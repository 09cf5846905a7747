"""The journal of records: one chain of hashed events a record, each with what the record said afterwards.

Whoever writes has locked the record's row. ``verify`` compares every record with its newest event (``comparing``), so a row that
was changed behind the verbs is found, whatever its table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from documents.canonical import VERSION, sha256_data
from documents.refusals import Invalid
from documents.texts import clean_text
from documents.trail import moment_text
from intervention.models import RecordEvent
from intervention.models.photo import BEARERS
from organization import clock

if TYPE_CHECKING:
    from django.db.models import Model

    from intervention.models import PlanEvent, Record
    from organization.models import Instalment, Person, Project

R = TypeVar("R", bound="Record")
_BESIDE = ("photographed", "photo_hidden")
# The first half of the locks that senders of one key wait for.
_SENT = 5150
E = TypeVar("E", bound="RecordEvent | PlanEvent")


def lock(model: type[R], pk: int) -> R:
    """Lock a record and read it behind the lock."""
    return model.objects.select_for_update(of=("self",)).select_related("project", "instalment").get(pk=pk)


def sent_before(model: type[R], actor: Person, sent_key: str | None) -> R | None:
    """The record that this device has already sent under this key: sending again changes nothing.

    Whoever sends the same key at the same moment waits here until the first one has stored its record, and then finds it.
    """
    if not (sent_key := key_of(sent_key)):
        return None
    take_turns(f"{model.subject}:{actor.pk}:{sent_key}")
    return model.objects.select_related("project", "instalment").filter(created_by=actor, sent_key=sent_key).first()


def key_of(sent_key: str | None) -> str | None:
    """A device's own key as it is stored; None where it gave none. Raises Invalid."""
    return clean_text(sent_key or "", max_length=36, label=_("设备编号")) or None


def take_turns(*keys: str) -> None:
    """Let transactions that name the same key pass one after the other, before there is a row to lock."""
    if connection.vendor != "postgresql":
        return  # IMMEDIATE transactions have SQLite to themselves
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SENT, crc32(key.encode()) - 2**31])


def place(row: R, actor: Person, project: Project, instalment: Instalment | None, sent_key: str | None = None) -> R:
    """A new, unsaved record put in its place, under its maker's name and the moment of now. Raises Invalid for an instalment
    of another project."""
    if instalment is not None and instalment.project_id != project.pk:
        raise Invalid(
            _("分期「%(code)s」不属于项目「%(project)s」。") % {"code": instalment.code, "project": project.name}
        )
    row.project, row.instalment, row.created_by, row.created_at = project, instalment, actor, clock.now()
    row.sent_key = key_of(sent_key)
    return row


def record(row: Record, code: str, actor: Person, *, reason: str = "", **parameters: Any) -> RecordEvent:
    """Append an event to a record that has been saved; parameters are JSON-able."""
    chain = RecordEvent.objects.filter(subject=row.journal_name(), key=row.pk)
    last = chain.order_by("-seq").values("seq", "hash").first()
    event = RecordEvent(
        subject=row.journal_name(),
        key=row.pk,
        seq=last["seq"] + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        code=code,
        reason=reason,
        parameters=parameters,
        told=told(row),
        previous_hash=last["hash"] if last else "",
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    return event


def newest(model: type[Record], pk: int) -> int:
    """The number of a record's newest event: what a page was made from. Ask before reading the record."""
    last = RecordEvent.objects.filter(subject=model.subject, key=pk).aggregate(last=Max("seq"))["last"]
    return last or 0


def changed_since(model: type[Record], pk: int, seen: int) -> RecordEvent | None:
    """The newest event after one that somebody saw; photographs come beside what a record says and don't count."""
    later = RecordEvent.objects.filter(subject=model.subject, key=pk, seq__gt=seen).exclude(code__in=_BESIDE)
    return later.select_related("actor").order_by("-seq").first()


def events_of(row: Record) -> list[RecordEvent]:
    """The events of a record, newest first."""
    found = RecordEvent.objects.filter(subject=row.subject, key=row.pk)
    return list(found.select_related("actor").order_by("-seq"))


def told(row: Record) -> dict[str, Any]:
    """What a record says: its columns and the rows that belong to it, as text that is the same on both databases."""
    said = _columns(row, row.untold)
    for name in parts_of(type(row)):
        # Sorted here: what has been fetched for many records is not asked for again.
        said[name] = [_columns(part, ()) for part in sorted(getattr(row, name).all(), key=lambda part: part.pk)]
    return said


def parts_of(model: type[Record]) -> tuple[str, ...]:
    """Related names of the rows that are told with a record; whatever bears photographs tells them."""
    photos = ("photos",) if model.journal_name() in BEARERS else ()
    return tuple(dict.fromkeys((*model.parts, *photos)))


def _columns(row: Model, without: tuple[str, ...]) -> dict[str, Any]:
    return {
        field.attname: text_of(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in without
    }


def text_of(value: Any) -> Any:
    """A value of a column as the journal keeps it."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bool | int | str | list | dict) or value is None:
        return value
    # A file is its server-made path.
    return str(value)


def event_hash(event: RecordEvent) -> str:
    """Hash of everything an event says, and of the event before it."""
    return sha256_data(
        {
            "v": VERSION,
            "record": [event.subject, event.key],
            "seq": event.seq,
            "at": moment_text(event.at),
            "actor": event.actor_id,
            "code": event.code,
            "reason": event.reason,
            "parameters": event.parameters,
            "told": event.told,
            "previous": event.previous_hash,
        }
    )


def broken_links(table: str, chain: Sequence[E], hash_of: Callable[[E], str]) -> Iterator[str]:
    """What is wrong with a chain of events, oldest first, a line each: table, key, column."""
    previous = ""
    for number, event in enumerate(chain, start=1):
        if event.seq != number:
            yield f"{table} {event.pk} seq"
        if event.previous_hash != previous:
            yield f"{table} {event.pk} previous_hash"
        if event.hash != hash_of(event):
            yield f"{table} {event.pk} hash"
        previous = event.hash
