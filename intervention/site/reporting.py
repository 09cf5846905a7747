"""Reports produced from findings and put into the draft of the phase's result, as PDF and workbook (guide 3.1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
from documents.runs import Progress, silent
from documents.states import EDITABLE
from documents.vocabulary import Result
from intervention.drafting import filing, may_file, open_result, save_result, takes_results, version_before
from intervention.models import Finding, Visit
from intervention.plates import first, more, plate_of
from intervention.report_files import name_of
from intervention.site import sheets
from intervention.site.queries import REPORTS
from intervention.site.states import FindingState, KeptState
from intervention.site.vocabulary import Area
from organization import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from documents.rendering.paper import Plate
    from intervention.models import Plan, PlanItem
    from organization.models import Person

# A PDF of so many lines takes about half a minute; a longer report is a workbook alone.
MOST_ON_PAPER = 2_000
# Six fit on a page: the rest is seen beside the findings themselves.
MOST_PICTURES = 300
# Each report of a place and day has a number of its own.
LETTERS = {Result.UNIT_QUALITY_REPORT: "U", Result.COMMON_AREA_PATROL_REPORT: "P", Result.DEFECT_LIST: "D"}
# What a report wrote begins with its day, and is written anew by the next one; what a person wrote stays.
OURS = re.compile(r"\w\w \d{4}-\d\d-\d\d，")


@dataclass(frozen=True, slots=True)
class Produced:
    """The draft that a report was put into, and whether a PDF is among its files."""

    document: Document
    on_paper: bool


def require(actor: Person, item: PlanItem) -> None:
    """Whether a report can be made now, without reading what it tells. Raises Denied, Invalid, Blocked."""
    if item.result not in REPORTS:
        raise Invalid(_("此项成果不由现场问题生成。"))
    plan = item.phase.plan
    if not may_file(actor, plan.project, item.result):
        raise Denied(filing(item))
    if not takes_results(item):
        told = {"phase": item.phase.get_phase_display(), "state": item.phase.get_state_display(), "place": plan}
        raise Blocked(
            _("「%(place)s」的%(phase)s阶段%(state)s，不能生成此报告；请先由营销客服部启动或重新打开该阶段。") % told
        )
    if draft_of(actor, item) is None:
        version_before(item)
    findings, visits = _findings(plan, item.result).count(), _visits(plan).count()
    if not findings and not (visits and item.result == Result.COMMON_AREA_PATROL_REPORT):
        raise Blocked(_("「%(place)s」还没有可写入此报告的现场问题，请先登记巡查和问题。") % {"place": plan})
    if findings + visits > pdf.MAX_ROWS:
        raise Blocked(
            _("问题和巡查共 %(n)d 条，超过一份报告的 %(max)d 条，请按分期编制计划后分别生成。")
            % {"n": findings + visits, "max": pdf.MAX_ROWS}
        )


def produce(*, actor: Person, item: PlanItem, progress: Progress = silent) -> Produced:
    """Make the report of a result from its place's findings, and put both files into the newest draft of that result that this
    person may write in, or into a new one.

    Files are made before anything is locked; it takes seconds, with many photographs more: the worker does it, never a
    request. Effects: those of opening, attaching and saving. Raises Denied, Invalid, Blocked.
    """
    require(actor, item)
    plan = item.phase.plan
    findings, visits = findings_of(plan, item.result), list(_visits(plan))
    progress("paper", 0, 1)
    with translation.override("zh-hans"):
        paper = _paper(actor, plan, item.result, findings, visits)
        said = sheets.contents(item.result, findings, visits, clock.today())
    files = {"xlsx": xlsx.workbook_bytes([(paper.title.strip("《》")[:20], paper)])}
    if len(paper.sheet.rows) <= MOST_ON_PAPER:
        files["pdf"] = pdf.render(paper)
    # Whoever has been overtaken meanwhile must not put anything anywhere.
    progress("paper", 1, 1)
    return Produced(_put(actor=actor, item=item, stem=f"{paper.title.strip('《》')}-{plan.code}", files=files, said=said),
                    "pdf" in files)  # fmt: skip


@verb
def _put(*, actor: Person, item: PlanItem, stem: str, files: dict[str, bytes], said: dict[str, str]) -> Document:
    document = draft_of(actor, item) or open_result(actor=actor, item=item)
    made = timezone.localtime(clock.now())
    for ending, data in files.items():
        for old in document.attachments.filter(name__startswith=f"{stem}-", name__endswith=f".{ending}"):
            _take_out(document, actor, old.pk)
        upload = SimpleUploadedFile(name_of(stem, made, ending), data)
        circulation.attach(document_id=document.pk, actor=actor, upload=upload)
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
    """The findings that a report tells of, in its order, with their photographs."""
    rows = list(
        _findings(plan, result)
        .order_by("visit__day", "pk")
        .select_related("project")
        .prefetch_related("photos__uploaded_by")
    )
    if result != Result.COMMON_AREA_PATROL_REPORT:
        rows.sort(key=lambda row: (sheets.natural(row.building), sheets.natural(row.unit), row.pk))
    return rows


def _findings(plan: Plan, result: str) -> QuerySet[Finding]:
    """Those of the plan's place, without what was no fault of quality."""
    rows = Finding.objects.filter(project=plan.project_id).exclude(state=FindingState.DROPPED)
    if plan.instalment_id is not None:
        rows = rows.filter(instalment=plan.instalment_id)
    if result != Result.DEFECT_LIST:
        rows = rows.filter(area=Area.UNIT if result == Result.UNIT_QUALITY_REPORT else Area.PUBLIC)
    return rows


def _visits(plan: Plan) -> QuerySet[Visit]:
    rows = Visit.objects.filter(project=plan.project_id, state=KeptState.KEPT)
    if plan.instalment_id is not None:
        rows = rows.filter(instalment=plan.instalment_id)
    return rows.order_by("day", "pk")


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
        number=f"{plan.code}-{LETTERS[Result(result)]}-{today:%Y%m%d}",
        moment=clock.now(),
        attachments=None,
        note=_("说明：本表由系统按现场问题台账生成，附于阶段成果，签批记录以成果单据为准。")
        + more(plates(findings), MOST_PICTURES),
        plates=first(plates(findings), MOST_PICTURES),
    )


def plates(findings: Iterable[Finding]) -> Iterator[Plate]:
    """The photographs of a report, finding by finding."""
    for row in findings:
        for photo in row.photos.all():
            if photo.hidden_at is None:
                where = " ".join(filter(None, (row.building, row.floor, row.unit, row.part)))
                yield plate_of(photo, f"{row.number} {photo.shows}", where)
