"""Reminders of applications that nobody has begun although work of the month waits for its settlement."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Exists, F
from django.urls import reverse

from budgets.models import CompletionLine, WorkLine
from documents.deadlines import Limit, Purpose, last_month_due, month_from
from documents.noticing import tell
from documents.reminding import Reminder, horizon, not_told, parameters_of, place_key, stage
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS, Kind
from organization import access, clock
from organization.models import Project
from organization.working_days import Calendar
from settlements.deadlines import GATHERERS, handed_over_by
from settlements.gathering import cutoff_now, held_lines, taken_back
from settlements.models import Application, Nature

Place = tuple[int, str]


def remind_of_missing_applications() -> int:
    """Remind those who gather a month's cost before the date on which it is to reach the developer; answers how many."""
    today = clock.today()
    calendar = Calendar(today)
    newest = last_month_due(handed_over_by, horizon(today, calendar), calendar)
    before = last_month_due(handed_over_by, today - timedelta(days=1), calendar)
    told = 0
    while newest is not None and newest != before:
        told += _remind(newest, today, calendar)
        earlier = month_from(newest, -1)
        newest = earlier if earlier != newest else None
    return told


def _remind(month: date, today: date, calendar: Calendar) -> int:
    limit = Limit(handed_over_by(month, calendar), Purpose.ARRIVE, GATHERERS)
    days = calendar.working_days_until(today, limit.on)
    which = stage(days)
    waiting = _waiting(month) - _begun(month) if which else set()
    projects = {row.pk: row for row in Project.objects.filter(pk__in={pk for pk, _side in waiting}, is_active=True)}
    holders = access.holders_across(projects.values(), GATHERERS)
    reminders: dict[Place, Reminder] = {}
    for pk, side in sorted(place for place in waiting if place[0] in projects):
        people = {person.pk: person for post in GATHERERS for person in holders.get((pk, post, None), [])}
        key = f"due:{which}:{limit.on}:{place_key(Kind.EXPENSE_APPLICATION, None, pk, month, side)}"
        reminders[(pk, side)] = Reminder(tuple(people[pk] for pk in sorted(people)), key, parameters_of(limit, days))
    untold = not_told(reminders.values())
    fresh = {place: found for place, found in reminders.items() if not untold.isdisjoint(found.keys)}
    for (pk, side), reminder in fresh.items():
        said = {
            "place": str(projects[pk]),
            "month": f"{month:%Y-%m}",
            "side": side,
            "kinds": [Kind.EXPENSE_APPLICATION],
        }
        query = urlencode({"project": projects[pk].code, "month": said["month"], "side": side})
        url = f"{reverse('settlements:new')}?{query}"
        tell(reminder.people, None, "due.missing", reminder.key, url=url, **said, **reminder.parameters)
    return len(fresh)


def _waiting(month: date) -> set[Place]:
    """Projects and sides with approved work of the month that is not confirmed, or confirmed work that its application takes.

    Neither what was confirmed after the cut-off day nor what a reversal took back: the application would not take it in.
    """
    approved = WorkLine.objects.filter(
        document__kind__in=WORK_KINDS,
        document__state=DocumentState.APPROVED,
        document__period=month,
        amount__gt=F("confirmed") + F("lapsed"),
    )
    confirmed = CompletionLine.objects.filter(
        ~Exists(held_lines()),
        ~taken_back(),
        document__state=DocumentState.APPROVED,
        document__period__lte=month,
        amount__gt=0,
    )
    if until := cutoff_now(month):
        confirmed = confirmed.filter(document__decided_at__lt=until)
    return {
        place
        for rows in (approved, confirmed)
        for place in rows.order_by().values_list("document__project", "document__side").distinct()
    }


def _begun(month: date) -> set[Place]:
    """Projects and sides whose own application of the month stands, whatever its state but rejected and voided."""
    rows = Application.objects.filter(month=month, nature=Nature.MONTHLY, live=True)
    return set(rows.values_list("project", "side").distinct())
