"""Holidays and make-up working days of mainland China 2004 to 2026, as published by the State Council.

The days stand in ``china_calendar.csv``, written out of the package chinesecalendar 1.11.0; the package itself is not asked,
so that this migration does the same tomorrow.
"""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

from organization import clock

SOURCE = "chinesecalendar 1.11.0"
FILE = Path(__file__).with_name("china_calendar.csv")
WORKING = "班"


def insert_calendar(apps, schema_editor):
    """Idempotent, so that tests may call it after emptying the tables."""
    year_model, day_model = apps.get_model("organization", "CalendarYear"), apps.get_model("organization", "CalendarDay")
    if year_model.objects.exists():
        return
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [(date.fromisoformat(row["日期"]), row["类型"], row["名称"]) for row in csv.DictReader(file)]
    now = clock.now()
    numbers = sorted({day.year for day, _kind, _name in rows})
    year_model.objects.bulk_create(year_model(year=year, source=SOURCE, imported_at=now) for year in numbers)
    keys = dict(year_model.objects.values_list("year", "pk"))
    day_model.objects.bulk_create(
        day_model(year_id=keys[day.year], day=day, is_working=kind == WORKING, name=name) for day, kind, name in rows
    )


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_working_days")]

    operations = [migrations.RunPython(insert_calendar, migrations.RunPython.noop, elidable=False)]
