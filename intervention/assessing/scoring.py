"""Points are given item by item, and handed in with the facts of the month as the scorer sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.guide import of_guide
from documents.permissions import require
from documents.refusals import Blocked, Invalid, Refused
from documents.texts import clean_text
from intervention import journal
from intervention.assessing import telling
from intervention.assessing.facts import facts_now, frozen
from intervention.assessing.marks import plain
from intervention.assessing.permissions import can_hand_in, can_score
from intervention.models import Assessment, AssessmentScore
from intervention.permissions import who
from organization import clock

if TYPE_CHECKING:
    from organization.models import Person

REMARK = 300


def line_of(row: AssessmentScore) -> str:
    """How sentences call an item."""
    return _("第 %(n)d 项「%(title)s」") % {"n": row.position, "title": of_guide(row.title)}


def points_of(row: AssessmentScore, typed: Any) -> Decimal | None:
    """Points as typed for an item; None for nothing. Raises Invalid."""
    text = "" if typed is None else str(typed).strip()
    if not text:
        return None
    try:
        points = Decimal(text) if text.isascii() and len(text) <= 8 else Decimal("NaN")
        right = points.is_finite() and points == points.quantize(Decimal("0.1")) and 0 <= points <= row.maximum
    except InvalidOperation:
        right = False
    if not right:
        said = {"line": line_of(row), "typed": text[:20], "max": plain(row.maximum)}
        raise Invalid(_("%(line)s：得分「%(typed)s」不对，请填 0 至 %(max)s，最多一位小数。") % said)
    return points.quantize(Decimal("0.1"))


def rows_behind(
    assessment: Assessment, sent: Iterable[Mapping[str, Any]]
) -> list[tuple[AssessmentScore, Mapping[str, Any]]]:
    """The items that were sent, each with what was sent for it. Raises Invalid for what is no item, or is sent twice."""
    rows = {row.pk: row for row in assessment.scores.all()}
    found: dict[int, tuple[AssessmentScore, Mapping[str, Any]]] = {}
    for one in sent:
        if one["item"] not in rows or one["item"] in found:
            raise Invalid(_("考核项目编号 %(item)d 不在本考核中，或重复填写。") % {"item": one["item"]})
        found[one["item"]] = rows[one["item"]], one
    return list(found.values())


@verb
def score(*, assessment_id: int, actor: Person, scores: list[dict[str, Any]]) -> Assessment:
    """Give points to items (``item``, ``points``, ``waived``, ``remark``); those not sent stay as they are.

    A deduction, or an item that doesn't apply this month, says why. Effects: event ``scored``, where anything changes.
    Raises Denied, or Invalid with every fault.
    """
    row = journal.lock(Assessment, assessment_id)
    require(can_score(who(actor, row.project), row))
    faults: list[str] = []
    changed = []
    for item, sent in rows_behind(row, scores):
        before = (item.points, item.is_waived, item.remark)
        try:
            _take(item, sent)
        except Refused as refusal:
            faults += refusal.sentences
        if (item.points, item.is_waived, item.remark) != before:
            changed.append(item)
    if faults:
        raise Invalid(*faults)
    if changed:
        for item in changed:
            item.save(update_fields=["points", "is_waived", "remark"])
        journal.record(row, "scored", actor, n=len(changed))
    return row


def _take(item: AssessmentScore, sent: Mapping[str, Any]) -> None:
    item.is_waived = bool(sent.get("waived"))
    item.points = None if item.is_waived else points_of(item, sent.get("points"))
    item.remark = clean_text(sent.get("remark") or "", max_length=REMARK, label=line_of(item))
    if item.is_waived and not item.remark:
        raise Invalid(_("%(line)s：本月不适用，请写明原因。") % {"line": line_of(item)})
    if item.points is not None and item.points < item.maximum and not item.remark:
        raise Invalid(_("%(line)s：有扣分，请写明扣分原因。") % {"line": line_of(item)})


@verb
def hand_in(*, assessment_id: int, actor: Person) -> Assessment:
    """Hand the score in to the property company, with the month's facts as the scorer sees them now; both are then fixed.

    Effects: event ``handed_in``, notice to 项目物业经理. Raises Denied, or Blocked with every item that has no points.
    """
    row = journal.lock(Assessment, assessment_id)
    require(can_hand_in(who(actor, row.project), row))
    items = list(row.scores.all())
    lacking = [item for item in items if item.points is None and not item.is_waived]
    if lacking:
        raise Blocked(*(_("%(line)s：还没有评分。") % {"line": line_of(item)} for item in lacking))
    if all(item.is_waived for item in items):
        raise Blocked(_("全部项目都注明本月不适用，没有可评分的内容，请至少为一项评分。"))
    row.enter_answering()
    row.facts = frozen(facts_now(actor, row))
    row.handed_in_by, row.handed_in_at = actor, clock.now()
    row.save(update_fields=["state", "facts", "handed_in_by", "handed_in_at"])
    journal.record(row, "handed_in", actor)
    telling.tell_handed_in(row)
    return row
