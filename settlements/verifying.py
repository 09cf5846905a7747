"""``verify`` for applications: commission, held lines, what was settled, and where a cell of the content is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from documents.money import figures, quantity_text
from documents.policies import commission_rate
from documents.states import DEAD, DocumentState
from documents.verifying.files import file_differences
from settlements.amounts import Amounts, amounts_of, reversal_of
from settlements.models import Layout, Nature, Pack
from settlements.reckoning import lines_before, parts, rate_of

if TYPE_CHECKING:
    from documents.models import Document
    from settlements.models import Application, ApplicationLine

APPLICATION_LOADS = (
    "application__reverses__application_lines__reversals__document__application",
    "application_lines__completion_line__document",
    "application_lines__completion_line__origin_line__document__work_form",
    "application_lines__reverses",
    "application_lines__reversals__document",
    "application_origins__origin",
)
SETTLED_LOADS = ("work_lines__completion_lines__application_lines__document",)


def application_differences(document: Document) -> Iterator[str]:
    """Its copies of the document's place, sums, commission, net and tax reckoned anew, and its lines one by one."""
    application = document.application
    lines = list(document.application_lines.all())
    table = f"settlements_application {document.pk}"
    for column, copy, value in (
        ("project_id", application.project_id, document.project_id),
        ("month", application.month, document.period),
        ("side", application.side, document.side),
        ("live", application.live, document.state not in DEAD),
        ("counted", application.counted, document.state == DocumentState.APPROVED),
    ):
        if copy != value:
            yield f"{table} {column}: {copy}, the document says {value}"
    expected = _expected(application, lines)
    for column in ("subtotal", "commission", "net", "tax"):
        stored, reckoned = getattr(application, column), getattr(expected, column)
        if stored != reckoned:
            yield f"{table} {column}: {_text(stored)} ≠ {_text(reckoned)}"
    for line in lines:
        yield from _line_differences(document, line)
    if application.layout == Layout.WHOLE:
        yield from _rate_differences(document, lines)
        yield from _origin_differences(document, lines)


def _expected(application: Application, lines: list[ApplicationLine]) -> Amounts:
    if application.nature != Nature.REVERSAL:
        return amounts_of(parts(lines), application.tax_rate)
    return reversal_of(parts(lines_before(application)), parts(line.reverses for line in lines), application.tax_rate)


def _text(amount: Decimal | None) -> str:
    return "NULL" if amount is None else figures(amount)


def _line_differences(document: Document, line: ApplicationLine) -> Iterator[str]:
    """A line against what was confirmed, or against the line that it takes back; whether it holds what it should hold."""
    confirmed, row = line.completion_line, f"settlements_applicationline {line.pk}"
    source = line.reverses
    amount = confirmed.amount if source is None else -source.amount
    if line.amount != amount:
        yield f"{row} amount: {figures(line.amount)} ≠ {figures(amount)}"
    if line.approved != confirmed.origin_line.amount:
        yield f"{row} approved: {figures(line.approved)} ≠ {figures(confirmed.origin_line.amount)}"
    taken_back = any(one.live and one.document.state == DocumentState.APPROVED for one in line.reversals.all())
    if line.live != (document.state not in DEAD and not taken_back):
        yield f"{row} live"
    if confirmed.document.state != DocumentState.APPROVED:
        yield f"{row} completion_line_id"
    reversed_one = document.application.reverses_id
    if (source.document_id if source else None) != reversed_one or (
        source is not None and (source.completion_line_id, source.rate) != (line.completion_line_id, line.rate)
    ):
        yield f"{row} reverses_id"


def _rate_differences(document: Document, lines: list[ApplicationLine]) -> Iterator[str]:
    """Rates against the policy; a reversal's are those of what it takes back."""
    if document.policy is None or document.application.nature == Nature.REVERSAL:
        return
    found = [(f"settlements_application {document.pk}", document.application.rate, commission_rate(document.policy))]
    found += [
        (f"settlements_applicationline {line.pk}", line.rate, rate_of(line.completion_line, document.policy))
        for line in lines
    ]
    for row, stored, rate in found:
        if stored != rate:
            yield f"{row} rate: {quantity_text(stored)} ≠ {quantity_text(rate)}"


def _origin_differences(document: Document, lines: list[ApplicationLine]) -> Iterator[str]:
    """What each form's row says is applied for now, against the lines."""
    mine: dict[int, Decimal] = {}
    for line in lines:
        key = line.completion_line.origin_line.document_id
        mine[key] = mine.get(key, Decimal(0)) + line.amount
    for origin in document.application_origins.all():
        amount = mine.pop(origin.origin_id, None)
        if amount is None:
            yield f"settlements_applicationorigin {origin.pk} origin_id"
        elif origin.amount != amount:
            yield f"settlements_applicationorigin {origin.pk} amount: {figures(origin.amount)} ≠ {figures(amount)}"
    for key in mine:
        yield f"settlements_applicationorigin {document.pk}/{key} origin_id"


def settled_differences(document: Document) -> Iterator[str]:
    """What an approved form's lines count as settled, against the approved applications."""
    for line in document.work_lines.all():
        held = [one for confirmed in line.completion_lines.all() for one in confirmed.application_lines.all()]
        settled = sum((one.amount for one in held if one.document.state == DocumentState.APPROVED), Decimal(0))
        if line.settled != settled:
            yield f"budgets_workline {line.pk} settled: {figures(line.settled)} ≠ {figures(settled)}"


def pack_differences() -> Iterator[str]:
    """Kept packs whose bytes are gone or changed."""
    yield from file_differences(Pack.objects.all())


# Columns of an application's line; all others come from the confirmed and the approved line.
_OWN = ("position", "approved", "earlier", "amount", "rate")


def application_place(document: Document, path: tuple[str, ...]) -> str:
    """Where a cell of an application's content is kept."""
    if path[0] == "head":
        return _head_place(document, path[1:])
    rows = {
        f"{line.completion_line.document.number}/{line.completion_line.origin_line.key}": line
        for line in document.application_lines.all()
    }
    row = rows.get(path[1])
    if row is None or len(path) == 2:
        return f"settlements_applicationline {row.pk if row else f'{document.pk}/{path[1]}'} completion_line_id"
    if path[2] in _OWN:
        return f"settlements_applicationline {row.pk} {path[2]}"
    return f"budgets_workline {row.completion_line.origin_line_id} {path[2]}"


def _head_place(document: Document, path: tuple[str, ...]) -> str:
    if path[0] != "forms":
        column = {"reverses": "reverses_id", "before": "reverses_id"}.get(path[0], path[0])
        return f"settlements_application {document.pk} {column}"
    origins = {row.origin.number: row for row in document.application_origins.all()}
    row = origins.get(path[1]) if len(path) > 1 else None
    if row is None or len(path) == 2:
        return f"settlements_applicationorigin {row.pk if row else document.pk} origin_id"
    if path[2] == "title":
        return f"documents_document {row.origin_id} title"
    return f"settlements_applicationorigin {row.pk} {path[2]}"
