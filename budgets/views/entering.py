"""The entry page of a work form: the line grid, its autosaving, and submitting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from budgets import comparing, grid, headfields, shared_lines
from budgets.drafting import LinesRefused, categories_of, save_lines
from documents import money
from documents.models import Document
from documents.refusals import Conflict, Refused
from documents.views import entry
from documents.vocabulary import WORK_KINDS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from budgets.models import WorkLine


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Show the working copy; POST saves it, and submits it where that was pressed. Nothing that was typed is lost."""
    if request.method == "GET" and (number := Document.objects.visible_to(request.user).number_of(name)):
        return redirect("documents:document", number)
    document = entry.editable(request.user, name, WORK_KINDS)
    if request.method == "GET":
        return _page(request, document)
    rows = _posted(request, document)
    if "add_row" in request.POST or "remove_row" in request.POST:
        return _page(request, document, reshaped(request, rows), version=entry.seen_version(request))
    try:
        document = _save(request, document, rows)
    except LinesRefused as refusal:
        return _page(request, document, rows, refusal, faults=refusal.faults, version=entry.seen_version(request))
    except Conflict as refusal:
        return _clash(request, name, rows, refusal)
    except Refused as refusal:
        return _page(request, document, rows, refusal, version=entry.seen_version(request))
    return _after(request, document)


@require_POST
@entry.in_json
def autosave(request: HttpRequest, name: str) -> HttpResponse:
    """Save what the page holds now; answers figures, ids of new lines, faults by cell, or the other copy."""
    document = entry.editable(request.user, name, WORK_KINDS)
    rows = _posted(request, document)
    try:
        document = _save(request, document, rows)
    except LinesRefused as refusal:
        return entry.faulty(grid.faults_for_script(refusal.faults))
    except Conflict as refusal:
        now = entry.editable(request.user, name, WORK_KINDS)
        values = grid.values_of(grid.columns_for(now.kind), _stored(now), **headfields.stored(now))
        return entry.conflict(now, str(refusal), values)
    return entry.saved(document, ids=grid.ids_of(document.kind, rows, _whole_lines(document)))


def _posted(request: HttpRequest, document: Document) -> grid.Rows:
    columns = grid.columns_for(document.kind)
    return grid.posted_rows(request.POST, [column.key for column in columns if column.kind != "output"])


def reshaped(request: HttpRequest, rows: grid.Rows) -> grid.Rows:
    """Without script: a line more, or one less. Nothing is saved by it."""
    gone = request.POST.get("remove_row")
    if gone is None:
        return [*rows, {"id": ""}]
    return [row for index, row in enumerate(rows) if str(index) != gone] or [{"id": ""}]


def _save(request: HttpRequest, document: Document, rows: grid.Rows) -> Document:
    """Save; that someone else has saved the very same meanwhile (a second click) is no conflict."""
    head = headfields.posted(request.POST, document.kind)
    seen = entry.seen_version(request)
    try:
        return save_lines(document=document, actor=request.user, draft_version=seen, rows=rows, head=head)
    except Conflict:
        now = entry.editable(request.user, document.name, WORK_KINDS)
        typed = grid.filled(now.kind, rows)
        if headfields.differences(now, head) or grid.differences(grid.columns_for(now.kind), typed, _stored(now)):
            raise
        return now


def _whole_lines(document: Document) -> QuerySet[WorkLine]:
    """The lines of the grid; those of shared staff stand beside it and change on their own page."""
    return document.work_lines.filter(split=None).order_by("position")


def _stored(document: Document) -> grid.Rows:
    return grid.rows_of(document.kind, _whole_lines(document))


def _after(request: HttpRequest, document: Document) -> HttpResponse:
    if request.POST.get("then") != "submit":
        messages.success(request, _("已保存。"))
        # A reason belongs to the submission and is stored with it: the page that still holds it is not sent away.
        if request.POST.get("late_reason", "").strip():
            return _page(request, entry.editable(request.user, document.name, WORK_KINDS))
        return redirect("budgets:edit", document.name)
    try:
        return entry.submit(request, document)
    except Refused as refusal:
        # Saved, but not submitted: why not stands on top of what was saved.
        return _page(request, entry.editable(request.user, document.name, WORK_KINDS), refusal=refusal)


def _clash(request: HttpRequest, name: str, rows: grid.Rows, refusal: Refused) -> HttpResponse:
    """Two copies side by side: what was typed stays in the page, what stands there now beside it."""
    now = entry.editable(request.user, name, WORK_KINDS)
    differences = grid.differences(grid.columns_for(now.kind), grid.filled(now.kind, rows), _stored(now))
    differences += headfields.differences(now, headfields.posted(request.POST, now.kind))
    return _page(request, now, rows, refusal, differences=differences)


def _head_shown(request: HttpRequest, document: Document, rows: grid.Rows | None) -> dict[str, str]:
    saved = headfields.stored(document)
    return saved if rows is None else saved | headfields.posted(request.POST, document.kind)


def _page(
    request: HttpRequest,
    document: Document,
    rows: grid.Rows | None = None,
    refusal: Refused | None = None,
    *,
    faults: Iterable[Any] = (),
    version: int | None = None,
    **more: Any,
) -> HttpResponse:
    shown = rows or _stored(document) or grid.open_lines()
    columns = grid.columns_for(document.kind, categories_of(document.project, document.kind), shown)
    context = entry.beside(request, document) | {
        "columns": columns,
        "rows": shown,
        "errors": grid.errors_by_cell(faults),
        "faults": grid.faults_for_page(columns, faults),
        "sentences": refusal.sentences if refusal and not faults else (),
        "draft_version": document.draft_version if version is None else version,
        "capital": money.rmb_capital(document.amount),
        "changes": comparing.panel(document, request.user),
        "shared": shared_lines.on_form(document),
        "head_fields": headfields.laid_out(document, _head_shown(request, document, rows)),
        **more,
    }
    return render(request, "budgets/edit.html", context, status=refusal.status if refusal else 200)
