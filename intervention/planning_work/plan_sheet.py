"""A plan printed: 前期介入工作方案 of all phases, 营销配合工作方案 of marketing, a work plan of any other phase (guide 3.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from documents.rendering.paper import Printout
from documents.sheets import CellKind, Column, Fact, Row, Sheet
from documents.vocabulary import Phase
from intervention.boards import told
from intervention.planning_work.sheets import printed
from intervention.templatetags.phases import rule, told_text
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import Plan, PlanItem, PlanPhase


def plan_title(phase: str = "") -> str:
    """What the printed plan is called."""
    if phase == Phase.MARKETING:
        return _("营销配合工作方案")
    return _("%(phase)s工作方案") % {"phase": Phase(phase).label} if phase else _("前期介入工作方案")


def plan_printout(plan: Plan, phases: list[PlanPhase], today: date, moment: datetime, phase: str = "") -> Printout:
    """The rows of a plan as they stand on a day; ``phases`` carry their rows."""
    with translation.override("zh-hans"):
        sheet = _sheet(plan, phases, today, plan_title(phase))
        note = _("说明：本方案由系统按前期介入计划生成；日期按节点推算，人工调整的日期及原因以系统记录为准。")
        return printed(plan.project, sheet, f"{plan.code}-FA", moment, note)


def _sheet(plan: Plan, phases: list[PlanPhase], today: date, title: str) -> Sheet:
    rows = [(phase, row) for phase in phases for row in _rows(phase)]
    return Sheet(
        title=title,
        facts=(
            Fact(_("项目"), plan.project.name),
            Fact(_("分期"), f"{plan.instalment.name}（{plan.instalment.code}）" if plan.instalment else _("整个项目")),
            *(Fact(str(anchor.get_anchor_display()), anchor.day or _("未定")) for anchor in plan.anchors.all()),
            Fact(_("打印日期"), today, CellKind.DATE),
        ),
        columns=(
            Column("kind", _("类别"), width=16),
            Column("title", _("工作 / 成果"), width=100),
            Column("post", _("责任岗位"), width=28),
            Column("due_on", _("日期"), CellKind.DATE, 32),
            Column("rule", _("推算"), width=56),
            Column("clause", _("条款"), width=20),
            Column("state", _("进度"), width=22),
        ),
        rows=tuple(
            Row(str(row.pk), n, _cells(row, today), group=_group(phase)) for n, (phase, row) in enumerate(rows, 1)
        ),
    )


def _rows(phase: PlanPhase) -> list[PlanItem]:
    rows = list(phase.items.all())
    for row in rows:
        row.phase = phase
    return rows


def _group(phase: PlanPhase) -> str:
    return f"{phase.get_phase_display()}（{phase.get_state_display()}）"


def _cells(row: PlanItem, today: date) -> dict[str, str | date | None]:
    return {
        "kind": str(row.get_kind_display()),
        "title": f"{row.title}（{row.note}）" if row.note else row.title,
        "post": str(Post(row.post).label),
        "due_on": row.due_on,
        "rule": rule(row),
        "clause": row.clause,
        "state": told_text(told([row], today)[0]),
    }
