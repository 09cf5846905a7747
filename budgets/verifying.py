"""``verify`` for work forms and confirmations: sums of lines, counters, and where a cell of the content is kept."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.line_forms import LINE_FORMS
from budgets.models import Split
from budgets.shared_lines import shares_of
from budgets.sharing import WHOLE, parts_of
from documents.money import figures, line_amount, plain, quantity_text
from documents.states import DEAD, DocumentState

if TYPE_CHECKING:
    from budgets.models import WorkLine
    from documents.models import Document

WORK_LOADS = (
    "work_form",
    "work_lines",
    "work_lines__completion_lines__document",
    "work_lines__lapses",
    "work_lines__split__shares__instalment",
)
_LAPSE = ("person_id", "reason", "amount", "quantity")
# A confirmation lies where the form lies that it is of.
_PLACE = ("project_id", "instalment_id", "side", "department_id")
COMPLETION_LOADS = ("completion__origin", "completion_lines__origin_line")


def work_differences(document: Document) -> Iterator[str]:
    """A form's lines reckoned anew, and their counters against the approved confirmations."""
    shares = shares_of(document.work_lines.all())
    for line in document.work_lines.all():
        filed = line_amount(line.quantity, line.price)
        if line.split_id is not None:
            filed = yield from _part(document, line, filed, shares.get(line.split_id, {}))
        expected = filed if line.cut_to is None else line.cut_to
        if line.amount != expected:
            yield f"budgets_workline {line.pk} amount: {figures(line.amount)} ≠ {figures(expected)}"
        yield from _parts(document.kind, line)
        counted = [one for one in line.completion_lines.all() if one.document.state == DocumentState.APPROVED]
        amount = sum((one.amount for one in counted), Decimal(0))
        quantity = sum((one.quantity for one in counted), Decimal(0))
        if line.confirmed != amount:
            yield f"budgets_workline {line.pk} confirmed: {figures(line.confirmed)} ≠ {figures(amount)}"
        if line.confirmed_quantity != quantity:
            yield (
                f"budgets_workline {line.pk} confirmed_quantity: "
                f"{quantity_text(line.confirmed_quantity)} ≠ {quantity_text(quantity)}"
            )
        lapsed = sum((one.amount for one in line.lapses.all()), Decimal(0))
        if line.lapsed != lapsed:
            yield f"budgets_workline {line.pk} lapsed: {figures(line.lapsed)} ≠ {figures(lapsed)}"
    yield from _lapses(document)


def _lapses(document: Document) -> Iterator[str]:
    """Each lapse as the trail tells it, and none that it doesn't tell."""
    told = {
        line["line"]: (event.actor_id, event.parameters["reason"], line["amount"], line["quantity"])
        for event in document.events.all()
        if event.code == "lapsed"
        for line in event.parameters["lines"]
    }
    for line in document.work_lines.all():
        for one in line.lapses.all():
            row = (one.person_id, one.reason, plain(one.amount), quantity_text(one.quantity))
            for name, mine, said in zip(_LAPSE, row, told.pop(line.key, (None,) * 4), strict=True):
                if mine != said:
                    yield f"budgets_lapse {one.pk} {name}: {mine}, the trail says {said}"
    for key in told:
        yield f"budgets_lapse {document.pk}/{key} id: missing"


def _part(
    document: Document, line: WorkLine, whole: Decimal, shares: Mapping[str, int]
) -> Generator[str, None, Decimal]:
    """A shared line against its split: place, share, and its part reckoned anew, which is answered."""
    split, code = line.split, document.instalment.code
    if (split.project_id, split.month) != (document.project_id, document.period):
        yield f"budgets_workline {line.pk} split_id"
    if line.share != shares.get(code):
        yield f"budgets_workline {line.pk} share"
    # Shares that are not 100 % together are told of their split; no part can be reckoned by them.
    return parts_of(whole, shares)[code] if code in shares and sum(shares.values()) == WHOLE else line.amount


def split_differences() -> Iterator[str]:
    """Splits by themselves: shares of 100 %, instalments of the project, the same whole lines in all live forms."""
    for split in Split.objects.prefetch_related("shares__instalment", "lines__document").order_by("pk"):
        shares = split.shares.all()
        if (total := sum(share.share for share in shares)) != WHOLE:
            yield f"budgets_splitshare {split.pk}/{total} share"
        for share in shares:
            if share.instalment.project_id != split.project_id:
                yield f"budgets_splitshare {share.pk} instalment_id"
        whole: dict[str, tuple[Decimal, Decimal]] = {}
        for line in split.lines.all():
            if line.document.state in DEAD:
                continue
            figures_now = (line.quantity, line.price)
            if whole.setdefault(line.split_key, figures_now) != figures_now:
                yield f"budgets_workline {line.pk} split_key"


def _parts(kind: str, line: WorkLine) -> Iterator[str]:
    """Quantity is the product of its factors and price the sum of its parts, where the kind has them."""
    form = LINE_FORMS[kind]
    factors = [Decimal(getattr(line, name) or 0) for name in form.factors]
    product = Decimal(1)
    for factor in factors:
        product *= factor
    if form.factors != ("quantity",) and line.quantity != product:
        yield f"budgets_workline {line.pk} quantity"
    if form.addends != ("price",) and line.price != sum(
        (getattr(line, name) or Decimal(0) for name in form.addends), Decimal(0)
    ):
        yield f"budgets_workline {line.pk} price"


def completion_differences(document: Document) -> Iterator[str]:
    """A confirmation is of its origin's lines, and live as long as it counts."""
    completion = document.completion
    live = document.is_submitted and document.state not in DEAD
    if completion.live != live:
        yield f"budgets_completion {document.pk} live"
    if completion.month != document.period:
        yield f"budgets_completion {document.pk} month"
    for column in _PLACE:
        if getattr(document, column) != getattr(completion.origin, column):
            yield f"documents_document {document.pk} {column}"
    for line in document.completion_lines.all():
        if line.origin_line.document_id != completion.origin_id:
            yield f"budgets_completionline {line.pk} origin_line_id"


def work_place(document: Document, path: tuple[str, ...]) -> str:
    """Where a cell of a work form's content is kept."""
    if path[0] == "head":
        return f"budgets_workform {document.pk} {path[1]}"
    rows = {line.key: line for line in document.work_lines.all()}
    if len(path) == 2:
        return f"budgets_workline {rows[path[1]].pk if path[1] in rows else f'{document.pk}/{path[1]}'} key"
    return f"budgets_workline {rows[path[1]].pk} {_SHARED.get(path[2], path[2])}"


# What a shared line says of its whole and of the others.
_SHARED = {"whole": "price", "shares": "split_id"}
# Columns of a confirmation's line; all others come from the approved line.
_OWN = ("position", "quantity", "amount", "note")
_ORIGIN = {"origin_position": "position", "approved_quantity": "quantity", "approved": "amount"}


def completion_place(document: Document, path: tuple[str, ...]) -> str:
    """Where a cell of a confirmation's content is kept."""
    if path[0] == "head":
        return f"budgets_completion {document.pk} origin_id"
    rows = {line.origin_line.key: line for line in document.completion_lines.all()}
    if len(path) == 2:
        row = rows.get(path[1])
        return f"budgets_completionline {row.pk if row else f'{document.pk}/{path[1]}'} origin_line_id"
    row = rows[path[1]]
    if path[2] in _OWN:
        return f"budgets_completionline {row.pk} {path[2]}"
    return f"budgets_workline {row.origin_line_id} {_ORIGIN.get(path[2], path[2])}"
