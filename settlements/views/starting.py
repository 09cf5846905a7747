"""Months with their applications."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from documents.forms import month_choices, month_label, read_month
from organization import clock
from settlements.overview import month_overview
from settlements.packs.months import month_packs
from settlements.queries import dates_of


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """On to the months."""
    return redirect("settlements:applications")


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """A month: each project's applications on both sides, and what is confirmed and not yet settled."""
    first = read_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    project = request.GET.get("project", "").strip()
    dates = dates_of(first)
    context = {
        "month": first.strftime("%Y-%m"),
        "label": month_label(first),
        "months": month_choices(clock.today(), ahead=0, shown=(first,)),
        "project": project,
        "projects": month_overview(request.user, first, project),
        "packs": month_packs(request.user, first, project),
        "dates": dates,
        "note": "；".join(dict.fromkeys(date.note for date in dates if date.note)),
    }
    return render(request, "settlements/applications.html", context)
