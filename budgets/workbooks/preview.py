"""What was read of a faulty workbook, for the page: its rows as they stand, faulty cells marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from budgets.cells import is_blank, shown
from budgets.workbooks.faults import WorkbookError, WorkbookRefused
from budgets.workbooks.parsing import Sheet, parse

MAX_ROWS, MAX_COLUMNS = 200, 20


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell as text; ``messages`` are what is wrong with it."""

    text: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row by the sheet's own number; ``faulty`` when anything in it is wrong."""

    number: int
    cells: tuple[PreviewCell, ...]
    faulty: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The sheet that was read: column letters and rows, ``left_out`` rows past the limit."""

    sheet: str
    letters: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    left_out: int


def preview(data: bytes, errors: Sequence[WorkbookError]) -> Preview | None:
    """The sheet with the faults; None where the file as a whole was refused."""
    name = next((error.sheet for error in errors if error.sheet and error.row), None)
    if name is None:
        return None
    try:
        sheet = next((sheet for sheet in parse(data).sheets if sheet.name == name), None)
    except WorkbookRefused:
        return None
    return _preview(sheet, errors) if sheet else None


def _preview(sheet: Sheet, errors: Sequence[WorkbookError]) -> Preview:
    filled = [number for number in range(len(sheet.rows)) if any(not is_blank(cell) for cell in sheet.rows[number])]
    width = min(max((len(sheet.rows[number]) for number in filled), default=0), MAX_COLUMNS)
    messages: dict[tuple[int, int], list[str]] = {}
    for error in errors:
        if error.place is not None:
            messages.setdefault(error.place, []).append(error.message)
    faulty = {error.row for error in errors if error.row}
    rows = tuple(
        PreviewRow(
            number + 1,
            tuple(
                PreviewCell(shown(sheet.cell(number, column)), tuple(messages.get((number, column), ())))
                for column in range(width)
            ),
            number + 1 in faulty,
        )
        for number in filled[:MAX_ROWS]
    )
    letters = tuple(chr(ord("A") + column) for column in range(width))
    return Preview(sheet.name, letters, rows, max(len(filled) - MAX_ROWS, 0))
