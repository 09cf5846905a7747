"""Notices of the plan: what has begun, what is due within 30 days, what is overdue, anchors that have moved; each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from documents.noticing import tell
from intervention.assessing import reminding as assessing
from intervention.models import Plan, PlanItem
from intervention.papers import reminding as papers
from intervention.permissions import HEADS
from intervention.previewing import seal_of, shifts_of
from intervention.queries import due, with_results
from intervention.site import reminding as site
from organization import access, clock
from organization.models import Project
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import PlanPhase
    from organization.models import Person

# Heads are told of a plan that lags behind its anchors, and that results are in: they decide.
_DECIDING = HEADS


def phase_url(phase: PlanPhase) -> str:
    """The page of a phase."""
    return reverse("intervention:phase", args=[phase.plan_id, phase.phase])


def tell_started(phase: PlanPhase, actor: Person) -> None:
    """Tell those who work in a phase that it has begun."""
    posts = dict.fromkeys([Post.PROPERTY_PROJECT_MANAGER, *(item.post for item in phase.items.all())])
    people = access.people_of(phase.plan.project, posts, besides=actor)
    _say(people, "plan.started", f"plan:started:{phase.pk}:{clock.now().isoformat()}", phase)


def tell_results_in(phase: PlanPhase) -> None:
    """Tell the heads of the leading department that all results of a phase have been submitted: once until it is reopened,
    however often one is returned and submitted again."""
    people = access.people_of(phase.plan.project, _DECIDING)
    opened = phase.plan.events.filter(phase=phase, code="reopened").count()
    _say(people, "plan.results", f"plan:results:{phase.pk}:{opened}", phase)


def _say(people: Iterable[Person], code: str, key: str, phase: PlanPhase, **more: str) -> None:
    tell(people, None, code, key, url=phase_url(phase), place=str(phase.plan), phase=phase.phase, **more)


def remind() -> int:
    """Tell the holders of a row's post that its date is near or past; how many rows.

    Called by ``tick`` every ten minutes: a notice's key names row and date, so each is written once, and a moved date
    is told anew. Projects out of use are left alone.
    """
    items = with_results(PlanItem.objects.filter(phase__plan__project__is_active=True))
    items = items.select_related("phase__plan__project", "phase__plan__instalment__project")
    overdue, near = (list(rows) for rows in due(items, clock.today()))
    projects = {item.phase.plan.project_id: item.phase.plan.project for item in (*overdue, *near)}
    holders = access.holders_across(projects.values(), {item.post for item in (*overdue, *near)})
    for code, rows in (("plan.overdue", overdue), ("plan.near", near)):
        for item in rows:
            people = holders.get((item.phase.plan.project_id, item.post, None), [])
            key = f"{code}:{item.pk}:{item.due_on}"
            _say(people, code, key, item.phase, what=item.title, day=str(item.due_on))
    return len(overdue) + len(near)


def remind_of_shifts() -> int:
    """Tell the heads that anchors have moved; of how many projects."""
    told = 0
    planned = Project.objects.filter(pk__in=Plan.objects.values("project"), is_active=True)
    for project in planned:
        if shifts := shifts_of(project):
            key = f"plan.shift:{project.pk}:{seal_of(shifts)}"
            to = reverse("intervention:shift", args=[project.code])
            tell(access.people_of(project, _DECIDING), None, "plan.shift", key, url=to, place=project.name)
            told += 1
    return told


def steps() -> tuple[Callable[[], int], ...]:
    """What ``tick`` has this app tell, one after the other: one that fails keeps no other from its work."""
    return remind, remind_of_shifts, papers.remind, site.remind, assessing.remind
