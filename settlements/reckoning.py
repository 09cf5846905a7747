"""The figures of an application's working copy: rates, what was applied for before, sums, tax, and the forms behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from budgets.models import WorkLine
from documents import policies
from documents.money import figures
from documents.states import DocumentState
from settlements.amounts import amounts_of, reversal_of
from settlements.gathering import policy_now
from settlements.models import Application, ApplicationLine, ApplicationOrigin, Layout, Nature

if TYPE_CHECKING:
    from budgets.models import CompletionLine
    from documents.models import Document, Policy

# Applications that stand before another: submitted, and neither rejected nor voided.
STANDING = (DocumentState.CIRCULATING, DocumentState.RETURNED, DocumentState.WITHDRAWN, DocumentState.APPROVED)
REASON_LENGTH = 200


def reckon(document: Document) -> None:
    """Bring the working copy in line: order, rates, earlier amounts, sums, tax and forms. Callers hold the origin lines."""
    application = Application.objects.get(document=document)
    policy = document.policy or policy_now()
    lines = lines_of(document)
    before = earlier_by_line(document, {line.completion_line.origin_line.document_id for line in lines})
    _write_lines(application, lines, before, policy)
    _write_origins(document, application, lines, before)
    _write_sums(application, lines, policy)
    # Signed and verified is what the row says: a policy's 0.10 is kept, and written, as 0.100.
    application.refresh_from_db()
    document.application = application


def lines_of(document: Document) -> list[ApplicationLine]:
    """The lines of an application, form by form."""
    return sorted(
        document.application_lines.select_related(
            "completion_line__document", "completion_line__origin_line__document__work_form", "reverses"
        ),
        key=lambda line: place_of(line.completion_line),
    )


def place_of(confirmed: CompletionLine) -> tuple:  # type: ignore[type-arg]
    """Where a confirmed line stands: lines of one form together, in its order, earlier months first."""
    origin = confirmed.origin_line
    form = origin.document
    return (form.period, form.pk, origin.position, confirmed.document.period, confirmed.pk)


def earlier_by_line(document: Document, origins: Iterable[int]) -> dict[int, Decimal]:
    """What applications before this one hold of each approved line of some forms, in 元, less what was reversed."""
    others = ApplicationLine.objects.filter(
        completion_line__origin_line__document__in=list(origins),
        live=True,
        reverses=None,
        document__state__in=STANDING,
        document__first_submitted_at__isnull=False,
    ).exclude(document=document)
    if document.first_submitted_at is not None:
        others = others.filter(
            Q(document__first_submitted_at__lt=document.first_submitted_at)
            | Q(document__first_submitted_at=document.first_submitted_at, document__lt=document.pk)
        )
    rows = others.order_by().values("completion_line__origin_line").annotate(total=Sum("amount"))
    return {row["completion_line__origin_line"]: row["total"] for row in rows}


def rate_of(confirmed: CompletionLine, policy: Policy) -> Decimal:
    """The commission rate of a confirmed line: by its category and its form's 费用科目 (3.2.1 3), D3)."""
    origin = confirmed.origin_line
    return policies.commission_rate_of(policy, origin.category, origin.document.work_form.subject)


def _write_lines(
    application: Application, lines: list[ApplicationLine], before: dict[int, Decimal], policy: Policy
) -> None:
    running: dict[int, Decimal] = defaultdict(Decimal, before)
    for position, line in enumerate(lines, start=1):
        origin = line.completion_line.origin_line
        line.position = position
        line.approved = origin.amount
        line.earlier = running[origin.pk]
        line.rate = rate_of(line.completion_line, policy) if line.reverses is None else line.reverses.rate
        running[origin.pk] += line.amount
    ApplicationLine.objects.bulk_update(lines, ["position", "approved", "earlier", "rate"])


