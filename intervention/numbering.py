"""Numbers of records: gapless per project, kind and year, given when the record is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from intervention.models import RecordCounter
from organization import clock

if TYPE_CHECKING:
    from organization.models import Project


def allocate(project: Project, subject: str, letter: str) -> str:
    """The next number, e.g. ``CH-F-2026-0001``. The counter's row stays locked until the transaction ends."""
    key = {"project": project, "subject": subject, "year": clock.today().year}
    if not RecordCounter.objects.filter(**key).update(last=F("last") + 1):
        RecordCounter.objects.get_or_create(**key)
        RecordCounter.objects.filter(**key).update(last=F("last") + 1)
    last = RecordCounter.objects.values_list("last", flat=True).get(**key)
    return f"{project.code}-{letter}-{key['year']}-{last:04d}"
