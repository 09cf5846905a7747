"""What a cell may hold before it is checked, and how texts and dates are read from it. Pure leaf.

Grid, block paste, API and import hand the same cells to the same readers, so a value means the same wherever it is typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal

from django.utils.translation import gettext as _

SHOWN_LENGTH = 40
# White space and zero-width marks that copying from web pages and other programs leaves at the ends.
BLANKS = " \t\r\n\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
FIFTEEN_DIGITS = Context(prec=15)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error that a formula left in its cell, such as ``#DIV/0!``."""

    code: str


@dataclass(frozen=True, slots=True)
class UncalculatedFormula:
    """A formula whose program never stored a result."""


Cell = None | str | bool | int | float | Decimal | date | time | timedelta | ErrorValue | UncalculatedFormula


class CellFault(ValueError):
    """A cell that cannot be taken; ``message`` says where, why and what to do, without the row."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def is_blank(cell: Cell) -> bool:
    """Whether nothing visible stands in the cell: None, or white space and invisible marks only."""
    return cell is None or (isinstance(cell, str) and not _trim(cell))


def fifteen_digits(number: int | float | Decimal) -> Decimal:
    """A number as spreadsheets show it: binary noise past 15 significant digits falls away (83.32499999999999 → 83.325)."""
    return FIFTEEN_DIGITS.create_decimal(repr(number) if isinstance(number, float) else number)


def number_text(number: int | float | Decimal) -> str:
    """A number in plain notation: ``25``, ``3.999``."""
    value = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not value.is_finite():
        return str(number)
    text = f"{fifteen_digits(value):f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def shown(cell: Cell) -> str:
    """The cell as a person would recognise it in a sentence: one line, nothing invisible, at most 40 characters."""
    if cell is None:
        return ""
    if isinstance(cell, ErrorValue):
        text = cell.code
    elif isinstance(cell, UncalculatedFormula):
        text = "="
    elif isinstance(cell, bool):
        text = "TRUE" if cell else "FALSE"
    elif isinstance(cell, int | float | Decimal):
        text = number_text(cell)
    else:
        text = cell if isinstance(cell, str) else str(cell)
    text = "".join(
        " " if character.isspace() else character if character.isprintable() else "\ufffd" for character in text
    ).strip()
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def read_text(cell: Cell, *, label: str, max_length: int) -> str:
    """A text: trimmed, line breaks turned into spaces; characters that no export could carry are refused."""
    if is_blank(cell):
        return ""
    if isinstance(cell, ErrorValue):
        raise CellFault(
            _("%(label)s是错误值 %(value)s，请改正公式或直接填写文字。") % {"label": label, "value": cell.code}
        )
    if isinstance(cell, UncalculatedFormula):
        raise CellFault(
            _("%(label)s的公式没有保存计算结果，请打开工作簿重新计算并保存，或直接填写。") % {"label": label}
        )
    if isinstance(cell, bool):
        raise CellFault(
            _("%(label)s是布尔值 %(value)s，请改为文字。") % {"label": label, "value": "TRUE" if cell else "FALSE"}
        )
    if isinstance(cell, int | float | Decimal):
        text = number_text(cell)
    elif isinstance(cell, datetime):
        text = cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    else:
        text = cell if isinstance(cell, str) else str(cell)
    text = re.sub(r"[\r\n\t\x85\u2028\u2029]+", " ", _trim(text))
    if bad := next((character for character in text if _is_forbidden(character)), None):
        raise CellFault(
            _("%(label)s含有不可见的控制字符（U+%(code)s），请删去后重新填写。")
            % {"label": label, "code": f"{ord(bad):04X}"}
        )
    if len(text) > max_length:
        raise CellFault(
            _("%(label)s有 %(length)d 个字，超过 %(max)d 个字，请缩短。")
            % {"label": label, "length": len(text), "max": max_length}
        )
    return text


def read_date(cell: Cell, *, label: str) -> date | None:
    """A day: a date cell without a time of day, or text like 2026-12-05, 2026/12/5, 2026.12.5, 2026年12月5日."""
    if is_blank(cell):
        return None
    found: date | None = None
    if isinstance(cell, datetime):
        found = cell.date() if cell.time() == time() else None
    elif isinstance(cell, date):
        found = cell
    elif isinstance(cell, str):
        text = unicodedata.normalize("NFKC", _trim(cell)).replace(" ", "")
        match = re.fullmatch(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(日?)", text)
        if match and (match[2], match[4], match[6]) in {(s, s, "") for s in "-/."} | {
            ("年", "月", "日"),
            ("年", "月", ""),
        }:
            try:
                found = date(int(match[1]), int(match[3]), int(match[5]))
            except ValueError:
                found = None
    if found is None or not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise CellFault(
            _("%(label)s“%(value)s”不是有效日期，请填写如 2026-12-05 的日期。") % {"label": label, "value": shown(cell)}
        )
    return found


def _trim(text: str) -> str:
    """Take white space and zero-width marks off both ends."""
    return text.strip(BLANKS)


def _is_forbidden(character: str) -> bool:
    """Control characters, lone surrogates, noncharacters, and marks that turn the direction of writing."""
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cc", "Cs"}
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
    )