def _write_sums(application: Application, lines: list[ApplicationLine], policy: Policy) -> None:
    if application.nature == Nature.REVERSAL:
        sums = reversal_of(
            parts(lines_before(application)), parts(line.reverses for line in lines), application.tax_rate
        )
    else:
        application.rate = policies.commission_rate(policy)
        sums = amounts_of(parts(lines), application.tax_rate)
    application.layout = Layout.WHOLE
    application.subtotal, application.commission = sums.subtotal, sums.commission
    application.net, application.tax = sums.net, sums.tax
    application.save(update_fields=["layout", "rate", "subtotal", "commission", "net", "tax"])


def parts(lines: Iterable[ApplicationLine | None]) -> list[tuple[Decimal, Decimal]]:
    """Amount and rate of each line."""
    return [(line.amount, line.rate) for line in lines if line is not None]


def lines_before(application: Application) -> list[ApplicationLine]:
    """What was left of the reversed application when this reversal was begun: reversals of it come one after the other, so
    the approved ones with a lower key were before it. Reads related rows alone, which may be loaded beforehand."""
    assert application.reverses is not None
    lines = application.reverses.application_lines
    if "application_lines" not in getattr(application.reverses, "_prefetched_objects_cache", {}):
        # All at once: an application has thousands of lines, and this is read under their locks.
        lines = lines.prefetch_related("reversals__document__application")
    return [
        line
        for line in lines.all()
        if not any(
            taken.live and taken.document_id < application.document_id and taken.document.application.counted
            for taken in line.reversals.all()
        )
    ]


def _write_origins(
    document: Document, application: Application, lines: list[ApplicationLine], before: dict[int, Decimal]
) -> None:
    """One row a form: the whole form's figures; a reason is proposed once where less is applied for than was approved."""
    kept = {row.origin_id: row for row in document.application_origins.all()}
    mine: dict[int, list[ApplicationLine]] = defaultdict(list)
    for line in lines:
        mine[line.completion_line.origin_line.document_id].append(line)
    document.application_origins.exclude(origin__in=mine).delete()
    forms: dict[int, list[WorkLine]] = defaultdict(list)
    for approved in WorkLine.objects.filter(document__in=mine):
        forms[approved.document_id].append(approved)
    for key in mine:
        row = kept.get(key) or ApplicationOrigin(document=document, origin_id=key, amount=0, approved=0, earlier=0)
        stood = row.pk is not None and row.rest > 0
        row.approved = sum((line.amount for line in forms[key]), Decimal(0))
        row.earlier = sum((before.get(line.pk, Decimal(0)) for line in forms[key]), Decimal(0))
        row.amount = sum((line.amount for line in mine[key]), Decimal(0))
        if application.nature != Nature.REVERSAL and row.rest > 0 and not stood and not row.reason:
            row.reason = proposed_reason(mine[key], forms[key], row)
        row.save()


def proposed_reason(lines: list[ApplicationLine], form: list[WorkLine], row: ApplicationOrigin) -> str:
    """Why less is applied for, as far as the confirmations tell: their notes, and what comes later. Always Chinese: it is
    stored, and part of what is signed."""
    # What is said of a line that was confirmed whole explains nothing here.
    less = [
        line.completion_line for line in lines if line.completion_line.amount < line.completion_line.origin_line.amount
    ]
    notes = list(dict.fromkeys(line.note for line in less if line.note))
    open_rest = sum((line.amount - line.confirmed - line.lapsed for line in form), Decimal(0))
    lapsed = sum((line.lapsed for line in form), Decimal(0))
    kept_back = row.rest - open_rest - lapsed
    with translation.override("zh-hans"):
        if open_rest > 0:
            notes.append(_("其余 %(amount)s 元留待以后月份确认") % {"amount": figures(open_rest)})
        if kept_back > 0:
            notes.append(_("另有 %(amount)s 元已确认，留待以后申请") % {"amount": figures(kept_back)})
        if lapsed > 0:
            notes.append(_("%(amount)s 元已失效") % {"amount": figures(lapsed)})
        text = "；".join(notes)
    return text[:REASON_LENGTH]
