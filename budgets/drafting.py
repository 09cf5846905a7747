"""Drafting work forms: by page, by copying last month, from a workbook. One way in for lines, however they come."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from budgets.columns import CheckedRow, check_row, is_blank_row
from budgets.heads import GROUPS, GUIDE_SUBJECTS, check_head, importable, read_head
from budgets.line_dates import without_dates
from budgets.line_forms import MAX_LINES
from budgets.models import SUBJECTS, Category, WorkForm, WorkLine, new_key
from budgets.stored_lines import checked_lines, says_the_same
from documents import drafting, kinds
from documents.models import Document
from documents.money import MAX_AMOUNT, figures
from documents.refusals import Invalid
from documents.states import DEAD
from documents.vocabulary import WORK_KINDS, Kind
from organization import clock
from organization.models import Department

if TYPE_CHECKING:
    from budgets.workbooks.reading import ParsedForm
    from organization.models import Instalment, Person, Project

MONTHS_BACK, MONTHS_AHEAD = 120, 60


@dataclass(frozen=True, slots=True)
class LineFault:
    """A faulty cell of the grid: line index from 0, column key, sentence."""

    index: int
    key: str
    message: str


class LinesRefused(Invalid):
    """Faulty lines; ``faults`` places each sentence beside its cell."""

    def __init__(self, faults: Sequence[LineFault]) -> None:
        super().__init__(*(_("第 %(n)d 行：%(message)s") % {"n": f.index + 1, "message": f.message} for f in faults))
        self.faults = faults


def title_of(kind: str, month: date) -> str:
    """A form's title as clerks write it: 2026年12月物业采购申请表. Stored, so always Chinese, whoever drafts."""
    with translation.override("zh-hans"):
        return _("%(year)d年%(month)02d月%(form)s") % {
            "year": month.year,
            "month": month.month,
            "form": Kind(kind).label,
        }


def open_work_form(
    *,
    kind: str,
    actor: Person,
    instalment: Instalment,
    month: date,
    rows: Sequence[CheckedRow] = (),
    head: Mapping[str, Any] | None = None,
    source: tuple[str, bytes] | None = None,
    copied_from: Document | None = None,
) -> Document:
    """Make a draft of a work form for an instalment and month, with checked lines if there are any.

    ``head`` are head fields as typed or imported, ``source`` name and bytes of the workbook that all of it came from.
    Raises Denied or Invalid.
    """
    if kind not in WORK_KINDS:
        raise Invalid(_("没有这种工作表单。"))
    _check_total(rows)
    _check_month(month)
    values = read_head(kind, head or {})
    department = department_of(instalment.project, kind, values.get("department_name", ""))
    require_subject(instalment.project, values.get("subject", ""))

    def fill(document: Document) -> None:
        document.grouping = grouping_of(values)
        WorkForm.objects.create(
            document=document,
            **values,
            source_name=source[0][:200] if source else "",
            source_sha256=hashlib.sha256(source[1]).hexdigest() if source else "",
            copied_from=copied_from,
        )
        WorkLine.objects.bulk_create(line_from(document, n, new_key(), row) for n, row in enumerate(rows, start=1))

    return drafting.open_draft(
        kind=kind,
        actor=actor,
        project=instalment.project,
        instalment=instalment,
        period=month.replace(day=1),
        title=title_of(kind, month),
        department=department,
        fill=fill,
    )


def _check_month(month: date) -> None:
    """A plan is for a month near enough to be one; a slip of the year takes no number."""
    away = (month.year - clock.today().year) * 12 + month.month - clock.today().month
    if not -MONTHS_BACK <= away <= MONTHS_AHEAD:
        raise Invalid(
            _("月份 %(month)s 不在可填报范围内：最早 %(back)d 个月前，最晚 %(ahead)d 个月后。")
            % {"month": month.strftime("%Y-%m"), "back": MONTHS_BACK, "ahead": MONTHS_AHEAD}
        )


def grouping_of(values: Mapping[str, Any]) -> str:
    """What makes forms belong together beside kind, project and department: subject and supplier (guide 5)."""
    return "|".join(str(values.get(key) or "") for key in ("subject", "supplier"))[:200].strip("|")


def departments_for(project: Project) -> list[str]:
    """Names that may stand as 需求部门: the developer's departments, and the two groups of the leading one."""
    return [*Department.objects.filter(company=project.developer_id).values_list("name", flat=True), *GROUPS]


def department_of(project: Project, kind: str, name: str) -> Department | None:
    """The department that a form is held for. Sundries of the sales office are always 营销客服部's (3.2.3 计划外 C).

    Raises Invalid for a name that is no department of the developer.
    """
    departments = Department.objects.filter(company=project.developer_id)
    if kind == Kind.SALES_OFFICE_SUNDRIES or name in GROUPS:
        return departments.filter(is_lead=True).first()
    if not name:
        return None
    department = departments.filter(name=name).first()
    if department is None:
        raise Invalid(
            _("需求部门“%(name)s”不在「%(company)s」的部门清单中，请选择：%(choices)s。")
            % {"name": name, "company": project.developer.name, "choices": "、".join(departments_for(project))}
        )
    return department


