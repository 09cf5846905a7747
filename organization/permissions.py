"""Predicates of the organization: ``None`` means yes, a ``Denial`` says why not. Views, templates and verbs ask these alone."""

from django.utils.translation import gettext as _

from organization import access, clock
from organization.models import Person, Project
from organization.posts import Post
from organization.refusals import Denial

# Who writes down that the two sides made contact (3.2.2 1): both sides record it).
CONTACT_POSTS = (Post.SERVICE_HEAD, Post.SERVICE_HANDLER, Post.PROPERTY_PROJECT_MANAGER)

# 营销客服部, the leading department (guide 1).
LEADING_POSTS = (
    Post.MARKETING_HANDLER,
    Post.MARKETING_HEAD,
    Post.SERVICE_HANDLER,
    Post.SERVICE_HEAD,
    Post.DEPARTMENT_HEAD,
)


def can_administer(actor: Person) -> Denial | None:
    """People, companies, projects, instalments and appointments are kept by administrators."""
    if actor.is_active and actor.is_administrator:
        return None
    return Denial(_("只有系统管理员可以维护人员、公司、项目和任命。"))


def can_set_anchors(actor: Person, project: Project) -> Denial | None:
    """Dates that plans reckon from: administrators, and 营销客服部 of the project, which leads (guide 1)."""
    if can_administer(actor) is None or _holds_one_of(actor, project, LEADING_POSTS):
        return None
    return Denial(_("节点日期由本项目营销客服部和系统管理员维护。"))


def can_set_move_in(actor: Person, project: Project) -> Denial | None:
    """Announced and actual move-in dates: administrators, and 客服小组负责人 of the project."""
    if can_administer(actor) is None or _holds_one_of(actor, project, (Post.SERVICE_HEAD,)):
        return None
    return Denial(_("只有本项目的客服小组负责人和系统管理员可以登记入伙日期。"))


def can_record_contact(actor: Person, project: Project) -> Denial | None:
    """对接记录: either side's main contact in the project, and administrators."""
    if can_administer(actor) is None or _holds_one_of(actor, project, CONTACT_POSTS):
        return None
    return Denial(_("只有本项目的客服小组、项目物业经理和系统管理员可以登记对接记录。"))


def _holds_one_of(actor: Person, project: Project, posts: tuple[Post, ...]) -> bool:
    today = clock.today()
    return any(access.holds(actor, post, project.pk, None, today) for post in posts)
