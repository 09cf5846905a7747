"""The month as a workbook: real numbers, sums as live formulas that carry their values, people's text always as text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from documents.deadlines import LATE, NEAR
from documents.forms import month_label
from documents.rendering.xlsx import OPTIONS, Styles, plain, sheet_names, written_out
from documents.states import DocumentState
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from budgets.months import Board, Desk, Line, Sums

WIDTHS = (14, 16, 30, 20, 10, 14, 14, 14, 34, 17, 10, 12, 17, 10, 16)
FORM, AMOUNT_ON_WAY, AMOUNT_APPROVED, TOGETHER = 2, 5, 6, 7
LAST = len(WIDTHS) - 1
MONEY, MOMENT, DAYS = "#,##0.00", "yyyy-mm-dd hh:mm", "0.0"
SUMMED = (AMOUNT_ON_WAY, AMOUNT_APPROVED, TOGETHER)


def month_book(board: Board, now: datetime) -> bytes:
    """The board as a workbook of one sheet; the same board at the same moment gives the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
        _Writer(book.add_worksheet(sheet_names([month_label(board.month)])[0]), Styles(book), board, now).write()
    return buffer.getvalue()


def headings() -> tuple[str, ...]:
    """The table's heads, in the order of ``WIDTHS``."""
    return (
        _("项目"),
        _("分期"),
        _("单据类型"),
        _("单号"),
        _("状态"),
        _("在途（元）"),
        _("已通过（元）"),
        _("合计（元）"),
        _("当前所在"),
        _("自"),
        _("停留（天）"),
        _("提交人"),
        _("首次提交"),
        _("事后补报"),
        _("时限"),
    )


def desks_text(desks: Sequence[Desk]) -> str:
    """Posts and names as one text: ``物业财务部负责人：吴海涛；…``."""
    return "；".join("：".join(part for part in (desk.post, "、".join(desk.names)) if part) for desk in desks)


