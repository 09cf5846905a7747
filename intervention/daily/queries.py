"""Reads of day logs, named for their screens."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from documents.forms import next_month
from intervention.daily.states import DayLogState
from intervention.models import DayLog

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Instalment, Person, Project

# A page of the register.
SIZE = 100
TOLD = (DayLogState.FILED, DayLogState.CONFIRMED)


def logs_of_month(person: Person, project: Project, instalment: Instalment | None, month: date) -> QuerySet[DayLog]:
    """Logs of a month that a person may see, oldest first, dropped ones left out: of an instalment its own, of a project
    those of the whole project and of each instalment."""
    logs = DayLog.objects.visible_to(person).filter(project=project, day__gte=month, day__lt=next_month(month))
    if instalment is not None:
        logs = logs.filter(instalment=instalment)
    logs = logs.exclude(state=DayLogState.DROPPED).order_by("day", "spot", "pk")
    return logs.select_related("project", "instalment__project", "created_by", "filed_by", "confirmed_by")
