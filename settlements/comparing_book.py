"""Two months as a workbook: real numbers, differences and sums as live formulas that carry their values."""

from __future__ import annotations

import io
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext as _

from documents.forms import month_label
from documents.rendering.xlsx import OPTIONS, Styles, plain, sheet_names, written_out
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from settlements.comparing import Change, Comparison

MONEY, PERCENT = "#,##0.00", "0.0%"
WIDTHS = (32, 18, 30, 15, 15, 15, 10, 15, 15, 15, 10)
# First columns of the two measures.
APPROVED, ACTUAL = 3, 7


def comparing_book(found: Comparison, title: str, now: datetime) -> bytes:
    """One sheet; the same months at the same moment give the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
        _write(book.add_worksheet(sheet_names([_("月度对比")])[0]), Styles(book), found, title)
    return buffer.getvalue()


def _write(sheet: Any, styles: Styles, found: Comparison, title: str) -> None:
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, plain(title), styles.get(bold=True, font_size=14, border=0, text_wrap=False))
    left, right = month_label(found.left), month_label(found.right)
    heads = [_("单据类型"), _("类别"), _("品名 / 事项")]
    for word in (_("批准"), _("实际")):
        heads += [f"{word} {left}", f"{word} {right}", _("%(what)s差额") % {"what": word}, "%"]
    for index, text in enumerate(heads):
        sheet.write_string(1, index, plain(text), styles.get(bold=True, bg_color="#F2F2F2", align="center"))
    row = 2
    for group in found.groups:
        for one in group.rows:
            for column, text in enumerate((str(Kind(one.kind).label), one.category, one.subject)):
                sheet.write_string(row, column, plain(text), styles.get())
            _change(sheet, styles, row, APPROVED, one.approved)
            _change(sheet, styles, row, ACTUAL, one.actual)
            row += 1
    strong = styles.get(bold=True, bg_color="#F2F2F2")
    sheet.merge_range(row, 0, row, 2, "", strong)
    sheet.write_string(row, 0, _("合计"), strong)
    _change(sheet, styles, row, APPROVED, found.approved, summed=True)
    _change(sheet, styles, row, ACTUAL, found.actual, summed=True)
    sheet.freeze_panes(2, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _change(sheet: Any, styles: Styles, row: int, start: int, change: Change, *, summed: bool = False) -> None:
    look = {"bold": True, "bg_color": "#F2F2F2"} if summed else {}
    money = styles.get(num_format=MONEY, align="right", **look)
    one, other, difference = (chr(ord("A") + start + step) for step in range(3))
    for step, (letter, value) in enumerate(((one, change.left), (other, change.right))):
        if summed:
            formula = f"=SUM({letter}3:{letter}{row})" if row > 2 else "=0"
            sheet.write_formula(row, start + step, formula, money, value=written_out(value))
        else:
            sheet.write_number(row, start + step, value, money)
    at = row + 1
    sheet.write_formula(row, start + 2, f"={other}{at}-{one}{at}", money, value=written_out(change.difference))
    share = change.difference / change.left if change.left else ""
    sheet.write_formula(
        row,
        start + 3,
        f'=IF({one}{at}=0,"",{difference}{at}/{one}{at})',
        styles.get(num_format=PERCENT, align="right", **look),
        value=share if isinstance(share, str) else written_out(share.quantize(Decimal("0.000001"))),
    )
