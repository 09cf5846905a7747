"""Making and keeping a pack's files. Minutes of work for a large one: the worker does it, never a request (design 21)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from documents.refusals import Blocked
from documents.rendering import kept
from documents.rendering.pack import pack_pdf
from documents.runs import Progress, silent
from documents.states import DocumentState
from documents.vocabulary import Kind
from settlements.models import Pack
from settlements.packs.contents import attachments, cover, members, parts
from settlements.packs.workbook import pack_workbook

if TYPE_CHECKING:
    from documents.models import Document

FORMATS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LABELS = {"pdf": "PDF", "xlsx": "Excel"}


def require_approved(application: Document) -> None:
    """Packs exist of approved applications alone. Raises Blocked."""
    if application.kind != Kind.EXPENSE_APPLICATION or application.state != DocumentState.APPROVED:
        raise Blocked(_("费用申请通过之后才能生成结算资料包。"))


def pack(application: Document, file_format: str, progress: Progress = silent) -> Pack:
    """The kept pack of an approved application, made now if there is none; the same bytes on every download.

    Two callers at once get the same row. Raises Blocked for an application that is not approved.
    """
    require_approved(application)
    return kept.keep(
        Pack,
        {"document": application, "format": file_format},
        lambda file: _write(file, application, file_format, progress),
    )


def _write(file: IO[bytes], application: Document, file_format: str, progress: Progress) -> None:
    """Papers are always Chinese; nothing in them depends on who asks (design 21)."""
    with translation.override("zh-hans"):
        documents = members(application)
        if file_format == "xlsx":
            file.write(pack_workbook(application, documents, progress))
        else:
            pack_pdf(file, cover(application, documents), parts(documents), attachments(documents), progress)
