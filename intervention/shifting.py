"""Writing an anchor and letting the plans follow it in one act (the other way is ``planning.adopt``, after the fact)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.refusals import Invalid
from documents.texts import clean_text
from intervention.planning import follow_anchors
from intervention.previewing import Changes, Shift, stored_dates
from organization import places, trail
from organization.models import Instalment, Project

if TYPE_CHECKING:
    from organization.models import Person


@verb
def change_anchors(*, project: Project, actor: Person, changed: Changes, reason: str, seen: str) -> list[Shift]:
    """Write anchors by the organization's own verbs, and let the plans of the project follow in the same transaction.

    ``changed`` are dates by place (``project:CH``, ``instalment:CH-2``), ``seen`` is the seal of the moves and of the dates
    written over, as they were shown. Who may write is ``organization.permissions``' matter; the plans follow where the writer
    may move them as well: an administrator's date stands, and the plans' heads are told. Effects: the organization's events,
    event ``adopted`` per plan that moves; an anchor may move none.
    """
    if not changed:
        raise Invalid(_("日期没有变化。"))
    reason = clean_text(reason, max_length=200, label=_("变动原因"))
    if not reason:
        raise Invalid(_("请填写变动原因。"))
    # Behind the organization's lock nobody else writes a date, so that what stands is what is written over.
    trail.take_lock()
    project = Project.objects.get(pk=project.pk)
    stored = stored_dates(project, changed)
    for place, dates in changed.items():
        kind, _colon, code = place.partition(":")
        row = project if kind == "project" else Instalment.objects.get(project=project, code=code)
        places.set_dates(actor=actor, place=row, reason=reason, **dates)
    return follow_anchors(Project.objects.get(pk=project.pk), actor, seen, reason, stored)
