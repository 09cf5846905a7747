"""What became of each line of an approved form: confirmed, on its way, lapsed, still open. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.confirming import TAKING
from budgets.models import CompletionLine

if TYPE_CHECKING:
    from budgets.models import Lapse, WorkLine
    from documents.models import Document

# Asked by predicate, panel and dialogue of one page: read once.
_KEPT = "_rests"


@dataclass(frozen=True, slots=True)
class Rest:
    """An approved line in 元: amount = confirmed + pending + lapsed + rest.

    ``under_way`` are the confirmations on their way that name it, ``pending`` what they have taken.
    """

    line: WorkLine
    under_way: tuple[Document, ...]
    pending: Decimal
    pending_quantity: Decimal
    lapse: Lapse | None

    @property
    def rest(self) -> Decimal:
        """What may still be confirmed."""
        return self.line.amount - self.line.confirmed - self.line.lapsed - self.pending

    @property
    def quantity(self) -> Decimal:
        """Quantity that may still be confirmed; none once the rest has lapsed."""
        if self.line.lapsed:
            return Decimal(0)
        return max(self.line.quantity - self.line.confirmed_quantity - self.pending_quantity, Decimal(0))

    @property
    def is_open(self) -> bool:
        return self.rest > 0

    @property
    def may_lapse(self) -> bool:
        """Something is left and no confirmation of the line is on its way."""
        return self.is_open and not self.under_way


@dataclass(frozen=True, slots=True)
class RestSums:
    """A form in 元: approved = settled + unsettled + pending + open + lapsed (M5)."""

    approved: Decimal
    settled: Decimal
    confirmed: Decimal
    pending: Decimal
    lapsed: Decimal

    @property
    def unsettled(self) -> Decimal:
        """Confirmed and not settled."""
        return self.confirmed - self.settled

    @property
    def rest(self) -> Decimal:
        """Neither confirmed nor on its way to be, and not lapsed."""
        return self.approved - self.confirmed - self.pending - self.lapsed


def rests_of(document: Document) -> list[Rest]:
    """The lines of a work form as they stand; kept with the document that was read. Three queries whatever their number."""
    kept: list[Rest] | None = document.__dict__.get(_KEPT)
    if kept is None:
        kept = document.__dict__[_KEPT] = _rests(document)
    return kept


def _rests(document: Document) -> list[Rest]:
    lines = list(document.work_lines.order_by("position").prefetch_related("lapses__person"))
    pending: dict[int, list[CompletionLine]] = {}
    on_way = CompletionLine.objects.filter(
        origin_line__document=document, document__state__in=TAKING, document__first_submitted_at__isnull=False
    )
    for one in on_way.select_related("document").order_by("document"):
        pending.setdefault(one.origin_line_id, []).append(one)
    return [
        Rest(
            line,
            tuple(one.document for one in pending.get(line.pk, ())),
            sum((one.amount for one in pending.get(line.pk, ())), Decimal(0)),
            sum((one.quantity for one in pending.get(line.pk, ())), Decimal(0)),
            next(iter(line.lapses.all()), None),
        )
        for line in lines
    ]


def sums_of(rests: Iterable[Rest]) -> RestSums:
    """Add the lines up."""
    rests = list(rests)
    lines = [rest.line for rest in rests]
    return RestSums(
        sum((line.amount for line in lines), Decimal(0)),
        sum((line.settled for line in lines), Decimal(0)),
        sum((line.confirmed for line in lines), Decimal(0)),
        sum((rest.pending for rest in rests), Decimal(0)),
        sum((line.lapsed for line in lines), Decimal(0)),
    )
