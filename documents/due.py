"""What the kinds say of dates: the deadlines of forms that were read, and the condition that finds forms by their date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from documents import kinds
from documents.deadlines import Deadline, Limit, deadline, last_month_due
from documents.states import UNDECIDED
from organization import clock
from organization.working_days import Calendar

if TYPE_CHECKING:
    from documents.models import Document

Posts = Mapping[int, frozenset[str]]


def limits(documents: Iterable[Document], posts: Posts, calendar: Calendar) -> dict[int, Limit]:
    """By what date undecided forms have to be where, by key; ``posts`` are those of each form's open stations.

    A constant number of queries for each kind that has dates, whatever the number of forms.
    """
    by_kind: dict[str, list[Document]] = {}
    for document in documents:
        if document.state in UNDECIDED:
            by_kind.setdefault(document.kind, []).append(document)
    found: dict[int, Limit] = {}
    for kind, rows in by_kind.items():
        found |= kinds.get(kind).limits(rows, posts, calendar)
    return found


def deadlines(documents: Iterable[Document], posts: Posts, calendar: Calendar | None = None) -> dict[int, Deadline]:
    """How undecided forms stand to their dates today, by key; forms without a date are left out."""
    today = clock.today()
    calendar = calendar or Calendar(today)
    return {
        pk: deadline(limit.on, today, calendar, limit.purpose)
        for pk, limit in limits(documents, posts, calendar).items()
    }


def deadline_of(document: Document, posts: frozenset[str]) -> Deadline | None:
    """How one form stands to its date today; ``posts`` are those of its open stations."""
    return deadlines([document], {document.pk: posts}).get(document.pk)


def due_between(first: date, last: date, calendar: Calendar) -> Q:
    """Undecided forms whose date lies from ``first`` to ``last``, as a condition on documents."""
    condition = Q(pk__in=())
    for form in kinds.registered():
        due = form.due_between(first, last, calendar)
        if due is not None:
            condition |= Q(kind=form.kind) & due
    return Q(state__in=UNDECIDED) & condition


def months_due(due_on: Callable[[date, Calendar], date], first: date, last: date, calendar: Calendar) -> Q:
    """Forms of the months whose date, by ``due_on``, lies from ``first`` to ``last``."""
    newest = last_month_due(due_on, last, calendar)
    if newest is None:
        return Q(pk__in=())
    before = last_month_due(due_on, first - timedelta(days=1), calendar) if first > date.min else None
    return Q(period__lte=newest) if before is None else Q(period__lte=newest, period__gt=before)


def overdue() -> Q:
    """Undecided forms whose date is past."""
    today = clock.today()
    return due_between(date.min, today - timedelta(days=1), Calendar(today))
