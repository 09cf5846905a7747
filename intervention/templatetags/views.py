"""The views of early intervention as their menu shows them: four groups, each with its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Group → its pages: the name under which a page calls itself, its address, its word.
GROUPS: tuple[tuple[str | Promise, tuple[tuple[str, str, str | Promise], ...]], ...] = (
    (
        _("阶段计划"),
        (
            ("timeline", "intervention:timeline", _("时间轴")),
            ("board", "intervention:board", _("看板")),
            ("calendar", "intervention:calendar", _("日历")),
            ("due", "intervention:due", _("到期与逾期")),
        ),
    ),
    (
        _("规划与营销"),
        (
            ("survey", "intervention:survey", _("周边调研")),
            ("advice", "intervention:advice_list", _("设计建议")),
            ("promises", "intervention:promises", _("宣传承诺")),
            ("days", "intervention:day_logs", _("工作日志")),
        ),
    ),
    (
        _("现场"),
        (
            ("visits", "intervention:visits", _("现场巡查")),
            ("findings", "intervention:findings", _("现场问题")),
            ("meetings", "intervention:meetings", _("现场会议")),
            ("guard_posts", "intervention:guard_posts", _("值守岗位")),
        ),
    ),
    (
        _("协议与考核"),
        (
            ("agreements", "intervention:agreements", _("协议")),
            ("assessments", "intervention:assessments", _("月度考核")),
            ("trend", "intervention:assessment_trend", _("考核趋势")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class View:
    """A page of a group; ``open`` where it is the one that is shown."""

    label: str | Promise
    url: str
    open: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together; its address is that of the first."""

    label: str | Promise
    pages: list[View]

    @property
    def url(self) -> str:
        return self.pages[0].url

    @property
    def open(self) -> bool:
        return any(page.open for page in self.pages)


@register.simple_tag
def views(tab: str) -> list[Group]:
    """All groups, with the page that calls itself ``tab`` open."""
    return [
        Group(label, [View(word, reverse(name), key == tab) for key, name, word in pages]) for label, pages in GROUPS
    ]
