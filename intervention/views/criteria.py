"""Settings of the assessment, for administrators: the checklist and the grades."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents.refusals import Refused
from intervention.assessing import keeping
from intervention.assessing.forms import CriterionForm, bands_sent
from intervention.assessing.queries import bands_in_force, criteria
from organization.views.answering import administrators_only

# Empty lines below the grades in force, for new ones.
SPARE = 2


@require_http_methods(["GET", "POST"])
@administrators_only
def checklist(request: HttpRequest) -> HttpResponse:
    """The checklist and the grades; POST adds an item."""
    form = CriterionForm(request.POST or None)
    if request.method == "GET":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        added = keeping.add_criterion(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, form, status=refusal.status, sentences=refusal.sentences)
    messages.success(request, _("已新增考核项目「%(title)s」。") % {"title": added.title})
    return redirect("intervention:criteria")


@require_http_methods(["GET", "POST"])
@administrators_only
def criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one item, take it out of use or back."""
    row = get_object_or_404(criteria(), pk=pk)
    initial = {name: getattr(row, name) for name in keeping.EDITABLE}
    form = CriterionForm(request.POST or None, initial=initial, existing=True)
    context: dict[str, Any] = {"form": form, "row": row}
    if request.method == "GET" or not form.is_valid():
        return render(request, "intervention/criterion.html", context, status=400 if form.is_bound else 200)
    try:
        keeping.edit_criterion(actor=request.user, row=row, **form.cleaned_data)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/criterion.html", context, status=refusal.status)
    messages.success(request, _("考核项目已保存，今后开始的考核按此评分；已有考核不变。"))
    return redirect("intervention:criteria")


@require_POST
@administrators_only
def bands(request: HttpRequest) -> HttpResponse:
    """Save the grades as a whole."""
    sent = bands_sent(request.POST.getlist("start"), request.POST.getlist("word"))
    if sent is None:
        return _page(request, CriterionForm(), status=400, sentences=[_("等级的起分须是 0 至 100 的整数。")])
    try:
        keeping.save_bands(actor=request.user, bands=sent)
    except Refused as refusal:
        return _page(request, CriterionForm(), status=refusal.status, sentences=refusal.sentences)
    messages.success(request, _("考核等级已保存，今后开始的考核按此评级；已有考核不变。"))
    return redirect("intervention:criteria")


def _page(request: HttpRequest, form: CriterionForm, status: int = 200, **more: Any) -> HttpResponse:
    starts, words = request.POST.getlist("start"), request.POST.getlist("word")
    typed = list(zip(starts, words, strict=False)) if starts else [*bands_in_force(), *[("", "")] * SPARE]
    context = {"form": form, "rows": criteria(), "bands": typed, **more}
    return render(request, "intervention/criteria.html", context, status=status)
