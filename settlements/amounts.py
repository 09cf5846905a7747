"""What lines come to: subtotal, commission, total, and the total parted into net and tax. Pure leaf; amounts in 元.

Everything includes tax (guide 3, principle 6): the total is 价税合计, tax is a part of it and never added on top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from documents import money

# A line's amount and its commission rate.
Part = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Amounts:
    """The figures of an application; net and tax are None as long as no tax rate was chosen."""

    subtotal: Decimal
    commission: Decimal
    net: Decimal | None = None
    tax: Decimal | None = None

    @property
    def total(self) -> Decimal:
        """价税合计: what is applied for."""
        return self.subtotal + self.commission


def amounts_of(parts: Iterable[Part], tax_rate: Decimal | None) -> Amounts:
    """Figures of some lines: the commission rounded once, half up; net half up, tax what is left of the total."""
    parts = list(parts)
    subtotal = sum((amount for amount, _rate in parts), Decimal(0))
    commission = money.commission(parts)
    if tax_rate is None:
        return Amounts(subtotal, commission)
    net = money.before_tax(subtotal + commission, tax_rate)
    return Amounts(subtotal, commission, net, subtotal + commission - net)


def reversal_of(before: Iterable[Part], taken: Iterable[Part], tax_rate: Decimal | None) -> Amounts:
    """Figures of taking lines back: what the lines that stay come to, less what all of them came to before.

    So an application and its reversals always add up to the figures of the lines that are left, to the 分, however often
    and in whatever order lines are taken back; the last one brings commission, net and tax to exactly nothing.
    ``taken`` are lines of ``before``.
    """
    before = list(before)
    after = list(before)
    for part in taken:
        after.remove(part)
    old, new = amounts_of(before, tax_rate), amounts_of(after, tax_rate)
    return Amounts(
        new.subtotal - old.subtotal,
        new.commission - old.commission,
        None if old.net is None or new.net is None else new.net - old.net,
        None if old.tax is None or new.tax is None else new.tax - old.tax,
    )
