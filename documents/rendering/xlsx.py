"""Forms as workbooks: real numbers, live formulas that carry their values, and people's text always as text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from documents.money import figures, rmb_capital
from documents.rendering.formulas import areas, reckon, substitute, written_out
from documents.rendering.layout import Fitting, Wanted, fit
from documents.rendering.names import plain, sheet_names
from documents.rendering.paper import Printout
from documents.rendering.pdf import NUMBER, TooManyRows, columns_of, has_bands, total_column, value_of
from documents.rendering.places import Links, Places
from documents.rendering.styles import Styles
from documents.rendering.values import NUMERIC, cell_text, fact_text
from documents.sheets import MAX_ROWS, CellKind, Column, Row, Summary, Total

if TYPE_CHECKING:
    from documents.models import Document

_FORMATS = {
    CellKind.MONEY: "#,##0.00",
    CellKind.QUANTITY: "#,##0.###",
    CellKind.INTEGER: "#,##0",
    CellKind.PERCENT: "0.00%",
    CellKind.DATE: "yyyy-mm-dd",
}
# Nothing that people typed becomes a formula, a link or a number.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
# The head needs two labels and two values, so a form without a table gets this many columns.
MIN_COLUMNS = 4
# Arguments of one SUM: a spreadsheet takes 255.
MAX_AREAS = 200
EMPTY_COLUMN = Column("", "", CellKind.TEXT, 32)


def document_workbook(document: Document, revision_n: int | None = None) -> bytes:
    """One form as a workbook; ``revision_n`` as for ``pdf.pdf_bytes``."""
    from documents.rendering.printout import printout

    paper = printout(document, revision_n)
    return workbook_bytes([(paper.number, paper)])


def workbook_bytes(sheets: Sequence[tuple[str, Printout]], links: Mapping[str, Links] | None = None) -> bytes:
    """A workbook with one sheet a form; names are made lawful and unique. The same input gives the same bytes.

    ``links`` says, by the wished name of a sheet, which of its figures are formulas over other sheets. A sheet with links may
    refer to sheets behind it and to all that have none. Raises ``TooManyRows`` above ``MAX_ROWS`` lines on a sheet.
    """
    links = links or {}
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        moment = max((paper.moment for _name, paper in sheets), default=datetime(2020, 1, 1, tzinfo=UTC))
        book.set_properties({"created": moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)})
        styles, places = Styles(book), Places()
        writers = []
        for name, (wish, paper) in zip(sheet_names([wish for wish, _paper in sheets]), sheets, strict=True):
            if len(paper.sheet.rows) > MAX_ROWS:
                raise TooManyRows
            writers.append(_SheetWriter(book.add_worksheet(name), styles, paper, wish, places, links.get(wish, {})))
        # What others refer to is written first.
        linked = [writer for writer in reversed(writers) if writer.links]
        for writer in [*(writer for writer in writers if not writer.links), *linked]:
            writer.write()
    return buffer.getvalue()


class _SheetWriter:
    """Writes one form from top to bottom; ``row`` is the next free line."""

    def __init__(self, sheet: Any, styles: Styles, paper: Printout, wish: str, places: Places, links: Links) -> None:
        self.sheet, self.style, self.paper = sheet, styles.get, paper
        self.wish, self.places, self.links = wish, places, links
        form = paper.sheet
        columns = columns_of(form) if form.columns else ()
        self.columns = (*columns, *(EMPTY_COLUMN,) * max(0, MIN_COLUMNS - len(columns)))
        self.lines = columns
        self.fitting: Fitting = fit(
            [Wanted(column.width, 12 if column.kind == CellKind.MONEY else 0) for column in self.columns]
        )
        self.last = len(self.columns) - 1
        self.row = 0
        self.head_row: int | None = None
        self.sums: dict[str, tuple[str, Decimal]] = {}
        # Where each line stands: the sheet's row by the line's id.
        self.standing: dict[str, int] = {}
        self.by_id = {row.id: row for row in form.rows}

    def write(self) -> None:
        self._set_up()
        self._title()
        self._facts()
        if self.lines:
            self._lines()
            self._totals()
            self._summaries()
        self._capitals()
        self._signing()
        self._notes()
        self._page()

    def _set_up(self) -> None:
        for index, column in enumerate(self.columns):
            # About 2 mm a character of the default font; figures never narrower than a figure of eight digits.
            width = max(column.width / 2, 13 if column.kind == CellKind.MONEY else 6)
            self.sheet.set_column(index, index, min(width, 60))

    def _text(self, first: int, last: int, text: str, **style: Any) -> None:
        """Text over the columns ``first`` to ``last`` of the current line, always written as a string."""
        made = self.style(**style)
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", made)
        self.sheet.write_string(self.row, first, plain(text), made)

    def _blocks(self, weights: Sequence[float]) -> list[tuple[int, int]]:
        """Cut the columns into neighbouring blocks whose widths are about as ``weights``; each has at least one."""
        widths = [column.width for column in self.columns]
        total, blocks, first, reached, goal = sum(widths), [], 0, 0.0, 0.0
        for index, weight in enumerate(weights):
            goal += total * weight / sum(weights)
            left = len(weights) - index - 1
            last = first
            reached += widths[first]
            while last < len(widths) - 1 - left and (left == 0 or reached + widths[last + 1] / 2 <= goal):
                last += 1
                reached += widths[last]
            blocks.append((first, last))
            first = last + 1
        return blocks

    def _title(self) -> None:
        paper = self.paper
        self._text(0, self.last, paper.company, border=0, align="center", font_size=11)
        self.row += 1
        self._text(0, self.last, paper.title, border=0, align="center", bold=True, font_size=16)
        self.sheet.set_row(self.row, 26)
        self.row += 1
        parts = [f"编号：{paper.number}", *(f"{label}：{text}" for label, text in paper.dates)]
        if state := paper.watermark or paper.state:
            parts.append(f"状态：{state}")
        if paper.attachments is not None:
            parts.append(f"附件：{paper.attachments} 份")
        if paper.check_code:
            parts.append(f"校验码：{paper.check_code}")
        self._text(0, self.last, "　".join(parts), border=0, align="right", font_size=9)
        self.row += 1

    def _facts(self) -> None:
        blocks = self._blocks((1.2, 3, 1.2, 3))
        place = 0
        for fact in self.paper.sheet.facts:
            label, value = blocks[place], blocks[place + 1]
            self._text(*label, fact.label, bg_color="#F2F2F2", align="center")
            self._value(value, fact.value, fact.kind)
            place += 2
            if place == len(blocks):
                place = 0
                self.row += 1
        if place:
            for block in blocks[place:]:
                self._text(*block, "")
            self.row += 1

    def _value(self, block: tuple[int, int], value: Any, kind: CellKind) -> None:
        """A fact: a number where it is one, else text."""
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and kind in NUMERIC:
            made = self.style(num_format=_FORMATS[kind], align="left")
            if block[1] > block[0]:
                self.sheet.merge_range(self.row, block[0], self.row, block[1], "", made)
            self.sheet.write_number(self.row, block[0], value, made)
        else:
            self._text(*block, fact_text(value, kind))

    def _lines(self) -> None:
        self.head_row = self.row
        for index, column in enumerate(self.lines):
            self._text(index, index, column.label, bold=True, bg_color="#F2F2F2", align="center")
        self.row += 1
        first = self.row
        bands, group = has_bands(self.paper.sheet), ""
        for row in self.paper.sheet.rows:
            if bands and row.group != group:
                self._text(0, len(self.lines) - 1, row.group, bg_color="#F8F8F8")
                self.row += 1
            group = row.group
            self.standing[row.id] = self.row
            self._line(row)
            self.row += 1
        for index, column in enumerate(self.lines):
            if column.kind in NUMERIC and column is not NUMBER:
                values = (row.cells.get(column.key) for row in self.paper.sheet.rows)
                total = sum((Decimal(value) for value in values if isinstance(value, (int, Decimal))), Decimal(0))
                area = f"{xl_rowcol_to_cell(first, index)}:{xl_rowcol_to_cell(max(self.row - 1, first), index)}"
                self.sums[f"rows:{column.key}"] = (area, total)
        if not self.paper.sheet.rows:
            self._text(0, len(self.lines) - 1, "—— 以下空白 ——", align="center", font_color="#666666")
            self.row += 1

    def _line(self, row: Row) -> None:
        cells = {
            column.key: (xl_rowcol_to_cell(self.row, index), row.cells.get(column.key))
            for index, column in enumerate(self.lines)
        }
        known = {
            key: (cell, Decimal(value))
            for key, (cell, value) in cells.items()
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        }
        for index, column in enumerate(self.lines):
            self._cell(index, column, row, known)

    def _cell(self, index: int, column: Column, row: Row, known: dict[str, tuple[str, Decimal]]) -> None:
        value = value_of(row, column)
        align = "right" if column.kind in NUMERIC else "left"
        if value is None:
            self.sheet.write_blank(self.row, index, None, self.style())
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            made = self.style(
                num_format=_FORMATS.get(column.kind, "General"), align="center" if column is NUMBER else align
            )
            self._figure(index, Decimal(value), (row.id, column.key), column.formula, known, made)
        elif isinstance(value, (date, datetime)):
            self.sheet.write_datetime(
                self.row, index, value, self.style(num_format=_FORMATS[CellKind.DATE], align="center")
            )
        else:
            self._text(index, index, cell_text(value, column.kind), align=align)

    def _figure(
        self,
        index: int,
        value: Decimal,
        key: tuple[str, str],
        formula: str,
        known: dict[str, tuple[str, Decimal]],
        made: Any,
    ) -> None:
        """A live formula where it gives ``value`` exactly, over other sheets or over this one; else the number."""
        self.places.note((self.wish, *key), self.sheet.get_name(), self.row, index, value)
        live = self.places.formula(self.links[key], value) if key in self.links else None
        if not live and formula and reckon(formula, {name: amount for name, (_cell, amount) in known.items()}) == value:
            live = substitute(formula, {name: cell for name, (cell, _amount) in known.items()})
        if live:
            self.sheet.write_formula(self.row, index, live, made, value=written_out(value))
        else:
            self.sheet.write_number(self.row, index, value, made)

    def _totals(self) -> None:
        known = dict(self.sums)
        for total in self.paper.sheet.totals:
            index = total_column(self.paper.sheet, self.lines, total.column)
            self._total(total, max(index, 1), known)
            known[total.key] = (xl_rowcol_to_cell(self.row, max(index, 1)), total.value)
            self.row += 1

    def _total(self, total: Total, index: int, known: dict[str, tuple[str, Decimal]]) -> None:
        self._text(0, index - 1, total.label, bold=total.strong, bg_color="#F2F2F2", align="center")
        made = self.style(num_format=_FORMATS.get(total.kind, "General"), align="right", bold=total.strong)
        if total.rows:
            self.places.note((self.wish, "", total.key), self.sheet.get_name(), self.row, index, total.value)
            self._sum(index, total.column, total.rows, total.value, made)
        else:
            self._figure(index, total.value, ("", total.key), total.formula, known, made)
        for rest in range(index + 1, len(self.lines)):
            self.sheet.write_blank(self.row, rest, None, self.style())

    def _sum(self, index: int, key: str, ids: Sequence[str], value: Decimal, made: Any) -> None:
        """A live sum of some lines' cells where it gives ``value`` exactly, else the number."""
        cells = [self.by_id[line].cells.get(key) for line in ids if line in self.by_id]
        total = sum((cell for cell in cells if isinstance(cell, Decimal)), Decimal(0))
        places = areas(sorted(self.standing[line] for line in ids if line in self.standing), index)
        if cells and total == value and len(places) <= MAX_AREAS:
            self.sheet.write_formula(self.row, index, f"=SUM({','.join(places)})", made, value=written_out(value))
        else:
            self.sheet.write_number(self.row, index, value, made)

    def _summaries(self) -> None:
        """The lines added up by form or category, each sum under its own column and live."""
        columns = {column.key: index for index, column in enumerate(self.lines)}
        for summary in self.paper.sheet.summaries:
            keys = [key for key in summary.keys if columns.get(key, 0) > 0]
            if not keys:
                continue
            self._summary(summary, {key: columns[key] for key in keys})

    def _summary(self, summary: Summary, columns: dict[str, int]) -> None:
        before, after = min(columns.values()) - 1, max(columns.values()) + 1
        heading = {"bold": True, "bg_color": "#F2F2F2", "align": "center"}
        self._text(0, before, f"{summary.title}（{summary.label}）", **heading)
        for index in columns.values():
            self._text(index, index, self.lines[index].label, **heading)
        self._beside(columns, after, summary.text, **heading)
        self.row += 1
        first = self.row
        whole, broken = (
            self.style(num_format=_FORMATS[kind], align="right") for kind in (CellKind.INTEGER, CellKind.MONEY)
        )
        figure = {
            key: whole if self.lines[index].kind == CellKind.INTEGER else broken for key, index in columns.items()
        }
        for row in summary.rows:
            self._text(0, before, row.name)
            for key, index in columns.items():
                self._sum(index, key, row.rows, row.cells[key], figure[key])
            self._beside(columns, after, row.text)
            self.row += 1
        self._text(0, before, "合计", bg_color="#F2F2F2", align="center")
        for key, index in columns.items():
            area = f"{xl_rowcol_to_cell(first, index)}:{xl_rowcol_to_cell(max(self.row - 1, first), index)}"
            self.sheet.write_formula(
                self.row, index, f"=SUM({area})", figure[key], value=written_out(summary.total[key])
            )
        self._beside(columns, after, "")
        self.row += 1

    def _beside(self, columns: dict[str, int], after: int, text: str, **style: Any) -> None:
        """What stands beside the sums: blanks between them, a text behind them."""
        for index in range(min(columns.values()), after):
            if index not in columns.values():
                self.sheet.write_blank(self.row, index, None, self.style())
        if after <= self.last:
            self._text(after, self.last, text, **style)

    def _capitals(self) -> None:
        form = self.paper.sheet
        if form.amount is None:
            return
        label, words, figure = self._blocks((1.4, 4, 1.6))
        self._text(*label, f"{form.amount_label or '合计金额'}（大写）", bg_color="#F2F2F2", align="center")
        self._text(*words, f"人民币{rmb_capital(form.amount)}", bold=True)
        self._text(*figure, f"¥{figures(form.amount)}", bold=True, align="right")
        self.sheet.set_row(self.row, 28)
        self.row += 1

    def _signing(self) -> None:
        if not self.paper.sign_offs:
            return
        blocks = self._blocks((2.2, 3, 2, 1.6))
        for block, word in zip(blocks, ("签批环节", "意见", "签名", "日期"), strict=True):
            self._text(*block, word, bold=True, bg_color="#F2F2F2", align="center")
        self.row += 1
        for row in self.paper.sign_offs:
            signature = f"{row.signature}（电子签批）" if row.signature else ""
            station = f"{row.station}（{row.remark}）" if row.remark else row.station
            for block, text in zip(blocks, (station, row.opinion, signature, row.at), strict=True):
                self._text(*block, text, align="left" if block in blocks[1:3] else "center")
            # Merged cells do not grow by themselves.
            lines = max(1, -(-max(len(row.opinion) // 2, len(station)) // 14))
            self.sheet.set_row(self.row, min(10 + 14 * lines, 400))
            self.row += 1

    def _notes(self) -> None:
        texts = [f"抄送：{'、'.join(self.paper.copies)}"] if self.paper.copies else []
        for text in (*texts, *self.paper.sheet.notes):
            self._text(0, self.last, text, border=0, font_size=9)
            self.row += 1

    def _page(self) -> None:
        sheet, paper = self.sheet, self.paper
        sheet.set_paper(9)
        if self.fitting.landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.71, right=0.55, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, max(self.row - 1, 0), self.last)
        if self.head_row is not None:
            sheet.repeat_rows(self.head_row)
            sheet.freeze_panes(self.head_row + 1, 0)
        foot = " · ".join(filter(None, (paper.number, paper.check_code and f"校验码 {paper.check_code}")))
        sheet.set_footer(f"&L{foot.replace('&', '&&')}&R第 &P 页 共 &N 页")
        sheet.hide_gridlines(2)
