"""Confirming work after it was done: which forms can be, and the page on which actuals are written."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgets import actuals, grid
from budgets.confirming import open_completion, rooms, save_completion
from budgets.drafting import LinesRefused
from budgets.queries import confirmable, last_confirmed
from budgets.rests import rests_of, sums_of
from documents import drafting, money
from documents.forms import read_month
from documents.models import Document
from documents.refusals import Conflict, Refused
from documents.views import entry
from documents.vocabulary import Kind

OF = (Kind.WORK_COMPLETION,)


@require_GET
def completions(request: HttpRequest) -> HttpResponse:
    """Approved forms with something left to confirm."""
    after = request.GET.get("after", "")
    rows, older = confirmable(request.user, int(after) if after.isdecimal() and len(after) < 19 else None)
    page = {"newer": "first=1" if after else "", "older": f"after={older}" if older else ""}
    return render(request, "budgets/completions.html", {"rows": rows, "page": page})


@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the confirmation of one form for a month."""
    origin = Document.objects.visible_to(request.user).for_page().get_named(name)
    drafting.require_may_draft(request.user, Kind.WORK_COMPLETION, origin.project)
    month = read_month(request.POST.get("month", ""))
    document = open_completion(origin=origin, actor=request.user, month=month)
    return redirect("budgets:edit_completion", document.name)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Approved beside actual; POST saves, and submits where that was pressed."""
    document = entry.editable(request.user, name, OF)
    if request.method == "GET":
        return _page(request, document)
    rows = grid.posted_rows(request.POST, actuals.KEYS)
    try:
        document = _save(request, document, rows)
    except LinesRefused as refusal:
        return _page(request, document, rows, refusal, faults=refusal.faults, version=entry.seen_version(request))
    except Conflict as refusal:
        now = entry.editable(request.user, name, OF)
        found = grid.differences(actuals.columns(), rows, actuals.rows_of(now))
        return _page(request, now, rows, refusal, differences=found)
    except Refused as refusal:
        return _page(request, document, rows, refusal, version=entry.seen_version(request))
    return _after(request, document)


@require_POST
@entry.in_json
def autosave(request: HttpRequest, name: str) -> HttpResponse:
    """Save the actuals that the page holds now."""
    document = entry.editable(request.user, name, OF)
    rows = grid.posted_rows(request.POST, actuals.KEYS)
    try:
        document = _save(request, document, rows)
    except LinesRefused as refusal:
        return entry.faulty(grid.faults_for_script(refusal.faults))
    except Conflict as refusal:
        now = entry.editable(request.user, name, OF)
        return entry.conflict(now, str(refusal), grid.values_of(actuals.columns(), actuals.rows_of(now)))
    return entry.saved(document)


def _save(request: HttpRequest, document: Document, rows: grid.Rows) -> Document:
    try:
        return save_completion(
            document=document, actor=request.user, draft_version=entry.seen_version(request), rows=rows
        )
    except Conflict:
        now = entry.editable(request.user, document.name, OF)
        if grid.differences(actuals.columns(), rows, actuals.rows_of(now)):
            raise
        return now


def _after(request: HttpRequest, document: Document) -> HttpResponse:
    if request.POST.get("then") != "submit":
        messages.success(request, _("已保存。"))
        return redirect("budgets:edit_completion", document.name)
    try:
        return entry.submit(request, document)
    except Refused as refusal:
        return _page(request, entry.editable(request.user, document.name, OF), refusal=refusal)


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
    origin = document.completion.origin
    context = entry.beside(request, document) | {
        "origin": origin,
        "standing": sums_of(rests_of(origin)),
        "left": sum((room.amount for room in rooms(origin, besides=document)), Decimal(0)),
        "confirmed_at": last_confirmed([origin]).get(origin.pk),
        "lines": actuals.lines_of(document, rows, grid.errors_by_cell(faults)),
        "faults": grid.faults_for_page(actuals.columns(), faults),
        "sentences": refusal.sentences if refusal and not faults else (),
        "draft_version": document.draft_version if version is None else version,
        "capital": money.rmb_capital(document.amount),
        **more,
    }
    return render(request, "budgets/edit_completion.html", context, status=refusal.status if refusal else 200)
