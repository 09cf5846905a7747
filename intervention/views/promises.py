"""The register of promises, and those found in use unconfirmed: recorded, taken out of use."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents import drafting
from documents.refusals import Denied, Refused
from documents.vocabulary import Kind
from intervention.forms import FoundForm
from intervention.models import FoundPromise
from intervention.papers import queries
from intervention.papers.finding import record_found, withdraw_found
from intervention.papers.permissions import FINDERS, can_withdraw_found
from intervention.papers.vocabulary import Channel, FoundState
from intervention.papers.wording import STANDINGS
from intervention.permissions import who
from intervention.views.lists import shared
from organization import access, clock

FILTERS = ("q", "project", "channel", "status")


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Every promise that was submitted, or with ``show=found`` what was found in use; warnings on top. A search of one list
    tells how many of the other it finds."""
    filters = {name: request.GET.get(name, "").strip() for name in FILTERS}
    found = request.GET.get("show") == "found"
    chosen = {"text": filters["q"], "project": filters["project"], "channel": filters["channel"]}
    after = _after(request)
    if found:
        rows = queries.found_for(request.user, **chosen, state=filters["status"])
    else:
        rows = queries.promises_for(request.user, **chosen, standing=filters["status"])
    rows = list((rows.filter(pk__lt=after) if after else rows)[: queries.PAGE + 1])
    others, status = queries.matching(request.user, status=filters["status"], found=found, **chosen)
    kept = {name: value for name, value in (filters | {"status": status}).items() if value}
    context = shared(request, "promises") | {
        "others": others if any(filters.values()) else 0,
        "others_url": urlencode(kept if found else kept | {"show": "found"}),
        "filters": filters,
        "show": "found" if found else "",
        "filtered": any(filters.values()),
        "alarms": queries.alarms_for(request.user, filters["project"]),
        "channels": Channel.choices,
        "statuses": FoundState.choices if found else list(STANDINGS.items()),
        "page": _pager(request, rows, after),
        **_rows(request, rows[: queries.PAGE], found),
        **_may(request),
    }
    return render(request, "intervention/papers/register.html", context)


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _pager(request: HttpRequest, rows: list[Any], after: int | None) -> dict[str, str]:
    kept = {name: value for name, value in request.GET.items() if name in (*FILTERS, "show") and value}
    older = urlencode(kept | {"after": str(rows[queries.PAGE - 1].pk)}) if len(rows) > queries.PAGE else ""
    return {"newer": (urlencode(kept) or "first=1") if after else "", "older": older}


def _rows(request: HttpRequest, rows: list[Any], found: bool) -> dict[str, Any]:
    """The rows with how they stand, and for found ones whether this person may take them out of use."""
    if not found:
        return {"rows": [(row, queries.standing_of(row, clock.today())) for row in rows]}
    return {"rows": rows, "withdrawable": queries.withdrawable(request.user, rows)}


def _may(request: HttpRequest) -> dict[str, bool]:
    held = {row.post for row in access.memberships(request.user, clock.today())}
    return {
        "may_find": bool(held & set(FINDERS)) and not request.user.is_administrator,
        "may_draft": bool(drafting.places_to_draft(request.user, Kind.PUBLICITY_CONFIRMATION)),
    }


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Record what is in use without a confirmation."""
    places = {row.project_id for row in access.memberships(request.user, clock.today()) if row.post in FINDERS}
    if not places or request.user.is_administrator:
        raise Denied(_("登记在用未确认的宣传由营销小组或项目物业经理办理，您不担任该岗位。"))
    projects = access.visible_projects(request.user, clock.today())
    projects = projects if None in places else projects.filter(pk__in=places)
    if request.method == "GET":
        return _find(request, FoundForm(projects=projects, initial={"project": request.GET.get("project", "")}))
    form = FoundForm(request.POST, projects=projects)
    if not form.is_valid():
        return _find(request, form, status=400)
    try:
        found = record_found(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _find(request, form, sentences=refusal.sentences, status=refusal.status)
    messages.success(request, _("已登记，并通知营销小组负责人和物业地产配合业务分管领导。"))
    return redirect(f"{reverse('intervention:promises')}?show=found&project={found.project.code}")


def _find(request: HttpRequest, form: FoundForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "intervention/papers/find.html", {"form": form, **more}, status=status)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a found promise is used no more."""
    found = get_object_or_404(FoundPromise.objects.visible_to(request.user).select_related("project"), pk=pk)
    context: dict[str, Any] = {"found": found, "typed": request.POST.get("reason", "")}
    if request.method == "GET":
        context["denial"] = can_withdraw_found(who(request.user, found.project), found)
        return render(request, "intervention/papers/withdraw.html", context)
    try:
        withdraw_found(found_id=found.pk, actor=request.user, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/papers/withdraw.html", context, status=refusal.status)
    messages.success(request, _("已登记停用。"))
    return redirect(f"{reverse('intervention:promises')}?show=found&project={found.project.code}")
