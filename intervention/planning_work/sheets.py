"""Registers and plans on paper: pure data over loaded rows, always in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents.money import figures
from documents.rendering.paper import Printout
from documents.sheets import CellKind, Column, Fact, Row, Sheet, Total
from intervention.planning_work.states import TAKEN, AdviceState, ComparableState

if TYPE_CHECKING:
    from intervention.models import Advice
    from intervention.planning_work.figures import Survey
    from organization.models import Project


def printed(project: Project, sheet: Sheet, number: str, moment: datetime, note: str) -> Printout:
    """A register on paper under the property company's name; nothing in it is signed."""
    return Printout(company=str(project.property_company), sheet=sheet, number=number, moment=moment, note=note)


def advice_printout(project: Project, rows: Sequence[Advice]) -> Printout:
    """The register of design advice, in the order of its numbers."""
    with translation.override("zh-hans"):
        moment = max((_newest(row) for row in rows), default=project_moment())
        note = _("说明：本表由系统按建议登记生成，逐条答复和经过以系统记录为准。")
        return printed(project, _advice_sheet(project, rows), f"{project.code}-JY", moment, note)


def project_moment() -> datetime:
    """The moment of a file that tells of nothing yet: fixed, so that the same input gives the same bytes."""
    return timezone.make_aware(datetime(2020, 1, 1))


def _newest(row: Advice) -> datetime:
    return max(moment for moment in (row.created_at, row.answered_at, row.done_at) if moment)


def _advice_sheet(project: Project, rows: Sequence[Advice]) -> Sheet:
    saved = sum((row.saved for row in rows if row.saved is not None and row.state in TAKEN), Decimal(0))
    return Sheet(
        title=_("项目细节建议登记表"),
        facts=(
            Fact(_("项目"), project.name),
            Fact(_("建议条数"), len(rows), CellKind.INTEGER),
            Fact(_("已采纳"), sum(row.state in TAKEN for row in rows), CellKind.INTEGER),
            Fact(_("其中已落实"), sum(row.state == AdviceState.DONE for row in rows), CellKind.INTEGER),
        ),
        columns=(
            Column("number", _("编号"), width=44),
            Column("topic", _("类别"), width=20),
            Column("drawing", _("图纸编号 / 部位"), width=30),
            Column("suggestion", _("建议内容"), width=50),
            Column("reason", _("理由（使用与管理）"), width=44),
            Column("proposed", _("提出"), width=32),
            Column("state", _("状态"), width=16),
            Column("answer", _("答复"), width=36),
            Column("estimate", _("预计节省（元）"), CellKind.MONEY, 24),
            Column("saved", _("核定节省（元）"), CellKind.MONEY, 24),
            Column("risk", _("可避免的风险"), width=30),
        ),
        rows=tuple(Row(str(row.pk), n, _advice_cells(row)) for n, row in enumerate(rows, 1)),
        totals=(
            Total(
                "saved",
                _("核定节省合计（元）"),
                saved,
                CellKind.MONEY,
                "SUM({rows:saved})",
                column="saved",
                strong=True,
            ),
        ),
    )


def _advice_cells(row: Advice) -> dict[str, str | Decimal | None]:
    return {
        "number": row.number,
        "topic": str(row.get_topic_display()),
        "drawing": row.drawing,
        "suggestion": row.suggestion,
        "reason": row.reason,
        "proposed": f"{row.proposed_by} {row.proposed_on:%Y-%m-%d}",
        "state": str(row.get_state_display()),
        "answer": row.answer,
        "estimate": row.estimate,
        "saved": row.saved,
        "risk": row.risk,
    }


def survey_printout(project: Project, survey: Survey) -> Printout:
    """The survey of the surroundings: what counts, and the figures over it."""
    with translation.override("zh-hans"):
        rows = [bar.row for bar in survey.bars if bar.row.state == ComparableState.COUNTED]
        moment = max((row.created_at for row in rows), default=project_moment())
        note = _("说明：本表由系统按周边物业调研登记生成；已剔除的项目不在表中，原因见系统记录。")
        return printed(project, _survey_sheet(project, survey), f"{project.code}-DY", moment, note)


def _survey_sheet(project: Project, survey: Survey) -> Sheet:
    rows = [bar.row for bar in survey.bars if bar.row.state == ComparableState.COUNTED]
    return Sheet(
        title=_("周边物业管理调研表"),
        facts=tuple(_survey_facts(project, survey)),
        columns=(
            Column("estate", _("小区名称"), width=34),
            Column("company", _("物业公司"), width=36),
            Column("distance", _("距离（公里）"), CellKind.QUANTITY, 18),
            Column("house_type", _("物业类型"), width=22),
            Column("fee", _("物业费（元/m²·月）"), CellKind.MONEY, 24),
            Column("parking", _("车位服务费（元/个·月）"), CellKind.MONEY, 26),
            Column("level", _("服务等级"), width=20),
            Column("source", _("资料来源"), width=32),
            Column("surveyed_on", _("调研日期"), CellKind.DATE, 22),
            Column("note", _("备注"), width=30),
        ),
        rows=tuple(
            Row(
                str(row.pk),
                n,
                {
                    "estate": row.estate,
                    "company": row.company,
                    "distance": row.distance,
                    "house_type": row.house_type,
                    "fee": row.fee,
                    "parking": row.parking,
                    "level": row.level,
                    "source": row.source,
                    "surveyed_on": row.surveyed_on,
                    "note": row.note,
                },
            )
            for n, row in enumerate(rows, 1)
        ),
    )


def _survey_facts(project: Project, survey: Survey) -> Iterator[Fact]:
    yield Fact(_("项目"), project.name)
    yield Fact(_("计入项目数"), survey.counted, CellKind.INTEGER)
    yield from _fee_facts(
        (
            (_("平均物业费"), survey.average),
            (_("最低物业费"), survey.least),
            (_("最高物业费"), survey.most),
        )
    )


def _fee_facts(fees: Iterable[tuple[str, Decimal | None]]) -> Iterator[Fact]:
    for label, fee in fees:
        if fee is not None:
            yield Fact(label, _("%(fee)s 元/m²·月") % {"fee": figures(fee)})
