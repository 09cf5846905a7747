"""Moved anchors: which dates move, before and after, and moving them in one act. Whoever may write anchors tries them here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from documents.refusals import Refused
from intervention.anchor_forms import AnchorForm, by_place, writable
from intervention.permissions import can_shift, who
from intervention.planning import adopt
from intervention.previewing import Shift, seal_of, shifts_of, stored_dates
from intervention.shifting import change_anchors
from organization.models import Project
from organization.permissions import can_set_anchors
from organization.queries import projects_for
from organization.refusals import OrganizationRefused


@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows what moves, under the dates of now or those typed; POST moves it, or refuses when something changed meanwhile."""
    project = get_object_or_404(projects_for(request.user), code=code)
    form = _form(request, project)
    if request.method == "GET" or form.is_bound and not form.is_valid():
        return _page(request, project, form)
    try:
        moved = _move(request, project, form)
    except (Refused, OrganizationRefused) as refusal:
        # What stands by now is shown against what was typed.
        project.refresh_from_db()
        return _page(request, project, _form(request, project), refusal)
    count = sum(not move.kept for shift in moved for move in shift.moves)
    if count:
        messages.success(request, ngettext("已调整 %(n)d 个日期。", "已调整 %(n)d 个日期。", count) % {"n": count})
    else:
        messages.success(request, _("节点已保存，没有移动计划日期。"))
    return redirect("intervention:shift", project.code)


def _form(request: HttpRequest, project: Project) -> AnchorForm:
    """The anchors that this person may write, with what was typed."""
    sent = request.POST if request.method == "POST" else request.GET
    instalments = list(project.instalments.select_related("project"))
    fields = writable(request.user, project, instalments)
    data = sent if any(":" in key for key in sent) else None
    return AnchorForm(data, project=project, instalments=instalments, fields=fields)


def _move(request: HttpRequest, project: Project, form: AnchorForm) -> list[Shift]:
    seen = request.POST.get("seen", "")
    if not form.is_bound:
        return adopt(project=project, actor=request.user, seen=seen)
    reason = form.cleaned_data["reason"]
    return change_anchors(project=project, actor=request.user, changed=form.changed(), reason=reason, seen=seen)


def _page(request: HttpRequest, project: Project, form: AnchorForm, refusal: Any = None) -> HttpResponse:
    changes = form.changes() if form.is_bound and form.is_valid() else []
    changed = by_place(changes)
    if request.method == "GET" and form.is_bound and not changes and not form.errors:
        messages.info(request, _("所填日期与现有节点相同，没有变化。"))
    shifts = shifts_of(project, changed)
    context = {
        "shown": project,
        "form": form,
        "places": [row for place, row in form.places.items() if place.startswith("instalment:")],
        "may_write": bool(form.names),
        "write_denial": can_set_anchors(request.user, project),
        "changes": changes,
        "shifts": shifts,
        "seen": seal_of(shifts, stored_dates(project, changed)),
        "denial": can_shift(who(request.user, project)),
        "sentences": refusal.sentences if refusal else (),
        "plans": list(project.plans.select_related("project", "instalment__project")),
    }
    status = refusal.status if refusal else 400 if form.is_bound and form.errors and request.method == "POST" else 200
    return render(request, "intervention/shift.html", context, status=status)