def subjects_for(project: Project) -> tuple[str, ...]:
    """The 费用科目 that forms of a project may name: the property company's own list, else the guide's."""
    return categories_of(project, SUBJECTS) or GUIDE_SUBJECTS


def require_subject(project: Project, name: str) -> None:
    """Raises Invalid for a 费用科目 that is not in the list; commission and sums of forms that belong together hang on it."""
    if name and name not in (choices := subjects_for(project)):
        raise Invalid(
            _("费用科目“%(name)s”不在「%(company)s」的科目清单中，请选择：%(choices)s。")
            % {"name": name, "company": project.property_company.name, "choices": "、".join(choices)}
        )


def read_work_form(*, kind: str, actor: Person, instalment: Instalment, month: date, data: bytes) -> ParsedForm:
    """A clerk's workbook as the form that it would become; nothing is stored. Raises ``WorkbookRefused`` or Denied."""
    # Asked before the file is opened: a file costs time, and who may not file it learns nothing from it.
    drafting.require_may_draft(actor, kind, instalment.project)
    from budgets.workbooks.reading import read_form

    return read_form(
        data,
        kind,
        expected_project=(instalment.project.code, instalment.project.name),
        expected_instalment=(instalment.code, instalment.name),
        expected_month=month,
        categories=categories_of(instalment.project, kind),
        head_faults=partial(_head_faults, instalment.project, kind),
    )


def import_work_form(
    *, kind: str, actor: Person, instalment: Instalment, month: date, data: bytes, name: str
) -> tuple[Document, list[str]]:
    """A clerk's workbook becomes a draft, or nothing is stored: raises ``WorkbookRefused`` with every fault by row.

    Answers the draft and the warnings; the same file a second time is a warning, never a refusal.
    """
    parsed = read_work_form(kind=kind, actor=actor, instalment=instalment, month=month, data=data)
    warnings = [*parsed.warnings, *_seen_before(data, instalment)]
    document = open_work_form(
        kind=kind,
        actor=actor,
        instalment=instalment,
        month=month,
        rows=parsed.rows,
        head=importable(kind, parsed.head),
        source=(name, data),
    )
    return document, warnings


def _head_faults(project: Project, kind: str, facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the draft would refuse of a workbook's head: (key of the head field, sentence)."""
    values, faults = check_head(kind, importable(kind, facts))
    checks = {
        "department_name": partial(department_of, project, kind),
        "subject": partial(require_subject, project),
    }
    for key, check in checks.items():
        try:
            check(values.get(key, ""))
        except Invalid as refusal:
            faults += [(key, sentence) for sentence in refusal.sentences]
    return faults


def categories_of(project: Project, kind: str) -> tuple[str, ...] | None:
    """The property company's own categories of a kind; None where the guide's hold."""
    rows = Category.objects.filter(company=project.property_company_id, kind=kind, is_active=True)
    return tuple(rows.values_list("name", flat=True)) or None


def _seen_before(data: bytes, instalment: Instalment) -> list[str]:
    digest = hashlib.sha256(data).hexdigest()
    earlier = (
        WorkForm.objects.filter(source_sha256=digest, document__project=instalment.project_id)
        .exclude(document__state__in=DEAD)
        .select_related("document")
        .first()
    )
    if earlier is None:
        return []
    return [_("同一个文件已导入过：%(name)s，请确认不是重复填报。") % {"name": earlier.document.name}]


def copy_last_month(*, kind: str, actor: Person, instalment: Instalment, month: date) -> Document:
    """A draft with the lines of the newest form of this kind and instalment before the month, their dates left open."""
    source = (
        Document.objects.visible_to(actor)
        .filter(kind=kind, instalment=instalment, period__lt=month, first_submitted_at__isnull=False)
        .exclude(state__in=DEAD)
        .order_by("-period", "-pk")
        .first()
    )
    if source is None:
        raise Invalid(
            _("「%(instalment)s」此前没有提交过%(kind)s，无从复制；请直接填写或导入 Excel。")
            % {"instalment": instalment, "kind": Kind(kind).label}
        )
    # What stays behind is told by ``copying.left_out_of_copy``.
    rows = [without_dates(kind, row) for _line, row in checked_lines(source) if isinstance(row, CheckedRow)]
    return open_work_form(kind=kind, actor=actor, instalment=instalment, month=month, rows=rows, copied_from=source)


def save_lines(
    *,
    document: Document,
    actor: Person,
    draft_version: int | None,
    rows: Sequence[Mapping[str, Any]],
    head: Mapping[str, Any] | None = None,
) -> Document:
    """Write the whole line table of a draft and its head fields: rows are cells as typed, each with the ``id`` it had.

    Blank rows are left out. Lines of shared staff stay as they are, named or not: they change on the page of their split.
    Raises ``LinesRefused`` with every fault, Conflict when someone else saved meanwhile.
    """
    checked = check_rows(document.kind, rows, categories_of(document.project, document.kind))
    _check_total([row for _id, row in checked])
    values = read_head(document.kind, head or {})
    department = department_of(document.project, document.kind, values.get("department_name", ""))
    if values.get("subject", "") != document.work_form.subject:
        require_subject(document.project, values.get("subject", ""))

    def change(locked: Document) -> None:
        present = {line.key: line for line in locked.work_lines.filter(split=None)}
        before = {line.pk: (_cells(line), line.position) for line in present.values()}
        shared = list(locked.work_lines.exclude(split=None).order_by("position"))
        kept: list[WorkLine] = []
        for position, (line_id, row) in enumerate(_whole(rows, checked, shared), start=1):
            old = present.pop(line_id, None)
            kept.append(line_from(locked, position, old.key if old else new_key(), row, old))
        WorkLine.objects.filter(pk__in=[line.pk for line in present.values()]).delete()
        WorkLine.objects.bulk_create([line for line in kept if line.pk is None])
        _update([line for line in kept if line.pk in before], before)
        for position, line in enumerate(shared, start=len(kept) + 1):
            if line.position != position:
                WorkLine.objects.filter(pk=line.pk).update(position=position)
        if "department_name" in values:
            locked.department = department
        if values:
            WorkForm.objects.filter(document=locked).update(**values)
            locked.work_form.refresh_from_db()
            locked.grouping = kinds.get(locked.kind).grouping(locked)

    return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)


