"""A sheet as the page shows it: texts ready to print, grouped with subtotals. Pure leaf; paper has its own half."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.rendering.values import NUMERIC, cell_text, fact_text
from documents.sheets import CellKind, Change, Column, Row, Sheet

# A form's number: CH-WC-202610-001.
_NUMBER = re.compile(r"[A-Z0-9]+-[A-Z]{2}-[0-9]{6}-[0-9]{3,}")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A text under its heading. ``role`` is its class on the page: subj (heads the row), num, day, ref (a form's
    number, in one piece), memo or empty."""

    label: str
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line, with the amount that a reviewer proposes for it, if any."""

    id: str
    number: int
    cells: Sequence[TableCell]
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class TableGroup:
    """Lines under one heading, which reaches over the columns before the first sum; ``subtotals`` has a text for each
    column after it, empty where nothing is summed."""

    name: str
    rows: Sequence[TableRow]
    subtotals: Sequence[str]
    span: int = 1

    @property
    def has_sums(self) -> bool:
        """Whether anything is summed: forms without money have groups as well."""
        return any(self.subtotals)


@dataclass(frozen=True, slots=True)
class TableTotal:
    """A figure under the table: label, ``before`` empty cells, the text, ``after`` empty cells."""

    label: str
    text: str
    before: int
    after: int
    strong: bool


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A summary as texts: headings of its sums, rows of (name, sums, text), and the sums of all."""

    title: str
    label: str
    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str], str]]
    total: Sequence[str]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, groups and totals of a sheet."""

    columns: Sequence[tuple[str, bool]]
    groups: Sequence[TableGroup]
    totals: Sequence[TableTotal]
    summaries: Sequence[TableSummary] = ()

    @property
    def width(self) -> int:
        """Number of columns with that of the line number."""
        return len(self.columns) + 1


def table(sheet: Sheet, proposals: Mapping[str, Decimal] | None = None) -> Table:
    """Lay a sheet out. ``proposals`` are amounts by line id (核减)."""
    columns = [column for column in sheet.columns if not _repeats_group(sheet, column)]
    subject = next((column.key for column in columns if column.kind == CellKind.TEXT), "")
    groups: dict[str, list[Row]] = {}
    for row in sheet.rows:
        groups.setdefault(row.group, []).append(row)
    return Table(
        columns=[(column.label, column.kind in NUMERIC) for column in columns],
        groups=[
            _group(name, [_row(row, columns, subject, proposals or {}) for row in rows], _subtotals(rows, columns))
            for name, rows in groups.items()
        ],
        totals=[
            TableTotal(
                total.label, fact_text(total.value, total.kind), *_place(columns, total.column), strong=total.strong
            )
            for total in sheet.totals
        ],
        summaries=summaries(sheet),
    )


def summaries(sheet: Sheet) -> list[TableSummary]:
    """The summaries of a sheet; their columns are headed as those of the lines."""
    labels = {column.key: column.label for column in sheet.columns}
    # Counts are whole; whatever else is summed keeps two decimals.
    kinds = {
        column.key: CellKind.INTEGER if column.kind == CellKind.INTEGER else CellKind.MONEY for column in sheet.columns
    }
    return [
        TableSummary(
            one.title,
            one.label,
            [labels[key] for key in one.keys],
            [(row.name, [cell_text(row.cells[key], kinds[key]) for key in one.keys], row.text) for row in one.rows],
            [cell_text(one.total[key], kinds[key]) for key in one.keys],
            one.text,
        )
        for one in sheet.summaries
    ]


def _group(name: str, rows: Sequence[TableRow], sums: Sequence[str]) -> TableGroup:
    if not name:
        return TableGroup(name, rows, ())
    span = next((place for place, text in enumerate(sums) if text), len(sums)) or 1
    return TableGroup(name, rows, sums[span:], span)


def _repeats_group(sheet: Sheet, column: Column) -> bool:
    """Whether a column says of every line what the heading above the lines says already."""
    return bool(sheet.rows) and all(row.group and row.cells.get(column.key) == row.group for row in sheet.rows)


def _row(row: Row, columns: Sequence[Column], subject: str, proposals: Mapping[str, Decimal]) -> TableRow:
    proposed = proposals.get(row.id)
    return TableRow(
        row.id,
        row.number,
        [
            TableCell(column.label, text, _role(column, subject, text))
            for column in columns
            for text in [cell_text(row.cells.get(column.key), column.kind)]
        ],
        "" if proposed is None else cell_text(proposed, CellKind.MONEY),
    )


def _role(column: Column, subject: str, text: str) -> str:
    if column.key == subject:
        return "subj"
    if column.kind in NUMERIC:
        return "num"
    if column.kind == CellKind.DATE:
        return "day"
    if _NUMBER.fullmatch(text):
        return "ref"
    return "memo" if column.kind == CellKind.TEXT and column.width >= 25 else ""


def _subtotals(rows: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    """Sums of the money columns that are no unit prices: what adds up is what the totals stand under."""
    return [
        cell_text(sum((_money(row, column) for row in rows), Decimal(0)), CellKind.MONEY)
        if column.kind == CellKind.MONEY and column.key not in UNIT_PRICES
        else ""
        for column in columns
    ]


# Money per unit: adding it up says nothing.
UNIT_PRICES = frozenset({"price", "unit_price", "wage", "social_insurance", "benefits", "other_cost"})


def _money(row: Row, column: Column) -> Decimal:
    value = row.cells.get(column.key)
    return value if isinstance(value, Decimal) else Decimal(0)


def _place(columns: Sequence[Column], key: str) -> tuple[int, int]:
    """Empty cells before and after a total's figure; the label takes the number's and the first column."""
    index = next((i for i, column in enumerate(columns) if column.key == key), len(columns) - 1)
    return max(index - 1, 0), max(len(columns) - 1 - index, 0)


def facts(sheet: Sheet) -> list[tuple[str, str, bool]]:
    """Head facts as (label, text, long)."""
    shown = [(fact.label, fact_text(fact.value, fact.kind)) for fact in sheet.facts]
    return [(label, text or "—", len(text) > 24) for label, text in shown]


def changes(found: Sequence[Change]) -> list[tuple[str, str, str, str]]:
    """Differences of two revisions as (where, label, before, after)."""
    return [
        (change.where, change.label, fact_text(change.before, change.kind), fact_text(change.after, change.kind))
        for change in found
    ]
