"""The survey as figures and bars: fee in 元/m²·月, positions in hundredths of a per cent. Pure over loaded rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from documents.money import round_fen, to_fen
from intervention.planning_work.states import ComparableState

if TYPE_CHECKING:
    from intervention.models import Comparable


@dataclass(frozen=True, slots=True)
class Bar:
    """A comparable with its bar; ``width`` is empty for one that is left out."""

    row: Comparable
    width: str


@dataclass(frozen=True, slots=True)
class Survey:
    """All rows of a project, and the figures of those that count; figures are None while none does."""

    bars: tuple[Bar, ...]
    counted: int
    average: Decimal | None
    least: Decimal | None
    most: Decimal | None
    average_x: str
    parking: Decimal | None


def survey_of(rows: Sequence[Comparable]) -> Survey:
    """Average (half up to the 分), least and most fee, the average parking fee of those that have one, and the bars."""
    counted = [row for row in rows if row.state == ComparableState.COUNTED]
    fees = [row.fee for row in counted]
    parking = [row.parking for row in counted if row.parking is not None]
    most, average = max(fees, default=None), mean(fees)
    return Survey(
        bars=tuple(Bar(row, _part(row.fee, most) if row in counted else "") for row in rows),
        counted=len(counted),
        average=average,
        least=min(fees, default=None),
        most=most,
        average_x=_part(average, most) if average else "",
        parking=mean(parking),
    )


def mean(amounts: Sequence[Decimal]) -> Decimal | None:
    """The mean, half up to the 分; None of nothing."""
    return round_fen(sum(amounts, Decimal(0)) / len(amounts)) if amounts else None


def _part(amount: Decimal, most: Decimal | None) -> str:
    """A share of the greatest, as an SVG length."""
    share = to_fen(amount) * 10_000 // max(to_fen(most or amount), 1)
    return f"{share // 100}.{share % 100:02d}%"
