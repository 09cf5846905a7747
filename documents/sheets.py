"""A form as pure data: what page, PDF, workbook and comparison all show. Pure leaf.

A kind turns its signed content into a ``Sheet``; writers and templates know nothing else of the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

# As many lines as a form may have: what has more is refused by those who print it, not rendered for ever.
MAX_ROWS = 5_000

Value = str | int | Decimal | date | None


class CellKind(StrEnum):
    """How a value is written and aligned."""

    TEXT = "text"
    MONEY = "money"
    QUANTITY = "quantity"
    INTEGER = "integer"
    DATE = "date"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the line table. ``width`` is in millimetres on A4 (the table is scaled to the page)."""

    key: str
    label: str
    kind: CellKind = CellKind.TEXT
    width: int = 25
    # For workbooks: a formula over the row's other columns, e.g. "ROUND({quantity}*{price},2)".
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line. ``id`` is stable over revisions, so that two of them can be compared cell by cell."""

    id: str
    number: int
    cells: Mapping[str, Value]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """A figure under the table. ``formula`` is for workbooks, over ``{rows:column}`` sums and other totals' keys:
    ``SUM({rows:amount})``, ``ROUND({subtotal}*{rate},2)``."""

    key: str
    label: str
    value: Decimal
    kind: CellKind = CellKind.MONEY
    formula: str = ""
    # The column under which the workbook and the page put it.
    column: str = "amount"
    strong: bool = False
    # Ids of the lines whose cells of that column it adds up, where these are not all: the workbook sums them live.
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A line of a summary: its name, sums by column key, and a text beside them. ``rows`` are the ids of the lines it adds
    up, for the workbook's live sums."""

    name: str
    cells: Mapping[str, Decimal]
    rows: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A small table under the lines that adds them up by something they share. Its columns are columns of the lines by their
    keys; the last row is their sum. ``text`` heads the column of texts, empty where there is none."""

    title: str
    label: str
    keys: tuple[str, ...]
    rows: tuple[SummaryRow, ...]
    text: str = ""

    @property
    def total(self) -> Mapping[str, Decimal]:
        """The sum of each column."""
        return {key: sum((row.cells[key] for row in self.rows), Decimal(0)) for key in self.keys}


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value of the head."""

    label: str
    value: Value
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form. ``amount`` is the one written in capitals; None for kinds without money."""

    title: str
    facts: tuple[Fact, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    totals: tuple[Total, ...] = ()
    summaries: tuple[Summary, ...] = ()
    amount: Decimal | None = None
    amount_label: str = ""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two sheets: a head fact, a cell, or a whole line added or removed."""

    where: str
    label: str
    before: Value
    after: Value
    kind: CellKind = CellKind.TEXT


def differences(old: Sheet, new: Sheet) -> list[Change]:
    """Compare two revisions cell by cell; lines are matched by ``Row.id``."""
    changes = [
        Change("", fact.label, before, fact.value, fact.kind)
        for fact in new.facts
        if (before := next((other.value for other in old.facts if other.label == fact.label), None)) != fact.value
    ]
    old_rows = {row.id: row for row in old.rows}
    new_ids = {row.id for row in new.rows}
    for row in new.rows:
        before_row = old_rows.get(row.id)
        if before_row is None:
            changes.append(Change(f"#{row.number}", "+", None, _first_text(new, row)))
            continue
        changes += [
            Change(
                f"#{row.number}", column.label, before_row.cells.get(column.key), row.cells.get(column.key), column.kind
            )
            for column in new.columns
            if before_row.cells.get(column.key) != row.cells.get(column.key)
        ]
    changes += [Change(f"#{row.number}", "−", _first_text(old, row), None) for row in old.rows if row.id not in new_ids]
    for total in new.totals:
        before_total = next((other.value for other in old.totals if other.key == total.key), None)
        if before_total != total.value:
            changes.append(Change("", total.label, before_total, total.value, total.kind))
    return changes


def _first_text(sheet: Sheet, row: Row) -> str:
    parts = [str(row.cells.get(column.key) or "") for column in sheet.columns if column.kind == CellKind.TEXT]
    return " ".join(part for part in parts if part)
