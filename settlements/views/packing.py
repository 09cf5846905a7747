"""The settlement pack of an approved application, handed out as a file."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from documents import downloads
from documents.models import Document
from documents.vocabulary import Kind
from settlements.packs import FORMATS, pack, read_pack


@require_GET
def download(request: HttpRequest, name: str, file_format: str) -> HttpResponse:
    """The kept pack; made now where the worker has not made it yet. Each download is on the trail."""
    document = Document.objects.visible_to(request.user).for_page().get_named(name)
    if document.kind != Kind.EXPENSE_APPLICATION or file_format not in FORMATS:
        raise Http404
    data = read_pack(pack(document, file_format))
    downloads.record(document_id=document.pk, actor=request.user, what=f"pack.{file_format}")
    answer = HttpResponse(data, content_type=FORMATS[file_format])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(document.name)}-pack.{file_format}"
    return answer
