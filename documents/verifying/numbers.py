"""Numbers without gaps: per project, kind and month exactly 1 … n of the counter, each on one form (N1)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from documents.models import Counter, Document
from documents.numbering import number_text

_SHAPE = re.compile(r"-(\d{4})(\d{2})-(\d{3,})$")

Place = tuple[int, str, date]


def differences() -> Iterator[str]:
    """Numbers of the wrong shape, gaps, and counters that say something else than the forms."""
    given: dict[Place, set[int]] = defaultdict(set)
    rows = Document.objects.exclude(number=None).order_by("pk")
    for pk, number, project, code, kind, period in rows.values_list(
        "pk", "number", "project_id", "project__code", "kind", "period"
    ).iterator():
        place = _place(number, project, kind, code, period)
        if place is None:
            yield f"documents_document {pk} number: {number}"
        else:
            given[place[0]].add(place[1])
    counted = {(row.project_id, row.kind, row.month): row for row in Counter.objects.order_by("pk")}
    for key in sorted(given.keys() | counted.keys(), key=str):
        numbers = given.get(key, set())
        row = counted.get(key)
        if row is None:
            yield f"documents_counter {key[0]}/{key[1]}/{key[2]:%Y-%m} id"
            continue
        if row.last != max(numbers, default=0):
            yield f"documents_counter {row.pk} last: {row.last}, the forms go to {max(numbers, default=0)}"
        missing = sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)
        if missing:
            yield f"documents_document {key[0]}/{key[1]}/{key[2]:%Y-%m} number: without {missing[:5]}"


def _place(number: str, project: int, kind: str, code: str, period: date | None) -> tuple[Place, int] | None:
    """Where a number counts and what it is there; None for one that this form cannot have been given."""
    shape = _SHAPE.search(number)
    if shape is None or not 1 <= int(shape[2]) <= 12:
        return None
    month, n = date(int(shape[1]), int(shape[2]), 1), int(shape[3])
    if number != number_text(code, kind, month, n) or period not in (None, month):
        return None
    return (project, kind, month), n
