"""``verify`` for applications: commission, held lines, what was settled, and where a cell of the content is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from documents import money
from documents.money import figures
from documents.states import DEAD, DocumentState
from documents.verifying.files import file_differences
from settlements.models import Pack

if TYPE_CHECKING:
    from documents.models import Document

APPLICATION_LOADS = (
    "application",
    "application_lines__completion_line__document",
    "application_lines__completion_line__origin_line__document",
)
SETTLED_LOADS = ("work_lines__completion_lines__application_lines__document",)


def application_differences(document: Document) -> Iterator[str]:
    """Sum and commission reckoned anew; its lines are live as long as it counts."""
    application = document.application
    lines = list(document.application_lines.all())
    subtotal = sum((line.amount for line in lines), Decimal(0))
    if application.subtotal != subtotal:
        yield f"settlements_application {document.pk} subtotal: {figures(application.subtotal)} ≠ {figures(subtotal)}"
    if application.commission != money.commission(subtotal, application.rate):
        yield f"settlements_application {document.pk} commission: {figures(application.commission)}"
    for line in lines:
        confirmed = line.completion_line
        if line.amount != confirmed.amount:
            yield f"settlements_applicationline {line.pk} amount: {figures(line.amount)} ≠ {figures(confirmed.amount)}"
        if line.live != (document.state not in DEAD):
            yield f"settlements_applicationline {line.pk} live"
        if confirmed.document.state != DocumentState.APPROVED:
            yield f"settlements_applicationline {line.pk} completion_line_id"


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
_OWN = ("position", "approved", "amount")


def application_place(document: Document, path: tuple[str, ...]) -> str:
    """Where a cell of an application's content is kept."""
    if path[0] == "head":
        return f"settlements_application {document.pk} {path[1]}"
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
