"""Reads of assessments, named for their screens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from intervention.assessing.permissions import HANDLERS
from intervention.models import Assessment, AssessmentCriterion, GradeBand
from organization import access, clock

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from organization.models import Person, Project


def criteria_for(project: Project, side: str) -> QuerySet[AssessmentCriterion]:
    """Items in use for a project's side: those for all, and those of its property company."""
    rows = AssessmentCriterion.objects.filter(is_active=True, side__in=("", side))
    return rows.filter(Q(company=None) | Q(company=project.property_company_id)).order_by("position", "pk")


def criteria() -> QuerySet[AssessmentCriterion]:
    """The whole checklist, items out of use included."""
    return AssessmentCriterion.objects.select_related("company").order_by("position", "pk")


def bands_in_force() -> list[list[Any]]:
    """(from, word), the highest first."""
    return [[band.start, band.word] for band in GradeBand.objects.order_by("-start")]


def assessments_for(person: Person, project: str = "") -> QuerySet[Assessment]:
    """Assessments that a person may see, the newest month first, with their places and points; two queries."""
    rows = Assessment.objects.visible_to(person).select_related("project__developer", "project__property_company")
    rows = rows.prefetch_related("scores").order_by("-month", "project__code", "side")
    return rows.filter(project__code=project) if project else rows


def openable(person: Person) -> dict[str, QuerySet[Project]]:
    """Projects by the side of which this person opens assessments; sides without any are left out."""
    held = access.memberships(person, clock.today())
    visible = access.visible_projects(person, clock.today()).order_by("code")
    found = {}
    for side, post in HANDLERS.items():
        places = {row.project_id for row in held if row.post == post}
        if places:
            found[str(side)] = visible if None in places else visible.filter(pk__in=places)
    return found


def of_month(person: Person, month: date, projects: Iterable[Project]) -> dict[tuple[int, str], Assessment]:
    """A month's assessments that a person may see, by project and side: what stands beside a settlement; two queries."""
    rows = assessments_for(person).filter(month=month, project__in=projects)
    return {(row.project_id, row.side): row for row in rows}
