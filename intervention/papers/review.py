"""入伙后服务方案及收费标准审查: the property company's plan and fees, marketing's opinion, customer service's review (D8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.vocabulary import Kind
from intervention.papers.forms import REVIEW
from intervention.papers.kind import PaperKind
from intervention.papers.sheets import review_sheet
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Document
    from documents.sheets import Sheet


class ReviewKind(PaperKind):
    """入伙后服务方案及收费标准审查."""

    kind = Kind.SERVICE_PLAN_REVIEW
    paper = REVIEW
    submitters = (Post.PROPERTY_PROJECT_MANAGER,)
    audience = (
        Post.PROPERTY_CLERK,
        Post.PROPERTY_LEADER,
        Post.PROPERTY_GM,
        Post.MARKETING_HANDLER,
        Post.MARKETING_HEAD,
        Post.SERVICE_HANDLER,
        Post.SERVICE_HEAD,
        Post.DEPARTMENT_HEAD,
        Post.GENERAL_MANAGER,
    )
    icon = "checklist"
    loads = ("plan_review", "fee_lines")

    def work_begins_on(self, document: Document) -> date | None:
        """The day from which the fees are charged (D12)."""
        return document.plan_review.valid_from

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return review_sheet(REVIEW, content, document)

    def in_the_way(self, document: Document) -> Iterable[str]:
        first: dict[tuple[str, str], int] = {}
        for line in document.fee_lines.all():
            place = (line.subject.casefold(), line.unit)
            if line.subject and place in first:
                yield (
                    _("第 %(n)d 行与第 %(first)d 行是同一对象「%(subject)s」和计费单位，请合并为一行。")
                    % {"n": line.position, "first": first[place], "subject": line.subject}
                )
            first.setdefault(place, line.position)
