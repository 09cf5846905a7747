"""Taking an approved application back: beginning it from its page, and its own entry page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from documents.models import Document
from documents.refusals import Conflict, Refused
from documents.rendering.values import percent_text
from documents.views import entry
from documents.vocabulary import Kind
from settlements.amounts import amounts_of, reversal_of
from settlements.models import Nature
from settlements.queries import application_for
from settlements.reversing import choose_reversed, kept_before, open_reversal, reversibles

OF = (Kind.EXPENSE_APPLICATION,)


@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the reversal of an approved application: every line that is left is ticked."""
    document = application_for(request.user, name)
    reversal = open_reversal(original=document, actor=request.user)
    return redirect("settlements:edit", reversal.name)


def edit(request: HttpRequest, document: Document, keep: set[int]) -> HttpResponse:
    """The entry page of a reversal: which lines are taken back, and why. Called by the entry page of applications."""
    from settlements.views.choosing import finish

    if request.method == "GET":
        return _page(request, document)
    name = document.name
    try:
        document = _save(request, document, keep)
    except Refused as refusal:
        return _page(request, entry.editable(request.user, name, OF), keep, refusal)
    return finish(request, document, lambda refusal: _page(request, document, refusal=refusal))


def _save(request: HttpRequest, document: Document, keep: set[int]) -> Document:
    """Save; that the same was saved meanwhile (a second click) is no conflict."""
    note, reason = request.POST.get("note", ""), request.POST.get("reason", "")
    try:
        return choose_reversed(
            document=document,
            actor=request.user,
            draft_version=entry.seen_version(request),
            keep=keep,
            reason=reason,
            note=note,
        )
    except Conflict:
        now = entry.editable(request.user, document.name, OF)
        stored = {row.line.completion_line_id for row in reversibles(now) if row.taken}
        said = (now.application.reason, now.application.note)
        if stored != keep or said != (reason.strip(), note.strip()):
            raise
        return now


def _page(
    request: HttpRequest, document: Document, keep: set[int] | None = None, refusal: Refused | None = None
) -> HttpResponse:
    application = document.application
    assert application.nature == Nature.REVERSAL
    shown = reversibles(document, keep)
    before = kept_before(document)
    taken = [(row.line.amount, row.line.rate) for row in shown if row.taken]
    mistake = refusal is not None and not isinstance(refusal, Conflict) and keep is not None
    context = entry.beside(request, document) | {
        "original": application.reverses,
        "choices": shown,
        "before": amounts_of(before, application.tax_rate),
        "amounts": reversal_of(before, taken, application.tax_rate),
        "tax_percent": "" if application.tax_rate is None else percent_text(application.tax_rate),
        "invoice": application.get_invoice_kind_display(),
        "sentences": refusal.sentences if refusal else (),
        "draft_version": entry.seen_version(request) if mistake else document.draft_version,
        "note": application.note if keep is None else request.POST.get("note", ""),
        "reason": application.reason if keep is None else request.POST.get("reason", ""),
    }
    return render(request, "settlements/reverse.html", context, status=refusal.status if refusal else 200)
