"""A filed log confirmed or returned by 营销小组, one or several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.texts import clean_text
from intervention import journal
from intervention.daily import telling
from intervention.daily.permissions import can_confirm, can_return
from intervention.models import DayLog
from intervention.permissions import who
from intervention.planning import wanted
from organization import clock

if TYPE_CHECKING:
    from organization.models import Person


@verb
def confirm(*, log_id: int, actor: Person, note: str = "") -> DayLog:
    """Confirm a day. Effects: event ``confirmed`` with the remark."""
    log = journal.lock(DayLog, log_id)
    require(can_confirm(who(actor, log.project), log))
    note = clean_text(note, max_length=500, label=_("说明"))
    log.accept()
    log.confirmed_by, log.confirmed_at = actor, clock.now()
    log.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    journal.record(log, "confirmed", actor, reason=note)
    return log


@verb
def confirm_several(*, log_ids: Iterable[int], actor: Person) -> list[DayLog]:
    """Confirm days in one act, each with an event of its own; all or none, in the order of their keys."""
    return [confirm(log_id=pk, actor=actor) for pk in sorted(set(log_ids))]


@verb
def send_back(*, log_id: int, actor: Person, reason: str) -> DayLog:
    """Return a log to be corrected. Effects: event ``returned``; whoever filed it is told."""
    log = journal.lock(DayLog, log_id)
    require(can_return(who(actor, log.project), log))
    reason = wanted(reason)
    filer = log.filed_by
    log.give_back()
    log.filed_by, log.filed_at, log.returned_reason = None, None, reason
    log.save(update_fields=["state", "filed_by", "filed_at", "returned_reason"])
    journal.record(log, "returned", actor, reason=reason)
    telling.tell_returned(log, filer, actor)
    return log
