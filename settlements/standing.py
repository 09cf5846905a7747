"""How an application stands: what was taken back of it, by which reversals, and whether one may begin another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from documents.models import Document
from documents.states import DocumentState
from settlements.models import ApplicationLine
from settlements.permissions import can_reverse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organization.models import Person


def reversal_marks(documents: Sequence[Document]) -> dict[int, str]:
    """已冲销 or 部分冲销 by key, for approved applications of which lines were taken back. One query, none without any."""
    approved = [document.pk for document in documents if document.state == DocumentState.APPROVED]
    if not approved:
        return {}
    rows = (
        ApplicationLine.objects.filter(document__in=approved, reverses=None)
        .order_by()
        .values("document")
        .annotate(lines=Count("pk"), freed=Count("pk", filter=Q(live=False)))
        .filter(freed__gt=0)
    )
    return {row["document"]: _("已冲销") if row["freed"] == row["lines"] else _("部分冲销") for row in rows}


def standing_of(person: Person, document: Document) -> dict[str, Any]:
    """What the panel beside an application shows: its explanation, reversals that this person may see, and the way to one."""
    reversals = (
        Document.objects.visible_to(person)
        .filter(application__reverses=document, application__live=True)
        .with_signed_amount()
        .order_by("pk")
    )
    return {
        "name": document.name,
        "approved": document.state == DocumentState.APPROVED,
        # As submitted: the working copy's is for its drafting side alone, which is all who see a draft.
        "reversals": [(row, row.amount if row.signed_amount is None else row.signed_amount) for row in reversals]
        if document.state == DocumentState.APPROVED
        else [],
        "denial": can_reverse(person, document),
    }
