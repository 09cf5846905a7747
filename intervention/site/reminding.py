"""Notices of ``tick``: repairs and tasks of meetings whose day has passed; one for a place and a day, not one for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse

from documents.noticing import tell
from intervention.models import Finding, MeetingAction
from intervention.site.permissions import REPAIRERS, WALKERS
from intervention.site.states import AWAITING_REPAIR, ActionState
from organization import access, clock
from organization.models import Instalment, Project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def remind() -> int:
    """Tell 项目部 of repairs that are late, and both sides of late tasks of meetings; how many groups. Each is told once:
    a notice's key names place and day, and a new day is told anew."""
    late = {"due_on__lt": clock.today(), "project__is_active": True}
    repairs = Finding.objects.filter(state__in=AWAITING_REPAIR, **late)
    tasks = MeetingAction.objects.filter(state=ActionState.OPEN, **late)
    return _tell(repairs, "site.overdue", REPAIRERS, "findings") + _tell(
        tasks, "site.undone", (*WALKERS, *REPAIRERS), "meetings"
    )


def _tell(rows: QuerySet[Finding] | QuerySet[MeetingAction], code: str, posts: Iterable[str], page: str) -> int:
    groups = list(rows.order_by().values_list("project", "instalment", "due_on").annotate(n=Count("pk")))
    projects = Project.objects.in_bulk({project for project, *_rest in groups})
    places = Instalment.objects.select_related("project").in_bulk(
        {place for _project, place, *_rest in groups if place}
    )
    holders = access.holders_across(projects.values(), posts)
    for project, instalment, day, n in groups:
        people = {person.pk: person for post in posts for person in holders.get((project, post, None), [])}
        tell(
            people.values(),
            None,
            code,
            f"{code}:{project}:{instalment or 0}:{day}",
            url=f"{reverse(f'intervention:{page}')}?project={projects[project].code}",
            place=str(places.get(instalment) or projects[project]),
            day=day.isoformat(),
            n=n,
        )
    return len(groups)
