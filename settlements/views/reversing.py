"""Taking an approved application back: beginning it from its page, and its own entry page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.models import Document
from documents.refusals import Refused
from documents.rendering.values import percent_text
from documents.views import entry
from documents.vocabulary import Kind
from settlements.amounts import amounts_of, reversal_of
from settlements.queries import application_for
from settlements.reversing import choose_reversed, kept_before, open_reversal, reversibles
from settlements.views.ticking import Difference, kept_keys, ticked, told

OF = (Kind.EXPENSE_APPLICATION,)


@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the reversal of an approved application: every line that is left is ticked."""
    document = application_for(request.user, name)
    reversal = open_reversal(original=document, actor=request.user)
    return redirect("settlements:edit", reversal.name)


class ReversalEntry(entry.Entry):
    """Which lines are taken back, why, and the note."""

    kinds = OF

    def __init__(self, request: HttpRequest, document: Document) -> None:
        super().__init__(request, document)
        self.keep = kept_keys(request)
        self.reason, self.note = request.POST.get("reason", ""), request.POST.get("note", "")

    def save(self, document: Document, version: int) -> Document:
        return choose_reversed(
            document=document,
            actor=self.request.user,
            draft_version=version,
            keep=self.keep,
            reason=self.reason,
            note=self.note,
        )

    def differences(self, now: Document) -> list[Difference]:
        rows = [(row.line.completion_line, row.taken, row.moved) for row in reversibles(now, self.keep)]
        return [
            *ticked(rows, self.keep),
            *told(_("冲销原因"), self.reason, now.application.reason),
            *told(_("说明"), self.note, now.application.note),
        ]

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        return page(self.request, document, self.keep if typed else None, refusal, draft_version=version, **more)


def page(
    request: HttpRequest,
    document: Document,
    keep: set[int] | None = None,
    refusal: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    """The entry page of a reversal: with what was ticked and typed, or with what is stored."""
    application = document.application
    shown = reversibles(document, keep)
    before = kept_before(document)
    taken = [(row.line.amount, row.line.rate) for row in shown if row.taken]
    context = entry.beside(request, document) | {
        "original": application.reverses,
        "choices": shown,
        "before": amounts_of(before, application.tax_rate),
        "amounts": reversal_of(before, taken, application.tax_rate),
        "tax_percent": "" if application.tax_rate is None else percent_text(application.tax_rate),
        "invoice": application.get_invoice_kind_display(),
        "sentences": refusal.sentences if refusal else (),
        "draft_version": document.draft_version,
        "note": application.note if keep is None else request.POST.get("note", ""),
        "reason": application.reason if keep is None else request.POST.get("reason", ""),
        **more,
    }
    return render(request, "settlements/reverse.html", context, status=refusal.status if refusal else 200)
