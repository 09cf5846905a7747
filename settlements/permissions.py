"""Who may take an approved application back: the predicate that page, API and verb ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents import drafting
from documents.models import Document
from documents.permissions import Denial
from documents.states import DocumentState
from documents.vocabulary import Kind
from settlements.models import Application, Nature

if TYPE_CHECKING:
    from organization.models import Person


def can_reverse(person: Person, document: Document) -> Denial | None:
    """File a reversing application: a submitter of the kind, for an approved one of which something is left."""
    if not drafting.may_draft(person, Kind.EXPENSE_APPLICATION, document.project):
        return Denial(_("冲销申请由物业财务经办、物业经办人或项目物业经理填报，您在本项目不担任该岗位。"), hide=True)
    if document.application.nature == Nature.REVERSAL:
        return Denial(_("冲销申请不能再被冲销；如需重新结算，请把明细列入新的申请。"), hide=True)
    if document.state != DocumentState.APPROVED:
        return Denial(_("只有已通过的费用申请可以冲销；未通过的请退回或作废。"), hide=True)
    running = Application.objects.filter(reverses=document, live=True, counted=False).first()
    if running is not None:
        seen = Document.objects.visible_to(person).filter(pk=running.document_id).first()
        if seen is None:
            return Denial(_("此申请正在冲销，办结后才能再次冲销。"))
        return Denial(_("此申请正在冲销（%(name)s），办结后才能再次冲销。") % {"name": seen.name})
    if not document.application_lines.filter(live=True).exists():
        return Denial(_("此申请的明细已全部冲销。"))
    return None
