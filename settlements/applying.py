"""Applications of a month and interim ones: opening, choosing lines and terms, and what deciding them does (3.2.4 2))."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db import IntegrityError
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from budgets.counting import add_to_lines
from budgets.models import CompletionLine, WorkLine
from documents import drafting, policies
from documents.forms import month_label
from documents.models import Document
from documents.money import figures
from documents.refusals import Blocked, Conflict, Invalid, Refused
from documents.sheets import MAX_ROWS
from documents.texts import clean_text
from documents.vocabulary import Kind, Side
from organization import clock
from settlements.gathering import gatherable, hold_month, locked, nothing_found, policy_now
from settlements.models import Application, ApplicationLine, ApplicationOrigin, InvoiceKind, Nature
from settlements.reckoning import REASON_LENGTH, reckon

if TYPE_CHECKING:
    from organization.models import Person, Project

DEFAULT_TAX_RATE = Decimal("0.06")


@dataclass(frozen=True, slots=True)
class Terms:
    """The invoice of an application: its kind and the tax rate as a share; empty and None while not chosen."""

    invoice_kind: str
    tax_rate: Decimal | None


class TermsPart(TypedDict, total=False):
    """What is changed of an invoice; what is not named stays."""

    invoice_kind: str
    tax_rate: Decimal | None


def open_application(
    *, actor: Person, project: Project, month: date, side: str, note: str = "", nature: str = Nature.MONTHLY
) -> Document:
    """Begin the application of a project, month and side with every line that it may take, or an interim one beside it.

    The draft holds its lines at once; discarding it frees them. Raises Denied, Invalid or Blocked with a sentence.
    """
    if side not in Side.values:
        raise Invalid(_("请选择入伙前或入伙后。"))
    if nature not in (Nature.MONTHLY, Nature.INTERIM):
        raise Invalid(_("请选择月度申请或临时申请。"))
    note = clean_note(note)
    drafting.require_may_draft(actor, Kind.EXPENSE_APPLICATION, project)
    first_day = month.replace(day=1)
    require_begun(first_day)

    def fill(document: Document) -> None:
        hold_month(project, first_day)
        if nature == Nature.MONTHLY:
            _require_first(actor, project, first_day, side)
        serial = next_serial(project, first_day, side, nature)
        terms = terms_of(project)
        policy = policy_now()
        document.title = title_of(first_day, side, nature, serial)
        Application.objects.create(
            document=document,
            project=project,
            month=first_day,
            side=side,
            nature=nature,
            serial=serial,
            rate=policies.commission_rate(policy),
            invoice_kind=terms.invoice_kind,
            tax_rate=terms.tax_rate,
            note=note,
        )
        hold(document, locked(gatherable(project, first_day, side, nature, policy)), nature)
        reckon(document)

    try:
        return drafting.open_draft(
            kind=Kind.EXPENSE_APPLICATION,
            actor=actor,
            project=project,
            period=first_day,
            side=side,
            title=title_of(first_day, side, nature, 0),
            fill=fill,
        )
    except IntegrityError as error:
        raise clash(actor, project, first_day, side, nature) from error


def require_begun(month: date) -> None:
    """Refuse a month that has not begun: nothing of it can have been confirmed."""
    today = clock.today()
    if month > today:
        raise Invalid(
            _("%(month)s尚未开始（今天是 %(today)s），请核对月份；如日期不对，请检查系统时间。")
            % {"month": month_label(month), "today": today.isoformat()}
        )


def _require_first(actor: Person, project: Project, month: date, side: str) -> None:
    """Refuse a second monthly application of a side (D9), naming the first to those who may see it."""
    other = Application.objects.filter(
        project=project, month=month, side=side, nature=Nature.MONTHLY, live=True
    ).first()
    if other is None:
        return
    place = {"month": month_label(month), "side": side_label(side)}
    seen = Document.objects.visible_to(actor).filter(pk=other.document_id).first()
    if seen is None:
        raise Blocked(
            _("%(month)s（%(side)s）已有月度费用申请；一个项目每月每侧只有一份，之后确认的请列入下月或临时申请。")
            % place
        )
    if not other.document.application_lines.filter(live=True, reverses=None).exists():
        raise Blocked(
            _("%(month)s（%(side)s）的月度费用申请 %(name)s 已全部冲销；其中的明细请列入以后月份或临时申请。")
            % {**place, "name": seen.name}
        )
    raise Blocked(
        _(
            "%(month)s（%(side)s）已有月度费用申请 %(name)s（%(state)s）；一个项目每月每侧只有一份，请在原单上处理，"
            "之后确认的请列入下月或临时申请。"
        )
        % {**place, "name": seen.name, "state": seen.get_state_display()}
    )


def clash(actor: Person, project: Project, month: date, side: str, nature: str) -> Refused:
    """The sentence for what the database's own constraints refused."""
    if nature == Nature.MONTHLY:
        try:
            _require_first(actor, project, month, side)
        except Refused as refusal:
            return refusal
    return Blocked(_("部分明细刚被另一份费用申请占用，请刷新后重试。"))


