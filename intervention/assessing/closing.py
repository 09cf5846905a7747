"""The group's head closes an assessment; answering an objection, they may change points, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Invalid, Refused
from documents.texts import clean_text
from intervention import journal
from intervention.assessing import telling
from intervention.assessing.answering import TEXT
from intervention.assessing.permissions import can_close
from intervention.assessing.scoring import REMARK, line_of, points_of, rows_behind
from intervention.assessing.states import Answer
from intervention.models import Assessment, AssessmentScore
from intervention.permissions import who
from organization import clock

if TYPE_CHECKING:
    from organization.models import Person


@verb
def close(
    *, assessment_id: int, actor: Person, conclusion: str = "", changes: list[dict[str, Any]] | None = None
) -> Assessment:
    """Close an answered assessment. An objection is answered in words; ``changes`` (``item``, ``points``, ``reason``) are
    points that count instead of the handler's, which stay to be seen.

    Effects: event ``closed``, notice to 项目物业经理 and the handler. Raises Denied, or Invalid with every fault.
    """
    row = journal.lock(Assessment, assessment_id)
    require(can_close(who(actor, row.project), row))
    conclusion = clean_text(conclusion, max_length=TEXT, label=_("办结意见"))
    objected = row.answer == Answer.OBJECTED
    faults = [] if conclusion or not objected else [_("物业公司有异议，请填写办结意见予以答复。")]
    if changes and not objected:
        faults.append(_("物业公司对本次评分没有异议，不能再调整得分。"))
    changed = []
    for item, sent in rows_behind(row, changes or ()):
        try:
            _change(item, sent)
        except Refused as refusal:
            faults += refusal.sentences
        changed.append(item)
    if faults:
        raise Invalid(*faults)
    for item in changed:
        item.save(update_fields=["final", "final_reason"])
    row.end()
    row.conclusion, row.closed_by, row.closed_at = conclusion, actor, clock.now()
    row.save(update_fields=["state", "conclusion", "closed_by", "closed_at"])
    journal.record(row, "closed", actor, reason=conclusion[:500], n=len(changed))
    telling.tell_closed(row)
    return row


def _change(item: AssessmentScore, sent: dict[str, Any]) -> None:
    points = points_of(item, sent.get("points"))
    if item.is_waived:
        raise Invalid(_("%(line)s：本月不适用，没有得分可调整。") % {"line": line_of(item)})
    if points is None or points == item.points:
        raise Invalid(_("%(line)s：请填写与原得分不同的得分，或不要调整此项。") % {"line": line_of(item)})
    item.final = points
    item.final_reason = clean_text(sent.get("reason") or "", max_length=REMARK, label=line_of(item))
    if not item.final_reason:
        raise Invalid(_("%(line)s：调整得分请写明原因。") % {"line": line_of(item)})
