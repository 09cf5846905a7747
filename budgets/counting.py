"""Adding to the counters of approved lines: many at once, since it is done behind their locks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Case, F, Value, When

from budgets.models import WorkLine

# The database tries the cases of a statement one after the other, so that its time grows with their square.
LOT = 500


def add_to_lines(sums: Mapping[int, Mapping[str, Decimal]]) -> None:
    """Add to columns of approved lines, by key: a statement for some hundred lines. The CHECKs refuse what is too much."""
    rest = iter(sorted(sums))
    while keys := list(islice(rest, LOT)):
        columns = sorted({name for key in keys for name in sums[key]})
        WorkLine.objects.filter(pk__in=keys).update(**{name: F(name) + _by_key(name, keys, sums) for name in columns})


def _by_key(name: str, keys: list[int], sums: Mapping[int, Mapping[str, Decimal]]) -> Case:
    field: Any = WorkLine._meta.get_field(name)
    nought = Decimal(0)
    cases = (When(pk=key, then=Value(sums[key].get(name, nought), output_field=field)) for key in keys)
    return Case(*cases, default=Value(nought, output_field=field), output_field=field)
