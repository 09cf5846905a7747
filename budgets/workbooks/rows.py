"""What each row under the heading is: a line, a total, a note, a repeated heading, or nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from budgets.cells import Cell, is_blank
from budgets.columns import is_blank_row
from budgets.line_forms import LINE_FORMS
from budgets.numbers import read_written
from budgets.workbooks.headings import Heading, plain
from budgets.workbooks.parsing import Sheet

# 合计, 本页小计, 清洁小计, 合计(大写):…; yet 小计算器 is an article.
_TOTAL = re.compile(
    r"(?P<group>.{0,10}?)(?P<word>合计|总计|小计|共计|总金额)(?P<rest>$|[:(\[,/].*|(金额|大写|人民币|费用|元).*)"
)
_NOTE = re.compile(
    r"(备注|说明|注意?|附注|填表说明|制表|编制|填表|填报|审核|复核|审批|批准|核准|经办|申请|部门|主管|领导|负责|财务|日期|单位盖章|盖章)"
    r"[^:]{0,12}:|以下空白|本表|此表|\(?[一二三四五六七八九十]+[)、.]"
)


class Role(Enum):
    """What a row is."""

    BLANK = "blank"
    LINE = "line"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    NOTE = "note"
    HEADING = "heading"
    AFTER = "line after the last total"


@dataclass(slots=True)
class TableRow:
    """A row under the heading. ``row`` counts from 0; ``cells`` by key, vertical merges of texts filled in for lines."""

    row: int
    role: Role
    cells: dict[str, Cell]
    label: str = ""
    merged_numbers: list[str] = field(default_factory=list)


def table_rows(sheet: Sheet, heading: Heading, kind: str) -> list[TableRow]:
    """Every row under the heading with its role."""
    spans = {(first_row, first): last - first + 1 for first_row, first, _last_row, last in sheet.merges}
    rows = [_table_row(sheet, heading, kind, row, spans) for row in range(heading.last_row + 1, len(sheet.rows))]
    last_total = max((index for index, row in enumerate(rows) if row.role == Role.TOTAL), default=None)
    if last_total is not None:
        for row in rows[last_total + 1 :]:
            if row.role == Role.LINE:
                row.role = Role.AFTER if _is_reckoned(kind, row.cells) else Role.NOTE
    _fill_merges(sheet, heading, kind, rows)
    return rows


def _table_row(sheet: Sheet, heading: Heading, kind: str, row: int, spans: Mapping[tuple[int, int], int]) -> TableRow:
    """``spans`` says how many columns the merge that begins at a cell covers."""
    cells = {key: sheet.cell(row, column) for key, column in heading.columns.items()}
    filled = [(column, cell) for column, cell in sheet.filled(row) if not is_blank(cell)]
    if not filled:
        return TableRow(row, Role.BLANK, cells)
    if _is_heading(sheet, heading, row):
        return TableRow(row, Role.HEADING, cells)
    first = plain(filled[0][1])
    label = _total_label(kind, heading, cells, filled)
    if label:
        role = Role.SUBTOTAL if "小计" in label or label.startswith("本页") else Role.TOTAL
        return TableRow(row, role, cells, label)
    numbers = [key for key in cells if LINE_FORMS[kind].column(key).is_number and not is_blank(cells[key])]
    if is_blank_row(kind, cells):
        serial = sheet.cell(row, heading.serial) if heading.serial is not None else None
        only_serial = len(filled) == 1 and filled[0][1] is serial and read_written(serial) is not None
        return TableRow(
            row, Role.BLANK if only_serial or not first or read_written(first) is not None else Role.NOTE, cells
        )
    if not numbers and (_NOTE.match(first) or spans.get((row, filled[0][0]), 1) >= min(4, len(heading.columns))):
        return TableRow(row, Role.NOTE, cells)
    return TableRow(row, Role.LINE, cells)


def _is_heading(sheet: Sheet, heading: Heading, row: int) -> bool:
    """A heading repeated for printing: the same words in the same columns."""
    return all(
        plain(sheet.cell(row, column)) and plain(sheet.cell(row, column)) in _heading_texts(sheet, heading, column)
        for column in heading.columns.values()
    )


def _heading_texts(sheet: Sheet, heading: Heading, column: int) -> set[str]:
    return {plain(sheet.cell(row, column)) for row in range(heading.row, heading.last_row + 1)} - {""}


def _total_label(kind: str, heading: Heading, cells: Mapping[str, Cell], filled: list[tuple[int, Cell]]) -> str:
    """The words of a total row, empty for other rows. A row with its own price is a line whatever it is called."""
    form = LINE_FORMS[kind]
    first_column, first = filled[0]
    first_text = plain(first)
    if match := _TOTAL.fullmatch(first_text):
        is_article = first_column == heading.columns.get("subject") and _is_reckoned(kind, cells)
        if not is_article:
            return match["group"] + match["word"]
    if _is_reckoned(kind, cells):
        return ""
    texts = {
        heading.columns[column.key] for column in form.columns if column.key in heading.columns and not column.is_number
    }
    for column, cell in filled[1:]:
        if (column in texts or column == heading.serial) and (match := _TOTAL.fullmatch(plain(cell))):
            return match["group"] + match["word"]
    return ""


def _is_reckoned(kind: str, cells: Mapping[str, Cell]) -> bool:
    """Whether the row has a subject and both sides of the multiplication: what only a line has."""
    form = LINE_FORMS[kind]
    return (
        not is_blank(cells.get("subject"))
        and any(read_written(cells.get(key)) is not None for key in form.factors)
        and any(read_written(cells.get(key)) is not None for key in form.addends)
    )


def _fill_merges(sheet: Sheet, heading: Heading, kind: str, rows: list[TableRow]) -> None:
    """A vertical merge of texts or dates counts for each of its lines; one that covers a number is noted as a fault."""
    form = LINE_FORMS[kind]
    lines = {row.row: row for row in rows if row.role == Role.LINE}
    keys = {column: key for key, column in heading.columns.items()}
    for first_row, first_column, last_row, last_column in sheet.merges:
        if last_row <= heading.last_row:
            continue
        for column, key in keys.items():
            if not first_column <= column <= last_column:
                continue
            for number in range(max(first_row, heading.last_row + 1), min(last_row, len(sheet.rows) - 1) + 1):
                if number not in lines:
                    continue
                if form.column(key).is_number:
                    lines[number].merged_numbers.append(key)
                elif column == first_column and number > first_row:
                    lines[number].cells[key] = sheet.cell(first_row, first_column)


def total_value(sheet: Sheet, heading: Heading, row: TableRow) -> tuple[Cell, int | None]:
    """The figure of a total row and its column: in the amount column, else the row's only number, else behind its words."""
    amount_column = heading.columns.get("amount")
    if amount_column is not None and not is_blank(sheet.cell(row.row, amount_column)):
        return sheet.cell(row.row, amount_column), amount_column
    numbers = [(column, cell) for column, cell in sheet.filled(row.row) if read_written(cell) is not None]
    if len(numbers) == 1:
        return numbers[0][1], numbers[0][0]
    for column, cell in sheet.filled(row.row):
        if match := re.search(r"[:¥]([¥0-9,.]+元?)$", plain(cell)):
            return match[1], column
    return None, None


def agrees(value: Decimal, sums: tuple[Decimal, ...]) -> bool:
    """Whether a total as written is one of the sums, binary noise of a SUM aside."""
    return any(abs(value - total) <= max(Decimal("0.000001"), abs(total) * Decimal("1e-13")) for total in sums)
