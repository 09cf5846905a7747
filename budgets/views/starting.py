"""Beginning a work form: from an empty grid, as a copy of last month, or from a clerk's workbook."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from budgets.columns import columns_of
from budgets.drafting import copy_last_month, import_work_form, open_work_form
from budgets.forms import COPY, IMPORT, NewWorkForm
from budgets.workbooks.faults import WorkbookRefused, refused
from budgets.workbooks.preview import preview
from documents import drafting, kinds
from documents.models import Document
from documents.refusals import Refused
from documents.vocabulary import WORK_KINDS, Kind


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose instalment, month and way; POST makes the draft and leads to its entry page."""
    if kind not in WORK_KINDS or not kinds.is_registered(kind):
        raise Http404
    projects = drafting.draftable_projects(request.user, kind)
    if request.method == "GET":
        return _page(request, kind, NewWorkForm(projects=projects, initial=_wanted(request)))
    form = NewWorkForm(request.POST, request.FILES, projects=projects)
    if not form.is_valid():
        return _page(request, kind, form, status=400)
    try:
        document = _begin(request, kind, form.cleaned_data)
    except WorkbookRefused as refusal:
        return _faulty(request, kind, form, refusal)
    except Refused as refusal:
        return _page(request, kind, form, sentences=refusal.sentences, status=refusal.status)
    return redirect("budgets:edit", document.name)


def _wanted(request: HttpRequest) -> dict[str, str]:
    """What a link to this page has chosen already."""
    return {name: request.GET[name] for name in ("instalment", "month") if name in request.GET}


def _begin(request: HttpRequest, kind: str, chosen: dict[str, Any]) -> Document:
    place = {"kind": kind, "actor": request.user, "instalment": chosen["instalment"], "month": chosen["month"]}
    if chosen["way"] == COPY:
        document = copy_last_month(**place)
        messages.success(request, _("已复制上月明细，请按本月实际修改。"))
        return document
    if chosen["way"] != IMPORT:
        return open_work_form(**place)
    upload = chosen["file"]
    if upload.size > settings.WORKBOOK_MAX_BYTES:
        raise refused("size")
    name = "".join(character for character in upload.name if character.isprintable())
    document, warnings = import_work_form(**place, data=upload.read(), name=name)
    lines = document.work_lines.count()
    told = ngettext("已从 %(name)s 导入 %(n)d 行。", "已从 %(name)s 导入 %(n)d 行。", lines)
    messages.success(request, told % {"name": name, "n": lines})
    for warning in warnings:
        messages.warning(request, warning)
    return document


def _page(request: HttpRequest, kind: str, form: NewWorkForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"kind": kind, "label": Kind(kind).label, "form": form, **more}
    return render(request, "budgets/new.html", context, status=status)


def _faulty(request: HttpRequest, kind: str, form: NewWorkForm, refusal: WorkbookRefused) -> HttpResponse:
    """Every fault with its place, the sheet as it was read, and a box to try again. Nothing was stored."""
    upload = form.cleaned_data["file"]
    too_large = upload.size > settings.WORKBOOK_MAX_BYTES
    sheet = None
    if not too_large:
        upload.seek(0)
        sheet = preview(upload.read(), refusal.errors)
    context = {
        "kind": kind,
        "label": Kind(kind).label,
        "form": form,
        "name": upload.name,
        "errors": refusal.errors,
        "preview": sheet,
        "columns": [column.label for column in columns_of(kind)],
    }
    return render(request, "budgets/faulty.html", context, status=413 if too_large else 400)
