"""Settlement packs: asking for one, watching how far it is, taking its files; and all packs of a month as one zip."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents import downloads
from documents.forms import read_month
from documents.refusals import Blocked
from documents.rendering import kept
from organization import clock
from settlements.packs import months, runs
from settlements.packs.making import FORMATS, require_approved
from settlements.packs.months import MonthPacks
from settlements.packs.standing import pack_state
from settlements.queries import application_for


@require_http_methods(["GET", "POST"])
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """How far the pack is, as the page asks every second; POST asks the worker for it."""
    document = application_for(request.user, name)
    require_approved(document)
    if request.method == "POST":
        runs.start(document)
    if not request.htmx:
        return redirect(f"{reverse('documents:document', args=[document.name])}#packs")
    return render(request, "settlements/_pack_state.html", {"pack": pack_state(document)})


@require_GET
def download(request: HttpRequest, name: str, file_format: str) -> HttpResponse:
    """A kept file; it is never made here. Each download is on the trail."""
    document = application_for(request.user, name)
    if file_format not in FORMATS:
        raise Http404
    try:
        file = kept.opened(runs.ready(document, file_format))
    except kept.KeptFileDamaged as error:
        raise Blocked(_("存档的资料包缺失或已损坏，请联系系统管理员。")) from error
    downloads.record(document_id=document.pk, actor=request.user, what=f"pack.{file_format}")
    filename = f"{document.name}-pack.{file_format}"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=FORMATS[file_format])


def packs_of_month(request: HttpRequest) -> MonthPacks:
    """The month and project that the address names; the present month where it names none."""
    month = read_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    return months.month_packs(request.user, month, request.GET.get("project", "").strip())


@require_http_methods(["GET", "POST"])
def month(request: HttpRequest) -> HttpResponse:
    """How far the month's packs are; POST asks the worker for those that are missing."""
    packs = packs_of_month(request)
    if request.method == "POST":
        months.start(packs)
        packs = packs_of_month(request)
    if not request.htmx:
        chosen = urlencode({"month": f"{packs.month:%Y-%m}", "project": packs.project})
        return redirect(f"{reverse('settlements:applications')}?{chosen}#packs")
    return render(request, "settlements/_month_pack_state.html", {"packs": packs})


@require_GET
def month_zip(request: HttpRequest) -> HttpResponseBase:
    """All packs of the month that this person may see, as one zip."""
    packs = packs_of_month(request)
    found = months.month_zip(packs, request.user)
    answer = StreamingHttpResponse(found.blocks(), content_type="application/zip")
    answer["Content-Length"] = str(found.size)
    answer["Content-Disposition"] = content_disposition_header(True, months.zip_name(packs))
    return answer
