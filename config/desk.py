"""The first page: for administrators what they have to put right, for everybody else the work table.

A chore is a fact that only an administrator can mend. Each is read anew, in a number of queries that no row adds to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.board import month_rows
from config.health import worker
from documents import mailing, policies, requiring, trail
from documents.permissions import post_names
from documents.views import lists
from intervention import todo
from organization import calendars, clock
from organization.permissions import can_administer
from organization.queries import people_without_posts, projects_without_instalments, vacant_posts

if TYPE_CHECKING:
    from organization.models import Project

# Of a longer list the first ones are named.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Chore:
    """What is wrong, why it matters and what to do, with the places: (label, detail, address)."""

    title: str
    text: str
    icon: str
    count: int
    rows: tuple[tuple[str, str, str], ...] = ()
    url: str = ""
    action: str = ""

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.rows) if self.rows else 0


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The administrator's desk, or the work table."""
    if can_administer(request.user) is not None:
        waiting = todo.chores(request.user, request.GET.get("project", "").strip())
        return lists.home(request, "config/home.html", {"todo": waiting, "todo_late": sum(one.late for one in waiting)})
    return render(request, "config/desk.html", {"chores": chores(), "papers": requiring.active_count()})


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The month board by itself: the work table asks for it when it is on the screen."""
    rows, more = month_rows(request.user)
    return render(request, "config/_board.html", {"board": rows, "board_more": more})


def chores() -> list[Chore]:
    """Everything there is to put right now."""
    return [chore for source in SOURCES if (chore := source()) is not None]


def _without_posts() -> Chore | None:
    people = list(people_without_posts(clock.today()))
    if not people:
        return None
    return Chore(
        _("没有岗位的人员"),
        _("可以登录，但看不到任何项目和单据。请任命岗位，或停用账号。"),
        "user",
        len(people),
        tuple(
            (person.name, str(person.company or ""), reverse("organization:person", args=[person.pk]))
            for person in people[:NAMED]
        ),
        reverse("organization:appoint"),
        _("任命岗位"),
    )


def _vacancies() -> Chore | None:
    """Posts of the policy in force that nobody holds, by project."""
    found = vacant_posts(policies.posts_in_force(clock.today()), clock.today())
    if not found:
        return None
    return Chore(
        _("有空缺岗位的项目"),
        _("需要空缺岗位签批的单据提交不了。请任命。"),
        "user-plus",
        len(found),
        tuple((project.name, post_names(posts), _project_url(project)) for project, posts in found[:NAMED]),
        reverse("organization:appoint"),
        _("任命岗位"),
    )


def _without_instalments() -> Chore | None:
    found = list(projects_without_instalments())
    if not found:
        return None
    rows = tuple((project.name, project.code, _project_url(project)) for project in found[:NAMED])
    return Chore(_("没有分期的项目"), _("工作表单按分期填报：没有分期的项目不能填报。"), "building", len(found), rows)


def _project_url(project: Project) -> str:
    return reverse("organization:project", args=[project.code])


def _mails() -> Chore | None:
    count = mailing.overdue_count()
    if not count:
        return None
    text = _("消息在系统内照常送达。请检查邮件服务器的设置和收件人的邮箱，系统会自动再发。")
    return Chore(_("一小时以上没有发出的邮件"), text, "send", count)


def _worker() -> Chore | None:
    if worker():
        return None
    text = _("打印件、资料包和邮件要等后台程序处理。请在服务器上启动：manage.py worker。")
    return Chore(_("后台程序没有运行"), text, "alert-triangle", 1)


def _seals() -> Chore | None:
    since = trail.unsealed_since(clock.today())
    if since is None:
        return None
    text = _("自 %(day)s 起没有封存。后台程序每天自动封存，请检查其是否在运行。") % {"day": since.isoformat()}
    return Chore(_("留痕没有按日封存"), text, "history", 1)


def _calendar() -> Chore | None:
    missing = calendars.missing_years()
    if not missing:
        return None
    text = _("%(years)s 年节假日未导入，这些年份的截止日按周一至周五计算。国务院公布后请导入。") % {
        "years": "、".join(map(str, missing))
    }
    return Chore(_("节假日未导入"), text, "calendar", 1, (), reverse("organization:calendar"), _("导入节假日"))


SOURCES: tuple[Callable[[], Chore | None], ...] = (
    _without_posts,
    _vacancies,
    _without_instalments,
    _mails,
    _worker,
    _seals,
    _calendar,
)
