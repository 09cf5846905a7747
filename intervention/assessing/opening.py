"""An assessment is opened: it takes the checklist and the grades of the day over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.forms import month_label
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.vocabulary import Side
from intervention import journal
from intervention.assessing.permissions import can_open_side
from intervention.assessing.queries import bands_in_force, criteria_for
from intervention.models import Assessment, AssessmentScore
from intervention.permissions import in_use, who
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project


@verb
def open_assessment(
    *,
    actor: Person,
    project: Project,
    month: date,
    side: str,
    instalment: Instalment | None = None,
    sent_key: str | None = None,
) -> Assessment:
    """Begin the assessment of a month (its first day) on one side: one each (guide 1).

    Effects: event ``opened``. Raises Denied, Invalid, or Blocked where there is one already or the checklist is empty.
    """
    require(can_open_side(who(actor, project), side))
    if (before := journal.sent_before(Assessment, actor, sent_key)) is not None:
        return before
    require(in_use(project))
    if instalment is not None:
        raise Invalid(_("考核以项目为单位，请不要选择分期。"))
    if month.day != 1 or month > clock.today():
        raise Invalid(_("%(month)s 尚未开始，请选择本月或以前的月份。") % {"month": month_label(month)})
    criteria = list(criteria_for(project, side))
    if not criteria:
        raise Blocked(_("没有适用的考核项目，请系统管理员在「考核标准」中新增或启用。"))
    row = journal.place(Assessment(month=month, side=side, bands=bands_in_force()), actor, project, None, sent_key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        said = {"project": project.name, "month": month_label(month), "side": Side(side).label}
        raise Blocked(_("%(project)s %(month)s %(side)s 已有考核，请在原考核上办理。") % said) from error
    AssessmentScore.objects.bulk_create(
        AssessmentScore(
            assessment=row,
            criterion=criterion,
            position=n,
            title=criterion.title,
            basis=criterion.basis,
            maximum=criterion.points,
        )
        for n, criterion in enumerate(criteria, start=1)
    )
    journal.record(row, "opened", actor)
    return row
