"""The child process that marks faulty cells: a clerk's workbook in, the same one with red cells and comments out.

Run as ``python -m budgets.workbooks.marking``. Standard input is a line of JSON (``marks``: sheet, row, column, message; ``title`` and
``headings`` of the list of faults), then the bytes; standard output is an .xlsx. An .xls or .ods comes back as an .xlsx copy of its
values. No Django here.
"""

import json
import os
import re
import sys
from io import BytesIO
from typing import Any

# openpyxl would parse by lxml where lxml happens to be installed, and lxml is not guarded by defusedxml.
os.environ["OPENPYXL_LXML"] = "False"

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from budgets.workbooks.cached import shown_values, with_values
from budgets.workbooks.child import parse
from budgets.workbooks.inspection import inspect
from budgets.workbooks.limits import limit

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
AUTHOR = "property-liaison"
RED = "FFFFC7CE"
# More comments than anyone reads make a file that no program opens quickly.
MAX_COMMENTS = 1_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def main() -> None:
    """Read, mark, answer."""
    limit(MEMORY_BYTES, CPU_SECONDS)
    order = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(mark(sys.stdin.buffer.read(), order))


def mark(data: bytes, order: dict[str, Any]) -> bytes:
    """The workbook with every mark of the order in place, and the list of all faults as its last sheet."""
    kind, _parts = inspect(data)
    book = load_workbook(BytesIO(data)) if kind == "xlsx" else _copy(parse(data)["sheets"])
    # A copy of another format holds values only.
    values = shown_values(data, book) if kind == "xlsx" else []
    for sheet in book.worksheets:
        _unmark(sheet)
    faults: dict[tuple[str, str], list[str]] = {}
    for one in order["marks"]:
        if one["row"] is not None and one["sheet"] in book.sheetnames:
            # Two faults inside one merge stand on the one cell that is seen.
            cell = _anchor(book[one["sheet"]], one["row"] + 1, one["column"] + 1)
            faults.setdefault((one["sheet"], cell.coordinate), []).append(one["message"])
    for (name, place), messages in list(faults.items())[:MAX_COMMENTS]:
        cell = book[name][place]
        cell.fill = PatternFill("solid", fgColor=RED)
        cell.comment = Comment(_legal("\n".join(messages)), AUTHOR, height=90, width=320)
    _list(book, order)
    book.calculation.fullCalcOnLoad = True
    target = BytesIO()
    book.save(target)
    return with_values(target.getvalue(), values)


def _unmark(sheet: Worksheet) -> None:
    """Take off what an earlier answer marked."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell itself, or the first one of the merge that covers it."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        merge = next(one for one in sheet.merged_cells.ranges if cell.coordinate in one)
        return sheet.cell(merge.min_row, merge.min_col)
    return cell


def _list(book: Workbook, order: dict[str, Any]) -> None:
    """All faults in order, for those who print."""
    title = order["title"]
    if title in book.sheetnames:
        del book[title]
    sheet = book.create_sheet(title)
    rows = [order["headings"], *([one["sheet"], one["row"], one["label"], one["message"]] for one in order["marks"])]
    for number, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if isinstance(value, int):
                sheet.cell(number, column).value = value + 1
            elif value:
                _write(sheet.cell(number, column), value)
    for column, width in enumerate((28, 8, 14, 90), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.cell(1, column).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2, min_col=4, max_col=4):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _copy(sheets: list[dict[str, Any]]) -> Workbook:
    """A new workbook with the values of a parsed one, its merges and hidden rows and columns."""
    book = Workbook()
    book.remove(book.active)
    for parsed in sheets:
        sheet = book.create_sheet(re.sub(r"[\\*?:/\[\]]", "_", parsed["name"])[:31])
        sheet.sheet_state = "visible" if parsed["visible"] else "hidden"
        for row, cells in enumerate(parsed["rows"], start=1):
            for column, value in enumerate(cells, start=1):
                if isinstance(value, list):
                    value = value[1] if len(value) > 1 else None
                if isinstance(value, str):
                    _write(sheet.cell(row, column), value)
                elif value is not None:
                    sheet.cell(row, column).value = value
        for first_row, first_column, last_row, last_column in parsed["merges"]:
            sheet.merge_cells(None, first_row + 1, first_column + 1, last_row + 1, last_column + 1)
        for row in parsed["hidden_rows"]:
            sheet.row_dimensions[row + 1].hidden = True
        for column in parsed["hidden_columns"]:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
    return book


def _write(cell: Cell, text: str) -> None:
    """A text stays a text: openpyxl would type ``=1+1`` from a person as a formula."""
    cell.value, cell.data_type = _legal(text), "s"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


if __name__ == "__main__":
    main()
