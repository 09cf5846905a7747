"""Reminders of monthly forms that nobody has submitted yet, one for an instalment's month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from budgets.deadlines import approved_by, limit_of
from documents import kinds
from documents.deadlines import last_month_due, month_from
from documents.models import Document
from documents.noticing import tell
from documents.reminding import Reminder, horizon, not_told, parameters_of, stage
from documents.states import DEAD
from documents.vocabulary import MONTHLY_KINDS
from organization import access, clock
from organization.models import Instalment
from organization.working_days import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organization.models import Person


def remind_of_missing_forms() -> int:
    """Remind those who file them of monthly forms not submitted before their date; answers how many instalments' months."""
    today = clock.today()
    calendar = Calendar(today)
    told = 0
    for month in months_near(today, calendar):
        limit = limit_of(month, calendar)
        days = calendar.working_days_until(today, limit.on)
        which = stage(days)
        if which is None:
            continue
        reminders = [
            (place, Reminder(people, f"due:{which}:{limit.on}:missing:{place.pk}:{month:%Y-%m}", {"kinds": missing}))
            for place, missing, people in _missing(month)
        ]
        untold = not_told(reminder for _place, reminder in reminders)
        for place, reminder in reminders:
            if untold.isdisjoint(reminder.keys):
                continue
            said = {"place": str(place), "month": f"{month:%Y-%m}", "side": "", **parameters_of(limit, days)}
            query = urlencode({"month": f"{month:%Y-%m}", "project": place.project.code})
            url = f"{reverse('budgets:month')}?{query}"
            tell(reminder.people, None, "due.missing", reminder.key, url=url, **reminder.parameters, **said)
            told += 1
    return told


def months_near(today: date, calendar: Calendar) -> Iterator[date]:
    """Months whose monthly forms are due from today to the last date of which one is reminded."""
    newest = last_month_due(approved_by, horizon(today, calendar), calendar)
    before = last_month_due(approved_by, today - timedelta(days=1), calendar)
    while newest is not None and newest != before:
        yield newest
        earlier = month_from(newest, -1)
        newest = earlier if earlier != newest else None


def _missing(month: date) -> Iterator[tuple[Instalment, list[str], tuple[Person, ...]]]:
    """Instalments of running projects, the kinds that nobody has submitted there, and who files them. Three queries."""
    expected = [kind for kind in MONTHLY_KINDS if kinds.is_registered(kind)]
    places = list(
        Instalment.objects.filter(project__is_active=True).select_related("project").order_by("project__code", "code")
    )
    filed = set(
        Document.objects.filter(kind__in=expected, period=month, first_submitted_at__isnull=False)
        .exclude(state__in=DEAD)
        .values_list("instalment", "kind")
    )
    posts = {post for kind in expected for post in kinds.get(kind).submitters}
    holders = access.holders_across({place.project_id: place.project for place in places}.values(), posts)
    for place in places:
        missing = [str(kind) for kind in expected if (place.pk, kind) not in filed]
        people = {
            person.pk: person
            for kind in missing
            for post in kinds.get(kind).submitters
            for person in holders.get((place.project_id, post, None), [])
        }
        if missing and people:
            yield place, missing, tuple(people[pk] for pk in sorted(people))
