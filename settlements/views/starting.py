"""Months with their applications, and beginning one: what it would gather is shown before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from documents import drafting
from documents.forms import month_choices, month_label, read_month
from documents.refusals import Refused
from documents.vocabulary import Kind
from organization import clock
from settlements.applying import gatherable, open_application
from settlements.forms import NewApplicationForm
from settlements.overview import month_overview
from settlements.packs.months import month_packs
from settlements.queries import dates_of, others_of, rate_now, sums


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
        "months": month_choices(clock.today()),
        "project": project,
        "projects": month_overview(request.user, first, project),
        "packs": month_packs(request.user, first, project),
        "dates": dates,
        "note": "；".join(dict.fromkeys(date.note for date in dates if date.note)),
    }
    return render(request, "settlements/applications.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose project, month and side, see what would be gathered; POST makes the draft, which holds its lines."""
    projects = drafting.draftable_projects(request.user, Kind.EXPENSE_APPLICATION)
    data = request.POST if request.method == "POST" else request.GET
    asked = all(data.get(name) for name in ("project", "month", "side"))
    if not asked and request.method == "GET":
        wanted = {name: data[name] for name in ("project", "month", "side") if name in data}
        return _page(request, NewApplicationForm(projects=projects, initial=wanted))
    form = NewApplicationForm(data, projects=projects)
    if not form.is_valid():
        return _page(request, form, status=400)
    if request.method == "GET":
        return _page(request, form, **_preview(request, **form.cleaned_data))
    try:
        document = open_application(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        shown = _preview(request, **form.cleaned_data)
        return _page(request, form, sentences=refusal.sentences, status=refusal.status, **shown)
    return redirect("settlements:edit", document.name)


def _preview(request: HttpRequest, project: Any, month: Any, side: str) -> dict[str, Any]:
    lines = list(gatherable(project, month, side))
    return {
        "previewed": True,
        "lines": lines,
        "sums": sums(lines, rate_now()),
        "others": others_of(request.user, project, month, side),
    }


def _page(request: HttpRequest, form: NewApplicationForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "settlements/new.html", {"form": form, **more}, status=status)
