"""What an application could take, as its pages show it: before it is begun, and while it is drafted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.models import CompletionLine
from documents.models import Document
from documents.rendering.values import percent_text
from documents.states import DEAD
from documents.vocabulary import Kind
from settlements.amounts import Amounts, amounts_of
from settlements.applying import Terms
from settlements.gathering import gatherable, policy_now
from settlements.models import ApplicationOrigin
from settlements.reckoning import place_of, rate_of

if TYPE_CHECKING:
    from documents.models import Policy
    from organization.models import Person, Project


@dataclass(frozen=True, slots=True)
class Choice:
    """A confirmed line to take or leave. ``moved`` when another window has taken it in or out meanwhile; ``reversed`` when an
    approved reversal took it back. Amounts in 元, the rate a share."""

    line: CompletionLine
    taken: bool
    rate: Decimal
    earlier: Decimal = Decimal(0)
    moved: bool = False
    was_reversed: bool = False

    @property
    def difference(self) -> Decimal:
        """Actual less what was approved and not applied for yet, in 元."""
        return self.line.amount - self.line.origin_line.amount + self.earlier

    @property
    def percent(self) -> str:
        """The commission rate: ``10%``."""
        return percent_text(self.rate)


def choices(document: Document, keep: set[int] | None = None) -> list[Choice]:
    """Lines that an application holds and free ones; ``keep`` is what was typed, by default what is stored."""
    assert document.period is not None
    assert document.side is not None
    policy = document.policy or policy_now()
    held = {line.completion_line_id: line for line in document.application_lines.all()}
    mine = CompletionLine.objects.filter(application_lines__document=document).select_related(
        "origin_line__document__work_form", "document"
    )
    free = list(gatherable(document.project, document.period, document.side, document.application.nature, policy))
    taken_back = {line.pk for line in free if line.was_reversed}  # type: ignore[attr-defined]
    chosen = set(held) if keep is None else keep
    return [
        Choice(
            line,
            line.pk in chosen,
            held[line.pk].rate if line.pk in held else rate_of(line, policy),
            held[line.pk].earlier if line.pk in held else Decimal(0),
            keep is not None and (line.pk in chosen) != (line.pk in held),
            line.pk in taken_back,
        )
        for line in sorted([*mine, *free], key=place_of)
    ]


def offered(project: Project, month: date, side: str, nature: str, policy: Policy) -> list[Choice]:
    """What a new application would take in, and reversed lines beside it, not ticked."""
    return [
        Choice(line, not line.was_reversed, rate_of(line, policy), was_reversed=line.was_reversed)  # type: ignore[attr-defined]
        for line in gatherable(project, month, side, nature, policy)
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    """What chosen lines come to, in 元."""

    approved: Decimal
    amounts: Amounts
    percent: str
    tax_percent: str


def sums(chosen: Iterable[Choice], tax_rate: Decimal | None) -> Sums:
    """Add the ticked lines up. An approved line of several confirmations is approved once."""
    taken = [choice for choice in chosen if choice.taken]
    approved = {choice.line.origin_line_id: choice.line.origin_line.amount for choice in taken}
    rates = sorted({choice.rate for choice in taken}, reverse=True)
    return Sums(
        sum(approved.values(), Decimal(0)),
        amounts_of(((choice.line.amount, choice.rate) for choice in taken), tax_rate),
        "、".join(percent_text(rate) for rate in rates),
        "" if tax_rate is None else percent_text(tax_rate),
    )


@dataclass(frozen=True, slots=True)
class FormReason:
    """A form from which less is applied for than was approved, and why; ``stored`` is the reason that was saved last."""

    origin: ApplicationOrigin
    reason: str

    @property
    def stored(self) -> str:
        """What was saved last."""
        return self.origin.reason


def reasons(document: Document, typed: Mapping[str, str] | None = None) -> list[FormReason]:
    """Forms that need a reason, each with what was typed, by default with what is stored."""
    rows = document.application_origins.select_related("origin")
    return [
        FormReason(row, (typed or {}).get(row.origin.number or "", row.reason))
        for row in rows
        if row.rest > 0 or row.reason
    ]


def others_of(person: Person, project: Project, month: date, side: str) -> list[Document]:
    """Applications of the same project, month and side that stand already."""
    return list(
        Document.objects.visible_to(person)
        .filter(kind=Kind.EXPENSE_APPLICATION, project=project, period=month, side=side)
        .exclude(state__in=DEAD)
        .order_by("pk")
    )


def draft_terms(document: Document) -> Terms:
    """The stored invoice of a working copy."""
    return Terms(document.application.invoice_kind, document.application.tax_rate)
