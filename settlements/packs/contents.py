"""What belongs into an application's pack: its forms, the cover, the attachments."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents import papers
from documents.models import Attachment, Document
from documents.money import figures
from documents.presenting import content_of
from documents.rendering import kept
from documents.rendering.keeping import kept_pdf
from documents.rendering.paper import Cover, PackAttachment, PackPart
from documents.rendering.printout import printout, verify_url
from documents.rendering.values import fact_text
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models.fields.files import FieldFile


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


def parts(documents: list[Document]) -> list[PackPart]:
    """The forms as they are kept; a print that the worker has not made yet is made when its turn comes."""
    return [
        PackPart(document.title, document.number or "", partial(_print_of, document), document.amount)
        for document in documents
    ]


def _print_of(document: Document) -> bytes:
    return kept.read(kept_pdf(document))


def attachments(documents: list[Document]) -> list[PackAttachment]:
    """All files, in the order of their forms."""
    place = {document.pk: index for index, document in enumerate(documents)}
    numbers = {document.pk: document.number or "" for document in documents}
    files = sorted(Attachment.objects.filter(document__in=documents), key=lambda row: (place[row.document_id], row.pk))
    return [
        PackAttachment(
            name=f"{row.paper}　{row.name}" if row.paper else row.name,
            number=numbers[row.document_id],
            read=partial(_bytes_of, row.file),
            size=row.size,
        )
        for row in files
    ]


def _bytes_of(file: FieldFile) -> bytes:
    with file.open("rb") as stream:
        data: bytes = stream.read()
    return data


def cover(application: Document, documents: list[Document]) -> Cover:
    """Whose pack it is, what it comes to, and what is not in it."""
    head = content_of(application, application.revision_n)["head"]
    paper = printout(application)
    return Cover(
        company=paper.company,
        title=_("结算资料包"),
        number=application.number or "",
        moment=application.decided_at or paper.moment,
        facts=(
            *((str(fact.label), fact_text(fact.value, fact.kind)) for fact in paper.sheet.facts),
            (_("实际费用合计"), f"¥{figures(Decimal(head['subtotal']))}"),
            (_("管理者佣金"), f"¥{figures(Decimal(head['commission']))}"),
        ),
        amount=application.amount,
        amount_label=_("申请金额"),
        missing=tuple(sentence for document in documents for sentence in missing(document)),
        notes=(_("必备资料按生成本册时的规定核对。"),),
        check_code=application.check_code,
        verify_url=verify_url(application),
    )


def missing(document: Document) -> Iterator[str]:
    """A sentence for each required paper that no file is marked as, and for a confirmation without any evidence."""
    named = {"number": document.number, "title": document.title}
    for name in papers.missing(document):
        yield _("%(number)s %(title)s：缺少必备资料「%(name)s」") % {**named, "name": name}
    if document.kind == Kind.WORK_COMPLETION and not document.attachments.exists():
        yield _("%(number)s %(title)s：没有附件（如收据、考勤、照片）") % named
