"""Writes the rows of every plan into its log as they stand, so that what happens to them from now on is found.

A plan laid out before told its anchors only. A closed handover phase is told with the number of inspections that it stands on.
"""

import hashlib
import json
from datetime import UTC

from django.db import migrations

from organization import clock

NAMES = (
    "key", "kind", "position", "title", "result", "post", "clause", "anchor", "months", "days", "holds", "note",
)  # fmt: skip


def tell_rows(apps, schema_editor):
    """One event ``rows_told`` a plan, nobody's; the written form of the day, frozen here. Told once."""
    events = apps.get_model("intervention", "PlanEvent")
    plans = apps.get_model("intervention", "Plan").objects.order_by("pk")
    for plan in plans.iterator(chunk_size=200):
        chain = events.objects.filter(plan=plan).order_by("seq")
        if any("rows" in said for said in chain.values_list("parameters", flat=True)):
            continue
        last = chain.last()
        event = events(
            plan=plan,
            seq=last.seq + 1 if last else 1,
            at=clock.now(),
            code="rows_told",
            parameters={"rows": _rows(apps, plan), "inspections": _inspections(apps, plan)},
            previous_hash=last.hash if last else "",
        )
        event.hash = _hash(event)
        event.save(force_insert=True)


def _rows(apps, plan):
    found = []
    items = apps.get_model("intervention", "PlanItem").objects.filter(phase__plan=plan)
    for item in items.select_related("phase").order_by("pk"):
        said = {"id": item.pk, "phase": item.phase.phase, **{name: getattr(item, name) for name in NAMES}}
        for name in ("due_on", "anchored_on"):
            day = getattr(item, name)
            said[name] = day.isoformat() if day else None
        found.append(said)
    return found


def _inspections(apps, plan):
    """On how many days the place of a closed handover phase was inspected; None while it is open."""
    phases = apps.get_model("intervention", "PlanPhase").objects.filter(plan=plan, phase="handover", state="closed")
    if not phases.exists():
        return None
    visits = apps.get_model("intervention", "Visit").objects.filter(
        project=plan.project_id, kind="inspection", state="kept"
    )
    if plan.instalment_id is not None:
        visits = visits.filter(instalment=plan.instalment_id)
    return visits.order_by().values("day").distinct().count()


def _hash(event):
    said = {
        "v": 1,
        "plan": event.plan_id,
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": None,
        "code": event.code,
        "phase": None,
        "item": None,
        "reason": event.reason,
        "parameters": event.parameters,
        "previous": event.previous_hash,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("intervention", "0010_plan_events_of_an_upgrade")]

    operations = [migrations.RunPython(tell_rows, migrations.RunPython.noop, elidable=False)]
