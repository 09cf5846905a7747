"""The child process: bytes on standard input, typed cells as JSON on standard output. Standard library and calamine only.

Run as ``python -m budgets.workbooks.child``. Memory and time are limited before a byte is read: a file that kills the parser kills
only this process (python-calamine aborts on a 5 kB file with one far cell).

Cells are ``null``, text, number, ``true``/``false`` or ``["d", ISO date]``, ``["t", time]``, ``["e", error]``, ``["f"]`` (a formula
that was never calculated). Rows and columns count from 0.
"""

import json
import sys
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from budgets.workbooks.inspection import MAX_BYTES, inspect
from budgets.workbooks.limits import limit
from budgets.workbooks.marks import MAX_COLUMN, SheetMarks, clipped
from budgets.workbooks.ods import read_ods
from budgets.workbooks.ole import scan_xls
from budgets.workbooks.ooxml import scan_xlsx
from budgets.workbooks.refusal import Refusal

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
MAX_TEXT = 5_000
MAX_ALL_TEXT = 20_000_000


def main() -> None:
    """Read, parse, answer. A refusal is an answer; anything else that goes wrong ends the process."""
    limit(MEMORY_BYTES, CPU_SECONDS)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        answer = parse(data)
    except Refusal as refusal:
        answer = {"refused": refusal.code, "parameters": refusal.parameters}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")).encode("ascii"))


def parse(data: bytes) -> dict[str, Any]:
    """Every sheet of a workbook as typed cells."""
    kind, parts = inspect(data)
    if kind == "ods":
        sheets = [
            _sheet(sheet.name, sheet.visible, sheet.rows, sheet.merges, sheet.marks)
            for sheet in read_ods(parts["content.xml"])
        ]
    else:
        # Before calamine makes a dense table of it: no far cell, not too many rows.
        marks = scan_xlsx(parts) if kind == "xlsx" else scan_xls(data)
        parts.clear()
        sheets = _read_by_calamine(data, marks)
    if (
        sum(len(cell) for sheet in sheets for row in sheet["rows"] for cell in row if isinstance(cell, str))
        > MAX_ALL_TEXT
    ):
        raise Refusal("bomb")
    return {"type": kind, "sheets": sheets}


def _read_by_calamine(data: bytes, marks: dict[str, SheetMarks] | list[SheetMarks]) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for index, metadata in enumerate(workbook.sheets_metadata):
            if metadata.typ != SheetTypeEnum.WorkSheet:
                continue
            if isinstance(marks, dict):
                sheet_marks = marks.get(metadata.name, SheetMarks())
            else:
                sheet_marks = marks[index] if index < len(marks) else SheetMarks()
            sheet = workbook.get_sheet_by_name(metadata.name)
            rows = [[_encoded(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
            merges = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
            visible = metadata.visible == SheetVisibleEnum.Visible
            sheets.append(_sheet(metadata.name, visible, rows, merges, sheet_marks))
    except CalamineError as error:
        raise Refusal("damaged") from error
    return sheets


def _sheet(
    name: str, visible: bool, rows: list[list[Any]], merges: list[list[int]], marks: SheetMarks
) -> dict[str, Any]:
    special = [(place, ["e", code]) for place, code in marks.errors.items()] + [
        (place, ["f"]) for place in marks.uncalculated
    ]
    for (row, column), value in special:
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    for row_cells in rows:
        for column, cell in enumerate(row_cells):
            if isinstance(cell, str) and len(cell) > MAX_TEXT:
                row_cells[column] = cell[:MAX_TEXT]
        while row_cells and row_cells[-1] is None:
            row_cells.pop()
    return {
        "name": name,
        "visible": visible,
        "rows": rows,
        "merges": clipped(merges, len(rows)),
        "hidden_rows": sorted(row for row in marks.hidden_rows if row < len(rows)),
        "hidden_columns": sorted(column for column in marks.hidden_columns if column <= MAX_COLUMN),
    }


def _encoded(value: Any) -> Any:
    if value == "" or value is None:
        return None
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return ["t", str(value)] if isinstance(value, time | timedelta) else str(value)


if __name__ == "__main__":
    main()
