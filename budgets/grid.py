"""A work form's lines as the entry page's grid: its columns, its rows of text, what came back from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.columns import LINE_FORMS, Column, LineForm, is_blank_row
from budgets.numbers import LONGEST_TEXT, read_written
from documents.grids import GridColumn
from documents.money import figures, quantity_text
from documents.refusals import Invalid
from documents.sheets import CellKind

if TYPE_CHECKING:
    from budgets.drafting import LineFault
    from budgets.models import WorkLine

PREFIX = "lines"
# Lines offered by an empty form.
OPEN_LINES = 3
# More than a form may have; what posts more is no page of ours.
MOST_ROWS = 6_000
# Pixels of a text column per millimetre of its width on paper; other columns are as wide as what is written in them.
PIXELS = 3.5

_WIDTHS = {"money": 66, "quantity": 48, "integer": 48, "date": 96, "choice": 64, "output": 84}
_NARROW_TEXT = 54

Rows = list[dict[str, str]]
_KINDS = {
    CellKind.MONEY: "money",
    CellKind.QUANTITY: "quantity",
    CellKind.INTEGER: "integer",
    CellKind.DATE: "date",
    CellKind.TEXT: "text",
}


def columns_for(
    kind: str, categories: tuple[str, ...] | None = None, rows: Sequence[Mapping[str, str]] = ()
) -> list[GridColumn]:
    """The grid's columns of a kind, computed ones as outputs.

    ``categories`` are the company's own. What ``rows`` hold beside them stays choosable: it is told when saved, never lost.
    """
    form = LINE_FORMS[kind]
    return [
        GridColumn(
            key=column.key,
            label=f"{column.label}（{column.unit}）" if column.unit else str(column.label),
            kind=_kind(column),
            choices=[(choice, choice) for choice in _choices(column, categories, rows)],
            required=column.required,
            width=_width(column),
            role=_role(form, column),
            max_length=column.max_length or LONGEST_TEXT,
        )
        for column in form.columns
    ]


def _choices(column: Column, categories: tuple[str, ...] | None, rows: Sequence[Mapping[str, str]]) -> list[str]:
    if not column.choices:
        return []
    written = [text for row in rows if (text := row.get(column.key, "").strip())]
    return list(dict.fromkeys([*(categories or column.choices), *written]))


def _kind(column: Column) -> str:
    if not column.editable:
        return "output"
    return "choice" if column.choices else _KINDS[column.kind]


def _width(column: Column) -> int:
    return _WIDTHS.get(_kind(column)) or max(round(column.width * PIXELS), _NARROW_TEXT)


def _role(form: LineForm, column: Column) -> str:
    if column.key in form.factors:
        return "quantity"
    if column.key in form.addends:
        return "price" if len(form.addends) == 1 else "part"
    return "amount" if column.key == "amount" else ""


def rows_of(kind: str, lines: Iterable[WorkLine]) -> Rows:
    """Stored lines as texts, as people write them."""
    return [_row(kind, line) for line in lines]


def open_lines() -> Rows:
    """Empty lines for a form without any."""
    return [{"id": ""} for _n in range(OPEN_LINES)]


def filled(kind: str, rows: Rows) -> Rows:
    """The rows in which something was typed."""
    return [row for row in rows if not _is_blank(kind, row)]


def _is_blank(kind: str, row: Mapping[str, str]) -> bool:
    return is_blank_row(kind, {key: text for key, text in row.items() if key != "amount"})


def _row(kind: str, line: WorkLine) -> dict[str, str]:
    row = {"id": line.key, "cut": figures(line.cut_to) if line.cut_to is not None else ""}
    for column in LINE_FORMS[kind].columns:
        value = getattr(line, column.key)
        if value is None or (column.zero and value == 0):
            row[column.key] = ""
        elif column.kind == CellKind.MONEY:
            row[column.key] = figures(value)
        elif column.kind == CellKind.QUANTITY:
            row[column.key] = quantity_text(value)
        else:
            row[column.key] = str(value)
    return row


def posted_rows(data: Mapping[str, str], keys: Iterable[str]) -> Rows:
    """Rows of a posted grid, cells as typed. Lines that were taken out are absent, not empty."""
    # A page that doesn't say how many lines it holds must not empty the form.
    total = data.get(f"{PREFIX}-TOTAL", "")
    if not (total.isascii() and total.isdecimal()) or len(total) > 5 or int(total) > MOST_ROWS:
        raise Invalid(_("行数无法识别，请刷新页面后重试。"))
    keys = ("id", *keys)
    rows = []
    for index in range(int(total)):
        row = {key: data[name] for key in keys if (name := f"{PREFIX}-{index}-{key}") in data}
        if row:
            rows.append(row)
    return rows


def values_of(columns: Sequence[GridColumn], rows: Rows, **more: str) -> dict[str, str]:
    """Rows by input name, as the page's own form would post them."""
    values = {
        f"{PREFIX}-{index}-{column.key}": row.get(column.key, "")
        for index, row in enumerate(rows)
        for column in columns
        if column.kind != "output"
    }
    return values | more


def ids_of(kind: str, rows: Rows, lines: Iterable[WorkLine]) -> list[str]:
    """For each posted row the key of the line it became, empty for a blank one."""
    keys = iter([line.key for line in lines])
    return ["" if _is_blank(kind, row) else next(keys, "") for row in rows]


def faults_for_page(columns: Sequence[GridColumn], faults: Iterable[LineFault]) -> list[dict[str, object]]:
    """Faults as the summary on top shows them: link, where, sentence."""
    labels = {column.key: column.label for column in columns}
    return [
        {
            "anchor": f"id_{PREFIX}-{fault.index}-{fault.key}",
            "where": _("第 %(n)d 行 %(label)s") % {"n": fault.index + 1, "label": labels.get(fault.key, "")},
            "message": fault.message,
        }
        for fault in faults
    ]


def errors_by_cell(faults: Iterable[LineFault]) -> dict[tuple[int, str], list[str]]:
    """Faults by cell, for the grid."""
    cells: dict[tuple[int, str], list[str]] = {}
    for fault in faults:
        cells.setdefault((fault.index, fault.key), []).append(fault.message)
    return cells


def faults_for_script(faults: Iterable[LineFault]) -> list[dict[str, object]]:
    """Faults as the grid's script places them."""
    return [{"row": fault.index, "key": fault.key, "message": fault.message} for fault in faults]


def differences(columns: Sequence[GridColumn], mine: Rows, theirs: Rows) -> list[tuple[str, str, str]]:
    """Where two copies of the lines say something else: place, mine, theirs."""
    found = []
    for index in range(max(len(mine), len(theirs))):
        one = mine[index] if index < len(mine) else {}
        other = theirs[index] if index < len(theirs) else {}
        for column in columns:
            if column.kind == "output":
                continue
            here, there = one.get(column.key, "").strip(), other.get(column.key, "").strip()
            if here != there and not (column.numeric and _same_number(here, there)):
                where = _("第 %(n)d 行 %(label)s") % {"n": index + 1, "label": column.label}
                found.append((where, here, there))
    return found


def _same_number(one: str, other: str) -> bool:
    number = read_written(one)
    return number is not None and number == read_written(other)
