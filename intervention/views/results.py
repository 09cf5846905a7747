"""Results: begun for a row of a plan, written, submitted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents import drafting
from documents.guide import of_guide
from documents.models import Document
from documents.refusals import Refused
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


class ContentsEntry(entry.Entry):
    """The required contents of a result and its version note."""

    kinds = OF

    def __init__(self, request: HttpRequest, document: Document) -> None:
        super().__init__(request, document)
        self.note = _plain(request.POST.get("note", ""))
        self.entries = {
            key: {"text": _plain(request.POST.get(f"text-{key}", "")), "page": request.POST.get(f"page-{key}", "")}
            for key in document.result_entries.values_list("key", flat=True)
            if f"text-{key}" in request.POST
        }

    def save(self, document: Document, version: int) -> Document:
        return save_result(
            document=document, actor=self.request.user, draft_version=version, entries=self.entries, note=self.note
        )

    def differences(self, now: Document) -> list[tuple[str, str, str]]:
        rows = [(_("版本说明"), self.note.strip(), now.phase_result.note)]
        for row in now.result_entries.all():
            said = self.entries.get(row.key, {})
            rows += [
                (label, said[name].strip(), getattr(row, name))
                for name, label in (
                    ("text", of_guide(row.title)),
                    ("page", _("%(title)s所在页码") % {"title": of_guide(row.title)}),
                )
                if name in said
            ]
        return [row for row in rows if row[1] != row[2]]

    def values(self, now: Document) -> dict[str, str]:
        said = {
            f"{name}-{row.key}": getattr(row, name) for row in now.result_entries.all() for name in ("text", "page")
        }
        return said | {"note": now.phase_result.note}

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        return _page(self.request, document, self if typed else None, refusal, draft_version=version, **more)


def _plain(text: str) -> str:
    """Line ends as the database keeps them."""
    return text.replace("\r\n", "\n")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Required contents and version note; POST saves, and submits where that was pressed."""
    document = entry.editable(request.user, name, OF)
    return _page(request, document) if request.method == "GET" else ContentsEntry(request, document).answer()


@require_POST
@entry.in_json
def autosave(request: HttpRequest, name: str) -> HttpResponse:
    """Save the contents that the page holds now."""
    return ContentsEntry(request, entry.editable(request.user, name, OF)).autosave()


def _page(
    request: HttpRequest,
    document: Document,
    typed: ContentsEntry | None = None,
    refusal: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    said = typed.entries if typed else {}
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
        "note": typed.note if typed else result.note,
        "sentences": refusal.sentences if refusal else (),
        "draft_version": document.draft_version,
        "limits": {"text": TEXT, "page": PAGE},
        **more,
    }
    return render(request, "intervention/edit_result.html", context, status=refusal.status if refusal else 200)
