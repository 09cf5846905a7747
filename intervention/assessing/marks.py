"""What scores add up to: points, percent and grade. Pure leaf.

The percent is rounded half up to one decimal and the grade is that of the rounded figure, so that what is shown agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intervention.models import AssessmentScore

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Marks:
    """Points of points, the percent with one decimal, and the grade's word."""

    points: Decimal
    maximum: Decimal
    percent: Decimal
    grade: str


def marks_of(scores: Iterable[AssessmentScore], bands: Sequence[Sequence[Any]]) -> Marks | None:
    """The sum of all items that apply; None while one has no points yet, or none applies."""
    rows = [row for row in scores if not row.is_waived]
    given = [row.points if row.final is None else row.final for row in rows]
    if not rows or any(points is None for points in given):
        return None
    points = sum((one for one in given if one is not None), Decimal(0))
    maximum = sum((row.maximum for row in rows), Decimal(0))
    percent = percent_of(points, maximum)
    return Marks(points, maximum, percent, grade_of(percent, bands))


def percent_of(points: Decimal, maximum: Decimal) -> Decimal:
    """``92.5`` of a hundred."""
    return tenths(points * 100 / maximum)


def mean_of(percents: Sequence[Decimal]) -> Decimal | None:
    """The mean of shown percents, rounded as they are; None of none."""
    return tenths(sum(percents, Decimal(0)) / len(percents)) if percents else None


def tenths(number: Decimal) -> Decimal:
    """The one rounding of percents and means: half up to one decimal, as ROUND does in the workbook."""
    return number.quantize(TENTH, ROUND_HALF_UP)


def grade_of(percent: Decimal, bands: Sequence[Sequence[Any]]) -> str:
    """The word of the highest band that the percent reaches; ``bands`` are (from, word), the highest first."""
    return next((str(word) for start, word in bands if percent >= start), "")


def plain(points: Decimal | None) -> str:
    """``9.5``, ``10``: without a needless decimal; empty for none."""
    return "" if points is None else f"{points:.1f}".removesuffix(".0")
