"""Reads of day logs, named for their screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from documents.forms import next_month
from intervention import journal
from intervention.daily.states import DayLogState
from intervention.models import DayLog, GuardPost, Photo
from intervention.site.states import KeptState
from intervention.site.vocabulary import GuardPhase

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intervention.models import RecordEvent
    from organization.models import Instalment, Person, Project

# A page of the register.
SIZE = 100


def logs_of_month(person: Person, project: Project, instalment: Instalment | None, month: date) -> QuerySet[DayLog]:
    """Logs of a month that a person may see, oldest first, dropped ones left out: of an instalment its own, of a project
    those of the whole project and of each instalment."""
    logs = _of_month(DayLog.objects.visible_to(person), project, instalment, month)
    logs = logs.exclude(state=DayLogState.DROPPED).order_by("day", "spot", "pk")
    return logs.select_related("project", "instalment__project", "created_by", "filed_by", "confirmed_by")


def photos_of(logs: Iterable[DayLog]) -> list[Photo]:
    """The photographs of logs that a person has been shown, by day, hidden ones left out; one query."""
    rows = Photo.objects.filter(day_log__in=list(logs), hidden_at=None).select_related("day_log__instalment")
    return list(rows.order_by("day_log__day", "day_log__spot", "day_log", "pk"))


def rewritten_for(person: Person) -> QuerySet[DayLog]:
    """Returned logs that another company is rewriting, with their place."""
    return DayLog.objects.rewritten_for(person).select_related("project", "instalment__project")


def as_returned(log: DayLog) -> tuple[RecordEvent, RecordEvent]:
    """The newest filing of a returned log, which tells what was filed, and its return; one query."""
    events = {event.code: event for event in reversed(journal.events_of(log))}
    return events["filed"], events["returned"]


def rewritten_of_month(person: Person, project: Project, instalment: Instalment | None, month: date) -> int:
    """How many logs of a month another company is rewriting."""
    return _of_month(DayLog.objects.rewritten_for(person), project, instalment, month).count()


def guard_posts_of_month(
    person: Person, project: Project, instalment: Instalment | None, month: date
) -> QuerySet[GuardPost]:
    """Guards of marketing that were stood in a month, struck ones left out."""
    posts = GuardPost.objects.visible_to(person).filter(phase=GuardPhase.MARKETING, state=KeptState.KEPT)
    return _of_month(posts, project, instalment, month).order_by("day", "name", "pk")


def _of_month(rows: QuerySet[Any], project: Project, instalment: Instalment | None, month: date) -> QuerySet[Any]:
    rows = rows.filter(project=project, day__gte=month, day__lt=next_month(month))
    return rows.filter(instalment=instalment) if instalment is not None else rows
