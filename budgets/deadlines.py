"""The date of the monthly forms (guide 6, 1.): through their chain before the month, on working days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from documents.deadlines import Limit
from documents.due import months_due
from documents.models import Document
from documents.states import DEAD, DocumentState
from documents.vocabulary import MONTHLY_KINDS

if TYPE_CHECKING:
    from organization.working_days import Calendar


def approved_by(month: date, calendar: Calendar) -> date:
    """The last working day before the month begins: until then its monthly forms go through their chains."""
    first = month.replace(day=1)
    return calendar.on_or_before(first - timedelta(days=1) if first > date.min else first)


def limit_of(month: date, calendar: Calendar) -> Limit:
    """The limit of every monthly form of a month; the other work forms arise when they are needed and have none."""
    return Limit(approved_by(month, calendar), _("审批通过"))


def limits(documents: list[Document], calendar: Calendar) -> dict[int, Limit]:
    """Limits of monthly forms, by key. A draft beside a form that was filed for its month is late for nothing."""
    drafts = [row for row in documents if row.state == DocumentState.DRAFT and row.kind in MONTHLY_KINDS]
    idle = set(
        Document.objects.filter(_filed_beside(), pk__in=[row.pk for row in drafts]).values_list("pk", flat=True)
        if drafts
        else ()
    )
    return {
        row.pk: limit_of(row.period, calendar) for row in documents if row.kind in MONTHLY_KINDS and row.pk not in idle
    }


def due_between(first: date, last: date, calendar: Calendar) -> Q:
    """Monthly forms whose limit lies from ``first`` to ``last``; the same as ``limits`` in SQL."""
    months = months_due(approved_by, first, last, calendar)
    return months & (~Q(state=DocumentState.DRAFT) | ~_filed_beside())


def _filed_beside() -> Exists:
    """Whether the form's instalment and month have a submitted form of its kind that is alive."""
    return Exists(
        Document.objects.filter(
            kind=OuterRef("kind"),
            instalment=OuterRef("instalment"),
            period=OuterRef("period"),
            first_submitted_at__isnull=False,
        )
        .exclude(state__in=DEAD)
        .order_by()
    )
