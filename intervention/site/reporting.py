"""Reports produced from findings and put into the draft of the phase's result, as PDF and workbook (guide 3.1.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents import circulation
from documents.circulation.transactions import verb
from documents.models import Document
from documents.refusals import Blocked, Denied, Invalid
from documents.rendering import pdf, xlsx
from documents.rendering.paper import Printout
from documents.states import EDITABLE
from documents.vocabulary import Result
from intervention.drafting import filing, may_file, open_result, save_result
from intervention.models import Finding, Visit
from intervention.site import sheets
from intervention.site.queries import REPORTS
from intervention.site.states import FindingState, KeptState
from intervention.site.vocabulary import Area
from organization import clock

if TYPE_CHECKING:
    from intervention.models import Plan, PlanItem
    from organization.models import Person

# A PDF of so many lines takes about half a minute; a longer report is a workbook alone.
MOST_ON_PAPER = 2_000
# What a report wrote begins with its day, and is written anew by the next one; what a person wrote stays.
OURS = re.compile(r"\w\w \d{4}-\d\d-\d\d，")


@dataclass(frozen=True, slots=True)
class Produced:
    """The draft that a report was put into, and whether a PDF is among its files."""

    document: Document
    on_paper: bool


def produce(*, actor: Person, item: PlanItem) -> Produced:
    """Make the report of a result from its place's findings, and put both files into the newest draft of that result that this
    person may write in, or into a new one.

    Files are made before anything is locked. Effects: those of opening, attaching and saving. Raises Denied, Invalid, Blocked.
    """
    if item.result not in REPORTS:
        raise Invalid(_("此项成果不由现场问题生成。"))
    plan = item.phase.plan
    if not may_file(actor, plan.project, item.result):
        raise Denied(filing(item))
    findings, visits = findings_of(plan, item.result), _visits(plan)
    if not findings and not (visits and item.result == Result.COMMON_AREA_PATROL_REPORT):
        raise Blocked(_("「%(place)s」还没有可写入此报告的现场问题，请先登记巡查和问题。") % {"place": plan})
    if len(findings) + len(visits) > pdf.MAX_ROWS:
        raise Blocked(
            _("问题和巡查共 %(n)d 条，超过一份报告的 %(max)d 条，请按分期编制计划后分别生成。")
            % {"n": len(findings) + len(visits), "max": pdf.MAX_ROWS}
        )
    with translation.override("zh-hans"):
        paper = _paper(actor, plan, item.result, findings, visits)
        said = sheets.contents(item.result, findings, visits, clock.today())
    files = {"xlsx": xlsx.workbook_bytes([(paper.title.strip("《》")[:20], paper)])}
    if len(paper.sheet.rows) <= MOST_ON_PAPER:
        files["pdf"] = pdf.render(paper)
    return Produced(_put(actor=actor, item=item, stem=f"{paper.title.strip('《》')}-{plan.code}", files=files, said=said),
                    "pdf" in files)  # fmt: skip


@verb
def _put(*, actor: Person, item: PlanItem, stem: str, files: dict[str, bytes], said: dict[str, str]) -> Document:
    document = draft_of(actor, item) or open_result(actor=actor, item=item)
    stamp = timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M%S")
    for ending, data in files.items():
        for old in document.attachments.filter(name__startswith=f"{stem}-", name__endswith=f".{ending}"):
            _take_out(document, actor, old.pk)
        circulation.attach(
            document_id=document.pk, actor=actor, upload=SimpleUploadedFile(f"{stem}-{stamp}.{ending}", data)
        )
    entries = {
        entry.key: {"text": said[entry.title], "page": entry.page or _("附件")}
        for entry in document.result_entries.all()
        if entry.title in said and (not entry.text or OURS.match(entry.text))
    }
    return save_result(document=document, actor=actor, draft_version=None, entries=entries)


def _take_out(document: Document, actor: Person, attachment: int) -> None:
    """The report of before goes, unless it has been submitted or is another company's: then it stays beside the new one."""
    try:
        circulation.detach(document_id=document.pk, actor=actor, attachment_id=attachment)
    except Invalid:
        return


def draft_of(actor: Person, item: PlanItem) -> Document | None:
    """The newest document of a result that is being written and that this person sees; who sees a draft may write in it."""
    drafts = Document.objects.visible_to(actor).filter(phase_result__item=item, state__in=EDITABLE)
    return drafts.filter(creator__company=actor.company_id).order_by("-pk").first()


def findings_of(plan: Plan, result: str) -> list[Finding]:
    """The findings that a report tells of, in its order: those of the plan's place, without what was no fault of quality."""
    rows = Finding.objects.filter(project=plan.project_id).exclude(state=FindingState.DROPPED)
    if plan.instalment_id is not None:
        rows = rows.filter(instalment=plan.instalment_id)
    if result != Result.DEFECT_LIST:
        rows = rows.filter(area=Area.UNIT if result == Result.UNIT_QUALITY_REPORT else Area.PUBLIC)
    order = ("visit__day", "pk") if result == Result.COMMON_AREA_PATROL_REPORT else ("building", "unit", "pk")
    return list(rows.order_by(*order).prefetch_related("photos"))


def _visits(plan: Plan) -> list[Visit]:
    rows = Visit.objects.filter(project=plan.project_id, state=KeptState.KEPT)
    if plan.instalment_id is not None:
        rows = rows.filter(instalment=plan.instalment_id)
    return list(rows.order_by("day", "pk"))


def _paper(actor: Person, plan: Plan, result: str, findings: list[Finding], visits: list[Visit]) -> Printout:
    today = clock.today()
    if result == Result.UNIT_QUALITY_REPORT:
        sheet = sheets.unit_sheet(plan, findings, today)
    elif result == Result.COMMON_AREA_PATROL_REPORT:
        sheet = sheets.patrol_sheet(plan, findings, today, visits)
    else:
        sheet = sheets.defect_sheet(plan, findings, today)
    return Printout(
        company=str(actor.company or ""),
        sheet=sheet,
        number=f"{plan.code} {today:%Y%m%d}",
        moment=clock.now(),
        note=_("说明：本表由系统按现场问题台账生成，附于阶段成果，签批记录以成果单据为准。"),
    )
