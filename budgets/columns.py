"""The one validator of a line, over the columns in ``budgets.line_forms``. Pure leaf.

Grid, block paste, API, workbook import, templates and sheets all read ``LINE_FORMS`` and all check a line with ``check_row``.
Line = quantity × price, half up to the 分 (guide 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.cells import Cell, CellFault, UncalculatedFormula, is_blank, read_date, read_text, shown
from budgets.line_forms import LINE_FORMS, Column, LineForm
from budgets.numbers import read_number, read_written
from documents.money import MAX_AMOUNT, MAX_QUANTITY, figures, line_amount, quantity_text, round_fen
from documents.sheets import CellKind

__all__ = ["LINE_FORMS", "CellError", "CheckedRow", "Column", "LineForm", "check_row", "columns_of", "is_blank_row"]

# A formula over binary numbers may miss the exact product in the last digits; relative.
BINARY_NOISE = Decimal("1e-13")

Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class CellError:
    """A faulty cell: ``message`` says where in the line, why and what to do; whoever knows the row puts it in front."""

    key: str
    label: str
    value: str | None
    message: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A sound line: ``cells`` for WorkLine, always with quantity, price and amount.

    ``exact`` is the product before rounding; ``computed`` tells that no amount was given.
    """

    cells: dict[str, Value]
    exact: Decimal
    computed: bool

    @property
    def amount(self) -> Decimal:
        """The line's amount in 元."""
        return line_amount(self.exact, Decimal(1))


