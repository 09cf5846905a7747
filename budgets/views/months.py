"""A month: its work forms by project and instalment, where each lies, what is missing; on the page and as a workbook."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from budgets.month_book import month_book
from budgets.queries import month_board
from documents.forms import month_choices, month_label, next_month, read_month
from organization import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEARS = range(2000, 2100)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """On to the month that is being planned."""
    return redirect("budgets:month")


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The forms of a month, by default of the next one: that is the one being planned (guide 6)."""
    first, project, after = _chosen(request)
    board = month_board(request.user, first, project, after)
    here = _query(first, project)
    context = {
        "board": board,
        "month": first.strftime("%Y-%m"),
        "label": month_label(first),
        "months": _choices(first),
        "project": project,
        "previous": _query(next_month(first, -1), project),
        "following": _query(next_month(first), project),
        "export": here,
        "page": {"newer": here if after else "", "older": board.next_key and _query(first, project, board.next_key)},
    }
    return render(request, "budgets/month.html", context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, all projects on one sheet."""
    first, project, _after = _chosen(request)
    data = month_book(month_board(request.user, first, project, size=None), clock.now())
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="months-{first:%Y-%m}.xlsx"'
    return answer


def _chosen(request: HttpRequest) -> tuple[date, str, str]:
    """Month, project code and the code after which the page starts; nothing that an address says is refused."""
    first = read_month(request.GET.get("month", ""))
    if first is None or first.year not in YEARS:
        first = next_month(clock.today().replace(day=1))
    return first, request.GET.get("project", "").strip(), request.GET.get("after", "").strip()


def _query(first: date, project: str, after: str = "") -> str:
    parts = {"month": f"{first:%Y-%m}", "project": project, "after": after}
    return urlencode({name: value for name, value in parts.items() if value})


def _choices(first: date) -> list[tuple[str, str]]:
    """Months around today, and the one that is shown."""
    choices = month_choices(clock.today())
    own = (first.strftime("%Y-%m"), month_label(first))
    return choices if own in choices else sorted([*choices, own], reverse=True)
