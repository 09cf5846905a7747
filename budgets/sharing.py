"""Staff shared by instalments: stated shares that sum to 100 %, and parts that sum to the whole amount (guide 4). Pure leaf.

A share is a whole number of hundredths of a per cent: 60 % is 6000. Parts are given by largest remainder: each instalment
takes the full 分 of its share, and what is left goes by one 分 to the largest remainders, among equal ones to the lower code.
So the parts always add up, and the order in which shares are named makes no difference (trust M9).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.cells import Cell, CellFault
from budgets.numbers import read_number
from documents.money import from_fen, to_fen
from documents.refusals import Invalid

# 100 % in hundredths of a per cent.
WHOLE = 10_000
# Fewer instalments share nothing.
FEWEST = 2


def parts_of(amount: Decimal, shares: Mapping[str, int]) -> dict[str, Decimal]:
    """Each instalment's part of an amount in 元, by code. ValueError for shares that are not 100 % together."""
    if sum(shares.values()) != WHOLE or min(shares.values()) < 1:
        raise ValueError(f"shares {dict(shares)} are not 100 % together")
    fen = to_fen(amount)
    taken = {code: divmod(fen * share, WHOLE) for code, share in shares.items()}
    left = fen - sum(whole for whole, _rest in taken.values())
    lucky = sorted(taken, key=lambda code: (-taken[code][1], code))[:left]
    return {code: from_fen(whole + (code in lucky)) for code, (whole, _rest) in taken.items()}


def percent(share: int) -> Decimal:
    """A share in per cent, two decimals."""
    return Decimal(share).scaleb(-2)


def share_text(share: int) -> str:
    """A share as people write it: ``60 %``, ``33.33 %``."""
    return f"{share_cell(share)} %"


def share_cell(share: int) -> str:
    """A share as its input holds it: ``60``, ``33.33``."""
    return f"{percent(share):f}".rstrip("0").rstrip(".")


def read_shares(typed: Mapping[str, Cell], names: Mapping[str, str]) -> dict[str, int]:
    """Shares by code out of what was typed in per cent; a blank one takes no part. ``names`` are the instalments' words.

    Raises Invalid with a sentence per faulty share, or one that says what the sum is and what is missing.
    """
    shares: dict[str, int] = {}
    faults: list[str] = []
    for code, cell in typed.items():
        if code not in names:
            faults.append(_("本项目没有分期 %(code)s，请核对编码。") % {"code": str(code)[:40]})
            continue
        try:
            share = read_share(cell, names[code])
        except CellFault as fault:
            faults.append(fault.message)
        else:
            if share is not None:
                shares[code] = share
    if not faults and (sentence := sum_fault(shares.values())):
        faults.append(sentence)
    if faults:
        raise Invalid(*faults)
    return shares


def read_share(cell: Cell, name: str) -> int | None:
    """One share as typed, with or without ``%``; None when blank. Raises ``CellFault``."""
    if isinstance(cell, str):
        cell = cell.strip().removesuffix("%").removesuffix("％")
    label = _("%(instalment)s的分摊比例") % {"instalment": name}
    number = read_number(cell, label=label, decimals=2, maximum=Decimal(100))
    return None if number is None else int(number.scaleb(2))


def sum_fault(shares: Collection[int]) -> str:
    """What the sum is and what is missing or too much; empty at exactly 100 %."""
    total = sum(shares)
    if total == WHOLE:
        return ""
    if total < WHOLE:
        sentence = _("各分期分摊比例合计为 %(sum)s，须正好为 100 %%，还差 %(rest)s。")
    else:
        sentence = _("各分期分摊比例合计为 %(sum)s，须正好为 100 %%，多出 %(rest)s。")
    told: str = sentence % {"sum": share_text(total), "rest": share_text(abs(WHOLE - total))}
    return told
