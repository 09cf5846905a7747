"""Opening stations one after the other, and finding the people for them (design 4, 5)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents import aftermath, noticing, trail
from documents.circulation.transactions import call_effects
from documents.models import Editor, Step
from documents.permissions import post_names
from documents.routing import Station
from documents.standing import current_steps
from documents.states import StepStatus
from organization import access, clock
from organization.posts import DEPARTMENT_POSTS
from organization.punctuation import listed

if TYPE_CHECKING:
    from documents.models import Act, Document
    from organization.models import Department, Person


def department_for(document: Document, post: str) -> Department | None:
    """The department for which a post is held: the form's, where the post is held for departments (design 9)."""
    return document.department if post in DEPARTMENT_POSTS else None


def vacancies(document: Document, chain: tuple[Station, ...], submitter: Person) -> list[str]:
    """Stations nobody could sign, a sentence each; never a silent skip (design 5).

    A holder counts when they neither submit nor edited the form, and are not the only holder of an earlier station that
    is not adjacent: one person acts once a round, and a signature never stands for an opinion or the other way round.
    """
    modes = {station.position: station.mode for station in chain}
    barred = {submitter.pk, *Editor.objects.filter(document=document).values_list("person_id", flat=True)}
    sole_at: dict[int, set[int]] = defaultdict(set)
    sentences = []
    departments = {post: department_for(document, post) for station in chain for post in station.posts}
    keys = {post: department.pk if department else None for post, department in departments.items()}
    held = access.holders_of(keys.items(), document.project)
    for station in chain:
        for post in station.posts:
            department = departments[post]
            holders = held[(post, keys[post])]
            free = [person for person in holders if person.pk not in barred]
            usable = [
                person
                for person in free
                if all(
                    between in sole_at[person.pk] and modes[between] == station.mode
                    for position in sole_at[person.pk]
                    for between in range(position, station.position)
                )
            ]
            if not usable:
                sentences.append(_vacancy(document, post, department, holders, free))
            if len(free) == 1:
                sole_at[free[0].pk].add(station.position)
    return sentences


def _vacancy(
    document: Document, post: str, department: Department | None, holders: list[Person], free: list[Person]
) -> str:
    where = {"project": document.project.name, "post": post_names([post]), "department": str(department or "")}
    if department is not None:
        where["post"] = f"{department}·{where['post']}"
    if not holders:
        return _("项目「%(project)s」的「%(post)s」无人任职，请联系系统管理员任命后再提交。") % where
    where["names"] = listed(person.name for person in holders)
    if not free:
        return (
            _(
                "项目「%(project)s」的「%(post)s」只有%(names)s，而其提交或填写过此单，不能审批；请另行任命或由他人提交。"
            )
            % where
        )
    return (
        _(
            "项目「%(project)s」的「%(post)s」只有%(names)s，而其已是前面环节唯一的审批人，一人一轮只能处理一次；请另行任命。"
        )
        % where
    )


def advance(document: Document, actor: Person) -> None:
    """Open the next waiting position; where nothing waits any more the form is approved.

    A step whose post is held by someone who acted at the position just before is covered by that act: two consecutive
    posts, one signature, shown as such.
    """
    while True:
        steps = current_steps(document)
        if any(step.status == StepStatus.OPEN for step in steps):
            return
        waiting = [step for step in steps if step.status == StepStatus.WAITING]
        if not waiting:
            _approve(document, actor)
            return
        position = min(step.position for step in waiting)
        opening = [step for step in waiting if step.position == position]
        before = [step for step in steps if step.position == position - 1 and step.act is not None]
        for step in opening:
            _open(document, step, before)
        still_open = [step for step in opening if step.status == StepStatus.OPEN]
        if still_open:
            noticing.tell_holders(document, still_open)
            return


def _open(document: Document, step: Step, before: list[Step]) -> None:
    Step.objects.filter(pk=step.pk, status=StepStatus.WAITING).update(status=StepStatus.OPEN, opened_at=clock.now())
    step.status = StepStatus.OPEN
    for earlier in before:
        # What was signed in an earlier revision or round covers nothing new: who is asked again answers again.
        if earlier.act is None or earlier.mode != step.mode or not _of_this_round(earlier.act, step):
            continue
        if access.holds(earlier.act.person, step.post, document.project_id, step.department_id, clock.today()):
            Step.objects.filter(pk=step.pk, status=StepStatus.OPEN).update(status=StepStatus.SIGNED, act=earlier.act)
            step.status, step.act = StepStatus.SIGNED, earlier.act
            trail.record(document, "covered", earlier.act.person, post=step.post, position=step.position)
            return


def _of_this_round(act: Act, step: Step) -> bool:
    return (act.revision_n, act.round_n) == (step.revision_n, step.round_n)


def _approve(document: Document, actor: Person) -> None:
    document.pass_through()
    document.decided_at = document.changed_at = clock.now()
    document.save(update_fields=["state", "decided_at", "changed_at"])
    call_effects(document, "approved", actor)
    trail.record(document, "approved", None)
    noticing.tell_decided(document, "approved")
    aftermath.keep_pdf_of(document)


def supersede_pending(document: Document) -> None:
    """Let everything that still waits lapse: after a return, a rejection or a withdrawal."""
    Step.objects.filter(
        document=document,
        revision_n=document.revision_n,
        status__in=(StepStatus.WAITING, StepStatus.OPEN),
    ).update(status=StepStatus.SUPERSEDED)
