"""Who may do what with a plan: predicates that answer ``None`` or a ``Denial`` with its sentence.

The guide's reading. Guide 1 calls 营销客服部 the leading department (主导部门): 客服小组 organises early intervention and is the
property company's main contact, 营销小组 organises, supervises and assesses its marketing part. The clauses of guide 2 tell the
property company what to do in each phase and name who receives the results. So the leading department lays the plan out, sets
its dates and starts a phase, by its heads or the handlers of either group; closing a phase, opening it again and dropping a
piece of work are decisions over what the property company owes, so they are the heads' alone. That work was done says who
does it: 项目物业经理, or whoever holds the post that the row names. Administrators keep the anchors' dates and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.permissions import Denial, post_names
from intervention.states import RUNNING, PhaseState
from intervention.vocabulary import ItemKind, ItemState
from organization import access, clock
from organization.permissions import LEADING_POSTS
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import PlanItem, PlanPhase
    from organization.models import Person, Project

HEADS = (Post.MARKETING_HEAD, Post.SERVICE_HEAD, Post.DEPARTMENT_HEAD)
LEAD = LEADING_POSTS


@dataclass(frozen=True, slots=True)
class Who:
    """A person in a project: the posts held there today; one query, asked once for a page."""

    person: Person
    posts: frozenset[str]


def who(person: Person, project: Project) -> Who:
    """Read the posts of a person in a project."""
    held = access.memberships_in(person, project, clock.today())
    return Who(person, frozenset(membership.post for membership in held))


def who_across(person: Person, projects: Iterable[Project]) -> dict[int, Who]:
    """The same in several projects, by their keys; one query, however many there are."""
    held = access.memberships(person, clock.today())
    return {
        project.pk: Who(person, frozenset(one.post for one in held if access.reaches(one, person, project)))
        for project in projects
    }


def lacks(who: Who, posts: Iterable[str], what: str) -> Denial | None:
    """Why someone without one of these posts may not do ``what``; None for those who hold one."""
    if who.person.is_administrator:
        return Denial(_("系统管理员只维护系统，不办理前期介入业务。"), hide=True)
    if who.posts & set(posts):
        return None
    return Denial(
        _("%(what)s由%(posts)s办理，您在本项目不担任该岗位。") % {"what": what, "posts": post_names(posts)}, hide=True
    )


def in_use(project: Project) -> Denial | None:
    """Begin anything new in a project: one out of use takes neither plans nor records; what is there goes on."""
    if project.is_active:
        return None
    return Denial(
        _("项目「%(project)s」已停用，不能再编排计划或新增记录；已有的仍可继续办理。") % {"project": project.name}
    )


def can_plan(who: Who) -> Denial | None:
    """Lay a plan out."""
    return lacks(who, LEAD, _("编排前期介入计划"))


def can_shift(who: Who) -> Denial | None:
    """Let the plan follow anchors that have moved."""
    return lacks(who, LEAD, _("按节点调整计划日期"))


def can_start(who: Who, phase: PlanPhase) -> Denial | None:
    """Start a phase that nobody has begun."""
    if denial := lacks(who, LEAD, _("启动阶段")):
        return denial
    if phase.state != PhaseState.PLANNED:
        return Denial(_("本阶段%(state)s，不能再次启动。") % {"state": phase.get_state_display()}, hide=True)
    return None


def can_close(who: Who, phase: PlanPhase) -> Denial | None:
    """Close a phase whose results are in; the conditions are asked by the verb, all at once."""
    if denial := lacks(who, HEADS, _("关闭阶段")):
        return denial
    if phase.state == PhaseState.ACTIVE:
        return Denial(_("本阶段成果尚未全部提交，不能关闭。"))
    if phase.state != PhaseState.SUBMITTED:
        return Denial(_("本阶段%(state)s，不能关闭。") % {"state": phase.get_state_display()}, hide=True)
    return None


def can_reopen(who: Who, phase: PlanPhase) -> Denial | None:
    """Open a closed phase again."""
    if denial := lacks(who, HEADS, _("重新打开阶段")):
        return denial
    if phase.state != PhaseState.CLOSED:
        return Denial(_("本阶段%(state)s，不需要重新打开。") % {"state": phase.get_state_display()}, hide=True)
    return None


def _activity(item: PlanItem) -> Denial | None:
    if item.kind != ItemKind.ACTIVITY:
        return Denial(_("只有「工作」可以勾选；成果以提交和接收为准。"), hide=True)
    if item.phase.state not in RUNNING:
        return Denial(_("本阶段%(state)s，不能登记工作。") % {"state": item.phase.get_state_display()}, hide=True)
    return None


def can_tick(who: Who, item: PlanItem) -> Denial | None:
    """Say that a piece of work is done."""
    if denial := lacks(who, (Post.PROPERTY_PROJECT_MANAGER, item.post), _("勾选完成")) or _activity(item):
        return denial
    return _settled(item) if item.state != ItemState.OPEN else None


def can_waive(who: Who, item: PlanItem) -> Denial | None:
    """Say with a reason that a piece of work is not needed here."""
    if denial := lacks(who, HEADS, _("注明不适用")) or _activity(item):
        return denial
    return _settled(item) if item.state != ItemState.OPEN else None


def can_restore(who: Who, item: PlanItem) -> Denial | None:
    """Take a tick or a waiver back, with a reason: whoever may set it."""
    posts = HEADS if item.state == ItemState.WAIVED else (Post.PROPERTY_PROJECT_MANAGER, item.post)
    if denial := lacks(who, posts, _("恢复为未完成")) or _activity(item):
        return denial
    return Denial(_("此项尚未完成，不需要恢复。"), hide=True) if item.state == ItemState.OPEN else None


def _settled(item: PlanItem) -> Denial:
    return Denial(_("此项%(state)s。") % {"state": item.get_state_display()}, hide=True)


def can_move(who: Who, item: PlanItem) -> Denial | None:
    """Change a date with a reason: while the row is not over."""
    if denial := lacks(who, LEAD, _("调整日期")):
        return denial
    if item.phase.state == PhaseState.CLOSED and item.holds:
        return Denial(_("本阶段已关闭，日期不再调整。"), hide=True)
    if item.kind == ItemKind.START and item.phase.state != PhaseState.PLANNED:
        return Denial(_("本阶段已经启动，启动日期不再调整。"), hide=True)
    if item.kind == ItemKind.WARNING:
        return Denial(_("法定期限只随节点变动，不能调整。"), hide=True)
    if item.kind == ItemKind.RESULT and item.approved:
        return Denial(_("此成果已获接收，日期不再调整。"), hide=True)
    return _settled(item) if item.state != ItemState.OPEN else None


def can_follow(who: Who, item: PlanItem) -> Denial | None:
    """Let a date that was changed by hand follow its anchor again."""
    if denial := can_move(who, item):
        return denial
    return None if item.by_hand else Denial(_("此日期本来就按节点推算。"), hide=True)
