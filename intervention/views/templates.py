"""Settings of early intervention, for administrators: the template's dates, and required contents of results."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.refusals import Refused
from documents.vocabulary import Phase, Result
from intervention import templating
from intervention.forms import NewTemplateRowForm, TemplateRowForm
from intervention.models import ChecklistItem, TemplateItem
from organization.views.answering import administrators_only


@require_GET
@administrators_only
def template(request: HttpRequest) -> HttpResponse:
    """The template by phase."""
    return _template(request)


def _template(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    phases = [(Phase(phase), list(group)) for phase, group in groupby(templating.rows(), key=lambda row: row.phase)]
    context = {"phases": phases, "sentences": refusal.sentences if refusal else ()}
    return render(request, "intervention/template.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def new_row(request: HttpRequest) -> HttpResponse:
    """Add a row to a phase."""
    form = NewTemplateRowForm(request.POST or None, initial={"phase": request.GET.get("phase", "")})
    context = {"form": form}
    if request.method == "GET" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "intervention/new_template_row.html", context, status=status)
    try:
        added = templating.add_row(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/new_template_row.html", context, status=refusal.status)
    messages.success(request, _("已新增「%(title)s」，今后编排的计划包含此项；已有计划不变。") % {"title": added.title})
    return redirect("intervention:template")


@require_POST
@administrators_only
def switch(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take a row out of use for new plans, or back."""
    shown = get_object_or_404(TemplateItem, pk=pk)
    if verb not in ("activate", "deactivate"):
        raise Http404
    try:
        templating.switch_row(actor=request.user, row=shown, active=verb == "activate")
    except Refused as refusal:
        return _template(request, refusal)
    messages.success(request, _("已保存，今后编排的计划按此推算；已有计划不变。"))
    return redirect("intervention:template")


@require_http_methods(["GET", "POST"])
@administrators_only
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one row."""
    shown = get_object_or_404(TemplateItem, pk=pk)
    initial = {name: getattr(shown, name) for name in templating.EDITABLE}
    form = TemplateRowForm(request.POST or None, initial=initial)
    context = {"form": form, "row": shown}
    if request.method == "GET" or not form.is_valid():
        return render(request, "intervention/template_row.html", context, status=400 if form.is_bound else 200)
    try:
        templating.edit_row(actor=request.user, row=shown, **form.cleaned_data)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/template_row.html", context, status=refusal.status)
    messages.success(request, _("模板已保存，今后编排的计划按此推算；已有计划不变。"))
    return redirect("intervention:template")


@require_http_methods(["GET", "POST"])
@administrators_only
def contents(request: HttpRequest) -> HttpResponse:
    """Required contents by result; POST adds one."""
    if request.method == "GET":
        return _contents(request)
    try:
        result, title = request.POST.get("result", ""), request.POST.get("title", "")
        added = templating.add_content(actor=request.user, result=result, title=title)
    except Refused as refusal:
        return _contents(request, refusal)
    messages.success(request, _("已新增必备内容「%(title)s」。") % {"title": added.title})
    return redirect("intervention:contents")


@require_POST
@administrators_only
def content(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Rename, switch off, switch on."""
    row = get_object_or_404(ChecklistItem, pk=pk)
    try:
        if verb == "rename":
            templating.rename_content(actor=request.user, row=row, title=request.POST.get("title", ""))
        elif verb in ("activate", "deactivate"):
            templating.switch_content(actor=request.user, row=row, active=verb == "activate")
        else:
            raise Http404
    except Refused as refusal:
        return _contents(request, refusal)
    messages.success(request, _("已保存。"))
    return redirect("intervention:contents")


def _contents(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    rows: dict[str, list[ChecklistItem]] = {result: [] for result in Result.values}
    for row in templating.contents():
        rows[row.result].append(row)
    context = {
        "results": [(result, Result(result).label, listed) for result, listed in rows.items()],
        "sentences": refusal.sentences if refusal else (),
        "typed": request.POST,
    }
    return render(request, "intervention/contents.html", context, status=refusal.status if refusal else 200)
