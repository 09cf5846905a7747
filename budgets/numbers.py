"""The one reading of amounts and quantities, whoever typed them and wherever. Pure leaf.

A number is a number cell, first cut to 15 significant digits, or a text that follows one written rule
(``TYPED``): ASCII or full-width digits, perhaps with thousands separators in groups of three, one leading ``¥``, one trailing ``元``
and spaces anywhere. Python's own ``Decimal`` would also take ``٣``, ``1_000``, ``1e5`` and, after NFKC, ``²``; none is money.
"""

import re
import unicodedata
from datetime import date, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.cells import BLANKS, Cell, CellFault, ErrorValue, UncalculatedFormula, fifteen_digits, is_blank, shown
from documents.money import MAX_AMOUNT, figures

# The one written rule, applied after NFKC and after all spaces are gone.
TYPED = re.compile(r"(?P<sign>-?)[¥]?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<fraction>[0-9]+))?元?")
LONGEST_TEXT = 40
# Digits, separators and marks, yet not in the order of the rule: told apart from words for the sentence's sake.
NUMBER_LIKE = re.compile(r"[-+0-9.,_eE¥元%()]+")


def read_number(
    cell: Cell, *, label: str, decimals: int = 2, maximum: Decimal = MAX_AMOUNT, zero: bool = False
) -> Decimal | None:
    """Read one number, None when blank; raises ``CellFault`` with a sentence. Never negative; 0 only where ``zero``."""
    if is_blank(cell):
        return None
    value, fraction_digits = _value(cell, label)
    if value < 0:
        raise _fault(_("%(label)s“%(value)s”是负数，请填写大于 0 的数字。"), label, cell)
    if value > maximum:
        limit = figures(maximum) if decimals == 2 else f"{maximum:,f}"
        raise _fault(_("%(label)s“%(value)s”大于上限 %(limit)s，请核对后改小。"), label, cell, {"limit": limit})
    if fraction_digits > decimals:
        if decimals == 0:
            raise _fault(_("%(label)s“%(value)s”不是整数，请填写整数。"), label, cell)
        raise _fault(
            _("%(label)s“%(value)s”超过 %(decimals)d 位小数，请改为最多 %(decimals)d 位小数。"),
            label,
            cell,
            {"decimals": decimals},
        )
    if value == 0 and not zero:
        raise _fault(_("%(label)s为 0，请填写大于 0 的数字。"), label, cell)
    return value.quantize(Decimal(1).scaleb(-decimals)) + 0


def read_written(cell: Cell) -> Decimal | None:
    """A number as it stands, of any sign and fineness, to compare with; None when it cannot be read."""
    if is_blank(cell):
        return None
    try:
        return _value(cell, "")[0]
    except CellFault:
        return None


def _fault(sentence: str, label: str, cell: Cell, more: dict[str, object] | None = None) -> CellFault:
    """A sentence with the column's name and the value as a person would recognise it."""
    return CellFault(sentence % {"label": label, "value": shown(cell), **(more or {})})


def _value(cell: Cell, label: str) -> tuple[Decimal, int]:
    """The value and how many decimals it was given."""
    if isinstance(cell, bool):
        raise _fault(_("%(label)s是布尔值 %(value)s，请改为数字。"), label, cell)
    if isinstance(cell, int | float | Decimal):
        value = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
        if not value.is_finite():
            raise _fault(_("%(label)s“%(value)s”不是数字，请填写如 12.50 的数字。"), label, cell)
        value = fifteen_digits(value)
        exponent = value.normalize().as_tuple().exponent
        return value, max(0, -exponent) if isinstance(exponent, int) else 0
    if isinstance(cell, date | time | timedelta):
        raise _fault(_("%(label)s是日期或时间 %(value)s，请改为数字，并把单元格格式设为“常规”。"), label, cell)
    if isinstance(cell, ErrorValue):
        raise _fault(_("%(label)s是错误值 %(value)s，请改正公式或直接填写数字。"), label, cell)
    if isinstance(cell, UncalculatedFormula):
        raise _fault(_("%(label)s的公式没有保存计算结果，请打开工作簿重新计算并保存，或直接填写数字。"), label, cell)
    assert isinstance(cell, str)
    return _typed(cell, label)


def _typed(cell: str, label: str) -> tuple[Decimal, int]:
    """A text by the one written rule."""
    text = "".join(character for character in cell if character not in BLANKS)
    if len(text) > LONGEST_TEXT:
        raise _fault(_("%(label)s“%(value)s”不是数字，请填写如 12.50 的数字。"), label, cell)
    # NFKC makes 2 of ² and 1 of ①: only full-width forms may be folded.
    plain = all(character in "¥￥元" or character < "\x7f" or "\uff01" <= character <= "\uff5e" for character in text)
    folded = unicodedata.normalize("NFKC", text) if plain else text
    if plain and (match := TYPED.fullmatch(folded)):
        whole, fraction = match["whole"].replace(",", ""), match["fraction"] or ""
        return Decimal(f"{match['sign']}{whole}.{fraction or 0}"), len(fraction)
    if plain and re.fullmatch(r"[^,]*[0-9]+(?:,[0-9]*)+[^,]*", folded) and TYPED.fullmatch(folded.replace(",", "")):
        raise _fault(_("%(label)s“%(value)s”的千位分隔符位置不对，请去掉逗号，或填写如 1,234.50 的数字。"), label, cell)
    if plain and NUMBER_LIKE.fullmatch(folded) and re.search("[0-9]", folded):
        raise _fault(_("%(label)s“%(value)s”不是普通数字写法，请填写如 1000.00 的数字。"), label, cell)
    raise _fault(_("%(label)s“%(value)s”不是数字，请填写如 12.50 的数字。"), label, cell)
