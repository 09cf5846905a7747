"""What a submission says: the canonical content, its facts for routing, and comparing two submissions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from documents import kinds, policies
from documents.money import plain
from documents.routing import Facts, Rule
from documents.states import DocumentState
from organization import clock

if TYPE_CHECKING:
    from documents.models import Document

SCHEMA = 1


def full_content(document: Document) -> dict[str, Any]:
    """Everything a signer signs: what the form belongs to, its payload, and its files by hash."""
    form = kinds.get(document.kind)
    return {
        "schema": SCHEMA,
        "kind": document.kind,
        "project": document.project.code,
        "instalment": document.instalment.code if document.instalment else None,
        "period": document.month or None,
        "year": document.year,
        "side": document.side,
        "phase": document.phase,
        "result": document.result,
        "department": document.department_id,
        "title": document.title,
        "amount": plain(document.amount),
        "late": document.late_reason if document.late else None,
        "attachments": [
            {"name": file.name, "sha256": file.sha256, "size": file.size}
            for file in document.attachments.all()
            if file.revision_n < max(document.revision_n, 1)
        ]
        if document.pk
        else [],
        **form.content(document),
    }


def siblings(document: Document, rules: tuple[Rule, ...]) -> list[Document]:
    """Forms that belong together with this one and are tested on their sum (guide 5); only where amounts route.

    They count as submitted: lowering the working copy of a returned one changes nothing for its siblings. Same kind and project, same department, subject and supplier; first submitted in the 30 days up to now; not draft,
    rejected, withdrawn or voided.
    """
    if not any(
        rule.kind == document.kind and (rule.amount_from is not None or rule.amount_over is not None) for rule in rules
    ):
        return []
    days = int(policies.setting(document.policy, "split_window_days"))
    return list(
        type(document)
        .objects.with_signed_amount()
        .filter(
            kind=document.kind,
            project=document.project_id,
            department=document.department_id,
            grouping=document.grouping,
            first_submitted_at__gt=clock.now() - timedelta(days=days),
            state__in=(DocumentState.CIRCULATING, DocumentState.RETURNED, DocumentState.APPROVED),
        )
        .exclude(pk=document.pk)
        .order_by("pk")
    )


def facts_of(document: Document, together: list[Document]) -> Facts:
    """The facts that the rules are asked with; ``amount`` is the sum over forms that belong together, in 元."""
    form = kinds.get(document.kind)
    more: dict[str, Any] = {"over_budget": False}
    for part in kinds.parts(document.kind):
        more.update(part.facts(document))
    amount = form.routed_amount(document) + sum((other.signed_amount for other in together), Decimal(0))
    return Facts(
        kind=document.kind,
        side=document.side,
        amount=amount,
        phase=document.phase,
        result=document.result,
        **more,
    )


def facts_json(facts: Facts, together: list[Document]) -> dict[str, Any]:
    """Facts as they are kept with the revision; siblings by number, so the way can list them."""
    return {
        "side": facts.side,
        "amount": None if facts.amount is None else plain(facts.amount),
        "over_budget": facts.over_budget,
        "phase": facts.phase,
        "result": facts.result,
        "of": facts.of,
        "nature": facts.nature,
        "siblings": [other.number for other in together],
    }


def rows_of(document: Document, name: str, *related: str) -> Iterable[Any]:
    """Payload rows: those loaded beforehand for many forms at once, else read now with what they point at."""
    rows = getattr(document, name)
    if name in getattr(document, "_prefetched_objects_cache", {}):
        return rows.all()
    return rows.select_related(*related) if related else rows.all()


def total_of(document: Document, name: str) -> Decimal:
    """Sum of the amounts of payload rows in 元: of those loaded beforehand, else by the database."""
    if name in getattr(document, "_prefetched_objects_cache", {}):
        return sum((row.amount for row in getattr(document, name).all()), Decimal(0))
    return total_amount(getattr(document, name))


def total_amount(queryset: Any, field: str = "amount") -> Decimal:
    """Sum of a money column in 元, 0 for no rows."""
    return queryset.aggregate(total=Sum(field))["total"] or Decimal(0)
