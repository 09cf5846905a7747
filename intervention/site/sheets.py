"""Reports over findings as pure data: 分户工程质量现状, 公共部位巡查, 质量缺陷表 (guide 3.1.3). Paper is always Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.sheets import CellKind, Column, Fact, Row, Sheet
from documents.vocabulary import Result
from intervention.site.states import UNSETTLED, FindingState
from intervention.site.vocabulary import PhotoRole, Severity, Trade

if TYPE_CHECKING:
    from intervention.models import Finding, Plan, Visit


_RECHECK = "recheck"


def columns(result: str) -> tuple[Column, ...]:
    """The columns of a report; the place of a unit stands in the band above its findings."""
    where = [Column("place", _("楼栋 / 楼层"), width=26)]
    if result == Result.DEFECT_LIST:
        where = [Column("place", _("楼栋 / 楼层 / 户"), width=32)]
    return (
        Column("number", _("编号"), width=32),
        *where,
        Column("part", _("部位"), width=26),
        Column("trade", _("专业"), width=16),
        Column("severity", _("程度"), width=14),
        Column("description", _("问题描述"), width=64),
        Column("responsible", _("责任单位"), width=24),
        Column("due_on", _("整改期限"), CellKind.DATE, width=22),
        Column("state", _("状态"), width=20),
        Column("outcome", _("整改和复查情况"), width=44),
        Column("photos", _("照片（前 / 后 / 复查）"), width=16),
    )


def unit_sheet(plan: Plan, findings: Sequence[Finding], today: date) -> Sheet:
    """《项目分户工程质量现状报告》: the findings of each unit under its name."""
    counts = Counter(_unit(row) for row in findings)
    waiting = Counter(_unit(row) for row in findings if row.state in UNSETTLED)
    rows = []
    for n, row in enumerate(findings, start=1):
        told = {"unit": _unit(row), "n": counts[_unit(row)], "open": waiting[_unit(row)]}
        rows.append(_row(n, row, _("%(unit)s：%(n)d 个问题，未销项 %(open)d 个") % told))
    facts = [Fact(_("涉及户数"), len({_unit(row) for row in findings}), CellKind.INTEGER)]
    return _sheet(plan, Result.UNIT_QUALITY_REPORT, rows, findings, today, facts)


def patrol_sheet(plan: Plan, findings: Sequence[Finding], today: date, visits: Sequence[Visit]) -> Sheet:
    """《公共部位工地巡查报告》: by visit, those that found nothing as well."""
    rows: list[Row] = []
    by_visit: dict[int, list[Finding]] = {}
    for finding in findings:
        by_visit.setdefault(finding.visit_id, []).append(finding)
    for visit in visits:
        group = (
            f"{visit.day:%Y-%m-%d} {visit.get_kind_display()} · {'、'.join(visit.trade_names)} · {visit.participants}"
        )
        found = by_visit.get(visit.pk, [])
        rows += [_row(len(rows) + n, row, group) for n, row in enumerate(found, start=1)]
        if not found:
            rows.append(Row(f"visit-{visit.pk}", len(rows) + 1, {"description": _("公共部位未发现问题")}, group=group))
    facts = [Fact(_("巡查次数"), len(visits), CellKind.INTEGER)]
    return _sheet(plan, Result.COMMON_AREA_PATROL_REPORT, rows, findings, today, facts)


def defect_sheet(plan: Plan, findings: Sequence[Finding], today: date) -> Sheet:
    """《房屋质量缺陷表》: every defect, open or closed, by building."""
    rows = [_row(n, row, "", whole=True) for n, row in enumerate(findings, start=1)]
    facts = [Fact(_("其中户内"), sum(bool(row.unit) for row in findings), CellKind.INTEGER)]
    return _sheet(plan, Result.DEFECT_LIST, rows, findings, today, facts)


def _sheet(
    plan: Plan, result: Result, rows: list[Row], findings: Sequence[Finding], today: date, more: Iterable[Fact]
) -> Sheet:
    facts = [Fact(_("项目"), plan.project.name)]
    if plan.instalment is not None:
        facts.append(Fact(_("分期"), f"{plan.instalment.name}（{plan.instalment.code}）"))
    facts += [
        Fact(_("截至日期"), today, CellKind.DATE),
        Fact(_("问题数"), len(findings), CellKind.INTEGER),
        Fact(_("未销项"), sum(row.state in UNSETTLED for row in findings), CellKind.INTEGER),
        *more,
    ]
    return Sheet(
        title=str(result.label),
        facts=tuple(facts),
        columns=columns(result),
        rows=tuple(rows),
        notes=(_("按专业：%(trades)s") % {"trades": by_trade(findings)},) if findings else (),
    )


def _unit(finding: Finding) -> str:
    return f"{finding.building} {finding.unit}"


def _row(n: int, finding: Finding, group: str, *, whole: bool = False) -> Row:
    place = (finding.building, finding.floor, finding.unit) if whole else (finding.building, finding.floor)
    said = "；".join(filter(None, (finding.repair, finding.outcome)))
    shown = Counter(
        _RECHECK if photo.is_of_recheck else photo.role for photo in finding.photos.all() if photo.hidden_at is None
    )
    return Row(
        finding.number,
        n,
        {
            "number": finding.number,
            "place": " ".join(filter(None, place)),
            "part": finding.part,
            "trade": str(finding.get_trade_display()),
            "severity": str(finding.get_severity_display()),
            "description": finding.description,
            "responsible": finding.responsible,
            "due_on": finding.due_on,
            "state": str(finding.get_state_display()),
            "outcome": said,
            "photos": " / ".join(str(shown[role]) for role in (PhotoRole.BEFORE, PhotoRole.AFTER, _RECHECK)),
        },
        group=group,
    )


def natural(text: str) -> list[tuple[int, str]]:
    """A key by which 5栋 stands before 10栋: runs of digits count as numbers."""
    return [
        (int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", text, flags=re.ASCII) if part
    ]


def by_trade(findings: Iterable[Finding]) -> str:
    """``防水 3、门窗 1``: how many of each trade, in the trades' order."""
    counts = Counter(row.trade for row in findings)
    return "、".join(f"{Trade(code).label} {counts[code]}" for code in Trade.values if counts[code])


