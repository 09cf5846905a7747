"""The trend as a workbook: percents by month, and every assessment with its points; sums as live formulas."""

from __future__ import annotations

import io
from datetime import UTC
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.guide import of_guide
from documents.rendering.xlsx import OPTIONS, Styles, plain, sheet_names
from intervention.assessing.facts import LABELS

if TYPE_CHECKING:
    from datetime import datetime

    from intervention.assessing.trend import Trend

POINTS = "0.0"


def trend_book(trend: Trend, now: datetime) -> bytes:
    """One sheet of months, one of assessments; the same trend at the same moment gives the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
        names = sheet_names([_("考核趋势"), _("考核明细")])
        styles = Styles(book)
        _months(book.add_worksheet(names[0]), styles, trend, now)
        _details(book.add_worksheet(names[1]), styles, trend)
    return buffer.getvalue()


def _months(sheet: Any, styles: Styles, trend: Trend, now: datetime) -> None:
    bold, text = styles.get(bold=True, bg_color="#F2F2F2", align="center"), styles.get()
    number = styles.get(num_format=POINTS, align="right")
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 2 + len(trend.months), 10)
    moment = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    title = _("月度考核得分率（%%），导出 %(at)s") % {"at": moment}
    sheet.write_string(0, 0, title, styles.get(bold=True, font_size=14, border=0, text_wrap=False))
    heads = [_("项目"), _("入伙前后"), *(month.strftime("%Y-%m") for month in trend.months), _("平均")]
    for column, word in enumerate(heads):
        sheet.write_string(1, column, word, bold)
    for row, line in enumerate(trend.lines, start=2):
        sheet.write_string(row, 0, plain(line.project.name), text)
        sheet.write_string(row, 1, line.label, text)
        for column, point in enumerate(line.points, start=2):
            if point.marks:
                sheet.write_number(row, column, point.marks.percent, number)
            else:
                sheet.write_blank(row, column, None, number)
        last = 2 + len(trend.months)
        cells = f"C{row + 1}:N{row + 1}"
        formula = f'=IF(COUNT({cells})=0,"",ROUND(AVERAGE({cells}),1))'
        sheet.write_formula(row, last, formula, number, value="" if line.mean is None else line.mean)
    sheet.freeze_panes(2, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _details(sheet: Any, styles: Styles, trend: Trend) -> None:
    bold, text = styles.get(bold=True, bg_color="#F2F2F2", align="center"), styles.get()
    number = styles.get(num_format=POINTS, align="right")
    whole = styles.get(num_format="0", align="right")
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 12, 13)
    heads = [_("项目"), _("入伙前后"), _("月份"), _("得分"), _("满分"), _("得分率（%）"), _("等级"), _("状态")]
    for column, word in enumerate([*heads, *(str(label) for label in LABELS.values())]):
        sheet.write_string(0, column, word, bold)
    row = 0
    for line in trend.lines:
        for point in line.points:
            if point.row is None or point.marks is None:
                continue
            row += 1
            marks = point.marks
            for column, word in ((0, line.project.name), (1, line.label), (2, point.month.strftime("%Y-%m"))):
                sheet.write_string(row, column, plain(word), text)
            sheet.write_number(row, 3, marks.points, number)
            sheet.write_number(row, 4, marks.maximum, number)
            formula = f"=ROUND(D{row + 1}*100/E{row + 1},1)"
            sheet.write_formula(row, 5, formula, number, value=marks.percent)
            sheet.write_string(row, 6, of_guide(plain(marks.grade)), text)
            sheet.write_string(row, 7, point.row.get_state_display(), text)
            for column, code in enumerate(LABELS, start=8):
                sheet.write_number(row, column, (point.row.facts or {}).get(code, {}).get("count", 0), whole)
    sheet.freeze_panes(1, 3)
