"""Keeping the list of required papers: read for its page, and the verbs. Administrators only.

A paper that attachments are marked as is never renamed: it is deactivated, and the files keep what they were marked as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from documents import kinds
from documents.models import Attachment, RequiredPaper
from documents.refusals import Invalid
from documents.texts import clean_text
from organization import trail
from organization.starting import begin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Company, Person

NAME_LENGTH = 50


def listed() -> list[tuple[RequiredPaper, bool]]:
    """Every required paper with whether any attachment is marked as it. Two queries."""
    used = set(
        Attachment.objects.exclude(paper="")
        .values_list(
            "document__kind",
            "paper",
            "document__project__developer_id",
            "document__project__property_company_id",
        )
        .order_by()
        .distinct()
    )
    marked = {(kind, name, company) for kind, name, *both in used for company in (None, *both)}
    rows = RequiredPaper.objects.select_related("company").order_by("company__name", "kind", "pk")
    return [(row, (row.kind, row.name, row.company_id) in marked) for row in rows]


def active_count() -> int:
    """How many papers are asked for at present."""
    return RequiredPaper.objects.filter(is_active=True).count()


def is_used(paper: RequiredPaper) -> bool:
    """Whether any attachment is marked as this paper."""
    marked = Attachment.objects.filter(document__kind=paper.kind, paper=paper.name)
    if paper.company_id is not None:
        project = "document__project"
        marked = marked.filter(
            Q(**{f"{project}__developer": paper.company_id}) | Q(**{f"{project}__property_company": paper.company_id})
        )
    return marked.exists()


@transaction.atomic
def add_paper(
    *, actor: Person | None, company: Company | None, kind: str, name: str, is_required: bool = True
) -> RequiredPaper:
    """Ask for a paper with a kind, or suggest it as a name, for one company's projects or (None) for all.

    Effects: event ``paper_added``.
    """
    begin(actor)
    if not kinds.is_registered(kind):
        raise Invalid(_("没有这种单据。"))
    name = _checked(RequiredPaper.objects.filter(company=company, kind=kind), name)
    paper = RequiredPaper.objects.create(company=company, kind=kind, name=name, is_required=is_required)
    trail.record("paper_added", actor, company=paper.company_id, kind=str(kind), name=name, required=paper.is_required)
    return paper


@transaction.atomic
def rename_paper(*, actor: Person | None, paper: RequiredPaper, name: str) -> RequiredPaper:
    """Give a paper that no attachment is marked as another name. Effects: event ``paper_renamed``."""
    begin(actor)
    paper = RequiredPaper.objects.get(pk=paper.pk)
    if is_used(paper):
        raise Invalid(_("「%(name)s」已有附件使用，不能改名；请停用后新增一项。") % {"name": paper.name})
    before = paper.name
    others = RequiredPaper.objects.filter(company=paper.company_id, kind=paper.kind).exclude(pk=paper.pk)
    paper.name = _checked(others, name)
    paper.save(update_fields=["name"])
    trail.record(
        "paper_renamed", actor, company=paper.company_id, kind=paper.kind, before={"name": before}, name=paper.name
    )
    return paper


@transaction.atomic
def switch_paper(*, actor: Person | None, paper: RequiredPaper, active: bool) -> RequiredPaper:
    """Ask for a paper no longer, or again; forms in circulation are not touched. Effects: event, where it changes anything."""
    begin(actor)
    paper = RequiredPaper.objects.get(pk=paper.pk)
    if paper.is_active != active:
        paper.is_active = active
        paper.save(update_fields=["is_active"])
        code = "paper_activated" if active else "paper_deactivated"
        trail.record(code, actor, company=paper.company_id, kind=paper.kind, name=paper.name)
    return paper


def _checked(others: QuerySet[RequiredPaper], name: str) -> str:
    name = clean_text(name, max_length=NAME_LENGTH, label=_("资料名称"))
    if not name or "\n" in name:
        raise Invalid(_("请填写资料名称，一行以内。"))
    if others.filter(name=name).exists():
        raise Invalid(_("已有必备资料「%(name)s」，不能重复。") % {"name": name})
    return name