def next_serial(project: Project, month: date, side: str, nature: str) -> int:
    """The number of a new interim or reversing application, behind the month's lock; rejected ones keep theirs."""
    if nature == Nature.MONTHLY:
        return 0
    used = Application.objects.filter(project=project, month=month, side=side, nature=nature)
    return (used.aggregate(last=Max("serial"))["last"] or 0) + 1


def terms_of(project: Project) -> Terms:
    """Invoice kind and tax rate of the project's last approved application, else a special invoice at 6 %."""
    last = (
        Application.objects.filter(project=project, counted=True, tax_rate__isnull=False)
        .exclude(invoice_kind="")
        .order_by("-document_id")
        .first()
    )
    if last is None:
        return Terms(InvoiceKind.SPECIAL, DEFAULT_TAX_RATE)
    return Terms(last.invoice_kind, last.tax_rate)


def side_label(side: str) -> str:
    """入伙前 or 入伙后, without its group."""
    return _("入伙前") if side == Side.PRE else _("入伙后")


def title_of(month: date, side: str, nature: str, serial: int) -> str:
    """The form's title, always Chinese whoever drafts: it is stored."""
    with translation.override("zh-hans"):
        title = _("%(year)d年%(month)02d月物业前期介入费用申请（%(side)s）") % {
            "year": month.year,
            "month": month.month,
            "side": side_label(side),
        }
        if nature == Nature.INTERIM:
            return title + _("临时第%(n)d号") % {"n": serial}
        if nature == Nature.REVERSAL:
            return title + _("冲销第%(n)d号") % {"n": serial}
        return title


def hold(document: Document, lines: Collection[CompletionLine], nature: str = Nature.MONTHLY) -> None:
    """Put lines into an application; the unique constraint refuses what another live one holds.

    Lines that were reversed stay out until somebody ticks them; where there are no others the draft begins empty.
    """
    if not lines:
        assert document.period is not None
        raise Invalid(*nothing_found(document.project, document.period, document.side or "", nature))
    _take(document, [line for line in lines if not line.was_reversed])  # type: ignore[attr-defined]


def _take(document: Document, lines: Collection[CompletionLine]) -> None:
    """Rows for confirmed lines; their order, rates and earlier amounts come with the reckoning."""
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
    *,
    document: Document,
    actor: Person,
    draft_version: int | None,
    keep: Collection[int],
    note: str | None = None,
    terms: Terms | TermsPart | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Document:
    """Keep the named lines (keys of confirmed lines), drop the others, take in newly named free ones.

    ``note`` or ``terms`` None, and what a part of the terms does not name, stay as they are stored behind the lock;
    ``reasons`` are texts by the number of the form, those not named stay. A named line that is neither held nor free any
    more is a Conflict: nothing that was ticked is left out silently.
    """
    texts = {number: clean_reason(number, text) for number, text in (reasons or {}).items()}
    if note is not None:
        note = clean_note(note)

    def change(locked_document: Document) -> None:
        present = {line.completion_line_id: line for line in locked_document.application_lines.all()}
        before = set(locked_document.application_origins.values_list("origin__number", flat=True)) if texts else set()
        place = (locked_document.project, locked_document.period, locked_document.side)
        # A returned application stays with the policy under which it was submitted, as its page shows it.
        policy = locked_document.policy or policy_now()
        found = gatherable(*place, locked_document.application.nature, policy)
        free = locked(found.filter(pk__in=set(keep) - present.keys()))
        require_all(keep, [*present, *(line.pk for line in free)])
        if len(keep) > MAX_ROWS:
            raise Invalid(too_many(len(keep)))
        ApplicationLine.objects.filter(pk__in=[line.pk for key, line in present.items() if key not in keep]).delete()
        if not any(key in keep for key in present) and not free:
            raise Invalid(_("至少保留一行明细；如不再需要，请删除草稿。"))
        _take(locked_document, free)
        _write_terms(locked_document, note, terms)
        reckon(locked_document)
        rows = list(ApplicationOrigin.objects.filter(document=locked_document).select_related("origin"))
        # A form whose lines were just left out may still be named by the page that left them out.
        if unknown := texts.keys() - before - {row.origin.number for row in rows}:
            raise Invalid(
                _("本申请没有表单 %(numbers)s，请核对差异原因的单号。") % {"numbers": "、".join(sorted(unknown))}
            )
        for row in rows:
            if (text := texts.get(row.origin.number or "")) is not None and text != row.reason:
                ApplicationOrigin.objects.filter(pk=row.pk).update(reason=text)

    try:
        return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)
    except IntegrityError as error:
        raise Blocked(_("部分明细刚被另一份费用申请占用，请刷新后重试。")) from error


