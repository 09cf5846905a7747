"""Values as paper shows them. Pure leaf."""

from datetime import date, datetime
from decimal import Decimal

from documents.money import figures, quantity_text
from documents.sheets import CellKind, Value

NUMERIC = (CellKind.MONEY, CellKind.QUANTITY, CellKind.INTEGER, CellKind.PERCENT)


def percent_text(share: Decimal) -> str:
    """A share of one as per cent without trailing zeros: 0.10 → ``10%``."""
    text = f"{share * 100:.4f}".rstrip("0").rstrip(".")
    return f"{text}%"


def cell_text(value: Value, kind: CellKind) -> str:
    """A value as written in a cell; the unit 元 stands in the heading. A value of another type than its kind is shown as it is."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and kind in NUMERIC:
        number = Decimal(value)
        if kind == CellKind.MONEY:
            return figures(number)
        if kind == CellKind.PERCENT:
            return percent_text(number)
        return quantity_text(number)
    return str(value)


def fact_text(value: Value, kind: CellKind) -> str:
    """A value of the head: money carries ¥, since no heading names the unit."""
    text = cell_text(value, kind)
    return f"¥{text}" if kind == CellKind.MONEY and text and isinstance(value, (int, Decimal)) else text
