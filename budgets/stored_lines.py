"""Stored lines through the one validator again: to copy them, to split them, to tell whether somebody typed otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from budgets.columns import CellError, CheckedRow, check_row, columns_of
from budgets.sharing import percent
from documents.refusals import Invalid

if TYPE_CHECKING:
    from budgets.models import WorkLine
    from documents.models import Document


def raw_of(kind: str, line: WorkLine) -> dict[str, Any]:
    """A stored line as cells to be checked again."""
    # The amount is computed anew: last month's cut is not this month's price.
    return {column.key: getattr(line, column.key) for column in columns_of(kind) if column.key != "amount"}


def checked_line(kind: str, line: WorkLine) -> CheckedRow:
    """A stored line as the validator gives it: the whole line, whatever part of it the form carries."""
    row = check_row(kind, raw_of(kind, line), categories=(line.category,))
    if not isinstance(row, CheckedRow):
        raise Invalid(*(error.message for error in row))
    return row


def checked_lines(document: Document) -> list[tuple[WorkLine, CheckedRow | list[CellError]]]:
    """The whole lines of a form through the validator as it is today: each sound, or with its faults.

    A category that the company has given up since still stands; the page of the copy tells it.
    """
    kind = document.kind
    lines = document.work_lines.filter(split=None).order_by("position")
    return [(line, check_row(kind, raw_of(kind, line), categories=(line.category,))) for line in lines]


def says_the_same(raw: Mapping[str, Any], line: WorkLine) -> bool:
    """Whether typed cells are those of a shared line; what was not sent is no change."""
    kind = line.document.kind
    typed = check_row(kind, {key: raw.get(key, cell) for key, cell in raw_of(kind, line).items()})
    same = isinstance(typed, CheckedRow) and typed.cells == checked_line(kind, line).cells
    return same and str(raw.get("share", percent(line.share or 0))) == str(percent(line.share or 0))
