"""Gives every promise found in use its journal: found, and what became of it, as its own row tells who and when."""

import hashlib
import json
from datetime import UTC, date, datetime

from django.db import migrations

SUBJECT = "found_promise"
SETTLING = {"state": "in_use", "settled_by_id": None, "settled_at": None, "confirmation_id": None, "reason": ""}


def begin_journal(apps, schema_editor):
    """An event ``found`` and, where it is settled, ``confirmed`` or ``withdrawn``; the written form of the day, frozen here."""
    model, events = (apps.get_model("intervention", name) for name in ("FoundPromise", "RecordEvent"))
    known = events.objects.filter(subject=SUBJECT).values("key")
    for row in model.objects.exclude(pk__in=known).select_related("confirmation").order_by("pk").iterator(chunk_size=500):
        said = {field.attname: _text(getattr(row, field.attname)) for field in row._meta.concrete_fields}
        before = _append(events, row.pk, None, row.recorded_at, row.recorded_by_id, "found", "", {}, said | SETTLING)
        if row.state == "in_use":
            continue
        parameters = {"number": row.confirmation.number} if row.confirmation else {}
        settled = (row.settled_at, row.settled_by_id, row.state, row.reason, parameters, said)
        _append(events, row.pk, before, *settled)


def _append(events, key, before, at, actor_id, code, reason, parameters, told):
    event = events(
        subject=SUBJECT,
        key=key,
        seq=before.seq + 1 if before else 1,
        at=at,
        actor_id=actor_id,
        code=code,
        reason=reason,
        parameters={**parameters, "upgraded": True},
        told=told,
        previous_hash=before.hash if before else "",
    )
    said = {
        "v": 1,
        "record": [event.subject, event.key],
        "seq": event.seq,
        "at": _text(event.at),
        "actor": event.actor_id,
        "code": event.code,
        "reason": event.reason,
        "parameters": event.parameters,
        "told": event.told,
        "previous": event.previous_hash,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    event.hash = hashlib.sha256(text.encode()).hexdigest()
    event.save(force_insert=True)
    return event


def _text(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


class Migration(migrations.Migration):
    dependencies = [("intervention", "0011_tell_rows_of_plans")]

    operations = [migrations.RunPython(begin_journal, migrations.RunPython.noop, elidable=False)]
