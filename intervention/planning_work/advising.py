"""Design advice: put down, reworded, taken back, adopted or declined, seen carried out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Invalid
from documents.texts import clean_text
from intervention import journal, numbering
from intervention.dates import FIRST
from intervention.models import Advice
from intervention.permissions import in_use, who
from intervention.planning import wanted
from intervention.planning_work import permissions, telling
from intervention.planning_work.states import Topic
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

_TEXTS = ("drawing", "suggestion", "reason", "proposed_by", "risk")
_NEEDED = ("suggestion", "reason", "proposed_by")
# Above this it is a slip of the finger (guide 5).
MOST = Decimal("99999999999.99")


@verb
def advise(
    *,
    actor: Person,
    project: Project,
    topic: str,
    instalment: Instalment | None = None,
    sent_key: str | None = None,
    **fields: Any,
) -> Advice:
    """Put advice on the register under the project's next number; who and when default to the maker and today.

    Effects: event ``advised``; 设计管理部 is told. ``estimate`` is in 元. Raises Denied, Invalid.
    """
    require(permissions.can_advise(who(actor, project)))
    if found := journal.sent_before(Advice, actor, sent_key):
        return found
    require(in_use(project))
    advice = journal.place(Advice(), actor, project, instalment, sent_key)
    given = {"proposed_on": clock.today(), **fields, "topic": topic}
    given["proposed_by"] = given.get("proposed_by") or actor.name
    _write(advice, given)
    advice.number = numbering.allocate(project, Advice.subject, "JY")
    advice.save(force_insert=True)
    journal.record(advice, "advised", actor)
    telling.tell_advised(advice, actor)
    return advice


@verb
def reword(*, advice_id: int, actor: Person, **fields: Any) -> Advice:
    """Reword advice that is unanswered. Effects: event ``reworded`` where anything changes."""
    advice = _locked(advice_id)
    require(permissions.can_edit_advice(who(actor, advice.project), advice))
    before = journal.told(advice)
    if "proposed_by" in fields:
        fields["proposed_by"] = fields["proposed_by"] or advice.created_by.name
    _write(advice, fields)
    if journal.told(advice) != before:
        advice.save()
        journal.record(advice, "reworded", actor)
    return advice


@verb
def withdraw(*, advice_id: int, actor: Person, reason: str) -> Advice:
    """Take advice back. Effects: event ``withdrawn``."""
    advice = _locked(advice_id)
    require(permissions.can_withdraw(who(actor, advice.project), advice))
    reason = wanted(reason)
    advice.take_back()
    advice.save(update_fields=["state"])
    journal.record(advice, "withdrawn", actor, reason=reason)
    return advice


@verb
def adopt(*, advice_id: int, actor: Person, answer: str = "", saved: Decimal | None = None) -> Advice:
    """Adopt, with what is recognised as saved (元) where it can be said. Effects: event ``adopted``; the maker is told."""
    advice = _locked(advice_id)
    require(permissions.can_adopt(who(actor, advice.project), advice))
    advice.answer = _text("answer", answer)
    advice.saved = _money("saved", saved)
    advice.take()
    return _answered(advice, "adopted", actor)


@verb
def decline(*, advice_id: int, actor: Person, reason: str) -> Advice:
    """Decline with a reason, which is the answer. Effects: event ``declined``; the maker is told."""
    advice = _locked(advice_id)
    require(permissions.can_decline(who(actor, advice.project), advice))
    advice.answer = wanted(reason)
    advice.refuse()
    return _answered(advice, "declined", actor)


@verb
def finish(*, advice_id: int, actor: Person, note: str = "") -> Advice:
    """Say that adopted advice has been carried out, and where. Effects: event ``done``."""
    advice = _locked(advice_id)
    require(permissions.can_finish(who(actor, advice.project), advice))
    note = clean_text(note, max_length=500, label=_("说明"))
    advice.carry_out()
    advice.done_at = clock.now()
    advice.save(update_fields=["state", "done_at"])
    journal.record(advice, "done", actor, reason=note)
    return advice


def _locked(advice_id: int) -> Advice:
    return journal.lock(Advice, advice_id)


def _answered(advice: Advice, code: str, actor: Person) -> Advice:
    advice.answered_by, advice.answered_at = actor, clock.now()
    advice.save()
    journal.record(advice, code, actor, reason=advice.answer[:500])
    telling.tell_answered(advice, code, actor)
    return advice


def _write(advice: Advice, fields: dict[str, Any]) -> None:
    """Put cleaned values on advice. Raises Invalid."""
    if "topic" in fields:
        if fields["topic"] not in Topic.values:
            raise Invalid(_("没有这个类别，请从列表中选择。"))
        advice.topic = fields["topic"]
    for name in _TEXTS:
        if name in fields:
            setattr(advice, name, _text(name, fields[name]))
    # The management model of a project is on no drawing.
    needed = _NEEDED if advice.topic == Topic.MODEL else ("drawing", *_NEEDED)
    if lacking := [name for name in needed if not getattr(advice, name)]:
        raise Invalid(*(_("请填写%(field)s。") % {"field": _label(name)} for name in lacking))
    if "estimate" in fields:
        advice.estimate = _money("estimate", fields["estimate"])
    if "proposed_on" in fields:
        advice.proposed_on = _past(fields["proposed_on"])


def _past(day: date) -> date:
    if not FIRST <= day <= clock.today():
        raise Invalid(_("提出日期须在 2000 年之后、不晚于今天。"))
    return day


def _money(name: str, value: Decimal | None) -> Decimal | None:
    if value is not None and not 0 <= value <= MOST:
        raise Invalid(_("%(field)s须为 0 至 99,999,999,999.99 元。") % {"field": _label(name)})
    return value


def _text(name: str, value: str | None) -> str:
    return clean_text(value or "", max_length=Advice._meta.get_field(name).max_length or 0, label=_label(name))


def _label(name: str) -> str:
    return str(Advice._meta.get_field(name).verbose_name)
