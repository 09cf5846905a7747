"""Verbs on meetings and on what they decided to do (guide 3.1.3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Blocked, Conflict, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.dates import FIRST, LAST
from intervention.models import Meeting, MeetingAction
from intervention.permissions import in_use, who
from intervention.planning import wanted
from intervention.site import permissions
from intervention.site.states import ActionState, KeptState
from intervention.site.visiting import past_day
from intervention.site.vocabulary import MeetingKind
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

WHERE, ATTENDANCE, DECISIONS, TEXT, DOER, OUTCOME = 60, 1000, 2000, 300, 60, 500


@verb
def begin(
    *, actor: Person, project: Project, instalment: Instalment | None, sent_key: str = "", **said: Any
) -> Meeting:
    """Record a meeting. Effects: event ``met``. Raises Denied, Invalid."""
    require(permissions.can_meet(who(actor, project)))
    if (before := journal.sent_before(Meeting, actor, sent_key)) is not None:
        return before
    require(in_use(project))
    meeting = journal.place(Meeting(), actor, project, instalment, sent_key)
    _write(meeting, **said)
    meeting.save(force_insert=True)
    journal.record(meeting, "met", actor)
    return meeting


@verb
def amend(*, meeting_id: int, actor: Person, **said: Any) -> Meeting:
    """Correct a meeting. Effects: event ``amended``."""
    meeting = journal.lock(Meeting, meeting_id)
    require(permissions.can_amend_meeting(who(actor, meeting.project), meeting))
    _write(meeting, **said)
    meeting.save(update_fields=["kind", "day", "where", "attendance", "decisions"])
    journal.record(meeting, "amended", actor)
    return meeting


@verb
def strike(*, meeting_id: int, actor: Person, reason: str) -> Meeting:
    """Strike a meeting entered by mistake. Effects: event ``struck``. Raises Blocked while actions of it are open or done."""
    meeting = journal.lock(Meeting, meeting_id)
    require(permissions.can_strike_meeting(who(actor, meeting.project), meeting))
    reason = wanted(reason)
    if n := meeting.actions.exclude(state=ActionState.DROPPED).count():
        raise Blocked(_("此次会议有 %(n)d 个事项，不能作废；请先把误登的事项注明「不再办理」。") % {"n": n})
    meeting.strike()
    meeting.save(update_fields=["state"])
    journal.record(meeting, "struck", actor, reason=reason)
    return meeting


@verb
def resolve(*, meeting_id: int, actor: Person, sent_key: str = "", **said: Any) -> MeetingAction:
    """Something that a meeting decided to do. Effects: event ``resolved`` on it."""
    meeting = journal.lock(Meeting, meeting_id)
    require(permissions.can_amend_meeting(who(actor, meeting.project), meeting))
    if (before := journal.sent_before(MeetingAction, actor, sent_key)) is not None:
        return before
    require(in_use(meeting.project))
    action = journal.place(MeetingAction(meeting=meeting), actor, meeting.project, meeting.instalment, sent_key)
    _decide(action, **said)
    action.save(force_insert=True)
    journal.record(action, "resolved", actor)
    return action


def begin_action(
    *, actor: Person, project: Project, instalment: Instalment | None, meeting: int, **said: Any
) -> MeetingAction:
    """``resolve`` for programs, which name meeting and place: they must agree."""
    here = Meeting.objects.filter(pk=meeting, project=project, instalment=instalment).first()
    if here is None:
        raise Invalid(_("没有这次会议，或它不属于所填的项目和分期。"))
    if here.state == KeptState.STRUCK:
        raise Conflict(_("此次会议已作废，请在有效的会议中登记事项。"))
    return resolve(meeting_id=here.pk, actor=actor, **said)


@verb
def amend_action(*, action_id: int, actor: Person, **said: Any) -> MeetingAction:
    """Correct something that is to be done. Effects: event ``amended``."""
    action = journal.lock(MeetingAction, action_id)
    require(permissions.can_amend_action(who(actor, action.project), action))
    _decide(action, **said)
    action.save(update_fields=["text", "doer", "due_on"])
    journal.record(action, "amended", actor)
    return action


@verb
def finish(*, action_id: int, actor: Person, note: str) -> MeetingAction:
    """It is done, and how. Effects: event ``finished``."""
    action = journal.lock(MeetingAction, action_id)
    require(permissions.can_finish(who(actor, action.project), action))
    action.outcome = clean_text(note, max_length=OUTCOME, label=_("办理结果"))
    if not action.outcome:
        raise Invalid(_("办理结果：请填写。"))
    action.finish()
    return _settled(action, "finished", actor)


@verb
def drop_action(*, action_id: int, actor: Person, reason: str) -> MeetingAction:
    """It is not needed any more. Effects: event ``dropped``."""
    action = journal.lock(MeetingAction, action_id)
    require(permissions.can_drop_action(who(actor, action.project), action))
    action.outcome = wanted(reason)
    action.drop()
    return _settled(action, "dropped", actor)


def _settled(action: MeetingAction, code: str, actor: Person) -> MeetingAction:
    action.settled_at = clock.now()
    action.save(update_fields=["state", "outcome", "settled_at"])
    journal.record(action, code, actor, reason=action.outcome)
    return action


def _write(
    meeting: Meeting, *, kind: str, day: date, where: str, attendance: str, decisions: str | None = None
) -> None:
    """Put on a meeting what was said; decisions that were left out stay."""
    if kind not in MeetingKind.values:
        raise Invalid(_("没有这种会议。"))
    meeting.kind, meeting.day = kind, past_day(day, _("日期"))
    meeting.where = clean_text(where, max_length=WHERE, label=_("地点"))
    meeting.attendance = clean_text(attendance.replace("\r\n", "\n"), max_length=ATTENDANCE, label=_("参加人员"))
    if decisions is not None:
        meeting.decisions = clean_text(decisions.replace("\r\n", "\n"), max_length=DECISIONS, label=_("会议决定"))
    faults = [
        _("%(label)s：请填写。") % {"label": label}
        for value, label in ((meeting.where, _("地点")), (meeting.attendance, _("参加人员")))
        if not value
    ]
    if faults:
        raise Invalid(*faults)


def _decide(action: MeetingAction, *, text: str, doer: str, **dates: date | None) -> None:
    """Put on an action what was said; ``due_on`` stays where it was left out."""
    due_on = dates.get("due_on", action.due_on)
    action.text = clean_text(text, max_length=TEXT, label=_("事项"))
    action.doer = clean_text(doer, max_length=DOER, label=_("责任人"))
    faults = [
        _("%(label)s：请填写。") % {"label": label}
        for value, label in ((action.text, _("事项")), (action.doer, _("责任人")))
        if not value
    ]
    if due_on is not None and not FIRST <= due_on <= LAST:
        faults.append(_("期限须在 2000 年至 2099 年之间。"))
    if faults:
        raise Invalid(*faults)
    action.due_on = due_on
