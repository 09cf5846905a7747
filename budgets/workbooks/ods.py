"""An .ods read whole: values, spans, hidden rows and columns, errors. Standard library only; runs in the child process.

calamine loses ``table:number-rows-spanned``, error values and what is hidden, so this kind of file is read here and only here.
"""

from dataclasses import dataclass, field
from typing import Any

from budgets.workbooks.marks import MAX_COLUMN, MAX_FILLED_ROWS, SheetMarks
from budgets.workbooks.refusal import Refusal
from budgets.workbooks.xml import walk


@dataclass
class OdsSheet:
    """One table. Cells by row: lists of encoded values as ``child`` writes them; merges as [row, column, row, column]."""

    name: str
    visible: bool
    rows: list[list[Any]] = field(default_factory=list)
    merges: list[list[int]] = field(default_factory=list)
    marks: SheetMarks = field(default_factory=SheetMarks)


def read_ods(content: bytes) -> list[OdsSheet]:
    """Every table of ``content.xml``."""
    reader = _Reader()
    walk(content, reader.start, reader.end, reader.text)
    return reader.sheets


class _Reader:
    """Walks content.xml; one table, one row and one cell are open at a time."""

    def __init__(self) -> None:
        self.sheets: list[OdsSheet] = []
        self._sheet: OdsSheet | None = None
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._row_number = self._column = self._columns_seen = 0
        self._row: list[Any] = []
        self._row_attributes: dict[str, str] = {}
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._aside = 0
        self._in_paragraph = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside or name in ("annotation", "shapes", "tracked-changes", "frame", "custom-shape", "ruby-text"):
            self._aside += 1
        elif name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table":
            if self._sheet:
                self._aside += 1  # a table inside a cell
                return
            visible = attributes.get("style-name", "") not in self._hidden_styles
            self._sheet = OdsSheet(attributes.get("name", ""), visible)
            self._row_number = self._columns_seen = 0
        elif self._sheet is None:
            return
        elif name == "table-column":
            repeat = _count(attributes, "number-columns-repeated")
            if attributes.get("visibility") in ("collapse", "filter"):
                self._sheet.marks.hide_columns(self._columns_seen, self._columns_seen + repeat - 1)
            self._columns_seen += repeat
        elif name == "table-row":
            self._row, self._column, self._row_attributes = [], 0, attributes
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = {**attributes, "": name}
            self._paragraphs = []
        elif self._cell is not None:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._paragraphs.append("")
            self._in_paragraph += 1
        elif self._in_paragraph and name == "s":
            self._paragraphs[-1] += " " * min(_count(attributes, "c"), 100)
        elif self._in_paragraph and name in ("tab", "line-break"):
            self._paragraphs[-1] += "\n" if name == "line-break" else "\t"

    def text(self, data: str) -> None:
        if self._in_paragraph and not self._aside:
            self._paragraphs[-1] += data

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name == "p" and self._in_paragraph:
            self._in_paragraph -= 1
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table-row" and self._sheet:
            self._end_row(self._sheet)
        elif name == "table" and self._sheet:
            self.sheets.append(self._sheet)
            self._sheet = None

    def _end_cell(self, attributes: dict[str, str]) -> None:
        assert self._sheet is not None
        # A covered cell may keep an old value that nobody sees.
        value = None if attributes[""] == "covered-table-cell" else _value(attributes, "\n".join(self._paragraphs))
        repeat = _count(attributes, "number-columns-repeated")
        if value is not None:
            if self._column + repeat - 1 > MAX_COLUMN:
                raise Refusal("far", row=self._row_number + 1, column=self._column + repeat)
            self._row += [None] * (self._column - len(self._row)) + [value] * repeat
        rows, columns = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        if rows > 1 or columns > 1:
            self._sheet.marks.merge()
            row, column = self._row_number, self._column
            self._sheet.merges.append([row, column, row + rows - 1, column + columns - 1])
        self._column += repeat

    def _end_row(self, sheet: OdsSheet) -> None:
        repeat = _count(self._row_attributes, "number-rows-repeated")
        filled = any(value is not None for value in self._row)
        if self._row_attributes.get("visibility") in ("collapse", "filter"):
            sheet.marks.hide_rows(self._row_number, self._row_number + repeat - 1)
        if filled:
            # Before the rows are made: the last one is far, or they are too many.
            for row in range(self._row_number, self._row_number + min(repeat, MAX_FILLED_ROWS + 1)):
                sheet.marks.reach(row, len(self._row) - 1)
            sheet.rows += [[] for _ in range(self._row_number - len(sheet.rows))]
            sheet.rows += [list(self._row) for _ in range(repeat)]
        self._row_number += repeat


def _count(attributes: dict[str, str], key: str) -> int:
    text = attributes.get(key, "1")
    if not text.isascii() or not text.isdecimal() or len(text) > 8:
        raise Refusal("damaged")
    return max(1, int(text))


def _value(attributes: dict[str, str], text: str) -> Any:
    """The encoded value of a cell, None when empty."""
    kind = attributes.get("value-type", "")
    if attributes.get("value-type") and text.startswith("#") and "formula" in attributes and kind == "string":
        return ["e", text]
    if text.startswith(("#", "Err:")) and "formula" in attributes:
        return ["e", text]
    if kind in ("float", "currency", "percentage"):
        try:
            return float(attributes["value"])
        except (KeyError, ValueError) as error:
            raise Refusal("damaged") from error
    if kind == "date":
        return ["d", attributes.get("date-value", "")]
    if kind == "time":
        return ["t", attributes.get("time-value", "")]
    if kind == "boolean":
        return attributes.get("boolean-value") == "true"
    if "formula" in attributes and not kind and not text:
        return ["f"]
    return attributes.get("string-value") or text or None
