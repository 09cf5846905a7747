"""The entry page of an application: which confirmed lines it takes, its invoice, why less is applied for, and submitting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.models import Document
from documents.refusals import Conflict, Refused
from documents.texts import clean_text
from documents.views import entry
from documents.vocabulary import Kind
from settlements.applying import Terms, choose_lines
from settlements.candidates import choices, draft_terms, reasons, sums
from settlements.forms import read_terms
from settlements.gathering import waiting
from settlements.models import InvoiceKind, Nature
from settlements.views import reversing

OF = (Kind.EXPENSE_APPLICATION,)
REASON = "reason-"


@dataclass(frozen=True, slots=True)
class Typed:
    """What the page sent: keys of lines, texts as they were typed."""

    keep: set[int]
    note: str
    invoice_kind: str
    tax_rate: str
    reasons: dict[str, str]


def typed_in(request: HttpRequest) -> Typed:
    """Read the page's inputs; reasons are named by the number of their form."""
    data = request.POST
    return Typed(
        kept_keys(request),
        data.get("note", ""),
        data.get("invoice_kind", ""),
        data.get("tax_rate", ""),
        {name.removeprefix(REASON): data[name] for name in data if name.startswith(REASON)},
    )


def kept_keys(request: HttpRequest) -> set[int]:
    """Keys of the ticked lines; what is no key is left out."""
    return {int(key) for key in request.POST.getlist("keep") if key.isascii() and key.isdecimal() and len(key) < 19}


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Choose lines, invoice and reasons; POST saves, and submits where that was pressed. A reversal has its own page."""
    document = entry.editable(request.user, name, OF)
    if document.application.nature == Nature.REVERSAL:
        return reversing.edit(request, document, kept_keys(request))
    if request.method == "GET":
        return _page(request, document)
    typed = typed_in(request)
    try:
        document = _save(request, document, typed)
    except Refused as refusal:
        # A newer copy is shown with what was chosen here still chosen; saving again is then a decision.
        return _page(request, entry.editable(request.user, name, OF), typed, refusal)
    return finish(request, document, lambda refusal: _page(request, document, refusal=refusal))


def finish(request: HttpRequest, document: Document, again: Any) -> HttpResponse:
    """After saving: back to the page, or on into circulation where that was pressed."""
    if request.POST.get("then") != "submit":
        messages.success(request, _("已保存。"))
        return redirect("settlements:edit", document.name)
    try:
        return entry.submit(request, document)
    except Refused as refusal:
        return again(refusal)


def _save(request: HttpRequest, document: Document, typed: Typed) -> Document:
    """Save; that the same was saved meanwhile (a second click) is no conflict."""
    note = clean_text(typed.note, max_length=500, label=_("说明"))
    # A page that says nothing of the invoice (an old tab) leaves it as it is.
    terms = read_terms(request.POST) if "invoice_kind" in request.POST else None
    seen = entry.seen_version(request)
    try:
        return choose_lines(
            document=document,
            actor=request.user,
            draft_version=seen,
            keep=typed.keep,
            note=note,
            terms=terms,
            reasons=typed.reasons,
        )
    except Conflict:
        now = entry.editable(request.user, document.name, OF)
        if not _same(now, typed, note, terms):
            raise
        return now


def _same(now: Document, typed: Typed, note: str, terms: Terms | None) -> bool:
    stored = {choice.line.pk for choice in choices(now) if choice.taken}
    said = {row.origin.origin.number: row.reason for row in reasons(now)}
    return (
        stored == typed.keep
        and now.application.note == note
        and terms in (None, draft_terms(now))
        and all(said.get(number, "") == text.strip() for number, text in typed.reasons.items())
    )


def is_mistake(refusal: Refused | None) -> bool:
    """Whether a refusal is about what was typed, not about another window."""
    return refusal is not None and not isinstance(refusal, Conflict)


def _page(
    request: HttpRequest, document: Document, typed: Typed | None = None, refusal: Refused | None = None
) -> HttpResponse:
    application = document.application
    shown = choices(document, typed.keep if typed else None)
    monthly = application.nature == Nature.MONTHLY
    context = entry.beside(request, document) | {
        "choices": shown,
        "sums": sums(shown, application.tax_rate),
        "invoice_kinds": InvoiceKind.choices,
        "invoice_kind": typed.invoice_kind if typed else application.invoice_kind,
        "tax_percent": typed.tax_rate if typed else percent_of(application.tax_rate),
        "reasons": reasons(document, typed.reasons if typed else None),
        "late": waiting(document.project, document.period, document.side, document.policy) if monthly else None,
        "sentences": refusal.sentences if refusal else (),
        # Only after a conflict, which shows the other copy, does saving again overwrite it.
        "draft_version": entry.seen_version(request) if is_mistake(refusal) and typed else document.draft_version,
        "note": typed.note if typed else application.note,
        "stored_note": application.note,
    }
    return render(request, "settlements/edit.html", context, status=refusal.status if refusal else 200)


def percent_of(share: Any) -> str:
    """A share as its input holds it: ``6``, empty while not chosen."""
    return "" if share is None else f"{(share * 100).normalize():f}"
