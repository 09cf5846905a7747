"""Beginning a work form: from an empty grid, as a copy of last month, or from a clerk's workbook."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from budgets.columns import columns_of
from budgets.copying import left_out_of_copy
from budgets.drafting import copy_last_month, import_work_form, open_work_form
from budgets.forms import COPY, IMPORT, NewWorkForm
from budgets.workbooks.faults import WorkbookRefused, refused
from budgets.workbooks.preview import preview
from documents import drafting, kinds
from documents.models import Document
from documents.refusals import Refused
from documents.vocabulary import WORK_KINDS, Kind

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# A larger workbook doesn't travel in the page of its faults: in base64 it must stay below what a form may post.
MOST_CARRIED = 2 * 1024 * 1024


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose instalment, month and way; POST makes the draft and leads to its entry page."""
    known(kind)
    projects = drafting.draftable_projects(request.user, kind)
    if request.method == "GET":
        return page(request, kind, NewWorkForm(projects=projects, initial=_wanted(request)))
    form = NewWorkForm(request.POST, request.FILES, projects=projects)
    if not form.is_valid():
        return page(request, kind, form, status=400)
    try:
        document = _begin(request, kind, form.cleaned_data)
    except WorkbookRefused as refusal:
        return faulty(request, kind, form, refusal)
    except Refused as refusal:
        return page(request, kind, form, sentences=refusal.sentences, status=refusal.status)
    return redirect("budgets:edit", document.name)


def known(kind: str) -> None:
    """404 for what is no work form."""
    if kind not in WORK_KINDS or not kinds.is_registered(kind):
        raise Http404


def _wanted(request: HttpRequest) -> dict[str, str]:
    """What a link to this page has chosen already."""
    return {name: request.GET[name] for name in ("instalment", "month") if name in request.GET}


def _begin(request: HttpRequest, kind: str, chosen: dict[str, Any]) -> Document:
    place = {"kind": kind, "actor": request.user, "instalment": chosen["instalment"], "month": chosen["month"]}
    if chosen["way"] == COPY:
        document = copy_last_month(**place)
        source = document.work_form.copied_from
        told = _("已复制 %(month)s 的明细（%(number)s），请按本月实际修改。")
        messages.success(request, told % {"month": source.month, "number": source.number})
        for warning in left_out_of_copy(document):
            messages.warning(request, warning)
        return document
    if chosen["way"] != IMPORT:
        return open_work_form(**place)
    upload = chosen["file"]
    name = name_of(upload)
    document, warnings = import_work_form(**place, data=bytes_of(upload), name=name)
    lines = document.work_lines.count()
    told = ngettext("已从 %(name)s 导入 %(n)d 行。", "已从 %(name)s 导入 %(n)d 行。", lines)
    messages.success(request, told % {"name": name, "n": lines})
    for warning in warnings:
        messages.warning(request, warning)
    return document


def is_too_large(upload: UploadedFile) -> bool:
    """Whether an upload is over the limit of workbooks."""
    return upload.size is None or upload.size > settings.WORKBOOK_MAX_BYTES


def bytes_of(upload: UploadedFile) -> bytes:
    """What was uploaded; a file over the limit is refused before it is read."""
    if is_too_large(upload):
        raise refused("size")
    upload.seek(0)
    return upload.read()


def name_of(upload: UploadedFile) -> str:
    """The file's name as it may be shown."""
    return "".join(character for character in upload.name or "" if character.isprintable())


def page(request: HttpRequest, kind: str, form: NewWorkForm, status: int = 200, **more: Any) -> HttpResponse:
    """The page on which a form is begun."""
    context = {"kind": kind, "label": Kind(kind).label, "form": form, **more}
    return render(request, "budgets/new.html", context, status=status)


def faulty(request: HttpRequest, kind: str, form: NewWorkForm, refusal: WorkbookRefused) -> HttpResponse:
    """Every fault with its place, the sheet as it was read, and a box to try again. Nothing was stored."""
    upload = form.cleaned_data["file"]
    too_large = is_too_large(upload)
    book = b"" if too_large else bytes_of(upload)
    is_markable = bool(book) and any(error.row for error in refusal.errors)
    context = {
        "kind": kind,
        "label": Kind(kind).label,
        "form": form,
        "name": name_of(upload),
        "errors": refusal.errors,
        "preview": preview(book, refusal.errors) if book else None,
        "is_markable": is_markable,
        "carried": b64encode(book).decode("ascii") if is_markable and len(book) <= MOST_CARRIED else "",
        "columns": [column.label for column in columns_of(kind)],
    }
    return render(request, "budgets/faulty.html", context, status=413 if too_large else 400)