def _cells(line: WorkLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in (*_WRITTEN, "cut_to"))


def _update(lines: Sequence[WorkLine], before: Mapping[int, tuple[tuple[Any, ...], int]]) -> None:
    """Write the lines that are not what they were: a page of many lines saves itself after each cell."""
    changed = [line for line in lines if _cells(line) != before[line.pk][0]]
    written = {line.pk for line in changed}
    moved = [line for line in lines if line.pk not in written and line.position != before[line.pk][1]]
    WorkLine.objects.bulk_update(changed, [*_WRITTEN, "cut_to", "position"])
    WorkLine.objects.bulk_update(moved, ["position"])


def _whole(
    rows: Sequence[Mapping[str, Any]], checked: Sequence[tuple[str, CheckedRow]], shared: Sequence[WorkLine]
) -> list[tuple[str, CheckedRow]]:
    """The rows that are no shared lines; a shared one that was typed otherwise than it stands is refused."""
    standing = {line.key: line for line in shared}
    faults = []
    for index, raw in enumerate(rows):
        line = standing.get(str(raw.get("id") or ""))
        if line is not None and not says_the_same(raw, line):
            message = _("「%(subject)s」是共用人员分摊行，请在「共用人员分摊」页修改。") % {"subject": line.subject}
            faults.append(LineFault(index, "subject", message))
    if faults:
        raise LinesRefused(faults)
    return [(line_id, row) for line_id, row in checked if line_id not in standing]


def check_rows(
    kind: str, rows: Sequence[Mapping[str, Any]], categories: tuple[str, ...] | None = None
) -> list[tuple[str, CheckedRow]]:
    """Check typed rows; every fault of every row is told at once."""
    checked: list[tuple[str, CheckedRow]] = []
    faults: list[LineFault] = []
    if len(rows) > MAX_LINES:
        raise Invalid(_("一份单据最多 %(n)d 行，请分开填报。") % {"n": MAX_LINES})
    for index, raw in enumerate(rows):
        # The page shows the computed amount; what it says there is never believed.
        cells = {key: value for key, value in raw.items() if key not in ("id", "amount")}
        if is_blank_row(kind, cells):
            continue
        answer = check_row(kind, cells, categories=categories)
        if isinstance(answer, CheckedRow):
            checked.append((str(raw.get("id") or ""), answer))
        else:
            faults += [LineFault(index, error.key, error.message) for error in answer]
    if faults:
        raise LinesRefused(faults)
    return checked


def _check_total(rows: Sequence[CheckedRow]) -> None:
    total = sum((row.amount for row in rows), Decimal(0))
    if total > MAX_AMOUNT:
        raise Invalid(_("合计 %(total)s 超过单据上限 99,999,999,999.99 元，请核对。") % {"total": figures(total)})


_WRITTEN = (
    "category",
    "department_name",
    "subject",
    "specification",
    "description",
    "unit",
    "quantity",
    "price",
    "amount",
    "remark",
    "wage",
    "social_insurance",
    "benefits",
    "other_cost",
    "starts_on",
    "ends_on",
    "people",
    "days",
)


def line_from(document: Document, position: int, key: str, row: CheckedRow, old: WorkLine | None = None) -> WorkLine:
    """A checked row as a line, a new one or the one that it was; a cut stands while quantity and price do."""
    line = old or WorkLine(document=document, key=key)
    before = (line.quantity, line.price) if old else None
    line.position = position
    for name in _WRITTEN:
        if name in row.cells:
            value = row.cells[name]
            setattr(line, name, "" if value is None and name in _TEXTS else value)
    if before == (line.quantity, line.price) and line.cut_to is not None:
        line.amount = line.cut_to
    else:
        line.cut_to = None
    return line


_TEXTS = frozenset({"category", "department_name", "subject", "specification", "description", "unit", "remark"})
