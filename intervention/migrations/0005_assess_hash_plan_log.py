"""Chains the plan's log as it stands: every event gets its hash and that of the event before it."""

import hashlib
import json
from datetime import UTC

from django.db import migrations

GUARD = "guard_planevent_fixed"


def hash_plan_log(apps, schema_editor):
    """The written form of the day, frozen here. The guard that forbids changes comes back after ``migrate``."""
    place = " ON intervention_planevent" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {GUARD}{place}")
    events = apps.get_model("intervention", "PlanEvent")
    plan, previous = None, ""
    for event in events.objects.order_by("plan_id", "seq").iterator(chunk_size=500):
        previous = previous if event.plan_id == plan else ""
        said = {
            "v": 1,
            "plan": event.plan_id,
            "seq": event.seq,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor_id,
            "code": event.code,
            "phase": event.phase_id,
            "item": event.item_id,
            "reason": event.reason,
            "parameters": event.parameters,
            "previous": previous,
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        events.objects.filter(pk=event.pk).update(previous_hash=previous, hash=digest)
        plan, previous = event.plan_id, digest


class Migration(migrations.Migration):
    dependencies = [("intervention", "0004_assess_plan_log_hashes")]

    operations = [migrations.RunPython(hash_plan_log, migrations.RunPython.noop, elidable=False)]
