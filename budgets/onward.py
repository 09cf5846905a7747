"""From an approved work form on: its confirmation (工作量事后确认), begun or gone on with, and from which day it can be submitted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from budgets.confirming import rooms
from documents import drafting
from documents.forms import month_label, next_month
from documents.kinds import NextStep
from documents.models import Document
from documents.states import EDITABLE
from documents.vocabulary import Kind
from organization import clock

if TYPE_CHECKING:
    from organization.models import Person


def confirmation_steps(origin: Document, person: Person) -> list[NextStep]:
    """For who may confirm an approved form: to go on with what they have begun, else to begin while something is left."""
    if not drafting.may_draft(person, Kind.WORK_COMPLETION, origin.project):
        return []
    begun = Document.objects.visible_to(person).filter(state__in=EDITABLE, completion__origin=origin).order_by("pk")
    steps = [
        NextStep(
            label=_("继续做事后确认"),
            text=_("%(month)s的事后确认 %(name)s 还没有提交。") % {"month": month_label(row.period), "name": row.name},
            icon="pencil",
            url=reverse("budgets:edit_completion", args=[row.name]),
        )
        for row in begun
    ]
    if steps or not any(room.amount > 0 for room in rooms(origin)):
        return steps
    month = _free_month(origin)
    text = _("工作完成后按实际确认，通过后才能结算；确认月份 %(month)s。") % {"month": month_label(month)}
    if month > clock.today():
        text += _("可先填写，%(day)s 起才能提交。") % {"day": month.isoformat()}
    address = reverse("budgets:start_completion", args=[origin.name])
    return [NextStep(_("做事后确认"), text, "clipboard-check", address, {"month": month.strftime("%Y-%m")})]


def _free_month(origin: Document) -> date:
    """This month, or the form's own that is still to come; later where the month has its confirmation already (guide 5)."""
    taken = set(origin.completions.filter(live=True).values_list("month", flat=True))
    month = max(origin.period, clock.today().replace(day=1))
    while month in taken:
        month = next_month(month)
    return month


def submittable_from(completion: Document) -> date:
    """The day from which a confirmation can be submitted as it is written: the first of its month, and no line of it begins
    later (guide 5)."""
    begins = [
        line.origin_line.starts_on
        for line in completion.completion_lines.select_related("origin_line")
        if (line.quantity or line.amount) and line.origin_line.starts_on
    ]
    return max([completion.period, *begins])


def too_early(completion: Document) -> str:
    """What its writer is told while a confirmation cannot be submitted yet; empty when it can."""
    day = submittable_from(completion)
    if day <= clock.today():
        return ""
    return _("这份%(month)s的事后确认 %(day)s 起才能提交：工作完成后再确认。现在可以先填写，内容会保存。") % {
        "month": month_label(completion.period),
        "day": day.isoformat(),
    }
