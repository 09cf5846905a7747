"""Published policies: every one can still be read and routes every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from documents import policies
from documents.canonical import canonical_json
from documents.models import Policy
from documents.routing import BadRule, Rule


@lru_cache(maxsize=8)
def _faults(rules: str) -> tuple[str, ...]:
    """What is wrong with rules, by what they say."""
    try:
        return tuple(policies.faults(Rule.from_json(data) for data in json.loads(rules)))
    except (BadRule, ArithmeticError, KeyError, TypeError, ValueError, AttributeError):
        return ("unreadable",)


def differences() -> Iterator[str]:
    """Policies whose rules or settings cannot be read or name what does not exist."""
    for policy in Policy.objects.order_by("version"):
        for fault in _faults(canonical_json(policy.rules)):
            yield f"documents_policy {policy.pk} rules: {fault}"
        try:
            rate = policies.commission_rate(policy)
            sound = 0 <= rate <= 1 and int(policies.setting(policy, "split_window_days")) >= 0
        except (ArithmeticError, KeyError, TypeError, ValueError):
            sound = False
        if not sound:
            yield f"documents_policy {policy.pk} settings"
