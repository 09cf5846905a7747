"""物业服务前期介入协议: one chain of versions per project, its validity, what the next version changes (guide 1, 4.3; D8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.kinds import Hint, Related
from documents.vocabulary import Kind
from intervention.models import ServiceAgreement
from intervention.papers.forms import AGREEMENT
from intervention.papers.kind import PaperKind
from intervention.papers.sheets import agreement_sheet
from intervention.papers.verifying import agreement_differences
from intervention.versions import compared
from organization.models import Project
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Act, Document
    from documents.sheets import Sheet
    from organization.models import Person

AGREEMENT_READERS = (
    Post.PROPERTY_CLERK,
    Post.PROPERTY_PROJECT_MANAGER,
    Post.PROPERTY_LEADER,
    Post.PROPERTY_FINANCE,
    Post.PROPERTY_FINANCE_HEAD,
    Post.PROPERTY_GM,
    Post.MARKETING_HEAD,
    Post.SERVICE_HANDLER,
    Post.SERVICE_HEAD,
    Post.DEPARTMENT_HEAD,
    Post.FINANCE,
    Post.FINANCE_LEADER,
    Post.GENERAL_MANAGER,
    Post.REGIONAL_VP,
)


class AgreementKind(PaperKind):
    """物业服务前期介入协议."""

    kind = Kind.SERVICE_AGREEMENT
    paper = AGREEMENT
    submitters = (Post.SERVICE_HANDLER,)
    audience = AGREEMENT_READERS
    icon = "file-certificate"
    loads = ("agreement__predecessor__agreement",)

    def work_begins_on(self, document: Document) -> date | None:
        """The day on which it takes effect (D12)."""
        return document.agreement.valid_from

    def head(self, row: Any) -> dict[str, Any]:
        before = row.predecessor.number if row.predecessor else None
        return {"version": row.version, "predecessor": before, **super().head(row)}

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return agreement_sheet(AGREEMENT, content, document)

    def material(self, content: dict[str, Any]) -> Any:
        """Terms and files; a reworded version note lets the signatures stand."""
        head = {name: value for name, value in content["head"].items() if name != "note"}
        return {"head": head, "files": content["attachments"]}

    def locks(self, document: Document, verb: str) -> None:
        # Versions of a project take turns.
        Project.objects.select_for_update(no_key=True).get(pk=document.project_id)

    def in_the_way(self, document: Document) -> Iterable[str]:
        row = document.agreement
        other = (
            ServiceAgreement.objects.filter(project=document.project_id, live=True, version__gte=row.version)
            .exclude(document=document)
            .select_related("document")
            .first()
        )
        if other is not None:
            yield (
                _("协议第 %(n)d 版已提交：%(number)s，请在原单上处理。")
                % {"n": other.version, "number": other.document.number}
            )
        if row.predecessor is not None and row.valid_from is not None:
            yield from _overlaps(row, row.predecessor.agreement)

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        if verb in ("submit", "reject", "void"):
            ServiceAgreement.objects.filter(document=document).update(live=verb == "submit")

    def hints(self, document: Document, person: Person) -> list[Hint]:
        row = document.agreement
        before = row.predecessor.agreement if row.predecessor else None
        if before is None or row.valid_from is None or row.supersedes:
            return []
        gap = (row.valid_from - before.valid_to).days - 1
        if gap > 0:
            return [Hint("warn", _("与上一版之间有 %(n)d 天没有生效的协议") % {"n": gap})]
        return [Hint("ok", _("与上一版首尾相接"))] if gap == 0 else []

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        row = document.agreement
        own = {_("版本"), _("上一版"), _("版本说明")}
        changes = compared(document, row.predecessor, person, own)
        before = row.predecessor if changes is not None else None
        return "intervention/papers/_agreement.html", {"agreement": row, "before": before, "changes": changes}

    def related(self, document: Document) -> list[Related]:
        before = document.agreement.predecessor
        after = [row.document for row in document.next_agreements.select_related("document").order_by("pk")]
        found = [Related(_("上一版"), before)] if before else []
        return [*found, *(Related(_("下一版"), other) for other in after)]

    def differences(self, document: Document) -> Iterable[str]:
        return agreement_differences(document)


def _overlaps(row: ServiceAgreement, before: ServiceAgreement) -> Iterable[str]:
    """Two versions never rule the same day: the next one begins after the end, or says that it supersedes."""
    days = {
        "n": before.version,
        "from": before.valid_from.isoformat() if before.valid_from else "",
        "to": before.valid_to.isoformat() if before.valid_to else "",
        "day": row.valid_from.isoformat() if row.valid_from else "",
    }
    assert row.valid_from
    assert before.valid_from
    assert before.valid_to
    if row.valid_from <= before.valid_from:
        yield _("生效日期 %(day)s 须晚于第 %(n)d 版的生效日期 %(from)s，请改正。") % days
    elif row.valid_from <= before.valid_to and not row.supersedes:
        yield (
            _("生效日期 %(day)s 与第 %(n)d 版的有效期（至 %(to)s）重叠：请改为次日起生效，或勾选「取代上一版」。")
            % days
        )
