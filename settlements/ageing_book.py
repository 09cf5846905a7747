"""The ageing list as a workbook: a row a form, real numbers, sums as live formulas that carry their values."""

from __future__ import annotations

import io
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from documents.rendering.xlsx import OPTIONS, Styles, plain, sheet_names, written_out
from documents.vocabulary import Kind, Side
from settlements.ageing import BUCKETS, bucket_labels

if TYPE_CHECKING:
    from datetime import datetime

    from settlements.ageing import Aged, Ageing

MONEY = "#,##0.00"
HEAD = 6
OPEN = HEAD
UNSETTLED = OPEN + len(BUCKETS)
TOTAL = UNSETTLED + len(BUCKETS)
WIDTHS = (16, 20, 30, 20, 10, 10, *(13 for _bucket in (*BUCKETS, *BUCKETS)), 15)


def ageing_book(found: Ageing, now: datetime) -> bytes:
    """One sheet of forms, one with the sums that must come out (M5); the same list at the same moment gives the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
        names = sheet_names([_("账龄明细"), _("合计核对")])
        styles = Styles(book)
        _forms(book.add_worksheet(names[0]), styles, found, now)
        _balance(book.add_worksheet(names[1]), styles, found)
    return buffer.getvalue()


def _forms(sheet: Any, styles: Styles, found: Ageing, now: datetime) -> None:
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    bold = styles.get(bold=True, bg_color="#F2F2F2", align="center")
    moment = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    title = _("未确认与未结算账龄，截至 %(day)s（导出 %(at)s）") % {"day": found.today.isoformat(), "at": moment}
    sheet.write_string(0, 0, title, styles.get(bold=True, font_size=14, border=0, text_wrap=False))
    heads = [_("项目"), _("入伙前后"), _("单据"), _("单号"), _("月份"), _("账龄（天）")]
    heads += [_("未确认 %(bucket)s") % {"bucket": label} for label in bucket_labels()]
    heads += [_("已确认未结算 %(bucket)s") % {"bucket": label} for label in bucket_labels()]
    for index, text in enumerate([*heads, _("合计（元）")]):
        sheet.write_string(1, index, plain(text), bold)
    for row, form in enumerate(found.forms, start=2):
        _form(sheet, styles, row, form)
    _sums(sheet, styles, found)
    sheet.freeze_panes(2, 4)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _form(sheet: Any, styles: Styles, row: int, form: Aged) -> None:
    document, text, money = form.document, styles.get(), styles.get(num_format=MONEY, align="right")
    words = [
        document.project.name,
        str(Side(document.side).label),
        str(Kind(document.kind).label),
        document.name,
        document.month,
    ]
    for column, word in enumerate(words):
        sheet.write_string(row, column, plain(word), text)
    sheet.write_number(row, 5, form.age, styles.get(num_format="0", align="right"))
    for start, amount in ((OPEN, form.balance.open), (UNSETTLED, form.balance.unsettled)):
        for bucket in BUCKETS:
            if bucket == form.bucket and amount:
                sheet.write_number(row, start + bucket, amount, money)
            else:
                sheet.write_blank(row, start + bucket, None, money)
    ends = [xl_rowcol_to_cell(row, column) for column in (OPEN, TOTAL - 1)]
    left = form.balance.open + form.balance.unsettled
    sheet.write_formula(row, TOTAL, f"=SUM({':'.join(ends)})", money, value=written_out(left))


def _sums(sheet: Any, styles: Styles, found: Ageing) -> None:
    row = len(found.forms) + 2
    strong = styles.get(bold=True, bg_color="#F2F2F2")
    money = styles.get(bold=True, bg_color="#F2F2F2", num_format=MONEY, align="right")
    sheet.merge_range(row, 0, row, HEAD - 1, "", strong)
    sheet.write_string(row, 0, _("合计"), strong)
    sums = [_sum(found, "open", bucket) for bucket in BUCKETS] + [
        _sum(found, "unsettled", bucket) for bucket in BUCKETS
    ]
    for column, value in enumerate([*sums, sum(sums, Decimal(0))], start=HEAD):
        ends = [xl_rowcol_to_cell(at, column) for at in (2, max(row - 1, 2))]
        formula = f"=SUM({':'.join(ends)})" if found.forms else "=0"
        sheet.write_formula(row, column, formula, money, value=written_out(value))


def _sum(found: Ageing, name: str, bucket: int) -> Decimal:
    return sum((getattr(form.balance, name) for form in found.forms if form.bucket == bucket), Decimal(0))


def _balance(sheet: Any, styles: Styles, found: Ageing) -> None:
    """approved = settled + unsettled + open + lapsed, by project and side and in all."""
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 7, 18)
    head, text = styles.get(bold=True, bg_color="#F2F2F2", align="center"), styles.get()
    money = styles.get(num_format=MONEY, align="right")
    heads = (_("项目"), _("入伙前后"), _("批准"), _("已结算"), _("已确认未结算"), _("未确认"), _("已失效"), _("差额"))
    for column, word in enumerate(heads):
        sheet.write_string(0, column, word, head)
    for row, place in enumerate(found.places, start=1):
        sheet.write_string(row, 0, plain(place.project.name), text)
        sheet.write_string(row, 1, plain(place.label), text)
        balance = place.balance
        parts = (balance.approved, balance.settled, balance.unsettled, balance.open, balance.lapsed)
        for column, value in enumerate(parts, start=2):
            sheet.write_number(row, column, value, money)
        sheet.write_formula(
            row, 7, f"=C{row + 1}-SUM(D{row + 1}:G{row + 1})", money, value=written_out(balance.difference)
        )
    last = len(found.places) + 1
    sheet.write_string(last, 0, _("合计"), head)
    sheet.write_blank(last, 1, None, head)
    whole = found.balance
    parts = (whole.approved, whole.settled, whole.unsettled, whole.open, whole.lapsed, whole.difference)
    for column, value in enumerate(parts, start=2):
        letter = "ABCDEFGH"[column]
        formula = f"=SUM({letter}2:{letter}{last})" if found.places else "=0"
        sheet.write_formula(last, column, formula, money, value=written_out(value))
