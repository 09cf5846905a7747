"""The entry page of an application: which confirmed lines it takes, and submitting."""

from __future__ import annotations

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
from settlements.applying import choose_lines
from settlements.queries import choices, sums

OF = (Kind.EXPENSE_APPLICATION,)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Choose lines, add a note; POST saves, and submits where that was pressed."""
    document = entry.editable(request.user, name, OF)
    if request.method == "GET":
        return _page(request, document)
    keep = {int(key) for key in request.POST.getlist("keep") if key.isascii() and key.isdecimal() and len(key) < 19}
    try:
        document = _save(request, document, keep)
    except Refused as refusal:
        # A newer copy is shown with what was chosen here still chosen; saving again is then a decision.
        return _page(request, entry.editable(request.user, name, OF), keep, refusal)
    if request.POST.get("then") != "submit":
        messages.success(request, _("已保存。"))
        return redirect("settlements:edit", document.name)
    try:
        return entry.submit(request, document)
    except Refused as refusal:
        return _page(request, entry.editable(request.user, name, OF), refusal=refusal)


def _save(request: HttpRequest, document: Document, keep: set[int]) -> Document:
    """Save; that the same was saved meanwhile (a second click) is no conflict."""
    note = clean_text(request.POST.get("note", ""), max_length=500, label=_("说明"))
    seen = entry.seen_version(request)
    try:
        return choose_lines(document=document, actor=request.user, draft_version=seen, keep=keep, note=note)
    except Conflict:
        now = entry.editable(request.user, document.name, OF)
        stored = {choice.line.pk for choice in choices(now) if choice.taken}
        if stored != keep or now.application.note != note:
            raise
        return now


def _is_mistake(refusal: Refused | None) -> bool:
    return refusal is not None and not isinstance(refusal, Conflict)


def _page(
    request: HttpRequest, document: Document, keep: set[int] | None = None, refusal: Refused | None = None
) -> HttpResponse:
    application = document.application
    shown = choices(document, keep)
    context = entry.beside(request, document) | {
        "choices": shown,
        "sums": sums([choice.line for choice in shown if choice.taken], application.rate),
        "sentences": refusal.sentences if refusal else (),
        # Only after a conflict, which shows the other copy, does saving again overwrite it.
        "draft_version": entry.seen_version(request) if _is_mistake(refusal) else document.draft_version,
        "note": application.note if keep is None else request.POST.get("note", ""),
        "stored_note": application.note,
    }
    return render(request, "settlements/edit.html", context, status=refusal.status if refusal else 200)
