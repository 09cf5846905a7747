"""The line grid of entry pages as plain data: a cell per input, ready for one template loop. Pure leaf.

A kind's entry page gives columns, rows of text and errors; ``prepare`` lines them up. What the server computes again on
saving, the browser only shows (static/js/grid.js).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Sides of a product: quantities multiply, parts add up to the price, the amount is what comes out.
ROLES = ("quantity", "price", "part", "amount")


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of inputs. ``kind``: text, money, quantity, integer, date, choice or output; ``width`` in pixels.

    ``output`` is computed by the browser and never posted. ``role`` says what a figure is to the line's amount, which is
    Π(quantity) × (price, or Σ part), half up to the 分.
    """

    key: str
    label: str
    kind: str = "text"
    choices: Sequence[tuple[str, str]] = ()
    required: bool = False
    width: int = 0
    placeholder: str = ""
    role: str = ""
    max_length: int = 200

    @property
    def numeric(self) -> bool:
        """Right-aligned, tabular figures."""
        return self.kind in {"money", "quantity", "integer", "output"}


@dataclass(frozen=True, slots=True)
class GridCell:
    """One input: its column, its name in the form, what stands in it and what is wrong with it."""

    column: GridColumn
    name: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line; ``id`` is the stable id of a stored line, empty for a new one."""

    index: int
    id_name: str
    id: str
    cells: Sequence[GridCell] = field(default=())
    # The amount a reviewer cut the line to; it counts until quantity or price is touched.
    cut: str = ""

    @property
    def number(self) -> int:
        """What a person calls it: 第 n 行."""
        return self.index + 1


Errors = Mapping[tuple[int, str], str | Sequence[str]]


def _sentence(error: str | Sequence[str] | None) -> str:
    if error is None:
        return ""
    return error if isinstance(error, str) else " ".join(error)


def prepare(
    columns: Sequence[GridColumn],
    rows: Sequence[Mapping[str, object]],
    errors: Errors | None = None,
    prefix: str = "lines",
) -> list[GridRow]:
    """Line columns, rows and errors up. A row's ``id`` key is its hidden id; absent values are blank."""
    errors = errors or {}
    return [
        GridRow(
            index,
            f"{prefix}-{index}-id",
            str(row.get("id") or ""),
            [
                GridCell(
                    column,
                    f"{prefix}-{index}-{column.key}",
                    _text(row.get(column.key)),
                    _sentence(errors.get((index, column.key))),
                )
                for column in columns
            ],
            str(row.get("cut") or ""),
        )
        for index, row in enumerate(rows)
    ]


def blank(columns: Sequence[GridColumn], prefix: str = "lines") -> GridRow:
    """The pattern of a new line, with ``__i__`` where its index goes."""
    return GridRow(
        -1,
        f"{prefix}-__i__-id",
        "",
        [GridCell(column, f"{prefix}-__i__-{column.key}", "", "") for column in columns],
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
