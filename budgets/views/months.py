"""A month: its work forms and confirmations, where each lies, and which monthly form is still missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from budgets.queries import missing_forms, month_forms
from documents import inbox
from documents.forms import month_choices, month_label, next_month, read_month
from organization import clock


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """On to the month that is being planned."""
    return redirect("budgets:month")


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The forms of a month, by default of the next one: that is the one being planned (guide 6)."""
    first = read_month(request.GET.get("month", "")) or next_month(clock.today().replace(day=1))
    project = request.GET.get("project", "").strip()
    after = request.GET.get("after", "")
    forms = month_forms(request.user, first, project)
    page = inbox.page(forms, int(after) if after.isdecimal() and len(after) < 19 else None)
    query = f"month={first:%Y-%m}&project={project}"
    context = {
        "month": first.strftime("%Y-%m"),
        "label": month_label(first),
        "months": month_choices(clock.today()),
        "project": project,
        "rows": page.rows,
        "page": {"newer": query if after else "", "older": f"{query}&after={page.next_key}" if page.next_key else ""},
        "missing": missing_forms(request.user, first, project),
    }
    return render(request, "budgets/month.html", context)
