"""What surrounds every page: menu, counts, projects. A context processor; nothing is read before a template asks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents import inbox
from intervention import records
from intervention.permissions import Who
from organization import access, clock
from organization.models import Person
from organization.permissions import can_administer


def everybody(person: Person) -> bool:
    """Shown to all who are logged in."""
    return True


def administrators(person: Person) -> bool:
    """Shown to those who run the system."""
    return can_administer(person) is None


def members(person: Person) -> bool:
    """Shown to those who take part in the forms' work."""
    return not administrators(person)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu. ``count`` names the shell's figure beside it; ``exact``: current on this very page only."""

    url_name: str
    label: str | Promise
    icon: str
    shown_to: Callable[[Person], bool] = everybody
    count: str = ""
    exact: bool = False


MENU: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("home", _("工作台"), "home", exact=True),
            Entry("documents:inbox", _("审批中心"), "checklist", members, count="inbox_count"),
            Entry("documents:new", _("发起申请"), "plus", members),
        ),
    ),
    (
        _("业务"),
        (
            Entry("intervention:timeline", _("前期介入"), "layout-kanban"),
            Entry("budgets:month", _("月度计划"), "calendar", members),
            Entry("budgets:completions", _("事后确认"), "clipboard-check", members),
            Entry("settlements:applications", _("费用申请"), "cash", members),
            Entry("settlements:ageing", _("未结账龄"), "clock", members),
            Entry("settlements:compare", _("月度对比"), "arrows-exchange", members),
        ),
    ),
    (
        _("组织"),
        (
            Entry("organization:projects", _("项目"), "building"),
            Entry("organization:people", _("人员"), "user", administrators),
            Entry("organization:posts", _("岗位与任命"), "user-plus", administrators),
        ),
    ),
    (
        _("系统"),
        (
            Entry("organization:calendar", _("节假日"), "calendar", administrators),
            Entry("intervention:template", _("前期介入模板"), "layout-kanban", administrators),
            Entry("intervention:criteria", _("考核标准"), "clipboard-check", administrators),
            Entry("budgets:categories", _("类别和科目"), "table", administrators),
            Entry("documents:papers", _("必备资料"), "paperclip", administrators),
        ),
    ),
    ("", (Entry("help", _("使用说明"), "help"),)),
)


# What a project's page leads to beside its own parts: each takes ``?project=`` and the code.
PROJECT_LINKS: tuple[Entry, ...] = (Entry("intervention:timeline", _("前期介入"), "layout-kanban"),)


# What is written down on the site with a phone in the hand: the kind of record, what its button says, its picture.
FIELD_WORK: tuple[tuple[str, str | Promise, str], ...] = (
    ("visit", _("登记巡查"), "clipboard-check"),
    ("day_log", _("登记日志"), "clipboard"),
    ("guard_post", _("登记值守"), "user"),
    ("meeting", _("登记会议"), "message-2"),
)


class Shell:
    """The page's surroundings for one person: at most five queries, whatever the database holds."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        """Groups of entries that this person may open, each with its address and figure."""
        groups = []
        for label, entries in MENU:
            lines = [
                {
                    "url": reverse(entry.url_name),
                    "label": entry.label,
                    "icon": entry.icon,
                    "exact": entry.exact,
                    "count": getattr(self, entry.count) if entry.count else 0,
                }
                for entry in entries
                if entry.shown_to(self.person)
            ]
            if lines:
                groups.append({"label": label, "entries": lines})
        return groups

    @cached_property
    def field_work(self) -> list[dict[str, Any]]:
        """What this person may write down on the site, each with the page on which it begins."""
        posts = frozenset(held.post for held in access.memberships(self.person, clock.today()))
        asking = Who(self.person, posts)
        return [
            {"url": reverse("intervention:new_record", args=[subject]), "label": label, "icon": icon}
            for subject, label, icon in FIELD_WORK
            if records.named(subject).may_begin(asking) is None
        ]

    def links_of(self, code: str) -> list[dict[str, Any]]:
        """Pages of later apps about one project; the organization's own templates name none of them."""
        links = [
            {"url": f"{reverse(entry.url_name)}?project={code}", "label": entry.label, "icon": entry.icon}
            for entry in PROJECT_LINKS
            if entry.shown_to(self.person)
        ]
        return [*links, {"url": self.dates_of(code), "label": _("节点与日期"), "icon": "calendar"}]

    def dates_of(self, code: str) -> str:
        """Where the dates of a project and its instalments are looked at and changed."""
        return reverse("intervention:shift", args=[code])

    @cached_property
    def inbox_count(self) -> int:
        """Forms that wait for this person's signature, counted to a cap."""
        return inbox.capped_count(inbox.to_sign(self.person))

    @cached_property
    def notice_count(self) -> int:
        """Unread notices, counted to a cap."""
        return inbox.capped_count(self.person.notices.filter(read_at=None))

    @cached_property
    def projects(self) -> list[Any]:
        """Projects to choose from in the head of the page."""
        return list(access.visible_projects(self.person, clock.today()).only("code", "name"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """``shell`` for every template; empty for visitors who are not logged in."""
    person = getattr(request, "user", None)
    return {"shell": Shell(person) if isinstance(person, Person) and person.is_authenticated else None}
