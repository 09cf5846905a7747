"""宣传承诺确认单: the property company's written confirmation of what is to be published, before it is used (guide 3.1.2; D8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.kinds import Hint, LateWords
from documents.revisions import rows_of
from documents.states import DocumentState
from documents.vocabulary import Kind
from intervention.models import Promise
from intervention.models.publicity import PROMISE_READERS
from intervention.papers import finding
from intervention.papers.forms import PUBLICITY
from intervention.papers.kind import PaperKind
from intervention.papers.sheets import publicity_sheet
from intervention.papers.verifying import publicity_differences
from intervention.papers.vocabulary import Channel, FoundState
from organization import clock
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Act, Document
    from documents.sheets import Sheet
    from organization.models import Person


class PublicityKind(PaperKind):
    """宣传承诺确认单."""

    kind = Kind.PUBLICITY_CONFIRMATION
    paper = PUBLICITY
    submitters = (Post.MARKETING_HANDLER,)
    audience = PROMISE_READERS
    icon = "message"
    loads = ("publicity", "promise_lines", "covers__found", "promises")

    def work_begins_on(self, document: Document) -> date | None:
        """The first day of use; of what is in use already, the day since which it is (D12)."""
        days = [document.publicity.from_on, *(cover.found.since_on for cover in rows_of(document, "covers", "found"))]
        return min((day for day in days if day), default=None)

    def late_words(self, begins: date) -> LateWords:
        day = {"day": begins.isoformat()}
        return LateWords(
            _("使用自 %(day)s 开始，现行制度不接受事后补报。") % day,
            _("使用自 %(day)s 开始，此时提交属于事后补报，请填写补报原因。") % day,
            _("使用自 %(day)s 开始，现在提交属于事后补报：请说明原因，各签批环节都会看到。") % day,
        )

    def lines(self, document: Document) -> list[dict[str, Any]]:
        found = [cover.found for cover in rows_of(document, "covers", "found")]
        return [
            *super().lines(document),
            *({"id": f"found:{row.pk}", "subject": row.subject, "wording": row.wording} for row in found),
        ]

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return publicity_sheet(PUBLICITY, content, document)

    def locks(self, document: Document, verb: str) -> None:
        finding.lock_covered(document)

    def in_the_way(self, document: Document) -> Iterable[str]:
        head = document.publicity
        if head.channel == Channel.OTHER and not head.channel_note:
            yield _("发布渠道为「其他」，请在「渠道说明」写明是什么渠道。")
        if not head.text and not document.attachments.exists():
            yield _("请填写「拟发布内容」，或上传拟发布的图片、文件，至少一项。")
        for cover in document.covers.select_related("found"):
            if cover.found.state != FoundState.IN_USE:
                yield (
                    _("在用宣传「%(what)s」%(state)s，不需要再确认，请取消勾选。")
                    % {"what": cover.found.wording[:30], "state": cover.found.get_state_display()}
                )

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        if verb == "submit":
            _enter_register(document)
        if verb == "approved":
            finding.confirm_covered(document, actor)

    def hints(self, document: Document, person: Person) -> list[Hint]:
        head = document.publicity
        if document.state == DocumentState.APPROVED or head.from_on is None:
            return []
        days = {"day": head.from_on.isoformat()}
        if head.from_on <= clock.today():
            return [Hint("bad", _("开始使用日期 %(day)s 已到，尚未取得物业公司确认，不得使用") % days)]
        return [Hint("ok", _("开始使用日期 %(day)s，确认在使用之前") % days)]

    def differences(self, document: Document) -> Iterable[str]:
        return publicity_differences(document)


def _enter_register(document: Document) -> None:
    """The register says what the last submission says."""
    head = document.publicity
    Promise.objects.filter(document=document).delete()
    Promise.objects.bulk_create(
        Promise(
            document=document,
            key=line.key,
            position=line.position,
            subject=line.subject,
            wording=line.wording,
            channel=head.channel,
            channel_note=head.channel_note,
            from_on=head.from_on,
            until_on=head.until_on,
        )
        for line in document.promise_lines.all()
    )
