"""Writing a day's log: begun, edited, dropped, filed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from documents.circulation.transactions import constraint_of, verb
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.daily import telling
from intervention.daily.permissions import can_begin, can_drop, can_edit, can_file
from intervention.daily.states import NUMBERS, OWN, DayLogState, Spot, foreign
from intervention.dates import FIRST
from intervention.models import DayLog
from intervention.models.day_log import MOST
from intervention.permissions import in_use, who
from intervention.planning import wanted
from organization import clock
from organization.punctuation import listed

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

# What at least one of must be told before a log of the spot is filed.
_NEEDED = {Spot.SALES_OFFICE: OWN[Spot.SALES_OFFICE], Spot.SHOW_FLAT: OWN[Spot.SHOW_FLAT]}
# Without these, all of them, an event's log is not filed.
_EVENT = ("hours", "people", "work_done")


@verb
def begin(
    *,
    actor: Person,
    project: Project,
    day: date,
    spot: str,
    instalment: Instalment | None = None,
    sent_key: str | None = None,
    **fields: Any,
) -> DayLog:
    """Begin the log of a spot on a day, by default empty. Sent again under its key it is the same log.

    Effects: event ``begun``. Raises Denied, Invalid, or Blocked where that day has its log already.
    """
    require(can_begin(who(actor, project)))
    if found := journal.sent_before(DayLog, actor, sent_key):
        return found
    require(in_use(project))
    log = journal.place(DayLog(spot=spot), actor, project, instalment, sent_key)
    if spot not in Spot.values:
        raise Invalid(_("地点须为售楼处、样板间或活动支持。"))
    _write(log, {"day": day, **fields})
    _save_once(log, is_new=True)
    journal.record(log, "begun", actor)
    return log


@verb
def edit(*, log_id: int, actor: Person, **fields: Any) -> DayLog:
    """Write in a draft. Effects: event ``edited`` where anything changes."""
    log = journal.lock(DayLog, log_id)
    require(can_edit(who(actor, log.project), log))
    before = journal.told(log)
    _write(log, fields)
    if journal.told(log) != before:
        _save_once(log)
        journal.record(log, "edited", actor)
    return log


@verb
def drop(*, log_id: int, actor: Person, reason: str) -> DayLog:
    """Drop a draft with a reason; its day is free again. Effects: event ``dropped``."""
    log = journal.lock(DayLog, log_id)
    require(can_drop(who(actor, log.project), log))
    reason = wanted(reason)
    log.discard()
    log.save(update_fields=["state"])
    journal.record(log, "dropped", actor, reason=reason)
    return log


@verb
def file_log(*, log_id: int, actor: Person) -> DayLog:
    """File a draft for confirmation. Effects: event ``filed``; 营销小组经办人 are told. Raises Blocked with all that lacks."""
    log = journal.lock(DayLog, log_id)
    require(can_file(who(actor, log.project), log))
    if lacking := missing(log):
        raise Blocked(*lacking)
    log.hand_in()
    log.filed_by, log.filed_at, log.returned_reason = actor, clock.now(), ""
    log.save(update_fields=["state", "filed_by", "filed_at", "returned_reason"])
    journal.record(log, "filed", actor)
    telling.tell_filed(log, actor)
    return log


def missing(log: DayLog) -> list[str]:
    """What a log lacks before it can be filed, a sentence each."""
    if log.spot == Spot.EVENT:
        return [
            _("缺少「%(field)s」，请补充后再提交。") % {"field": _label(name)}
            for name in _EVENT
            if getattr(log, name) in ("", None)
        ]
    names = _NEEDED[Spot(log.spot)]
    if any(getattr(log, name) not in ("", None, 0) for name in names):
        return []
    return [
        _("日志还没有内容，请至少填写一项：%(fields)s。") % {"fields": listed(_label(name) for name in names)},
    ]


def _write(log: DayLog, fields: dict[str, Any]) -> None:
    """Put cleaned values on a log; what belongs to another spot must be empty. Raises Invalid."""
    strange = [name for name in foreign(log.spot) if fields.get(name) not in (None, "")]
    if strange:
        told = {"spot": log.get_spot_display(), "fields": listed(_label(name) for name in strange)}
        raise Invalid(_("%(spot)s的日志没有这些内容：%(fields)s，请留空。") % told)
    if "day" in fields:
        log.day = _day(fields["day"])
    for name in (*OWN[log.spot], "note"):
        if name not in fields:
            continue
        value = fields[name]
        setattr(log, name, _number(name, value) if name in NUMBERS else _text(name, value))
    if log.spot == Spot.EVENT and not log.event_name:
        raise Invalid(_("请填写活动名称。"))


def _day(day: date) -> date:
    if day > clock.today():
        raise Invalid(_("日期 %(day)s 还没有到，请在当天或之后登记。") % {"day": day.isoformat()})
    if day < FIRST:
        raise Invalid(_("日期须在 2000 年至 2099 年之间。"))
    return day


def _text(name: str, value: str | None) -> str:
    return clean_text(value or "", max_length=DayLog._meta.get_field(name).max_length or 0, label=_label(name))


def _number(name: str, value: int | Decimal | None) -> int | Decimal | None:
    if value is None:
        return None
    if name == "hours":
        if not 0 < value <= 24:
            raise Invalid(_("支持时长须大于 0、不超过 24 小时；跨天的活动请按天登记。"))
        return value
    if not 0 <= value <= MOST:
        raise Invalid(_("%(field)s须为 0 至 100000 的整数。") % {"field": _label(name)})
    return value


def _label(name: str) -> str:
    return str(DayLog._meta.get_field(name).verbose_name)


def _save_once(log: DayLog, *, is_new: bool = False) -> None:
    """Save; the database says whether that day has its log already."""
    same = DayLog.objects.filter(
        project=log.project, instalment=log.instalment, day=log.day, spot=log.spot, event_name=log.event_name
    )
    other = same.exclude(state=DayLogState.DROPPED).exclude(pk=log.pk).select_related("created_by").first()
    if other is None:
        try:
            with transaction.atomic():
                log.save(force_insert=is_new)
            return
        except IntegrityError as error:
            if "day_log_once" not in constraint_of(error) and "intervention_daylog.spot" not in constraint_of(error):
                raise
            other = same.exclude(state=DayLogState.DROPPED).select_related("created_by").first()
    told = {
        "log": log,
        "state": other.get_state_display() if other else "",
        "who": other.created_by.name if other else "",
    }
    raise Blocked(_("%(log)s的日志已由%(who)s登记（%(state)s），请在原日志上补充。") % told)
