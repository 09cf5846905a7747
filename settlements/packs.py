"""The settlement pack of an approved application: one PDF and one workbook, made once and kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from documents.models import Attachment, Document
from documents.presenting import content_of
from documents.refusals import Blocked
from documents.rendering.keeping import kept_pdf, read_kept
from documents.rendering.pack import pack_pdf
from documents.rendering.paper import Cover, PackAttachment, PackPart
from documents.rendering.printout import printout, verify_url
from documents.rendering.xlsx import workbook_bytes
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import clock
from settlements.models import Pack

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

FORMATS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class PackDamaged(RuntimeError):
    """The stored bytes are gone or are not those that were kept."""


def pack(application: Document, file_format: str) -> Pack:
    """The kept pack of an approved application, made now if there is none; the same bytes on every download.

    Two callers at once get the same row. Raises Blocked for an application that is not approved.
    """
    if application.kind != Kind.EXPENSE_APPLICATION or application.state != DocumentState.APPROVED:
        raise Blocked(_("费用申请通过之后才能生成结算资料包。"))
    kept = Pack.objects.filter(document=application, format=file_format).first()
    if kept is not None:
        return kept
    data = pack_bytes(application, file_format)
    row = Pack(
        document=application,
        format=file_format,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        made_at=clock.now(),
    )
    row.file.save(f"pack.{file_format}", ContentFile(data), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _drop(row.file)
        return Pack.objects.get(document=application, format=file_format)
    return row


def _drop(file: FieldFile) -> None:
    file.storage.delete(file.name)


def read_pack(kept: Pack) -> bytes:
    """The kept bytes, checked against their hash. Raises ``PackDamaged``."""
    try:
        with kept.file.open("rb") as file:
            data: bytes = file.read()
    except OSError as error:
        raise PackDamaged(f"{kept.file.name} is missing") from error
    if hashlib.sha256(data).hexdigest() != kept.sha256:
        raise PackDamaged(f"{kept.file.name} has changed")
    return data


def pack_bytes(application: Document, file_format: str) -> bytes:
    """Make the pack. Papers are always Chinese; nothing in them depends on who downloads (design 21)."""
    with translation.override("zh-hans"):
        documents = members(application)
        if file_format == "xlsx":
            return workbook_bytes([(document.number or "", printout(document)) for document in documents])
        parts = [
            PackPart(
                title=document.title,
                number=document.number or "",
                data=read_kept(kept_pdf(document)),
                amount=document.amount,
                state=document.get_state_display(),
            )
            for document in documents
        ]
        return pack_pdf(_cover(application, documents), parts, _attachments(documents))


def members(application: Document) -> list[Document]:
    """The application, then each form followed by the confirmations that the application takes from."""
    scope = Document.objects.select_related(
        "creator__company",
        "project__developer",
        "project__property_company",
        "instalment__project",
        "submitted_by",
        "department",
    )
    completions = list(
        scope.filter(completion_lines__application_lines__document=application)
        .select_related("completion")
        .distinct()
        .order_by("period", "pk")
    )
    origins = scope.filter(completions__document__in=completions).distinct().order_by("period", "pk")
    ordered = [scope.get(pk=application.pk)]
    for origin in origins:
        ordered.append(origin)
        ordered += [completion for completion in completions if completion.completion.origin_id == origin.pk]
    return ordered


def _cover(application: Document, documents: list[Document]) -> Cover:
    head = content_of(application, application.revision_n)["head"]
    paper = printout(application)
    return Cover(
        company=paper.company,
        title=_("结算资料包"),
        number=application.number or "",
        moment=application.decided_at or paper.moment,
        facts=(
            *((str(fact.label), str(fact.value)) for fact in paper.sheet.facts),
            (_("实际费用合计"), f"¥{_figures(head['subtotal'])}"),
            (_("管理者佣金"), f"¥{_figures(head['commission'])}"),
        ),
        amount=application.amount,
        amount_label=_("申请金额"),
        missing=tuple(
            _("%(number)s %(title)s：没有附件（如收据、考勤、照片）")
            % {"number": document.number, "title": document.title}
            for document in documents
            if document.kind == Kind.WORK_COMPLETION and not document.attachments.exists()
        ),
        check_code=application.check_code,
        verify_url=verify_url(application),
    )


def _figures(text: str) -> str:
    from decimal import Decimal

    from documents.money import figures

    return figures(Decimal(text))


def _attachments(documents: list[Document]) -> list[PackAttachment]:
    place = {document.pk: index for index, document in enumerate(documents)}
    numbers = {document.pk: document.number or "" for document in documents}
    files = sorted(Attachment.objects.filter(document__in=documents), key=lambda row: (place[row.document_id], row.pk))
    return [
        PackAttachment(name=row.name, number=numbers[row.document_id], read=_reader(row.file), size=row.size)
        for row in files
    ]


def _reader(file: FieldFile):  # type: ignore[no-untyped-def]
    def read() -> bytes:
        with file.open("rb") as stream:
            return stream.read()

    return read


@task()
def make_packs(document_id: int) -> None:
    """Worker's task: keep both packs of an application that has just been approved."""
    application = Document.objects.get(pk=document_id)
    if application.state == DocumentState.APPROVED:
        for file_format in FORMATS:
            pack(application, file_format)
