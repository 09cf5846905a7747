"""Gathering confirmed lines into an application (物业前期介入费用申请, 3.2.4 2))."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.utils import translation
from django.utils.translation import gettext as _

from budgets.models import CompletionLine, WorkLine
from documents import drafting, money, policies
from documents.fields import MoneyField
from documents.models import Document
from documents.refusals import Blocked, Invalid
from documents.revisions import total_amount
from documents.states import DocumentState
from documents.vocabulary import Kind, Side
from organization import clock
from settlements.models import Application, ApplicationLine

if TYPE_CHECKING:
    from organization.models import Person, Project


def gatherable(project: Project, month: date, side: str) -> QuerySet[CompletionLine]:
    """Confirmed lines of a side that no live application holds, of months up to this one, in the order of their forms."""
    held = ApplicationLine.objects.filter(completion_line=OuterRef("pk"), live=True)
    return (
        CompletionLine.objects.filter(
            document__state=DocumentState.APPROVED,
            document__project=project,
            document__side=side,
            document__period__lte=month.replace(day=1),
            amount__gt=0,
        )
        .filter(~Exists(held))
        .select_related("origin_line__document", "document")
        .order_by("document__period", "origin_line__document_id", "origin_line__position", "pk")
    )


def open_application(*, actor: Person, project: Project, month: date, side: str, note: str = "") -> Document:
    """Begin the application of a project, month and side with every line that can be settled.

    The draft holds its lines at once; discarding it frees them. Raises Denied, Invalid or Blocked with a sentence.
    """
    if side not in Side.values:
        raise Invalid(_("请选择入伙前或入伙后。"))
    drafting.require_may_draft(actor, Kind.EXPENSE_APPLICATION, project)
    first_day = month.replace(day=1)

    def fill(document: Document) -> None:
        rate = policies.commission_rate(policies.in_force(clock.today()))
        Application.objects.create(document=document, rate=rate, note=note)
        hold(document, _locked(gatherable(project, first_day, side)))
        reckon(document)

    try:
        return drafting.open_draft(
            kind=Kind.EXPENSE_APPLICATION,
            actor=actor,
            project=project,
            period=first_day,
            side=side,
            title=_title(first_day, side),
            fill=fill,
        )
    except IntegrityError as error:
        raise Blocked(_("部分明细刚被另一份费用申请占用，请刷新后重试。")) from error


def _title(month: date, side: str) -> str:
    with translation.override("zh-hans"):  # stored: always Chinese, whoever drafts
        return _("%(year)d年%(month)02d月物业前期介入费用申请（%(side)s）") % {
            "year": month.year,
            "month": month.month,
            "side": _("入伙前") if side == Side.PRE else _("入伙后"),
        }


def _locked(lines: QuerySet[CompletionLine]) -> list[CompletionLine]:
    """Lock the origin lines by key, then read again what is still free behind the lock (design 11)."""
    keys = list(lines.order_by().values_list("origin_line", flat=True))
    list(WorkLine.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
    return list(lines.all())


def hold(document: Document, lines: Collection[CompletionLine]) -> None:
    """Put lines into an application; the unique constraint refuses what another live one holds."""
    if not lines:
        raise Invalid(_("没有可结算的明细：本月及以前没有已确认而未结算的工作量。"))
    ApplicationLine.objects.bulk_create(
        ApplicationLine(
            document=document,
            completion_line=line,
            position=position,
            approved=line.origin_line.amount,
            amount=line.amount,
        )
        for position, line in enumerate(lines, start=1)
    )


def choose_lines(
    *, document: Document, actor: Person, draft_version: int | None, keep: Collection[int], note: str
) -> Document:
    """Keep the named lines (keys of confirmed lines), drop the others, take in newly named free ones."""

    def change(locked: Document) -> None:
        present = {line.completion_line_id: line for line in locked.application_lines.all()}
        free = _locked(gatherable(locked.project, locked.period, locked.side).filter(pk__in=keep))
        ApplicationLine.objects.filter(pk__in=[line.pk for key, line in present.items() if key not in keep]).delete()
        kept = [key for key in present if key in keep]
        if not kept and not free:
            raise Invalid(_("至少保留一行明细；如不再需要，请删除草稿。"))
        start = max((present[key].position for key in kept), default=0)
        ApplicationLine.objects.bulk_create(
            ApplicationLine(
                document=locked,
                completion_line=line,
                position=start + offset,
                approved=line.origin_line.amount,
                amount=line.amount,
            )
            for offset, line in enumerate(free, start=1)
        )
        _renumber(locked)
        Application.objects.filter(document=locked).update(note=note)
        reckon(locked)

    try:
        return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)
    except IntegrityError as error:
        raise Blocked(_("部分明细刚被另一份费用申请占用，请刷新后重试。")) from error


def _renumber(document: Document) -> None:
    lines = list(document.application_lines.order_by("position", "pk"))
    for position, line in enumerate(lines, start=1):
        line.position = position
    ApplicationLine.objects.bulk_update(lines, ["position"])


def reckon(document: Document, rate: Decimal | None = None) -> None:
    """Sum and commission in 元: the commission once for the whole application, half up (3.2.1 3)).

    ``rate`` replaces the draft's when the first submission fixes another policy.
    """
    application = Application.objects.get(document=document)
    if rate is not None:
        application.rate = rate
    application.subtotal = total_amount(document.application_lines)
    application.commission = money.commission(application.subtotal, application.rate)
    application.save(update_fields=["rate", "subtotal", "commission"])
    # Signed and verified is what the row says: a policy's 0.10 is kept, and written, as 0.100.
    application.refresh_from_db()
    document.application = application


def release(document: Document) -> None:
    """Free the lines of a rejected or voided application for the next one."""
    document.application_lines.update(live=False)


def count_settled(document: Document) -> None:
    """Count an approved application's lines as settled; the CHECK refuses more than confirmed (design 14)."""
    lock_origin_lines(document)
    for line in document.application_lines.select_related("completion_line").order_by("completion_line__origin_line"):
        WorkLine.objects.filter(pk=line.completion_line.origin_line_id).update(
            settled=F("settled") + Value(line.amount, output_field=MoneyField())
        )


def lock_origin_lines(document: Document) -> None:
    """Lock the approved lines behind an application by key."""
    keys = WorkLine.objects.filter(completion_lines__application_lines__document=document).values("pk")
    list(WorkLine.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