def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of a kind in the order of page, template and sheet."""
    return LINE_FORMS[kind].columns


def is_blank_row(kind: str, raw: Mapping[str, Cell]) -> bool:
    """Whether a person typed nothing in the line; a computed cell that shows 0 or waits for its numbers is nothing either."""
    return all(
        is_blank(cell) or (not column.editable and (isinstance(cell, UncalculatedFormula) or read_written(cell) == 0))
        for column in columns_of(kind)
        for cell in (raw.get(column.key),)
    )


def check_row(
    kind: str, raw: Mapping[str, Cell], *, categories: tuple[str, ...] | None = None
) -> CheckedRow | list[CellError]:
    """Check one line, whoever typed it: the sound line, or every fault of it at once.

    ``categories`` replaces the choices of 类别 where a company keeps its own. Keys that the kind has not are ignored.
    """
    form = LINE_FORMS[kind]
    # A computed cell whose formula was never calculated is an empty one: we calculate it ourselves.
    unknown = [column.key for column in form.columns if not column.editable]
    raw = {key: None if key in unknown and isinstance(cell, UncalculatedFormula) else cell for key, cell in raw.items()}
    cells: dict[str, Value] = {}
    errors: list[CellError] = []
    for column in form.columns:
        if column.key == "amount" or (column.key == "price" and "price" not in form.addends):
            continue
        try:
            cells[column.key] = _read(column, raw.get(column.key), categories)
        except CellFault as fault:
            errors.append(_error(column, raw.get(column.key), fault.message))
    errors += _date_errors(form, cells, raw)
    quantity, price = _factor(form.factors, cells), _sum(form.addends, cells)
    if quantity is not None and price is not None:
        errors += _product_errors(form, quantity, price, raw)
        if not errors:
            cells |= {"quantity": quantity, "price": price, "amount": line_amount(quantity, price)}
            return CheckedRow(cells, quantity * price, is_blank(raw.get("amount")))
    else:
        errors += _unreckoned_errors(form, raw)
    order = {column.key: position for position, column in enumerate(form.columns)}
    return sorted(errors, key=lambda error: order[error.key])


def _read(column: Column, cell: Cell, categories: tuple[str, ...] | None) -> Value:
    # Lazy: worded only for a fault.
    label = column.label
    if column.required and is_blank(cell):
        raise CellFault(_("缺少%(label)s，请填写。") % {"label": label})
    if column.kind == CellKind.DATE:
        return read_date(cell, label=label)
    if column.is_number:
        number = read_number(cell, label=label, decimals=column.decimals, maximum=column.maximum, zero=column.zero)
        if column.kind == CellKind.INTEGER:
            return None if number is None else int(number)
        return Decimal("0.00") if number is None else number
    text = read_text(cell, label=label, max_length=column.max_length)
    choices = categories or column.choices
    if choices and column.choices and text not in choices:
        shorter = text.removesuffix("类")
        if shorter not in choices:
            raise CellFault(
                _("%(label)s“%(value)s”不在清单内，请改为：%(choices)s。")
                % {"label": label, "value": shown(text), "choices": "、".join(choices)}
            )
        text = shorter
    return text


def _error(column: Column, cell: Cell, message: str) -> CellError:
    return CellError(column.key, str(column.label), shown(cell) or None, message)


def _date_errors(form: LineForm, cells: Mapping[str, Value], raw: Mapping[str, Cell]) -> list[CellError]:
    """From–to in order, and no more days than they hold (天数 may be less)."""
    start, end, days = cells.get("starts_on"), cells.get("ends_on"), cells.get("days")
    if not isinstance(start, date) or not isinstance(end, date):
        return []
    if end < start:
        message = _("结束日期 %(end)s 早于开始日期 %(start)s，请改正。") % {"start": start, "end": end}
        return [_error(form.column("ends_on"), raw.get("ends_on"), message)]
    held = (end - start).days + 1
    if isinstance(days, Decimal) and days > held:
        message = _("天数 %(days)s 多于 %(start)s 至 %(end)s 的 %(held)d 天，请改正天数或日期。") % {
            "days": quantity_text(days),
            "start": start,
            "end": end,
            "held": held,
        }
        return [_error(form.column("days"), raw.get("days"), message)]
    return []


def _factor(keys: tuple[str, ...], cells: Mapping[str, Value]) -> Decimal | None:
    product = Decimal(1)
    for key in keys:
        value = cells.get(key)
        if not isinstance(value, int | Decimal):
            return None
        product *= value
    return product.quantize(Decimal("0.001"))


def _sum(keys: tuple[str, ...], cells: Mapping[str, Value]) -> Decimal | None:
    total = Decimal("0.00")
    for key in keys:
        value = cells.get(key)
        if not isinstance(value, Decimal):
            return None
        total += value
    return total


def _product_errors(form: LineForm, quantity: Decimal, price: Decimal, raw: Mapping[str, Cell]) -> list[CellError]:
    """The computed cells: within range, and equal to what stands in them."""
    errors = []
    amount = line_amount(quantity, price)
    if quantity > MAX_QUANTITY or amount > MAX_AMOUNT or price > MAX_AMOUNT:
        message = _("本行金额 %(amount)s 大于上限 %(limit)s，请核对数量和单价。")
        message %= {"amount": figures(amount), "limit": figures(MAX_AMOUNT)}
        return [_error(form.column("amount"), raw.get("amount"), message)]
    if amount <= 0:
        message = _("本行金额不足 0.01 元，请核对数量和单价。")
        return [_error(form.column("amount"), raw.get("amount"), message)]
    if "price" not in form.addends and (fault := _mismatch(form, "price", raw.get("price"), price)):
        errors.append(_error(form.column("price"), raw.get("price"), fault))
    if fault := _mismatch(form, "amount", raw.get("amount"), quantity * price):
        errors.append(_error(form.column("amount"), raw.get("amount"), fault))
    return errors


def _mismatch(form: LineForm, key: str, cell: Cell, exact: Decimal) -> str | None:
    """Why a given computed cell cannot stand; it may be blank, the rounded product, or (a formula's) the exact product."""
    column = form.column(key)
    written = read_written(cell)
    if written is not None and not isinstance(cell, str) and abs(written - exact) <= exact * BINARY_NOISE:
        return None
    try:
        given = read_number(cell, label=str(column.label), decimals=2, zero=True)
    except CellFault as fault:
        # 83.329 is no 83.33; a number finer than the 分 is told as what it is: not the product.
        if written is None or isinstance(cell, str) or written < 0 or written > MAX_AMOUNT:
            return fault.message
        given = written
    if given is None or given == round_fen(exact):
        return None
    sentence: str = _("%(label)s %(given)s 不等于 %(reckoning)s = %(amount)s，请改正，或留空由系统计算。")
    return sentence % {
        "label": column.label,
        "given": figures(given) if given == round_fen(given) else shown(cell),
        "reckoning": _reckoning(form, key),
        "amount": figures(round_fen(exact)),
    }


def _reckoning(form: LineForm, key: str) -> str:
    """How a computed cell comes about, in the form's words: 数量 × 单价, 人数 ×（工资 + 社保 + 福利 + 其他）."""
    total = " + ".join(str(form.column(addend).label) for addend in form.addends)
    if key == "price":
        return total
    factors = " × ".join(str(form.column(factor).label) for factor in form.factors)
    return f"{factors} ×（{total}）" if len(form.addends) > 1 else f"{factors} × {total}"


def _unreckoned_errors(form: LineForm, raw: Mapping[str, Cell]) -> list[CellError]:
    """Computed cells of a line whose quantity or price is faulty: still no booleans, dates or negatives."""
    errors = []
    for key in ("amount", *(() if "price" in form.addends else ("price",))):
        column, cell = form.column(key), raw.get(key)
        try:
            read_number(cell, label=str(column.label), decimals=15, zero=True)
        except CellFault as fault:
            errors.append(_error(column, cell, fault.message))
    return errors
