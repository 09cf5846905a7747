"""Papers without which a form cannot be submitted, and names suggested for its files: data; the sentence for what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from documents.guide import of_guide
from documents.models import RequiredPaper
from documents.states import EDITABLE, DocumentState

if TYPE_CHECKING:
    from documents.models import Attachment, Document


@dataclass(frozen=True, slots=True)
class Paper:
    """A required paper, and whether a file is marked as it."""

    name: str
    is_present: bool


def required(document: Document) -> list[str]:
    """Names of the papers that a form must carry: those of all companies and of the project's two."""
    return _names(document, is_required=True)


def suggested(document: Document) -> list[str]:
    """Names that are offered for files of this kind; nothing is missing without them."""
    return _names(document, is_required=False) if _is_open(document) else []


def _names(document: Document, *, is_required: bool) -> list[str]:
    project = document.project
    rows = RequiredPaper.objects.filter(
        Q(company=None) | Q(company__in=(project.developer_id, project.property_company_id)),
        kind=document.kind,
        is_active=True,
        is_required=is_required,
    )
    return list(dict.fromkeys(rows.values_list("name", flat=True)))


def _is_open(document: Document) -> bool:
    return document.state in (*EDITABLE, DocumentState.CIRCULATING)


def missing(document: Document) -> list[str]:
    """Names of required papers that no attachment is marked as."""
    wanted = required(document)
    if not wanted:
        return []
    present = set(document.attachments.exclude(paper="").values_list("paper", flat=True))
    return [name for name in wanted if name not in present]


def checklist(document: Document, files: Iterable[Attachment]) -> list[Paper]:
    """Required papers beside the files that a person sees. None after the decision: what is required today was not then."""
    if not _is_open(document):
        return []
    present = {file.paper for file in files}
    return [Paper(name, name in present) for name in required(document)]


def missing_sentences(document: Document) -> list[str]:
    """A sentence per missing paper, for the submission."""
    return [
        _("缺少必备资料「%(name)s」，请上传附件并注明资料名称。") % {"name": of_guide(name)}
        for name in missing(document)
    ]
