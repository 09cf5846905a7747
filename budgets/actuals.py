"""The lines of a confirmation as its entry page shows them: what was approved, what is left, what was really done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.confirming import Room, rooms
from documents.grids import GridCell, GridColumn
from documents.money import figures, quantity_text

if TYPE_CHECKING:
    from budgets.grid import Rows
    from budgets.models import WorkLine
    from documents.models import Document

KEYS = ("quantity", "amount", "note")


def columns() -> list[GridColumn]:
    """What is typed: actual quantity and amount, and why they are less."""
    return [
        GridColumn("quantity", _("实际数量"), "quantity", required=True, width=96, max_length=40),
        GridColumn("amount", _("实际金额（元）"), "money", width=120, role="amount", max_length=40),
        GridColumn("note", _("说明"), width=150, max_length=200),
    ]


@dataclass(frozen=True, slots=True)
class ActualLine:
    """A line of the page: the approved line, its rest and its inputs."""

    index: int
    id: str
    origin: WorkLine
    room: Room
    cells: Sequence[GridCell]

    @property
    def quantity_left(self) -> Decimal:
        """Quantity that may still be confirmed, this confirmation left out."""
        return max(self.room.quantity, Decimal(0))


def rows_of(document: Document) -> Rows:
    """Stored actuals as texts."""
    return [
        {
            "id": line.origin_line.key,
            "quantity": quantity_text(line.quantity),
            "amount": figures(line.amount),
            "note": line.note,
        }
        for line in document.completion_lines.select_related("origin_line").order_by("position")
    ]


def lines_of(
    document: Document, typed: Rows | None, errors: Mapping[tuple[int, str], Sequence[str]]
) -> list[ActualLine]:
    """The page's lines: stored ones, over them what was typed. Three queries whatever their number."""
    stored = rows_of(document)
    over = {row.get("id", ""): (index, row) for index, row in enumerate(typed or ())}
    left = {room.line.key: room for room in rooms(document.completion.origin, besides=document)}
    lines = []
    for index, row in enumerate(stored):
        at, mine = over.get(row["id"], (index, row))
        room = left[row["id"]]
        cells = [
            GridCell(
                column,
                f"lines-{index}-{column.key}",
                mine.get(column.key, row[column.key]),
                " ".join(errors.get((at, column.key), ())),
            )
            for column in columns()
        ]
        lines.append(ActualLine(index, row["id"], room.line, room, cells))
    return lines
