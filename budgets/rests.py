"""What became of each line of an approved form: confirmed, on its way, lapsed, still open. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.taking import Taken, View, on_way_of, taken_by_line
from documents.models import Document
from documents.states import EDITABLE

if TYPE_CHECKING:
    from budgets.models import Lapse, WorkLine
    from organization.models import Person

# Asked by predicate, panel and dialogue of one page: read once.
_KEPT = "_rests"


@dataclass(frozen=True, slots=True)
class Rest:
    """An approved line in 元: amount = confirmed + pending + lapsed + rest."""

    line: WorkLine
    taken: tuple[Taken, ...]
    lapse: Lapse | None

    @property
    def under_way(self) -> tuple[Document, ...]:
        """The confirmations on their way that name it."""
        return tuple(one.document for one in self.taken)

    @property
    def names(self) -> list[str]:
        """What those are called, as far as they may be seen."""
        return [one.document.name for one in self.taken if one.is_named]

    @property
    def pending(self) -> Decimal:
        """What those have taken."""
        return sum((one.amount for one in self.taken), Decimal(0))

    @property
    def pending_quantity(self) -> Decimal:
        """Their quantity."""
        return sum((one.quantity for one in self.taken), Decimal(0))

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
    """The lines of a work form as rules and locks count them; kept with the document that was read. Three queries whatever
    their number. For people: ``rests_for``."""
    kept: list[Rest] | None = document.__dict__.get(_KEPT)
    if kept is None:
        kept = document.__dict__[_KEPT] = _rests(document)
    return kept


def rests_for(person: Person, document: Document) -> list[Rest]:
    """The same as this person may see it.

    What is typed into a returned or withdrawn confirmation is for its drafting side alone: others see it as it was last
    submitted. Confirmations that may not be seen are counted and not named. Four queries more whatever their number.
    """
    rests = rests_of(document)
    on_way = on_way_of([document])
    ways = {row.pk: row for row in on_way}
    if not ways:
        return rests
    seen = set(Document.objects.filter(pk__in=ways).visible_to(person).values_list("pk", flat=True))
    editable = {pk for pk, row in ways.items() if row.state in EDITABLE}
    others = editable - set(Document.objects.filter(pk__in=editable).drafted_by(person).values_list("pk", flat=True))
    submitted = taken_by_line(on_way.filter(pk__in=others), View.SIGNED) if others else {}
    return [
        replace(
            rest,
            taken=tuple(
                replace(one, is_named=one.document.pk in seen)
                for one in (
                    *(one for one in rest.taken if one.document.pk not in others),
                    *submitted.get(rest.line.key, ()),
                )
            ),
        )
        for rest in rests
    ]


def _rests(document: Document) -> list[Rest]:
    lines = document.work_lines.order_by("position").prefetch_related("lapses__person")
    taken = taken_by_line(on_way_of([document]), View.WORKING)
    return [Rest(line, tuple(taken.get(line.key, ())), next(iter(line.lapses.all()), None)) for line in lines]


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
