"""Months with their applications."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from documents.forms import month_choices, month_label, read_month
from organization import clock
from settlements.queries import months_of_projects


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """On to the months."""
    return redirect("settlements:applications")


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """A month: each project's applications on both sides, and what is confirmed and not yet settled."""
    first = read_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    project = request.GET.get("project", "").strip()
    context = {
        "month": first.strftime("%Y-%m"),
        "label": month_label(first),
        "months": month_choices(clock.today()),
        "project": project,
        "projects": months_of_projects(request.user, first, project),
    }
    return render(request, "settlements/applications.html", context)