def by_state(findings: Iterable[Finding]) -> str:
    """``待移交 2、已销项 5``: how many in each state."""
    counts = Counter(row.state for row in findings)
    return "、".join(f"{FindingState(code).label} {counts[code]}" for code in FindingState.values if counts[code])


def contents(result: str, findings: Sequence[Finding], visits: Sequence[Visit], today: date) -> dict[str, str]:
    """What the findings say of the required contents of a result, by their titles in the guide's template.

    Called in Chinese, as paper is: titles are compared as they are stored.
    """
    open_ones = [row for row in findings if row.state in UNSETTLED]
    told = {
        "day": today.isoformat(),
        "n": len(findings),
        "open": len(open_ones),
        "grave": sum(row.severity == Severity.GRAVE for row in open_ones),
        "late": sum(row.is_overdue for row in open_ones),
        "states": by_state(findings) or _("无"),
        "trades": by_trade(findings) or _("无"),
        "buildings": "、".join(sorted({row.building for row in findings}, key=natural)) or _("无"),
        "units": len({_unit(row) for row in findings}),
        "visits": len(visits),
        "first": visits[0].day.isoformat() if visits else "—",
        "last": visits[-1].day.isoformat() if visits else "—",
    }
    repair = _(
        "截至 %(day)s，未销项 %(open)d 个，其中严重 %(grave)d 个、整改逾期 %(late)d 个，请项目部按附表期限整改。"
    )
    found = _("截至 %(day)s，共 %(n)d 个问题；状态：%(states)s；专业：%(trades)s。")
    where = _("截至 %(day)s，涉及楼栋：%(buildings)s，共 %(units)d 户。")
    said = {
        Result.UNIT_QUALITY_REPORT: {
            _("检查范围（楼栋、单元、户）"): where,
            _("分户质量现状"): found,
            _("整改建议"): repair,
        },
        Result.COMMON_AREA_PATROL_REPORT: {
            _("巡查部位和时间"): _("截至 %(day)s，%(first)s 至 %(last)s 巡查 %(visits)d 次；涉及楼栋：%(buildings)s。"),
            _("发现的问题"): found,
            _("整改情况"): repair,
        },
        Result.DEFECT_LIST: {
            _("缺陷部位"): _("截至 %(day)s，涉及楼栋：%(buildings)s；各缺陷部位见附表。"),
            _("缺陷内容"): found,
            _("责任单位和整改期限"): repair,
        },
    }
    return {title: (text % told)[:500] for title, text in said[Result(result)].items()}
