"""Notices and the log of a plan in words: code and parameters are kept, the sentence is made on reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.guide import of_guide
from documents.vocabulary import Phase
from intervention.vocabulary import Anchor
from organization.punctuation import with_semicolons

if TYPE_CHECKING:
    from intervention.models import PlanEvent


def _phase(parameters: dict[str, Any]) -> dict[str, Any]:
    said = {name: of_guide(parameters[name]) for name in ("what",) if name in parameters}
    return {**parameters, **said, "phase": Phase(parameters["phase"]).label}


NOTICES = {
    "plan.started": lambda p: _("%(place)s「%(phase)s」阶段已启动") % _phase(p),
    "plan.results": lambda p: _("%(place)s「%(phase)s」阶段的成果已全部提交，可核对条件后关闭") % _phase(p),
    "plan.near": lambda p: _("%(place)s「%(phase)s」：%(what)s，应于 %(day)s 完成") % _phase(p),
    "plan.overdue": lambda p: _("%(place)s「%(phase)s」：%(what)s，应于 %(day)s 完成，已逾期") % _phase(p),
    "plan.shift": lambda p: _("%(place)s 的节点日期有变动，请核对前后对照并调整计划") % p,
}
# What a notice is about: from the first to the last of these words it is the link.
SUBJECTS = {code: lambda p: (p["place"], str(_phase(p)["phase"])) for code in NOTICES} | {
    "plan.shift": lambda p: (p["place"],),
}


# The organization's trail tells what administrators change in the template.
TITLES = {
    "template_edited": gettext_lazy("已修改前期介入模板"),
    "content_added": gettext_lazy("已新增成果必备内容"),
    "content_renamed": gettext_lazy("成果必备内容已改名"),
    "content_activated": gettext_lazy("已启用成果必备内容"),
    "content_deactivated": gettext_lazy("已停用成果必备内容"),
    "criterion_added": gettext_lazy("已新增考核项目"),
    "criterion_edited": gettext_lazy("已修改考核项目"),
    "grades_saved": gettext_lazy("已修改考核等级"),
    "template_row_added": gettext_lazy("前期介入模板已新增事项"),
    "template_row_activated": gettext_lazy("已启用前期介入模板事项"),
    "template_row_deactivated": gettext_lazy("已停用前期介入模板事项"),
    "photo_policy": gettext_lazy("已修改照片规则"),
}
LABELS = {
    "result": gettext_lazy("成果"),
    "anchor": gettext_lazy("节点"),
    "months": gettext_lazy("月"),
    "days": gettext_lazy("天"),
    "note": gettext_lazy("说明"),
    "title": gettext_lazy("标题"),
    "basis": gettext_lazy("依据和标准"),
    "points": gettext_lazy("满分"),
    "side": gettext_lazy("入伙前后"),
    "position": gettext_lazy("序号"),
    "keeps_position": gettext_lazy("保留拍摄位置"),
}


def event_text(event: PlanEvent) -> str:
    """One line of the log; its reason stands beside it."""
    p = event.parameters
    what = {
        "phase": event.phase.get_phase_display() if event.phase else "",
        "item": of_guide(event.item.title) if event.item else "",
        "before": p.get("before") or _("未定"),
        "after": p.get("after") or _("未定"),
    }
    match event.code:
        case "laid_out":
            return _("已编排五个阶段")
        case "adopted":
            anchors = with_semicolons(
                f"{Anchor(name).label} {before or _('未定')} → {after or _('未定')}"
                for name, (before, after) in p["anchors"].items()
            )
            counts = {"anchors": anchors, "n": len(p["moved"]), "k": len(p["kept"])}
            return _("节点变动（%(anchors)s），已调整 %(n)d 个日期，保留人工日期 %(k)d 个") % counts
        case "moved":
            return _("「%(phase)s」%(item)s：日期 %(before)s → %(after)s") % what
        case "followed":
            return _("「%(phase)s」%(item)s：已恢复按节点推算，%(before)s → %(after)s") % what
        case "started":
            return (_("已提前启动「%(phase)s」") if p.get("early") else _("已启动「%(phase)s」")) % what
        case "results_in":
            return _("「%(phase)s」成果已全部提交") % what
        case "results_out":
            return _("「%(phase)s」有成果被退回、撤回或终止，回到进行中") % what
        case "closed":
            return _("已关闭「%(phase)s」") % what
        case "reopened":
            return _reopened(what, p)
        case "ticked":
            return _("「%(phase)s」%(item)s：已完成") % what
        case "waived":
            return _("「%(phase)s」%(item)s：不适用") % what
        case "restored":
            for _key, before, after in p.get("moved", ()):
                dates = {"before": before or _("未定"), "after": after or _("未定")}
                return _("「%(phase)s」%(item)s：已恢复为未完成，日期按现有节点 %(before)s → %(after)s") % (
                    what | dates
                )
            return _("「%(phase)s」%(item)s：已恢复为未完成") % what
        case "rows_told":
            return _("系统升级：登记计划事项现状，供核对")
    return event.code


def _reopened(what: dict[str, Any], parameters: dict[str, Any]) -> str:
    moved = parameters.get("moved", ())
    if not moved:
        return _("已重新打开「%(phase)s」") % what
    rows = zip(parameters["titles"], moved, strict=True)
    dates = with_semicolons(
        f"{of_guide(title)} {before or _('未定')} → {after or _('未定')}" for title, (_key, before, after) in rows
    )
    told = what | {"n": len(moved), "dates": dates}
    return _("已重新打开「%(phase)s」，按现有节点调整 %(n)d 个日期（%(dates)s）") % told
