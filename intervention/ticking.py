"""Activities: ticked off when done, waived with a reason, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.texts import clean_text
from intervention import log
from intervention.permissions import can_restore, can_tick, can_waive, who
from intervention.planning import item_behind_lock, rederive, wanted
from intervention.replaying import moves_told
from intervention.vocabulary import ItemState
from organization import clock

if TYPE_CHECKING:
    from intervention.models import PlanItem
    from organization.models import Person


def _settle(item: PlanItem, actor: Person | None, state: ItemState) -> None:
    item.state = state
    item.settled_by, item.settled_at = (actor, clock.now()) if actor else (None, None)
    item.save(update_fields=["state", "settled_by", "settled_at"])


@verb
def tick(*, item_id: int, actor: Person, note: str = "") -> PlanItem:
    """Say that a piece of work is done; a remark may be added. Effects: event ``ticked``."""
    item = item_behind_lock(item_id)
    plan = item.phase.plan
    require(can_tick(who(actor, plan.project), item))
    note = clean_text(note, max_length=500, label=_("说明"))
    _settle(item, actor, ItemState.DONE)
    log.record(plan, "ticked", actor, phase=item.phase, item=item, reason=note)
    return item


@verb
def waive(*, item_id: int, actor: Person, reason: str) -> PlanItem:
    """Say that a piece of work is not needed here, and why. Effects: event ``waived``."""
    item = item_behind_lock(item_id)
    plan = item.phase.plan
    require(can_waive(who(actor, plan.project), item))
    reason = wanted(reason)
    _settle(item, actor, ItemState.WAIVED)
    log.record(plan, "waived", actor, phase=item.phase, item=item, reason=reason)
    return item


@verb
def restore(*, item_id: int, actor: Person, reason: str) -> PlanItem:
    """Take a tick or waiver back, with a reason; the date follows the anchors of now. Effects: event ``restored`` with the date
    before and after where it moves."""
    item = item_behind_lock(item_id)
    plan = item.phase.plan
    require(can_restore(who(actor, plan.project), item))
    reason = wanted(reason)
    _settle(item, None, ItemState.OPEN)
    moves = rederive(plan, [item])
    log.record(plan, "restored", actor, phase=item.phase, item=item, reason=reason, **moves_told(moves))
    return item
