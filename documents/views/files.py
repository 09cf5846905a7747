"""Files leave through here: after asking who may see them, and onto the trail."""

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from documents import downloads, filetypes, presenting
from documents.models import Document
from documents.rendering.keeping import document_pdf
from documents.rendering.xlsx import document_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Shown in the browser; everything else is handed out as a file.
INLINE = (filetypes.PDF, *filetypes.PICTURES)


@require_GET
def attachment(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """An attachment's bytes; pictures and PDFs open in place."""
    document = Document.objects.visible_to(request.user).get_named(ref)
    file = next((file for file in downloads.attachments_for(document, request.user) if file.pk == pk), None)
    if file is None:
        raise Http404
    downloads.record(document_id=document.pk, actor=request.user, what=file.name)
    inline = file.media_type in INLINE
    name = filetypes.download_name(file.name, file.media_type)
    answer = FileResponse(file.file.open("rb"), as_attachment=not inline, filename=name, content_type=file.media_type)
    if file.media_type in filetypes.PICTURES:
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_GET
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """The form as A4; the working copy for those only who see it."""
    document = Document.objects.visible_to(request.user).for_page().get_named(ref)
    data = document_pdf(document, _revision(request, document))
    return _file(request, document, data, "pdf", filetypes.PDF, inline=True)


@require_GET
def xlsx(request: HttpRequest, ref: str) -> HttpResponse:
    """The form as a workbook."""
    document = Document.objects.visible_to(request.user).for_page().get_named(ref)
    data = document_workbook(document, _revision(request, document))
    return _file(request, document, data, "xlsx", XLSX, inline=False)


def _revision(request: HttpRequest, document: Document) -> int | None:
    """The revision asked for, by default what this person sees on the page: 0 is the working copy."""
    seen = 0 if presenting.shown(document, request.user).is_working_copy else None
    wanted = request.GET.get("revision", "")
    if not wanted:
        return seen
    if not wanted.isdecimal() or not 0 < int(wanted) <= document.revision_n:
        raise Http404
    return int(wanted)


def _file(
    request: HttpRequest, document: Document, data: bytes, ending: str, media_type: str, *, inline: bool
) -> HttpResponse:
    downloads.record(document_id=document.pk, actor=request.user, what=ending.upper())
    way_out = "inline" if inline else "attachment"
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f"{way_out}; filename*=UTF-8''{quote(document.name)}.{ending}"
    return answer
