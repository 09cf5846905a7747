"""Beginning an application: what it would gather is shown before anything is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from documents import drafting
from documents.refusals import Refused
from documents.vocabulary import Kind
from settlements.applying import open_application, require_begun, terms_of
from settlements.candidates import offered, others_of, sums
from settlements.forms import NewApplicationForm
from settlements.gathering import nothing_found, policy_now, waiting
from settlements.models import Nature

ASKED = ("project", "month", "side", "nature")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose project, month, side and nature, see what would be gathered; POST makes the draft, which holds its lines."""
    projects = drafting.draftable_projects(request.user, Kind.EXPENSE_APPLICATION)
    data = request.POST if request.method == "POST" else request.GET
    asked = all(data.get(name) for name in ASKED[:3])
    if not asked and request.method == "GET":
        wanted = {name: data[name] for name in ASKED if name in data}
        return _page(request, NewApplicationForm(projects=projects, initial=wanted))
    form = NewApplicationForm(data, projects=projects)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        if request.method == "GET":
            return _page(request, form, **_preview(request, **form.cleaned_data))
        document = open_application(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, form, refusal)
    return redirect("settlements:edit", document.name)


def _refused(request: HttpRequest, form: NewApplicationForm, refusal: Refused) -> HttpResponse:
    """Why not, above what would have been gathered where that can be told."""
    try:
        shown = _preview(request, **form.cleaned_data)
    except Refused:
        shown = {}
    return _page(request, form, sentences=refusal.sentences, status=refusal.status, **shown)


def _preview(request: HttpRequest, project: Any, month: Any, side: str, nature: str) -> dict[str, Any]:
    require_begun(month)
    policy = policy_now()
    lines = offered(project, month, side, nature, policy)
    late = waiting(project, month, side, policy) if nature == Nature.MONTHLY else None
    return {
        "previewed": True,
        "nature": nature,
        "lines": lines,
        "sums": sums(lines, terms_of(project).tax_rate),
        "late": late,
        "nothing": [] if lines else nothing_found(project, month, side, nature),
        "others": others_of(request.user, project, month, side),
    }


def _page(request: HttpRequest, form: NewApplicationForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "settlements/new.html", {"form": form, **more}, status=status)
