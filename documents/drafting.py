"""Drafts: opening one and writing in the working copy. Apps put their payload in through these two doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents import kinds
from documents.circulation.transactions import lock, verb
from documents.models import Document, Editor
from documents.permissions import can_edit, post_names, require
from documents.refusals import Conflict, Denied, Invalid
from documents.searching import search_text
from documents.sides import side_of
from documents.standing import standing
from documents.vocabulary import ENDING_KINDS, SIDED_KINDS, Kind
from organization import access, clock
from organization.models import Instalment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Department, Person, Project


def may_draft(actor: Person, kind: str, project: Project) -> bool:
    """Whether a person holds a post that may draft this kind in a project, and the project still takes it."""
    return _takes(project, kind) and _holds_post(actor, kind, project)


def _takes(project: Project, kind: str) -> bool:
    """A project out of use takes no new work, results or papers; what it owes is still confirmed, applied for and paid."""
    return project.is_active or kind in ENDING_KINDS


def _holds_post(actor: Person, kind: str, project: Project) -> bool:
    posts = set(kinds.get(kind).may_draft())
    return any(held.post in posts for held in access.memberships_in(actor, project, clock.today()))


def require_may_draft(actor: Person, kind: str, project: Project) -> None:
    """Raise Denied with its sentence when a person may not draft this kind in a project."""
    if not _holds_post(actor, kind, project):
        raise Denied(
            _("「%(kind)s」由%(posts)s填报，您在项目「%(project)s」不担任该岗位。")
            % {"kind": Kind(kind).label, "posts": post_names(kinds.get(kind).may_draft()), "project": project.name}
        )
    if not _takes(project, kind):
        raise Denied(
            _("项目「%(project)s」已停用，不能再新建「%(kind)s」；已批准的工作仍可做事后确认和费用申请。")
            % {"kind": Kind(kind).label, "project": project.name}
        )


def places_to_draft(actor: Person, kind: str) -> set[int | None]:
    """Keys of the projects in which a person's posts may draft a kind; None stands for all of the company's."""
    if actor.is_administrator:
        return set()
    posts = set(kinds.get(kind).may_draft())
    return {row.project_id for row in access.memberships(actor, clock.today()) if row.post in posts}


def draftable_projects(actor: Person, kind: str) -> QuerySet[Project]:
    """Projects that take this kind and in which a person may draft it. Raises Denied with its sentence where there is none."""
    held = places_to_draft(actor, kind)
    if not held:
        raise Denied(
            _("「%(kind)s」由%(posts)s填报，您不担任该岗位。")
            % {"kind": Kind(kind).label, "posts": post_names(kinds.get(kind).may_draft())}
        )
    projects = access.visible_projects(actor, clock.today())
    if kind not in ENDING_KINDS:
        projects = projects.filter(is_active=True)
    return projects if None in held else projects.filter(pk__in=held)


@verb
def open_draft(
    *,
    kind: str,
    actor: Person,
    project: Project,
    title: str,
    instalment: Instalment | None = None,
    period: date | None = None,
    side: str | None = None,
    department: Department | None = None,
    fill: Callable[[Document], None] | None = None,
    **more: Any,
) -> Document:
    """Make a draft; ``fill`` writes its payload in the same transaction. Drafts are free and have no number."""
    if not kinds.is_registered(kind):
        raise Invalid(_("没有这种单据。"))
    require_may_draft(actor, kind, project)
    if instalment is not None and instalment.project_id != project.pk:
        raise Invalid(
            _("分期「%(code)s」不属于项目「%(project)s」。") % {"code": instalment.code, "project": project.name}
        )
    if instalment is not None and period is not None and kind in SIDED_KINDS and side is None:
        side = side_of(instalment, period)
    document = Document(
        kind=kind,
        project=project,
        instalment=instalment,
        period=period,
        side=side,
        department=department,
        title=title,
        creator=actor,
        created_at=clock.now(),
        changed_at=clock.now(),
        **more,
    )
    document.search_text = search_text(document)
    document.save(force_insert=True)
    Editor.objects.create(document=document, person=actor)
    if fill is not None:
        fill(document)
        _settle(document)
    return document


@verb
def write(
    *, document_id: int, actor: Person, draft_version: int | None, change: Callable[[Document], None]
) -> Document:
    """Write in the working copy: lock, permit, compare with what the actor saw, change, recompute the amount.

    ``draft_version`` None overwrites knowingly. Raises Conflict when someone else saved meanwhile; nothing is lost then.
    """
    document = lock(document_id)
    require(can_edit(standing(actor, document)))
    if draft_version is not None and draft_version != document.draft_version:
        raise Conflict(_("此草稿刚在别处被保存过（可能是另一个窗口或同事），请对照最新内容；您输入的内容仍在本页。"))
    Editor.objects.get_or_create(document=document, person=actor)
    change(document)
    document.draft_version += 1
    _settle(document)
    return document


def _settle(document: Document) -> None:
    document.amount = kinds.get(document.kind).amount(document)
    document.changed_at = clock.now()
    document.search_text = search_text(document)
    document.save()
