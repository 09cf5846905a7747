"""Money and quantities: exact arithmetic, one rounding rule, figures and capitals. Pure leaf.

Amounts are ``Decimal`` yuan (元) with two decimals outside, integer 分 in the database. Quantities are ``Decimal`` with at
most three decimals, integer thousandths in the database.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
MILLI = Decimal("0.001")
MAX_AMOUNT = Decimal("99999999999.99")
MAX_QUANTITY = Decimal("999999999.999")


def round_fen(value: Decimal) -> Decimal:
    """Round to the 分, half up (guide 5): the only rounding of money there is."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, price: Decimal) -> Decimal:
    """Amount of a line in 元: quantity × price, half up to the 分 (design 13)."""
    return round_fen(quantity * price)


def commission(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Management commission (管理者佣金) in 元 over (amount, rate) of each line: exact products added up, rounded once, half
    up (3.2.1 3), D3)."""
    return round_fen(sum((amount * rate for amount, rate in parts), Decimal(0)))


def before_tax(total: Decimal, rate: Decimal) -> Decimal:
    """The part without tax (不含税) of a total that includes it, half up; the tax is what is left of the total.

    The quotient's 28 digits are enough: a tie can only come from a quotient that ends there.
    """
    return round_fen(total / (1 + rate))


def to_fen(amount: Decimal) -> int:
    """Yuan to integer 分; an amount finer than the 分 is a fault of the caller."""
    fen = amount.scaleb(2)
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} is finer than one fen")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Integer 分 to yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def figures(amount: Decimal) -> str:
    """Thousands separators and two decimals: ``21,658.50``; the sign of 元 is the template's."""
    return f"{amount:,.2f}"


def yuan_text(amount: Decimal) -> str:
    """The figures with the sign of 元, a minus before it: ``-¥21,658.50``."""
    return f"{'-' if amount < 0 else ''}¥{figures(abs(amount))}"


def plain(amount: Decimal) -> str:
    """Two decimals without separators: the form of amounts in JSON."""
    return f"{amount:.2f}"


def quantity_text(quantity: Decimal) -> str:
    """A quantity without trailing zeros: ``6``, ``2.5``; with thousands separators."""
    text = f"{quantity:,.3f}".rstrip("0").rstrip(".")
    return text or "0"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def _integer_capitals(yuan: int) -> str:
    """Capitals of a positive whole number: one 零 for any run of noughts."""
    text, pending_zero = "", False
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    for index in range(len(groups) - 1, -1, -1):
        part = ""
        for power in range(3, -1, -1):
            digit = groups[index] // 10**power % 10
            if digit == 0:
                pending_zero = True
                continue
            if pending_zero and (text or part):
                part += _DIGITS[0]
            part += _DIGITS[digit] + _UNITS[power]
            pending_zero = False
        if part:
            text += part + _GROUPS[index]
    return text


def rmb_capital(amount: Decimal) -> str:
    """Amount in capitals as banks write it, without the leading 人民币.

    整 after 元 and after 角, none after 分; one 零 for a run: 107000.53 → 壹拾万零柒仟元伍角叁分.
    """
    fen = to_fen(amount)
    sign, fen = ("负" if fen < 0 else ""), abs(fen)
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = _integer_capitals(yuan) + "元" if yuan else ""
    if not yuan and not rest:
        return "零元整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif cents and yuan:
        text += "零"
    text += _DIGITS[cents] + "分" if cents else "整"
    return sign + text
