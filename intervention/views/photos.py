"""Photographs: uploaded from a record's page, served to those who may see the record, hidden."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.refusals import Denied, Refused
from intervention import photos, records
from intervention.acts import ActReasonFields
from intervention.asking import asked
from intervention.models import Photo
from intervention.permissions import who
from organization.queries import projects_for
from organization.texts import is_clean
from organization.views.answering import administrators_only

COPIES = ("full", "small")


@require_POST
def upload(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """Several at once; without JavaScript as well. What is refused is said on the record's page."""
    kind = records.named(subject)
    row = get_object_or_404(kind.for_person(request.user), pk=pk)
    try:
        stored = photos.add(
            subject=subject,
            pk=row.pk,
            actor=request.user,
            uploads=request.FILES.getlist("file"),
            role=request.POST.get("role", ""),
            sent_keys=request.POST.getlist("sent_key"),
        )
    except Denied:
        raise
    except Refused as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
        return redirect(kind.url(row))
    n = len(stored)
    messages.success(request, ngettext("已上传 %(n)d 张照片。", "已上传 %(n)d 张照片。", n) % {"n": n})
    return redirect(kind.url(row))


@require_GET
def show(request: HttpRequest, pk: int, copy: str) -> HttpResponse:
    """A photograph's bytes."""
    return served(request, pk, copy)


def served(request: Any, pk: int, copy: str) -> HttpResponse:
    """The bytes of a copy for those who may see the record; like every answer to a person it is kept by no browser."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    if copy not in COPIES:
        raise Http404
    stored = photo.file if copy == "full" else photo.small
    answer = FileResponse(stored.open("rb"), filename=f"{photo.pk}.jpg", content_type="image/jpeg")
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the reason, POST hides."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    kind = records.named(photo.bearer)
    row = get_object_or_404(kind.for_person(request.user), pk=getattr(photo, f"{photo.bearer}_id"))
    context: dict[str, Any] = {"photo": photo, "kind": kind, "record": row, "back": kind.url(row)}
    if request.method == "GET":
        denial = photos.can_hide(who(request.user, row.project), kind, photo, row)
        return _ask(request, context | {"denial": denial, "inputs": asked(ActReasonFields, {})})
    try:
        photos.hide(photo_id=photo.pk, actor=request.user, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        context |= {"sentences": refusal.sentences, "inputs": asked(ActReasonFields, request.POST)}
        return _ask(request, context, refusal.status)
    messages.success(request, _("照片已隐藏。"))
    return redirect(kind.url(row))


def _ask(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "intervention/hide_photo.html", context, status=status)


@require_http_methods(["GET", "POST"])
@administrators_only
def rules(request: HttpRequest) -> HttpResponse:
    """Which projects' photographs keep their position; POST changes one."""
    projects = projects_for(request.user).order_by("code")
    if request.method == "POST":
        code = request.POST.get("project", "")
        project = get_object_or_404(projects, code=code if is_clean(code) else "")
        keeps = request.POST.get("keeps") == "1"
        photos.set_policy(actor=request.user, project=project, keeps_position=keeps)
        messages.success(request, _("%(project)s 的照片规则已更新，只影响今后上传的照片。") % {"project": project.name})
        return redirect("intervention:photo_rules")
    keeping = photos.projects_keeping()
    rows = [(project, project.pk in keeping) for project in projects]
    return render(request, "intervention/photo_rules.html", {"rows": rows})
