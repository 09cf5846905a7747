"""Confirming work after it was done: which forms can be, and the page on which actuals are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from budgets import actuals, grid
from budgets.confirming import open_completion, rooms, save_completion
from budgets.drafting import LinesRefused
from budgets.onward import too_early
from budgets.queries import confirmable, last_confirmed
from budgets.rests import rests_of, sums_of
from documents import drafting, money
from documents.forms import read_month
from documents.models import Document
from documents.refusals import Refused
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


class ActualsEntry(entry.Entry):
    """Actual quantities and amounts, written beside the approved ones."""

    kinds = OF

    def __init__(self, request: HttpRequest, document: Document) -> None:
        super().__init__(request, document)
        self.rows = grid.posted_rows(request.POST, actuals.KEYS)

    def save(self, document: Document, version: int) -> Document:
        return save_completion(document=document, actor=self.request.user, draft_version=version, rows=self.rows)

    def differences(self, now: Document) -> list[tuple[str, str, str]]:
        return grid.differences(actuals.columns(), self.rows, actuals.rows_of(now))

    def values(self, now: Document) -> dict[str, str]:
        return grid.values_of(actuals.columns(), actuals.rows_of(now))

    def faults(self, refusal: Refused) -> list[dict[str, Any]]:
        return grid.faults_for_script(refusal.faults) if isinstance(refusal, LinesRefused) else []

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        return _page(self.request, document, self.rows if typed else None, refusal, draft_version=version, **more)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Approved beside actual; POST saves, and submits where that was pressed."""
    document = entry.editable(request.user, name, OF)
    return _page(request, document) if request.method == "GET" else ActualsEntry(request, document).answer()


@require_POST
@entry.in_json
def autosave(request: HttpRequest, name: str) -> HttpResponse:
    """Save the actuals that the page holds now."""
    return ActualsEntry(request, entry.editable(request.user, name, OF)).autosave()


def _page(
    request: HttpRequest,
    document: Document,
    rows: grid.Rows | None = None,
    refusal: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    faults = refusal.faults if isinstance(refusal, LinesRefused) else ()
    origin = document.completion.origin
    context = entry.beside(request, document) | {
        "origin": origin,
        "standing": sums_of(rests_of(origin)),
        "left": sum((room.amount for room in rooms(origin, besides=document)), Decimal(0)),
        "confirmed_at": last_confirmed([origin]).get(origin.pk),
        "lines": actuals.lines_of(document, rows, grid.errors_by_cell(faults)),
        "faults": grid.faults_for_page(actuals.columns(), faults),
        "sentences": refusal.sentences if refusal and not faults else (),
        "draft_version": document.draft_version,
        "capital": money.rmb_capital(document.amount),
        "early": too_early(document),
        **more,
    }
    return render(request, "budgets/edit_completion.html", context, status=refusal.status if refusal else 200)
