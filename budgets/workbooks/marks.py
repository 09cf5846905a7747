"""What a sheet hides and how far it reaches, noted while it is walked. Standard library only; runs in the child process."""

from dataclasses import dataclass, field

from budgets.workbooks.refusal import Refusal

# 5,000 lines and what stands above and below them.
MAX_FILLED_ROWS = 5_200
# The last row and column, from 0, in which a form may have a cell.
MAX_ROW, MAX_COLUMN = 8_000, 200
MAX_MERGES = 5_000


@dataclass
class SheetMarks:
    """The marks of one sheet; rows and columns count from 0. ``errors`` are error values by (row, column)."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    filled_rows: set[int] = field(default_factory=set)
    merges: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note a cell that holds something. A far cell or a row too many ends the walk: nothing behind it is read."""
        if row > MAX_ROW or column > MAX_COLUMN:
            raise Refusal("far", row=row + 1, column=column + 1)
        self.filled_rows.add(row)
        if len(self.filled_rows) > MAX_FILLED_ROWS:
            raise Refusal("rows")

    def hide_rows(self, first: int, last: int) -> None:
        """Note hidden rows, as far as a form reaches."""
        self.hidden_rows.update(range(first, min(last, MAX_ROW) + 1))

    def hide_columns(self, first: int, last: int) -> None:
        """Note hidden columns, as far as a form reaches."""
        self.hidden_columns.update(range(first, min(last, MAX_COLUMN) + 1))

    def merge(self) -> None:
        """Count a merge; too many end the walk."""
        self.merges += 1
        if self.merges > MAX_MERGES:
            raise Refusal("merges")


def clipped(merges: list[list[int]], rows: int) -> list[list[int]]:
    """Merges [row, column, row, column] cut to the rows that there are and the columns that a form may have.

    In a sound file none lies over another, so that together they cover no more than the sheet.
    """
    if len(merges) > MAX_MERGES:
        raise Refusal("merges")
    cut = [
        [first_row, first_column, min(last_row, rows - 1), min(last_column, MAX_COLUMN)]
        for first_row, first_column, last_row, last_column in merges
        if first_row < rows and first_column <= MAX_COLUMN
    ]
    covered = sum((last_row - row + 1) * (last_column - column + 1) for row, column, last_row, last_column in cut)
    if covered > rows * (MAX_COLUMN + 1):
        raise Refusal("damaged")
    return cut
