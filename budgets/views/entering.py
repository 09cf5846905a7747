"""The entry page of a work form: the line grid, its autosaving, and submitting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgets import comparing, grid, headfields, shared_lines
from budgets.drafting import LinesRefused, categories_of, save_lines
from documents import money
from documents.models import Document
from documents.refusals import Refused
from documents.views import entry
from documents.vocabulary import WORK_KINDS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from budgets.models import WorkLine


class LinesEntry(entry.Entry):
    """The lines and head fields of a work form."""

    kinds = WORK_KINDS

    def __init__(self, request: HttpRequest, document: Document) -> None:
        super().__init__(request, document)
        columns = grid.columns_for(document.kind)
        self.rows = grid.posted_rows(request.POST, [column.key for column in columns if column.kind != "output"])
        self.head = headfields.posted(request.POST, document.kind)

    def save(self, document: Document, version: int) -> Document:
        return save_lines(
            document=document, actor=self.request.user, draft_version=version, rows=self.rows, head=self.head
        )

    def differences(self, now: Document) -> list[tuple[str, str, str]]:
        typed = grid.filled(now.kind, self.rows)
        found = grid.differences(grid.columns_for(now.kind), typed, _stored(now))
        return found + headfields.differences(now, self.head)

    def values(self, now: Document) -> dict[str, str]:
        return grid.values_of(grid.columns_for(now.kind), _stored(now), **headfields.stored(now))

    def faults(self, refusal: Refused) -> list[dict[str, Any]]:
        return grid.faults_for_script(refusal.faults) if isinstance(refusal, LinesRefused) else []

    def after(self, document: Document) -> dict[str, Any]:
        return {"ids": grid.ids_of(document.kind, self.rows, _whole_lines(document))}

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        return _page(self.request, document, self.rows if typed else None, refusal, draft_version=version, **more)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Show the working copy; POST saves it, and submits it where that was pressed. Nothing that was typed is lost."""
    if request.method == "GET" and (number := Document.objects.visible_to(request.user).number_of(name)):
        return redirect("documents:document", number)
    document = entry.editable(request.user, name, WORK_KINDS)
    if request.method == "GET":
        return _page(request, document)
    writing = LinesEntry(request, document)
    if "add_row" in request.POST or "remove_row" in request.POST:
        return _page(request, document, reshaped(request, writing.rows), draft_version=entry.seen_version(request))
    return writing.answer()


@require_POST
@entry.in_json
def autosave(request: HttpRequest, name: str) -> HttpResponse:
    """Save what the page holds now; answers figures, ids of new lines, faults by cell, or the other copy."""
    return LinesEntry(request, entry.editable(request.user, name, WORK_KINDS)).autosave()


@require_GET
def changes(request: HttpRequest, name: str) -> HttpResponse:
    """What changed since the last month's form, as the page asks after each saving; empty where nothing can be compared."""
    found = comparing.panel(entry.editable(request.user, name, WORK_KINDS), request.user)
    return HttpResponse("") if found is None else render(request, found[0], {"panel": found[1]})


def reshaped(request: HttpRequest, rows: grid.Rows) -> grid.Rows:
    """Without script: a line more, or one less. Nothing is saved by it."""
    gone = request.POST.get("remove_row")
    if gone is None:
        return [*rows, {"id": ""}]
    return [row for index, row in enumerate(rows) if str(index) != gone] or [{"id": ""}]


def _whole_lines(document: Document) -> QuerySet[WorkLine]:
    """The lines of the grid; those of shared staff stand beside it and change on their own page."""
    return document.work_lines.filter(split=None).order_by("position")


def _stored(document: Document) -> grid.Rows:
    return grid.rows_of(document.kind, _whole_lines(document))


def _head_shown(request: HttpRequest, document: Document, rows: grid.Rows | None) -> dict[str, str]:
    saved = headfields.stored(document)
    return saved if rows is None else saved | headfields.posted(request.POST, document.kind)


def _page(
    request: HttpRequest,
    document: Document,
    rows: grid.Rows | None = None,
    refusal: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    faults = refusal.faults if isinstance(refusal, LinesRefused) else ()
    shown = rows or _stored(document) or grid.open_lines()
    columns = grid.columns_for(document.kind, categories_of(document.project, document.kind), shown)
    context = entry.beside(request, document) | {
        "columns": columns,
        "rows": shown,
        "errors": grid.errors_by_cell(faults),
        "faults": grid.faults_for_page(columns, faults),
        "sentences": refusal.sentences if refusal and not faults else (),
        "draft_version": document.draft_version,
        "capital": money.rmb_capital(document.amount),
        "changes": comparing.panel(document, request.user),
        "shared": shared_lines.on_form(document),
        "head_fields": headfields.laid_out(document, _head_shown(request, document, rows)),
        **more,
    }
    return render(request, "budgets/edit.html", context, status=refusal.status if refusal else 200)