def require_all(keep: Collection[int], there: Collection[int]) -> None:
    """Refuse named lines that another application has taken meanwhile, or that there are not."""
    if gone := set(keep) - set(there):
        raise Conflict(_("有 %(n)d 行已不能列入（可能刚被另一份申请占用），请核对后再保存。") % {"n": len(gone)})


def clean_note(text: str) -> str:
    """The note that is printed on the form."""
    return clean_text(text, max_length=500, label=_("说明"))


def clean_reason(number: str, text: str) -> str:
    """A reason for a form's difference; the sentence names the form."""
    return clean_text(text, max_length=REASON_LENGTH, label=_("%(number)s 差异原因") % {"number": number})


def require_lawful(terms: Terms) -> None:
    """Refuse an invoice kind that there is not, and a tax rate that is no share."""
    if terms.invoice_kind and terms.invoice_kind not in InvoiceKind.values:
        raise Invalid(_("请选择发票种类。"))
    if terms.tax_rate is not None and not 0 <= terms.tax_rate <= 1:
        raise Invalid(_("税率应在 0 到 100% 之间。"))


def _write_terms(document: Document, note: str | None, terms: Terms | TermsPart | None) -> None:
    values: dict[str, object] = {} if note is None else {"note": note}
    if terms is not None:
        stored = document.application
        merged = terms
        if not isinstance(merged, Terms):
            merged = Terms(terms.get("invoice_kind", stored.invoice_kind), terms.get("tax_rate", stored.tax_rate))
        require_lawful(merged)
        # Sums follow in the same transaction; net and tax may not stand beside another rate meanwhile.
        values |= {"invoice_kind": merged.invoice_kind, "tax_rate": merged.tax_rate, "net": None, "tax": None}
    if values:
        Application.objects.filter(document=document).update(**values)


def too_many(count: int) -> str:
    """Why an application with so many lines goes nowhere: it could never be printed."""
    return _(
        "本申请列入了 %(n)s 行明细，一份申请最多 %(most)s 行，否则无法打印；请取消勾选多出的明细，其余列入下月的申请。"
    ) % {"n": count, "most": MAX_ROWS}


def missing(document: Document) -> list[str]:
    """Everything that an application still lacks before it can be submitted."""
    application = document.application
    if not (count := document.application_lines.count()):
        return [_("没有可结算的明细，请先收入已确认的工作量。")]
    found = [too_many(count)] if count > MAX_ROWS else []
    if not application.invoice_kind:
        found.append(_("请选择发票种类。"))
    if application.tax_rate is None:
        found.append(_("请填写税率。"))
    if application.nature == Nature.REVERSAL:
        return found if application.reason else [*found, _("请填写冲销原因。")]
    for row in document.application_origins.select_related("origin"):
        if row.rest > 0 and not row.reason:
            found.append(
                _("%(form)s %(number)s：本次实际 %(amount)s 元，比尚未申请的批准金额少 %(rest)s 元，请填写差异原因。")
                % {
                    "form": row.origin.title,
                    "number": row.origin.number,
                    "amount": figures(row.amount),
                    "rest": figures(row.rest),
                }
            )
    return found


def release(document: Document) -> None:
    """Free the lines of a rejected or voided application for the next one."""
    document.application_lines.update(live=False)
    Application.objects.filter(document=document).update(live=False)


def count_settled(document: Document) -> None:
    """Count an approved application's lines as settled; the CHECK refuses more than confirmed (design 14).

    A reversal's amounts are negative: what it takes back is settled no longer, and its lines may be applied for again.
    """
    lock_origin_lines(document)
    sums: dict[int, dict[str, Decimal]] = {}
    for line in document.application_lines.select_related("completion_line"):
        mine = sums.setdefault(line.completion_line.origin_line_id, {"settled": Decimal(0)})
        mine["settled"] += line.amount
    add_to_lines(sums)
    Application.objects.filter(document=document).update(counted=True)
    ApplicationLine.objects.filter(reversals__document=document, live=True).update(live=False)


def lock_origin_lines(document: Document) -> None:
    """Lock the approved lines behind an application by key."""
    keys = WorkLine.objects.filter(completion_lines__application_lines__document=document).values("pk")
    list(WorkLine.objects.select_for_update().filter(pk__in=keys).order_by("pk").values("pk"))
