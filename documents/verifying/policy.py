"""Published policies: every one can still be read and routes every kind."""

from __future__ import annotations

from collections.abc import Iterator

from documents import policies
from documents.models import Policy
from documents.routing import BadRule


def differences() -> Iterator[str]:
    """Policies whose rules or settings cannot be read or name what does not exist."""
    for policy in Policy.objects.order_by("version"):
        try:
            faults = policies.faults(policies.rules_of(policy))
        except (BadRule, ArithmeticError, KeyError, TypeError, ValueError, AttributeError):
            faults = ["unreadable"]
        for fault in faults:
            yield f"documents_policy {policy.pk} rules: {fault}"
        try:
            rate = policies.commission_rate(policy)
            sound = 0 <= rate <= 1 and int(policies.setting(policy, "split_window_days")) >= 0
        except (ArithmeticError, KeyError, TypeError, ValueError):
            sound = False
        if not sound:
            yield f"documents_policy {policy.pk} settings"
