"""Numbers: gapless per project, kind and month, given at the first submission."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from documents.models import Counter
from documents.vocabulary import KIND_PREFIX
from organization import clock

if TYPE_CHECKING:
    from documents.models import Document


def counter_month(document: Document) -> date:
    """The month a number counts in: the form's own, else the month of submission."""
    return document.period or clock.today().replace(day=1)


def allocate(document: Document) -> str:
    """The next number, e.g. ``CH-PR-202612-001``. The counter's row stays locked until the transaction ends,

    so a submission that fails gives its number back and nobody ever sees a gap.
    """
    key = {"project_id": document.project_id, "kind": document.kind, "month": counter_month(document)}
    if not Counter.objects.filter(**key).update(last=F("last") + 1):
        Counter.objects.get_or_create(**key)
        Counter.objects.filter(**key).update(last=F("last") + 1)
    last = Counter.objects.values_list("last", flat=True).get(**key)
    return number_text(document.project.code, document.kind, key["month"], last)


def number_text(project_code: str, kind: str, month: date, n: int) -> str:
    """The written form of a number."""
    return f"{project_code}-{KIND_PREFIX[kind]}-{month:%Y%m}-{n:03d}"
