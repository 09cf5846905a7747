"""The parent's side of the child process: bytes in, typed sheets out. A dead child is a refusal with a sentence."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from budgets.cells import Cell, ErrorValue, UncalculatedFormula
from budgets.workbooks.faults import refused
from budgets.workbooks.inspection import MAX_BYTES

WALL_SECONDS = 20
CHILD = "budgets.workbooks.child"
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; rows and columns count from 0. A merge is (first row, first column, last row, last column)."""

    name: str
    visible: bool
    rows: list[list[Cell]]
    merges: list[tuple[int, int, int, int]]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]

    def cell(self, row: int, column: int) -> Cell:
        """The cell's value, None outside what is filled."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]

    def filled(self, row: int) -> Iterator[tuple[int, Cell]]:
        """Column and value of every cell of a row that holds something."""
        return ((column, cell) for column, cell in enumerate(self.rows[row]) if cell is not None)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A parsed file: ``type`` is xlsx, xls or ods, told from the bytes."""

    type: str
    sheets: list[Sheet]


def parse(data: bytes) -> Workbook:
    """Parse in a child process; raises ``WorkbookRefused`` with one sentence for a file that is refused as a whole."""
    if len(data) > MAX_BYTES:
        raise refused("size")
    output = run_child(CHILD, data)
    try:
        answer = json.loads(output) if output is not None else None
    except ValueError:
        answer = None
    if answer is None:
        raise refused("dead")
    if "refused" in answer:
        raise refused(answer["refused"], **answer["parameters"])
    return Workbook(answer["type"], [_sheet(sheet) for sheet in answer["sheets"]])


def run_child(module: str, payload: bytes) -> bytes | None:
    """What a child process of ours answers to these bytes; None when it failed, died or took too long."""
    try:
        finished = subprocess.run(
            [sys.executable, "-m", module],
            input=payload,
            capture_output=True,
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "OPENPYXL_LXML": "False", "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return finished.stdout if finished.returncode == 0 else None


def _sheet(answer: dict[str, Any]) -> Sheet:
    return Sheet(
        answer["name"],
        answer["visible"],
        [[_cell(cell) if isinstance(cell, list) else cell for cell in row] for row in answer["rows"]],
        [(merge[0], merge[1], merge[2], merge[3]) for merge in answer["merges"]],
        frozenset(answer["hidden_rows"]),
        frozenset(answer["hidden_columns"]),
    )


def _cell(encoded: list[str]) -> Cell:
    """Decode what JSON has no type for. A date that is none (year 0, 30 February) is an error value."""
    tag = encoded[0]
    if tag == "f":
        return UncalculatedFormula()
    if tag == "d":
        try:
            return datetime.fromisoformat(encoded[1]) if "T" in encoded[1] else date.fromisoformat(encoded[1])
        except ValueError:
            return ErrorValue(encoded[1])
    if tag == "t":
        return encoded[1]
    return ErrorValue(encoded[1])
