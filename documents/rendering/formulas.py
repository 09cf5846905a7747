"""Live formulas of workbooks: placeholders become cells, and a formula is written only where it gives the signed figure.

A formula is our own text over placeholders: ``ROUND({quantity}*{price},2)``, ``SUM({rows:amount})``, ``{subtotal}``.
It is reckoned here with exact decimals first. Were a workbook to show another figure than the one people signed after its
program recalculates, the plain figure is written instead. Pure leaf.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from xlsxwriter.utility import xl_rowcol_to_cell

PLACEHOLDER = re.compile(r"\{((?:rows:)?\w+)\}")

_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def substitute(formula: str, cells: Mapping[str, str]) -> str | None:
    """The formula with cell references in place of placeholders; None when one has no cell."""
    if any(name not in cells for name in PLACEHOLDER.findall(formula)):
        return None
    return "=" + PLACEHOLDER.sub(lambda match: cells[match.group(1)], formula)


def reckon(formula: str, values: Mapping[str, Decimal]) -> Decimal | None:
    """What a spreadsheet makes of the formula; None for what cannot be reckoned here.

    ``{rows:column}`` stands for a column's sum, so it belongs inside SUM. Rounding is half away from zero, as in spreadsheets.
    """
    names: dict[str, Decimal] = {}

    def name_of(match: re.Match[str]) -> str:
        name = f"v{len(names)}"
        names[name] = values[match.group(1)]
        return name

    try:
        tree = ast.parse(PLACEHOLDER.sub(name_of, formula), mode="eval")
        return _value(tree.body, names)
    except (KeyError, SyntaxError, ValueError, InvalidOperation, ZeroDivisionError):
        return None


def _value(node: ast.expr, names: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.Constant(value=int() | float()):
            # str() of a short written constant such as 0.1 gives it back as written.
            return Decimal(str(node.value))
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id="SUM"), args=args, keywords=[]):
            return sum((_value(arg, names) for arg in args), Decimal(0))
        case ast.Call(func=ast.Name(id="ROUND"), args=[number, places], keywords=[]):
            step = Decimal(1).scaleb(-int(_value(places, names)))
            return _value(number, names).quantize(step, rounding=ROUND_HALF_UP)
    raise ValueError(f"not a formula of ours: {ast.dump(node)[:80]}")


def areas(rows: Sequence[int], column: int) -> list[str]:
    """Cells of a column, neighbours as one area: ``F5:F9``."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return [
        xl_rowcol_to_cell(first, column)
        if first == last
        else f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
        for first, last in found
    ]


def written_out(value: Decimal) -> Decimal:
    """The same number whose text has no exponent: XlsxWriter writes a formula's cached value as ``str`` gives it."""
    return Decimal(f"{value:f}")
