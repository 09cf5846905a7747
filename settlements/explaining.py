"""Every 分 of an application as steps that a person can redo with a pocket calculator, from what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext as _

from documents.rendering.values import percent_text
from settlements.amounts import Amounts, amounts_of
from settlements.models import InvoiceKind, Nature
from settlements.sheets import bases_of, figures_of_lines

_MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Sum:
    """Approved, applied for before, applied for now and left, in 元; None where a column says nothing of a line."""

    approved: Decimal | None
    earlier: Decimal | None
    amount: Decimal
    rest: Decimal | None


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line with its rate."""

    position: int
    subject: str
    source: int
    completion: str
    percent: str
    sums: Sum


@dataclass(frozen=True, slots=True)
class ExplainedCategory:
    """The lines of one category of a form, and their sum."""

    name: str
    lines: list[ExplainedLine]
    sums: Sum


@dataclass(frozen=True, slots=True)
class ExplainedForm:
    """A form: its categories, the sum of the lines here, and the whole form's figures with the reason for less."""

    number: str
    title: str
    categories: list[ExplainedCategory]
    sums: Sum
    whole: Sum | None
    reason: str


@dataclass(frozen=True, slots=True)
class Product:
    """What one rate gives: base × rate, all digits."""

    percent: str
    base: Decimal
    product: Decimal

    @property
    def digits(self) -> str:
        """The exact product: ``31,857.65`` or ``12.3455``."""
        return exact(self.product)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One reckoning from bases to tax: an application's own, or what stood before and after a reversal."""

    products: list[Product]
    amounts: Amounts
    tax_rate: Decimal | None

    @property
    def product_sum(self) -> str:
        """The exact sum of the products, not yet rounded."""
        return exact(sum((one.product for one in self.products), Decimal(0)))

    @property
    def divisor(self) -> str:
        """``1.06``."""
        return "" if self.tax_rate is None else exact(1 + self.tax_rate)

    @property
    def quotient(self) -> str:
        """Total ÷ divisor to six places, with … where it goes on."""
        if self.tax_rate is None:
            return ""
        shown = (self.amounts.total / (1 + self.tax_rate)).quantize(_MILLIONTH, ROUND_DOWN)
        return exact(shown) + ("" if shown * (1 + self.tax_rate) == self.amounts.total else "…")


@dataclass(frozen=True, slots=True)
class Explanation:
    """The page: forms, what they come to, and for a reversal the reckonings whose difference it is."""

    forms: list[ExplainedForm]
    amounts: Amounts
    own: Reckoning
    before: Reckoning | None
    after: Reckoning | None
    invoice: str
    tax_percent: str
    reverses: str
    reason: str


def exact(value: Decimal) -> str:
    """All digits that a figure has, at least two decimals, with separators."""
    text = f"{value:,f}"
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def explanation(content: dict[str, Any]) -> Explanation:
    """Explain content as it was signed, or a working copy's."""
    head = content["head"]
    tax_rate = None if head.get("tax_rate") is None else Decimal(head["tax_rate"])
    bases = bases_of(content)
    before = {Decimal(rate): Decimal(base) for rate, base in (head.get("before") or {}).items()}
    reversing = head.get("nature") == Nature.REVERSAL
    after = {rate: base + bases.get(rate, Decimal(0)) for rate, base in before.items()}
    return Explanation(
        forms=list(_forms(content)),
        amounts=Amounts(
            Decimal(head["subtotal"]), Decimal(head["commission"]), _decimal(head.get("net")), _decimal(head.get("tax"))
        ),
        own=_reckoning(bases, tax_rate),
        before=_reckoning(before, tax_rate) if reversing else None,
        after=_reckoning(after, tax_rate) if reversing else None,
        invoice=str(InvoiceKind(head["invoice_kind"]).label) if head.get("invoice_kind") else "",
        tax_percent="" if tax_rate is None else percent_text(tax_rate),
        reverses=head.get("reverses") or "",
        reason=head.get("reason", ""),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _reckoning(bases: dict[Decimal, Decimal], tax_rate: Decimal | None) -> Reckoning:
    parts = [(base, rate) for rate, base in sorted(bases.items(), reverse=True)]
    products = [Product(percent_text(rate), base, base * rate) for base, rate in parts]
    return Reckoning(products, amounts_of(parts, tax_rate), tax_rate)


def _forms(content: dict[str, Any]) -> Iterator[ExplainedForm]:
    """Form by form in the order of the lines, category by category within."""
    default = content["head"]["rate"]
    forms: dict[str, dict[str, list[ExplainedLine]]] = {}
    titles: dict[str, str] = {}
    for line, money in zip(content["lines"], figures_of_lines(content), strict=True):
        titles[line["form"]] = line["form_title"]
        forms.setdefault(line["form"], {}).setdefault(line["category"] or _("未分类"), []).append(
            ExplainedLine(
                line["position"],
                line["subject"],
                line["form_position"],
                line["completion"],
                percent_text(Decimal(line.get("rate", default))),
                Sum(money["approved"], money["earlier"], money["amount"] or Decimal(0), money["rest"]),
            )
        )
    whole = content["head"].get("forms", {})
    for number, categories in forms.items():
        parts = [
            ExplainedCategory(name, lines, _sum(line.sums for line in lines)) for name, lines in categories.items()
        ]
        said = whole.get(number)
        yield ExplainedForm(
            number,
            titles[number],
            parts,
            _sum(part.sums for part in parts),
            _whole(said) if said else None,
            said["reason"] if said else "",
        )


def _whole(said: dict[str, str]) -> Sum:
    approved, earlier, amount = (Decimal(said[key]) for key in ("approved", "earlier", "amount"))
    return Sum(approved, earlier, amount, approved - earlier - amount)


def _sum(parts: Iterable[Sum]) -> Sum:
    parts = list(parts)
    nought = Decimal(0)
    return Sum(
        sum((part.approved or nought for part in parts), nought),
        sum((part.earlier or nought for part in parts), nought),
        sum((part.amount for part in parts), nought),
        sum((part.rest or nought for part in parts), nought),
    )
