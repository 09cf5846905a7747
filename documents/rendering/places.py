"""Formulas of a workbook that refer to other sheets: where its figures stand, and what is written over them. Pure leaf."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

# A function takes so many areas at most.
MAX_AREAS = 250
# A figure of a workbook: the wished name of its sheet, the row's id (empty for a total), the key of its column or total.
Place = tuple[str, str, str]
# Which figures a sheet takes from others: its row's id and column (or empty and a total's key) → what they are the sum of.
Links = Mapping[tuple[str, str], Sequence[Place]]


class Places:
    """Where the figures of a workbook stand: name of the sheet, line, column, value."""

    def __init__(self) -> None:
        self._found: dict[Place, tuple[str, int, int, Decimal]] = {}

    def note(self, place: Place, sheet: str, row: int, column: int, value: Decimal) -> None:
        """A figure has been written."""
        self._found[place] = (sheet, row, column, value)

    def formula(self, wanted: Sequence[Place], value: Decimal) -> str | None:
        """A formula over these figures; None when one is nowhere or they don't come to ``value``."""
        found = [self._found.get(place) for place in wanted]
        cells = sorted(cell for cell in found if cell is not None)
        if not cells or len(cells) < len(found) or sum((cell[3] for cell in cells), Decimal(0)) != value:
            return None
        areas: list[list[tuple[str, int, int, Decimal]]] = []
        for cell in cells:
            if areas and areas[-1][-1][:3] == (cell[0], cell[1] - 1, cell[2]):
                areas[-1].append(cell)
            else:
                areas.append([cell])
        if len(areas) > MAX_AREAS:
            return None
        texts = [_area(area[0], area[-1]) for area in areas]
        return f"={texts[0]}" if len(cells) == 1 else f"=SUM({','.join(texts)})"


def _area(first: tuple[str, int, int, Decimal], last: tuple[str, int, int, Decimal]) -> str:
    corner = xl_rowcol_to_cell(first[1], first[2])
    end = "" if first is last else f":{xl_rowcol_to_cell(last[1], last[2])}"
    return f"{quote_sheetname(first[0])}!{corner}{end}"
