"""The month as files, and the files attached to a confirmation of work (3.2.1 2): whose money that is, is not known here."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext as _

from documents import circulation, inbox, papers
from documents.circulation.transactions import verb
from documents.filetypes import PDF
from documents.models import Document
from documents.refusals import Blocked, Invalid
from documents.rendering import pdf, xlsx
from documents.vocabulary import Kind
from intervention.daily.queries import photos_of
from intervention.daily.sheets import month_printout

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intervention.daily.month import Month
    from organization.models import Person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"pdf": PDF, "xlsx": XLSX}


def month_file(month: Month, file_format: str) -> bytes:
    """The evidence as ``pdf``, with photographs, or ``xlsx``. Raises Blocked where the month has neither a filed log nor a guard,
    or more lines than a PDF within a request takes."""
    if not month.has_evidence:
        raise Blocked(_("本月还没有已提交的日志和营销值守记录，没有可汇总的内容。"))
    paper = month_printout(month, photos_of(month.told))
    return pdf.render_now(paper) if file_format == "pdf" else xlsx.workbook_bytes([(paper.number, paper)])


def file_name(month: Month, file_format: str) -> str:
    """The file's name, always in Chinese: 营销配合工作日志汇总 CH-2 2026-11.pdf."""
    with translation.override("zh-hans"):
        return f"{_('营销配合工作日志汇总')} {month.code} {month.first:%Y-%m}.{file_format}"


def takers(person: Person, month: Month) -> QuerySet[Document]:
    """Confirmations of this place and month to which a person may attach now: those that they write or that wait for them.

    ``circulation.attach`` asks again.
    """
    forms = Document.objects.filter(kind=Kind.WORK_COMPLETION, project=month.project, period=month.first)
    if month.instalment is not None:
        forms = forms.filter(instalment=month.instalment)
    mine = forms.filter(pk__in=Document.objects.drafted_by(person).values("pk"))
    waiting = forms.filter(pk__in=inbox.to_sign(person).values("pk"))
    return (mine | waiting).select_related("project", "instalment", "creator").order_by("-pk")


def names_for(document: Document) -> list[str]:
    """Names of papers under which the evidence may be filed."""
    return list(dict.fromkeys([*papers.required(document), *papers.suggested(document)]))


def attach_month(*, actor: Person, month: Month, document: str, formats: Collection[str], paper: str = "") -> Document:
    """Attach the month's files to one of ``takers``, by its number or reference. Effects: those of ``circulation.attach``.

    Raises Invalid for another form or name, Blocked without filed logs, Conflict where the same file is there already.
    """
    form = next((form for form in takers(actor, month) if document in (form.number, form.reference)), None)
    if form is None:
        raise Invalid(_("请选择一份您可以补充附件的本月工作量事后确认单。"))
    if not formats or set(formats) - set(TYPES):
        raise Invalid(_("请选择要附上的文件：PDF、Excel 或两者。"))
    if paper and paper not in names_for(form):
        raise Invalid(_("「%(paper)s」不是此单的资料名称。") % {"paper": paper})
    # Rendered before the transaction begins.
    files = {name: month_file(month, name) for name in TYPES if name in formats}
    return _attach(form.pk, actor, month, files, paper)


@verb
def _attach(document_id: int, actor: Person, month: Month, files: dict[str, bytes], paper: str) -> Document:
    for file_format, data in files.items():
        upload = SimpleUploadedFile(file_name(month, file_format), data, TYPES[file_format])
        document = circulation.attach(document_id=document_id, actor=actor, upload=upload, paper=paper)
    return document
