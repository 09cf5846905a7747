"""What confirmations on their way take of approved forms and lines, by one reckoning. Reads only.

What a returned or withdrawn confirmation takes has two readings, and each place has one of them. Rules and locks (what may be
begun, saved, submitted, lapse) go by the working copy: it is what will be submitted, and the submission asks again. Where
people act on it (a form's rests, the list of what can be confirmed) the working copy is shown to its drafting side, who write
it, and the last submission to all others. Overviews (month, ageing) show the last submission to everybody, so that both
sides read the same sums.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import F

from budgets.models import CompletionLine
from documents.models import Document, Revision
from documents.states import EDITABLE, DocumentState

if TYPE_CHECKING:
    from documents.queries import DocumentQuerySet
    from organization.models import Person

# Completions that take from an approved line before they are approved themselves.
TAKING = (DocumentState.CIRCULATING, DocumentState.RETURNED, DocumentState.WITHDRAWN)


class View(Enum):
    """Which figures of a confirmation count: those written now, or those last submitted."""

    WORKING = "working"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a confirmation on its way takes of a line, in 元; ``is_named`` false: it may not be seen by who is shown this."""

    document: Document
    amount: Decimal
    quantity: Decimal
    is_named: bool = True


def on_way_of(origins: Iterable[Any]) -> DocumentQuerySet:
    """The confirmations of approved forms that were submitted and are not decided."""
    return Document.objects.filter(
        completion__origin__in=origins, state__in=TAKING, first_submitted_at__isnull=False
    ).order_by("pk")


def taken_by_line(ways: DocumentQuerySet, view: View) -> dict[str, list[Taken]]:
    """What each of these confirmations takes, by the key of the approved line. One query."""
    found: dict[str, list[Taken]] = {}
    # Ordered for people by the outer query alone.
    ways = ways.order_by()
    if view is View.WORKING:
        lines = CompletionLine.objects.filter(document__in=ways).select_related("document", "origin_line")
        for line in lines.order_by("document"):
            found.setdefault(line.origin_line.key, []).append(Taken(line.document, line.amount, line.quantity))
        return found
    newest = Revision.objects.filter(document__in=ways, n=F("document__revision_n")).select_related("document")
    for revision in newest.order_by("document"):
        for row in json.loads(revision.content)["lines"]:
            taken = Taken(revision.document, Decimal(row["amount"]), Decimal(row["quantity"] or 0))
            found.setdefault(row["id"], []).append(taken)
    return found


def pending_by_form(forms: Iterable[Any], view: View = View.SIGNED) -> dict[int, Decimal]:
    """What confirmations on their way take, by the key of the approved form, in 元. One query."""
    return _sums(_amounts(forms), signed=view is View.SIGNED)


def pending_for(person: Person, forms: Iterable[Any]) -> dict[int, Decimal]:
    """The same as this person is shown it; one query, two more where some confirmation is being written again."""
    rows = _amounts(forms)
    editable = [row["pk"] for row in rows if row["state"] in EDITABLE]
    drafted = Document.objects.filter(pk__in=editable).drafted_by(person) if editable else Document.objects.none()
    own = set(drafted.values_list("pk", flat=True))
    sums = _sums([row for row in rows if row["pk"] in own], signed=False)
    for origin, amount in _sums([row for row in rows if row["pk"] not in own], signed=True).items():
        sums[origin] = sums.get(origin, Decimal(0)) + amount
    return sums


def _amounts(forms: Iterable[Any]) -> list[dict[str, Any]]:
    rows = on_way_of(forms).with_signed_amount()
    return list(rows.values("pk", "state", "completion__origin", "amount", "signed_amount"))


def _sums(rows: Iterable[dict[str, Any]], *, signed: bool) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for row in rows:
        origin = row["completion__origin"]
        sums[origin] = sums.get(origin, Decimal(0)) + row["signed_amount" if signed else "amount"]
    return sums
