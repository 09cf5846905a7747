"""Writing an anchor and letting the plans follow it in one act (the other way is ``planning.adopt``, after the fact)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.refusals import Invalid
from documents.texts import clean_text
from intervention.planning import follow_anchors
from intervention.previewing import Shift
from organization import places
from organization.models import Instalment

if TYPE_CHECKING:
    from organization.models import Person, Project

Changes = Mapping[str, Mapping[str, date | None]]


@verb
def change_anchors(*, project: Project, actor: Person, changed: Changes, reason: str, seen: str) -> list[Shift]:
    """Write anchors by the organization's own verbs, and let the plans of the project follow in the same transaction.

    Who may write an anchor may let the plans follow it (``organization.permissions``). ``changed`` are
    dates by place (``project:CH``, ``instalment:CH-2``), ``seen`` is the seal of the moves that were shown. Effects: the
    organization's events, event ``adopted`` per plan that moves; an anchor may move none.
    """
    if not changed:
        raise Invalid(_("日期没有变化。"))
    reason = clean_text(reason, max_length=200, label=_("变动原因"))
    if not reason:
        raise Invalid(_("请填写变动原因。"))
    for place, dates in changed.items():
        kind, _colon, code = place.partition(":")
        row = project if kind == "project" else Instalment.objects.get(project=project, code=code)
        places.set_dates(actor=actor, place=row, reason=reason, **dates)
    project.refresh_from_db()
    return follow_anchors(project, actor, seen, reason, may_stay=True)
