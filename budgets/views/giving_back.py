"""What people take along: their own faulty workbook with its faults marked, and our templates.

A faulty workbook is stored nowhere. The page that lists its faults carries the file itself, in base64, in the form whose button
brings it back here: no state on the server, nothing to clear away or to guard, it works without script, and who posts it is asked
the same as for the import. A file too large to travel in a page is chosen again beside a button of the same name.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from budgets.drafting import categories_of, read_work_form
from budgets.forms import IMPORT, NewWorkForm
from budgets.queries import instalments_of
from budgets.views import starting
from budgets.workbooks.annotated import annotate
from budgets.workbooks.faults import WorkbookRefused
from budgets.workbooks.templates import template
from documents import drafting
from documents.forms import read_month
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
def annotated(request: HttpRequest, kind: str) -> HttpResponse:
    """The workbook read once more, and given back as .xlsx with every fault in its cell."""
    starting.known(kind)
    projects = drafting.draftable_projects(request.user, kind)
    data = request.POST.copy()
    data["way"] = IMPORT
    form = NewWorkForm(data, _files(request), projects=projects)
    if not form.is_valid():
        return starting.page(request, kind, form, status=400)
    chosen = form.cleaned_data
    try:
        book = starting.bytes_of(chosen["file"])
        place = {"instalment": chosen["instalment"], "month": chosen["month"]}
        read_work_form(kind=kind, actor=request.user, data=book, **place)
    except WorkbookRefused as refusal:
        return _marked(request, kind, form, refusal)
    messages.info(request, _("这个工作簿没有错误，可以直接导入。"))
    return redirect("budgets:new", kind)


def _files(request: HttpRequest) -> MultiValueDict[str, UploadedFile]:
    """The file that was chosen, else the one that the page carried."""
    if "file" in request.FILES or "workbook" not in request.POST:
        return request.FILES
    try:
        data = b64decode(request.POST["workbook"], validate=True)
    except (binascii.Error, ValueError):
        return request.FILES
    name = request.POST.get("name", "").strip() or _("工作簿")
    return MultiValueDict({"file": [SimpleUploadedFile(name[:200], data)]})


def _marked(request: HttpRequest, kind: str, form: NewWorkForm, refusal: WorkbookRefused) -> HttpResponse:
    upload = form.cleaned_data["file"]
    marked = None
    if not starting.is_too_large(upload):
        upload.seek(0)
        marked = annotate(upload.read(), refusal.errors)
    if marked is None:
        return starting.faulty(request, kind, form, refusal)
    stem = starting.name_of(upload).rpartition(".")[0] or starting.name_of(upload)
    return _workbook(marked, _("%(name)s-标注.xlsx") % {"name": stem})


@require_http_methods(["GET", "POST"])
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """Our template of a kind, with what was chosen already in its head. POST comes from the form in which it is chosen."""
    starting.known(kind)
    projects = drafting.draftable_projects(request.user, kind)
    chosen = request.POST if request.method == "POST" else request.GET
    instalment = None
    if key := chosen.get("instalment", ""):
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            raise Http404
        instalment = get_object_or_404(instalments_of(projects), pk=int(key))
    project = instalment.project if instalment else projects.first()
    month = read_month(chosen.get("month", ""))
    book = template(
        kind,
        project=instalment.project.name if instalment else "",
        instalment=instalment.name if instalment else "",
        month=month,
        categories=categories_of(project, kind) if project else None,
    )
    parts = [str(Kind(kind).label), instalment.code if instalment else "", f"{month:%Y-%m}" if month else ""]
    return _workbook(book, _("%(form)s-模板.xlsx") % {"form": "-".join(part for part in parts if part)})


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return answer
