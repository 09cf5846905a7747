"""The entry page of an application: which confirmed lines it takes, its invoice, why less is applied for, and submitting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.models import Document
from documents.refusals import Refused
from documents.views import entry
from documents.vocabulary import Kind
from settlements.applying import choose_lines
from settlements.candidates import choices, draft_terms, reasons, sums
from settlements.forms import read_terms
from settlements.gathering import waiting
from settlements.models import InvoiceKind, Nature
from settlements.views import reversing
from settlements.views.ticking import Difference, kept_keys, ticked, told

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
    has_terms: bool


def typed_in(request: HttpRequest) -> Typed:
    """Read the page's inputs; reasons are named by the number of their form."""
    data = request.POST
    return Typed(
        kept_keys(request),
        data.get("note", ""),
        data.get("invoice_kind", ""),
        data.get("tax_rate", ""),
        {name.removeprefix(REASON): data[name] for name in data if name.startswith(REASON)},
        "invoice_kind" in data,
    )


class ApplicationEntry(entry.Entry):
    """The ticked lines, the invoice, the reasons and the note of an application."""

    kinds = OF

    def __init__(self, request: HttpRequest, document: Document) -> None:
        super().__init__(request, document)
        self.typed = typed_in(request)

    def save(self, document: Document, version: int) -> Document:
        return choose_lines(
            document=document,
            actor=self.request.user,
            draft_version=version,
            keep=self.typed.keep,
            note=self.typed.note,
            # A page that says nothing of the invoice (an old tab) leaves it as it is.
            terms=read_terms(self.request.POST) if self.typed.has_terms else None,
            reasons=self.typed.reasons,
        )

    def differences(self, now: Document) -> list[Difference]:
        shown = choices(now, self.typed.keep)
        found = ticked([(row.line, row.taken, row.moved) for row in shown], self.typed.keep)
        stored = draft_terms(now)
        if self.typed.has_terms and (mine := read_terms(self.request.POST)) != stored:
            labels = dict(InvoiceKind.choices)
            pairs = (
                (_("发票种类"), *(str(labels.get(terms.invoice_kind, "")) for terms in (mine, stored))),
                (_("税率（%）"), *(percent_of(terms.tax_rate) for terms in (mine, stored))),
            )
            found += [pair for pair in pairs if pair[1] != pair[2]]
        said = {row.origin.origin.number: row.reason for row in reasons(now)}
        found += [
            (_("%(number)s 差异原因") % {"number": number}, text.strip(), said.get(number, ""))
            for number, text in self.typed.reasons.items()
            if text.strip() != said.get(number, "")
        ]
        return found + told(_("说明"), self.typed.note, now.application.note)

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        return _page(self.request, document, self.typed if typed else None, refusal, draft_version=version, **more)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Choose lines, invoice and reasons; POST saves, and submits where that was pressed. A reversal has its own page."""
    document = entry.editable(request.user, name, OF)
    reverses = document.application.nature == Nature.REVERSAL
    if request.method == "GET":
        return reversing.page(request, document) if reverses else _page(request, document)
    return (reversing.ReversalEntry if reverses else ApplicationEntry)(request, document).answer()


def _page(
    request: HttpRequest,
    document: Document,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    **more: Any,
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
        "draft_version": document.draft_version,
        "note": typed.note if typed else application.note,
        "stored_note": application.note,
        **more,
    }
    return render(request, "settlements/edit.html", context, status=refusal.status if refusal else 200)


def percent_of(share: Any) -> str:
    """A share as its input holds it: ``6``, empty while not chosen."""
    return "" if share is None else f"{(share * 100).normalize():f}"
