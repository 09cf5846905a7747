"""The two dates of a month's settlement (guide 6, 3. and 4.), on working days."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from documents.deadlines import Limit, Purpose, month_from
from documents.due import months_due
from documents.models import Step
from documents.states import EDITABLE, StepStatus
from organization.posts import PROPERTY_POSTS, Post
from organization.working_days import Calendar
from settlements.models import Application, Nature

if TYPE_CHECKING:
    from documents.models import Document

SIGNED_BY_DAY = 22
# Who gathers a month's application and is reminded while it has not reached the developer.
GATHERERS = (Post.PROPERTY_FINANCE, Post.PROPERTY_CLERK)


def _last_day(month: date) -> int:
    return months.monthrange(month.year, month.month)[1]


def handed_over_by(month: date, calendar: Calendar | None = None) -> date:
    """By when the application has reached the group handler: the month's last day, moved to the working day before."""
    last = month.replace(day=_last_day(month))
    return (calendar or Calendar(last)).on_or_before(last)


def signed_by(month: date, calendar: Calendar | None = None) -> date:
    """By when the whole chain is signed: the 22nd of the next month, included, moved to the working day before."""
    following = month_from(month, 1)
    if following <= month:
        return date.max  # The calendar ends.
    day = following.replace(day=SIGNED_BY_DAY)
    return (calendar or Calendar(day)).on_or_before(day)


def lies_with_property(document: Document, posts: frozenset[str]) -> bool:
    """Whether an undecided application is still on its way to the group handler; ``posts`` are those of its open stations."""
    return document.state in EDITABLE or bool(posts & set(PROPERTY_POSTS))


def _lies_with_property() -> Q:
    """The same in SQL."""
    desk = Step.objects.filter(document=OuterRef("pk"), status=StepStatus.OPEN, post__in=PROPERTY_POSTS).order_by()
    return Q(state__in=EDITABLE) | Exists(desk)


def limit_of(document: Document, posts: frozenset[str], calendar: Calendar, *, monthly: bool = True) -> Limit:
    """Which of the two dates counts: that of arrival while the application lies with the property company, then the chain's.

    An interim or reversing application (``monthly`` false) is filed when it is needed: for it there is the second date alone.
    """
    if monthly and lies_with_property(document, posts):
        return Limit(handed_over_by(document.period, calendar), Purpose.ARRIVE, GATHERERS)
    return Limit(signed_by(document.period, calendar), Purpose.SIGN)


def not_monthly(documents: list[Document]) -> set[int]:
    """Keys of the interim and reversing applications among these."""
    rows = Application.objects.filter(document__in=documents).exclude(nature=Nature.MONTHLY)
    return set(rows.values_list("document_id", flat=True))


def due_between(first: date, last: date, calendar: Calendar) -> Q:
    """Undecided applications whose date lies from ``first`` to ``last``; the same as ``limit_of`` in SQL."""
    at_home = Q(application__nature=Nature.MONTHLY) & _lies_with_property()
    arriving = at_home & months_due(handed_over_by, first, last, calendar)
    circulating = ~at_home & months_due(signed_by, first, last, calendar)
    return arriving | circulating
