"""Results: begun for a row of a plan, written, submitted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents import drafting
from documents.models import Document
from documents.refusals import Conflict, Refused
from documents.views import entry
from documents.vocabulary import Kind
from intervention.drafting import PAGE, TEXT, open_result, save_result
from intervention.forms import NewResultForm
from intervention.queries import items_for, submittable

OF = (Kind.PHASE_RESULT,)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the result; POST makes the draft and leads to its entry page."""
    projects = drafting.draftable_projects(request.user, Kind.PHASE_RESULT)
    items = submittable(items_for(request.user).filter(phase__plan__project__in=projects), request.user)
    if request.method == "GET":
        return _new(request, NewResultForm(items=items, initial={"item": request.GET.get("item", "")}))
    form = NewResultForm(request.POST, items=items)
    if not form.is_valid():
        return _new(request, form, status=400)
    try:
        document = open_result(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _new(request, form, sentences=refusal.sentences, status=refusal.status)
    return redirect("intervention:edit_result", document.name)


def _new(request: HttpRequest, form: NewResultForm, status: int = 200, **more: Any) -> HttpResponse:
    more["none"] = not form.fields["item"].queryset.exists()
    return render(request, "intervention/new_result.html", {"form": form, **more}, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Required contents and version note; POST saves, and submits where that was pressed."""
    document = entry.editable(request.user, name, OF)
    if request.method == "GET":
        return _page(request, document)
    try:
        document = _save(request, document)
    except Refused as refusal:
        return _page(request, entry.editable(request.user, name, OF), refusal, typed=True)
    if request.POST.get("then") != "submit":
        messages.success(request, _("已保存。"))
        return redirect("intervention:edit_result", document.name)
    try:
        return entry.submit(request, document)
    except Refused as refusal:
        return _page(request, entry.editable(request.user, name, OF), refusal)


def _typed(request: HttpRequest, document: Document) -> dict[str, dict[str, str]]:
    """What the page sent, by key; line ends as the database keeps them."""
    keys = document.result_entries.values_list("key", flat=True)
    return {
        key: {
            "text": request.POST.get(f"text-{key}", "").replace("\r\n", "\n"),
            "page": request.POST.get(f"page-{key}", ""),
        }
        for key in keys
        if f"text-{key}" in request.POST
    }


def _save(request: HttpRequest, document: Document) -> Document:
    """Save; that the same was saved meanwhile (a second click) is no conflict."""
    typed, note = _typed(request, document), request.POST.get("note", "").replace("\r\n", "\n")
    seen = entry.seen_version(request)
    try:
        return save_result(document=document, actor=request.user, draft_version=seen, entries=typed, note=note)
    except Conflict:
        now = entry.editable(request.user, document.name, OF)
        if _differences(request, now):
            raise
        return now


def _differences(request: HttpRequest, document: Document) -> list[tuple[str, str, str]]:
    """Label, typed and saved text of everything that differs."""
    typed = _typed(request, document)
    rows = []
    for row in document.result_entries.all():
        said = typed.get(row.key, {})
        rows += [
            (label, said[name].strip(), getattr(row, name))
            for name, label in (("text", row.title), ("page", _("%(title)s所在页码") % {"title": row.title}))
            if name in said
        ]
    rows.append((_("版本说明"), request.POST.get("note", "").replace("\r\n", "\n").strip(), document.phase_result.note))
    return [row for row in rows if row[1] != row[2]]


def _page(
    request: HttpRequest, document: Document, refusal: Refused | None = None, *, typed: bool = False
) -> HttpResponse:
    conflict = isinstance(refusal, Conflict)
    said = _typed(request, document) if typed else {}
    entries = [
        {
            "row": row,
            "text": said.get(row.key, {}).get("text", row.text),
            "page": said.get(row.key, {}).get("page", row.page),
        }
        for row in document.result_entries.all()
    ]
    result = document.phase_result
    context = entry.beside(request, document) | {
        "result": result,
        "item": result.item,
        "entries": entries,
        "note": request.POST.get("note", "") if typed else result.note,
        "sentences": refusal.sentences if refusal else (),
        "differences": _differences(request, document) if typed and conflict else [],
        "draft_version": document.draft_version if conflict or not typed else entry.seen_version(request),
        "limits": {"text": TEXT, "page": PAGE},
    }
    return render(request, "intervention/edit_result.html", context, status=refusal.status if refusal else 200)
