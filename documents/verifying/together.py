"""Amounts that were routed on a sum over forms that belong together (guide 5), added up again from what was submitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from documents import kinds
from documents.models import Revision
from documents.money import plain
from documents.verifying.content import FROZEN

if TYPE_CHECKING:
    from documents.models import Document


def differences(documents: Sequence[Document]) -> Iterator[str]:
    """Newest submissions that name siblings: their amount is the form's own and what each sibling had submitted by then.

    Submissions of one project come one after the other (its row is locked), so the lower key was there before.
    """
    summed = [(document, revision) for document in documents if (revision := _summed(document)) is not None]
    numbers = {number for _document, revision in summed for number in revision.facts["siblings"]}
    submitted: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    rows = Revision.objects.filter(document__number__in=numbers).order_by("pk") if numbers else ()
    for row in rows.values_list("document__number", "pk", "amount") if numbers else ():
        submitted[row[0]].append((row[1], row[2]))
    for document, revision in summed:
        total = kinds.get(document.kind).routed_amount(document)
        for number in revision.facts["siblings"]:
            before = [amount for pk, amount in submitted[number] if pk < revision.pk]
            if not before:
                yield f"documents_revision {revision.pk} facts: {number} had not been submitted"
            total += before[-1] if before else Decimal(0)
        if Decimal(revision.facts.get("amount") or 0) != total:
            yield f"documents_revision {revision.pk} facts: {revision.facts.get('amount')} ≠ {plain(total)}"


def _summed(document: Document) -> Revision | None:
    """The newest submission of a form whose rows say what it says, if it was tested on a sum."""
    if document.state not in FROZEN:
        return None
    revisions = {revision.n: revision for revision in document.revisions.all()}
    newest = revisions.get(document.revision_n)
    return newest if newest is not None and newest.facts.get("siblings") else None