class _Writer:
    """Writes the sheet from top to bottom; ``row`` is the next free line."""

    def __init__(self, sheet: Any, styles: Styles, board: Board, now: datetime) -> None:
        self.sheet, self.style, self.board, self.now = sheet, styles.get, board, now
        self.row = 0

    def write(self) -> None:
        for index, width in enumerate(WIDTHS):
            self.sheet.set_column(index, index, width)
        self._line(_("月度计划") + " " + month_label(self.board.month), bold=True, font_size=16, align="center")
        self.sheet.set_row(0, 26)
        moment = timezone.localtime(self.now).strftime("%Y-%m-%d %H:%M")
        self._line(_("导出时间：%(at)s") % {"at": moment}, font_size=9, align="right")
        if self.board.note:
            self._line(self.board.note, font_size=9, align="right")
        head = self.row
        for index, text in enumerate(headings()):
            self._text(index, text, bold=True, bg_color="#F2F2F2", align="center")
        self.row += 1
        top = self.row
        for project in self.board.projects:
            start = self.row
            for part in project.instalments:
                first = self.row
                for line in part.lines:
                    self._form(line)
                self._sum(_("%(place)s 小计") % {"place": part.instalment}, part.sums, first)
            self._sum(_("%(place)s 合计") % {"place": project.project}, project.sums, start)
        self._sum(_("总计"), self.board.sums, top)
        self._page(head)

    def _line(self, text: str, **style: Any) -> None:
        made = self.style(border=0, **style)
        self.sheet.merge_range(self.row, 0, self.row, LAST, "", made)
        self.sheet.write_string(self.row, 0, plain(text), made)
        self.row += 1

    def _text(self, column: int, text: str, **style: Any) -> None:
        self.sheet.write_string(self.row, column, plain(text), self.style(**style))

    def _number(self, column: int, value: Decimal | None, number_format: str) -> None:
        made = self.style(num_format=number_format, align="right")
        if value is None:
            self.sheet.write_blank(self.row, column, None, made)
        else:
            self.sheet.write_number(self.row, column, value, made)

    def _moment(self, column: int, at: datetime | None) -> None:
        made = self.style(num_format=MOMENT, align="center")
        if at is None:
            self.sheet.write_blank(self.row, column, None, made)
        else:
            local = timezone.localtime(at).replace(tzinfo=None, second=0, microsecond=0)
            self.sheet.write_datetime(self.row, column, local, made)

    def _form(self, line: Line) -> None:
        form = line.document
        self._text(0, line.instalment.project.name)
        self._text(1, f"{line.instalment.name}（{line.instalment.code}）")
        self._text(FORM, str(Kind(line.kind).label))
        self._text(3, form.name if form else "")
        red = {"font_color": "#B3231F"} if line.due == LATE or form is None else {}
        self._text(4, str(DocumentState(form.state).label) if form else _("未提交"), align="center", **red)
        self._number(AMOUNT_ON_WAY, line.on_way if line.is_live and not line.is_approved else None, MONEY)
        self._number(AMOUNT_APPROVED, line.approved if line.is_approved else None, MONEY)
        self._together(line.on_way + line.approved)
        desks = desks_text(line.lying.desks) if form else _("待填报：%(who)s") % {"who": desks_text(line.filers)}
        self._text(8, desks)
        self._moment(9, line.lying.since)
        self._number(10, None if line.lay is None else _days(line.lay), DAYS)
        self._text(11, form.submitted_by.name if form and form.submitted_by else "", align="center")
        self._moment(12, form.first_submitted_at if form else None)
        self._text(13, _("事后补报") if form and form.late else "", align="center")
        self._text(14, _limit_text(line), align="center", **({"font_color": "#B3231F"} if line.due == LATE else {}))
        self.row += 1

    def _together(self, value: Decimal, **style: Any) -> None:
        cells = [xl_rowcol_to_cell(self.row, column) for column in (AMOUNT_ON_WAY, AMOUNT_APPROVED)]
        made = self.style(num_format=MONEY, align="right", **style)
        self.sheet.write_formula(self.row, TOGETHER, f"={'+'.join(cells)}", made, value=written_out(value))

    def _sum(self, label: str, sums: Sums, first: int) -> None:
        """Sums over the rows from ``first`` to the one above; SUBTOTAL leaves out the subtotals among them."""
        made = self.style(bold=True, bg_color="#F2F2F2")
        self.sheet.merge_range(self.row, 0, self.row, AMOUNT_ON_WAY - 1, "", made)
        self.sheet.write_string(self.row, 0, plain(f"{label}　{counts_text(sums)}"), made)
        figure = self.style(num_format=MONEY, align="right", bold=True, bg_color="#F2F2F2")
        for column, value in zip(SUMMED, (sums.on_way, sums.approved, sums.together), strict=True):
            ends = [xl_rowcol_to_cell(row, column) for row in (first, max(self.row - 1, first))]
            formula = f"=SUBTOTAL(9,{':'.join(ends)})" if self.row > first else "=0"
            self.sheet.write_formula(self.row, column, formula, figure, value=written_out(value))
        for column in range(TOGETHER + 1, LAST + 1):
            self.sheet.write_blank(self.row, column, None, made)
        self.row += 1

    def _page(self, head: int) -> None:
        sheet = self.sheet
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, self.row - 1, LAST)
        sheet.repeat_rows(head)
        sheet.freeze_panes(head + 1, 0)
        sheet.set_footer(f"&L{_('月度计划')} {self.board.month:%Y-%m}&R{_('第 &P 页 共 &N 页')}")
        sheet.hide_gridlines(2)


def counts_text(sums: Sums) -> str:
    """The counts in words."""
    return _(
        "应有 %(expected)d · 已报 %(submitted)d · 通过 %(approved)d · 缺 %(missing)d · 逾期 %(overdue)d · 补报 %(late)d"
    ) % {
        "expected": sums.expected_n,
        "submitted": sums.submitted_n,
        "approved": sums.approved_n,
        "missing": sums.missing_n,
        "overdue": sums.overdue_n,
        "late": sums.late_n,
    }


def _limit_text(line: Line) -> str:
    """How a form stands to its date, and the date: ``逾期 2026-11-30``."""
    if line.deadline is None:
        return ""
    words = {LATE: _("逾期"), NEAR: _("临近")}
    return f"{words.get(line.due, _('截止'))} {line.deadline.on.isoformat()}"


def _days(lay: timedelta) -> Decimal:
    """Days with one decimal."""
    return (Decimal(int(lay.total_seconds())) / Decimal(86400)).quantize(Decimal("0.1"))
