"""The month that an address names, among what a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from documents.forms import read_month
from intervention.daily.month import Month
from intervention.daily.queries import guard_posts_of_month, logs_of_month, rewritten_of_month
from organization.queries import projects_for

if TYPE_CHECKING:
    from organization.models import Person


def month_for(person: Person, project: str, month: str, instalment: str = "") -> Month:
    """The logs of a project's or an instalment's month. Raises Http404 for what isn't there or may not be seen."""
    first = read_month(month)
    projects = projects_for(person).select_related("developer", "property_company")
    found = projects.filter(code=project).first() if "\0" not in project + instalment else None
    if found is None or first is None:
        raise Http404
    part = None
    if instalment:
        part = found.instalments.select_related("project").filter(code=instalment).first()
        if part is None:
            raise Http404
    where = (person, found, part, first)
    logs, posts = list(logs_of_month(*where)), list(guard_posts_of_month(*where))
    return Month(found, part, first, logs, rewritten_of_month(*where), posts)
