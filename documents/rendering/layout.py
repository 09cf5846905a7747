"""How a line table fits on A4: orientation, size of type and written column widths. Pure leaf.

Columns of figures get the width their longest figure needs, since a wrapped amount is misread; columns of text share the
rest in proportion to the widths their kind asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

# Paper width less 18 mm binding margin and 14 mm on the right.
PORTRAIT_MM = 178.0
LANDSCAPE_MM = 265.0
SIZES_PT = (9.5, 8.5, 7.5, 6.5)
MM_PER_PT = 25.4 / 72
# The widest advance of a digit in our bold font, in em, and the padding of a cell.
DIGIT_EM = 0.6
PADDING_MM = 3.4
# What code and meta leave to the title between them, and its sizes: points, and em that a sign takes with what parts it.
TITLE_SIDES_MM = 92.0
TITLES = (("", 16.0, 1.12), ("tight", 13.0, 1.02))
# Below this a text column breaks every two or three characters.
MIN_TEXT_MM = 13.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a column asks for: its width in mm and, for figures, the length of the longest one (0 for text)."""

    width: float
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Fitting:
    """The chosen layout; ``widths`` are mm and sum to the page's width."""

    landscape: bool
    size: float
    widths: tuple[float, ...]


def fit(columns: Sequence[Wanted]) -> Fitting:
    """Choose the largest type on the narrowest paper that holds the table."""
    # Shrinking a form's type a step is better than turning the sheet; shrinking two steps is not.
    trials = ((False, 9.5), (False, 8.5), (True, 9.5), (True, 8.5), (False, 7.5), (True, 7.5), (True, 6.5))
    for landscape, size in trials:
        widths = _widths(columns, LANDSCAPE_MM if landscape else PORTRAIT_MM, size)
        if widths is not None:
            return Fitting(landscape, size, widths)
    page, size = LANDSCAPE_MM, SIZES_PT[-1]
    total = sum(column.width for column in columns) or 1
    return Fitting(True, size, tuple(page * column.width / total for column in columns))


def title_lines(title: str, *, landscape: bool) -> tuple[str, list[str]]:
    """The class of a title and its lines: as large as one line holds it, else two lines of about the same length."""
    page = (LANDSCAPE_MM if landscape else PORTRAIT_MM) - TITLE_SIDES_MM
    signs = sum(1.0 if east_asian_width(sign) in "WFA" else 0.6 for sign in title)
    for name, size, em in TITLES:
        if signs * size * em * MM_PER_PT <= page:
            return name, [title]
    middle = -(-len(title) // 2)
    return TITLES[-1][0], [title[:middle], title[middle:]]


def _widths(columns: Sequence[Wanted], page: float, size: float) -> tuple[float, ...] | None:
    """Widths in mm, or None when the table does not fit."""
    needed = {
        index: column.digits * DIGIT_EM * size * MM_PER_PT + PADDING_MM
        for index, column in enumerate(columns)
        if column.digits
    }
    texts = {index: column.width for index, column in enumerate(columns) if not column.digits}
    rest = page - sum(needed.values())
    scale = size / SIZES_PT[0]
    if texts:
        # Text may be squeezed to 70 % of what it asks for, and never insists on more than a fifth of the page.
        asked = (max(MIN_TEXT_MM, min(width * 0.7, page * 0.2)) * scale for width in texts.values())
        if rest < sum(asked):
            return None
        chosen = _share(texts, rest, scale)
    else:
        if rest < 0:
            return None
        chosen = {}
    # Figures alone share what is left over, so that the table is as wide as the page.
    extra = 0.0 if texts else rest / max(len(needed), 1)
    widths = [round(chosen[i] if i in chosen else needed[i] + extra, 2) for i in range(len(columns))]
    # Rounding must not push the table's edge past the one above it.
    widest = widths.index(max(widths))
    widths[widest] = round(widths[widest] + page - sum(widths), 2)
    return tuple(widths)


def _share(texts: dict[int, float], rest: float, scale: float) -> dict[int, float]:
    """Divide ``rest`` among text columns: what is too much goes off the wide ones, what is left over is shared."""
    asked = sum(texts.values())
    if rest >= asked:
        return {index: width * rest / asked for index, width in texts.items()}
    minimum = {index: min(MIN_TEXT_MM * scale, width) for index, width in texts.items()}
    give = asked - sum(minimum.values()) or 1
    return {index: width - (asked - rest) * (width - minimum[index]) / give for index, width in texts.items()}
