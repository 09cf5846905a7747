"""What the next version of a result changes against the approved one before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents import presenting
from documents.models import Document
from documents.sheets import differences
from intervention.report_files import replaced, series_of

if TYPE_CHECKING:
    from documents.sheets import Change, Sheet
    from organization.models import Person


def changes_since(document: Document, person: Person) -> dict[str, Any]:
    """For the panel of a result's page: its plan, its version, and the differences to the version before as it was received."""
    result = document.phase_result
    context: dict[str, Any] = {"result": result, "phase": result.item.phase, "changes": None, "before": None}
    # Version and predecessor always differ; they stand above.
    changes = compared(document, result.predecessor, person, {_("版本"), _("上一版")})
    if changes is None:
        return context
    return context | {"changes": _without_replaced(changes, document.result), "before": result.predecessor}


def _without_replaced(changes: list[tuple[str, Change]], result: str) -> list[tuple[str, Change]]:
    """A report made anew is told once, as new: the one that it replaces was not taken out."""
    new = [where for where, change in changes if change.label == "+"]
    series, old = {series_of(where, result) for where in new} - {""}, replaced(new, result)
    return [
        (where, change)
        for where, change in changes
        if not (change.label == "−" and series_of(where, result) in series or change.label == "+" and where in old)
    ]


def compared(
    document: Document, before: Document | None, person: Person, own: set[str]
) -> list[tuple[str, Change]] | None:
    """Differences to the version before as it was received, each with the title of its row; facts and rows named in ``own``
    are left out. None where there is no version before, or the person may not see it."""
    if before is None or not Document.objects.visible_to(person).filter(pk=before.pk).exists():
        return None
    old, new = presenting.signed(before, before.revision_n).sheet, presenting.shown(document, person).sheet
    titles = {row_id: title for sheet in (old, new) for row_id, title in _titles(sheet)}
    gone = {f"#{row.number}": titles[row.id] for row in old.rows}
    kept = {f"#{row.number}": titles[row.id] for row in new.rows}
    found = [
        ((gone if change.label == "−" else kept).get(change.where, ""), change) for change in differences(old, new)
    ]
    return [(where, change) for where, change in found if (where or change.label) not in own]


def _titles(sheet: Sheet) -> Iterator[tuple[str, str]]:
    return ((row.id, str(row.cells["title"])) for row in sheet.rows)
