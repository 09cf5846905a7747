"""What the ageing page needs beyond ``documents_ui``: a column's head, the sum of a row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def at(labels: Sequence[str], index: int) -> str:
    """The head of a column."""
    return labels[index]


@register.filter
def total(amounts: Sequence[Decimal]) -> Decimal:
    """What a row of amounts comes to, in 元."""
    return sum(amounts, Decimal(0))
