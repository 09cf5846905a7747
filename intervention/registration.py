"""What this app tells the engine: its kind, its guards, its check and the words of its notices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import guards, kinds, sealed, verifying, wording
from documents.guide import of_guide
from documents.kinds import FormKind, Hint, Related
from documents.models import Document
from documents.revisions import rows_of
from documents.states import DocumentState
from documents.vocabulary import Kind, Result, Side
from intervention import comparing, log, phasing, records
from intervention.assessing import kind as assessments
from intervention.assessing.telling import NOTICES as ASSESSMENT_NOTICES
from intervention.assessing.telling import SUBJECTS as ASSESSMENT_SUBJECTS
from intervention.daily.registration import register_daily
from intervention.drafting import CLERKS, SURVEY_FILER, filers
from intervention.guards import GUARDS
from intervention.models import FoundPromise, PhaseResult, PlanEvent, PlanPhase, RecordEvent
from intervention.papers import registration as papers
from intervention.permissions import who
from intervention.planning_work.registration import register_planning_work
from intervention.report_files import replaced
from intervention.sheets import entry_content, result_sheet
from intervention.site.registered import register_site
from intervention.states import PhaseState
from intervention.verifying import RESULT_LOADS, photo_differences, plan_differences, result_differences, result_place
from intervention.versions import changes_since
from intervention.vocabulary import Anchor
from intervention.wording import LABELS, NOTICES, SUBJECTS, TITLES
from organization import clock
from organization import wording as organization_wording
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Act
    from documents.sheets import Sheet
    from organization.models import Person


class PhaseResultKind(FormKind):
    """阶段成果: a result of a phase with its required contents and its files (guide 2; D8)."""

    kind = Kind.PHASE_RESULT
    submitters = (*CLERKS, SURVEY_FILER)
    audience = (
        Post.PROPERTY_LEADER,
        Post.PROPERTY_GM,
        Post.MARKETING_HANDLER,
        Post.MARKETING_HEAD,
        Post.SERVICE_HANDLER,
        Post.SERVICE_HEAD,
        Post.DEPARTMENT_HEAD,
        Post.GENERAL_MANAGER,
    )
    icon = "file-certificate"
    loads = RESULT_LOADS

    def copies(self, document: Document) -> tuple[str, ...]:
        # It goes to the city company: copy to 营销客服部 (D11).
        return (Post.DEPARTMENT_HEAD,) if document.result == Result.POSITIONING_SURVEY else ()

    def content(self, document: Document) -> dict[str, Any]:
        result = document.phase_result
        return {
            "head": {
                "version": result.version,
                "predecessor": result.predecessor.number if result.predecessor else None,
                "note": result.note,
            },
            "lines": [entry_content(entry) for entry in rows_of(document, "result_entries")],
        }

    def sheet(self, content: dict[str, Any], document: Document) -> Sheet:
        return result_sheet(content, document)

    def replaced_files(self, document: Document, names: Iterable[str]) -> frozenset[str]:
        return replaced(names, document.result or "")

    def material(self, content: dict[str, Any]) -> Any:
        """Contents and files; a reworded version note lets the signatures stand."""
        return {"lines": content["lines"], "files": content["attachments"]}

    def locks(self, document: Document, verb: str) -> None:
        log.lock(PhaseResult.objects.values_list("item__phase__plan", flat=True).get(document=document))

    def blockers(self, document: Document, verb: str, actor: Person) -> list[str]:
        if verb != "submit":
            return []
        item = document.phase_result.item
        phase = PlanPhase.objects.get(pk=item.phase_id)
        sentences = [
            _("缺少「%(title)s」：请填写要点或所在页码。") % {"title": of_guide(entry.title)}
            for entry in document.result_entries.all()
            if not entry.text and not entry.page
        ]
        if not document.attachments.exists():
            sentences.append(_("请至少上传一个成果文件后再提交。"))
        if phase.state == PhaseState.PLANNED:
            sentences.append(
                _("「%(phase)s」尚未启动，请先由营销客服部启动阶段。") % {"phase": phase.get_phase_display()}
            )
        if phase.state == PhaseState.CLOSED and item.holds:
            sentences.append(
                _("「%(phase)s」已关闭，请先由营销客服部重新打开阶段。") % {"phase": phase.get_phase_display()}
            )
        return [*sentences, *self._place(document, actor)]

    def _place(self, document: Document, actor: Person) -> list[str]:
        """Another version on its way, or a filer of the survey who files something else."""
        result = document.phase_result
        other = (
            PhaseResult.objects.filter(item=result.item_id, live=True, version__gte=result.version)
            .exclude(document=document)
            .select_related("document")
            .first()
        )
        sentences = []
        if other is not None:
            sentences.append(
                _("%(result)s第 %(n)d 版已提交：%(number)s，请在原单上处理。")
                % {"result": document.get_result_display(), "n": other.version, "number": other.document.number}
            )
        if not who(actor, document.project).posts & set(filers(document.result or "")):
            sentences.append(_("%(result)s由物业公司提交。") % {"result": document.get_result_display()})
        return sentences

    def effects(self, document: Document, verb: str, actor: Person, act: Act | None = None) -> None:
        if verb == "discard":
            return
        if verb in ("submit", "reject", "void"):
            PhaseResult.objects.filter(document=document).update(live=verb == "submit")
        if verb != "sign":
            phase = phasing.phase_behind_lock(document.phase_result.item.phase_id)
            phasing.settle(phase, actor)

    def hints(self, document: Document, person: Person) -> list[Hint]:
        if document.state == DocumentState.APPROVED:
            return []
        entries = list(document.result_entries.all())
        told = sum(bool(entry.text or entry.page) for entry in entries)
        counts = {"n": told, "all": len(entries)}
        hints = [Hint("ok" if told == len(entries) else "warn", _("必备内容已填 %(n)d / %(all)d 项") % counts)]
        due_on = document.phase_result.item.due_on
        filed_on = (
            timezone.localtime(document.first_submitted_at).date() if document.first_submitted_at else clock.today()
        )
        if due_on and due_on < filed_on:
            hints.append(Hint("warn", _("计划日期 %(date)s，已逾期") % {"date": due_on.isoformat()}))
        return hints

    def panel(self, document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
        return "intervention/_version.html", changes_since(document, person)

    def related(self, document: Document) -> list[Related]:
        before = document.phase_result.predecessor
        after = [row.document for row in document.next_versions.select_related("document").order_by("pk")]
        found = [Related(_("上一版"), before)] if before else []
        return [*found, *(Related(_("下一版"), other) for other in after)]

    def differences(self, document: Document) -> Iterable[str]:
        return result_differences(document)

    def place(self, document: Document, path: tuple[str, ...]) -> str:
        return result_place(document, path)

    def new_url(self) -> str:
        return reverse("intervention:new_result")

    def edit_url(self, document: Document) -> str:
        return reverse("intervention:edit_result", args=[document.name])


def register_all() -> None:
    """Called once from ``ready()``."""
    register_site()
    kinds.register(PhaseResultKind())
    assessments.register()
    verifying.add(plan_differences)
    verifying.add(lambda: comparing.differences(records.models() | {FoundPromise.journal_name(): FoundPromise}))
    sealed.add("plan_log", PlanEvent)
    sealed.add("journal", RecordEvent)
    verifying.add(photo_differences)
    wording.add_notices(NOTICES, SUBJECTS)
    wording.add_notices(ASSESSMENT_NOTICES, ASSESSMENT_SUBJECTS)
    organization_wording.TITLES.update(TITLES)
    organization_wording.LABELS.update(LABELS)
    organization_wording.CHOICES.update({"result": Result, "anchor": Anchor, "side": Side})
    guards.add(GUARDS)
    papers.register()
    register_daily()
    register_planning_work()
