"""Who may do what with records of the site: predicates that answer ``None`` or a ``Denial`` with its sentence.

The guide's reading (3.1.3, 3.1.4): the property company's people walk the site, hand problems to 项目部 and inspect again, so its
clerk or its project manager records, hands over and closes; 项目部 repairs and says so. That a finding is no fault of quality
after all is the project manager's judgement alone, and so is striking what was entered by mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.permissions import Denial
from intervention.permissions import Who, in_use, lacks
from intervention.site.states import ActionState, FindingState, KeptState
from intervention.site.vocabulary import PhotoRole
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import Finding, GuardPost, Meeting, MeetingAction, Visit

MANAGER = (Post.PROPERTY_PROJECT_MANAGER,)
WALKERS = (Post.PROPERTY_CLERK, Post.PROPERTY_PROJECT_MANAGER)
REPAIRERS = (Post.PROJECT_ENGINEER,)


def can_visit(who: Who) -> Denial | None:
    """Record a visit."""
    return lacks(who, WALKERS, _("登记现场巡查"))


def can_find(who: Who) -> Denial | None:
    """Record a finding; whether its visit takes one is asked by the verb."""
    return lacks(who, WALKERS, _("登记现场问题"))


def can_amend_visit(who: Who, visit: Visit) -> Denial | None:
    """Correct a visit that counts."""
    return lacks(who, WALKERS, _("修改巡查")) or _kept(visit.state)


def can_strike_visit(who: Who, visit: Visit) -> Denial | None:
    """Strike a visit that was entered by mistake; what hangs on it is asked by the verb."""
    return lacks(who, MANAGER, _("作废巡查")) or _kept(visit.state)


def can_hand_all(who: Who, visit: Visit) -> Denial | None:
    """Give all findings of a visit to 项目部; whether any waits is asked by the verb."""
    return lacks(who, WALKERS, _("移交项目部")) or _kept(visit.state)


def _kept(state: str) -> Denial | None:
    return Denial(_("此记录已作废。"), hide=True) if state == KeptState.STRUCK else None


def can_amend(who: Who, finding: Finding) -> Denial | None:
    """Correct a finding before it is handed over."""
    return lacks(who, WALKERS, _("修改问题")) or _in(finding, FindingState.OPEN)


def can_hand(who: Who, finding: Finding) -> Denial | None:
    """Give a finding to 项目部."""
    return lacks(who, WALKERS, _("移交项目部")) or _in(finding, FindingState.OPEN)


def can_fix(who: Who, finding: Finding) -> Denial | None:
    """Say that it is repaired."""
    return lacks(who, REPAIRERS, _("报告整改完成")) or _in(finding, FindingState.HANDED)


def can_close(who: Who, finding: Finding) -> Denial | None:
    """Checked again and in order."""
    return lacks(who, WALKERS, _("复查销项")) or _in(finding, FindingState.FIXED)


def can_send_back(who: Who, finding: Finding) -> Denial | None:
    """Checked again and not in order."""
    return lacks(who, WALKERS, _("复查退回")) or _in(finding, FindingState.FIXED)


def can_drop(who: Who, finding: Finding) -> Denial | None:
    """Say that it is no fault of quality."""
    return lacks(who, MANAGER, _("注明不属质量问题")) or _in(finding, FindingState.OPEN, FindingState.HANDED)


def can_photograph(who: Who, finding: Finding, role: str) -> Denial | None:
    """Before: the finder, until 项目部 reports the repair. After: 项目部 while it repairs, the finder when checking again."""
    if role == PhotoRole.BEFORE:
        return lacks(who, WALKERS, _("上传整改前照片")) or _in(finding, FindingState.OPEN, FindingState.HANDED)
    if finding.state == FindingState.HANDED:
        return lacks(who, REPAIRERS, _("上传整改后照片"))
    return lacks(who, WALKERS, _("上传复查照片")) or _in(finding, FindingState.FIXED)


def _in(finding: Finding, *states: str) -> Denial | None:
    if finding.state in states:
        return None
    return Denial(
        _("问题 %(number)s 现在是「%(state)s」，不能这样办理。")
        % {"number": finding.number, "state": finding.get_state_display()},
        hide=True,
    )


def can_meet(who: Who) -> Denial | None:
    """Record a meeting."""
    return lacks(who, WALKERS, _("登记现场会议"))


def can_amend_meeting(who: Who, meeting: Meeting) -> Denial | None:
    """Correct a meeting that counts."""
    return lacks(who, WALKERS, _("修改现场会议")) or _kept(meeting.state)


def can_resolve(who: Who, meeting: Meeting) -> Denial | None:
    """Add what a meeting decided to do: a new record."""
    return can_amend_meeting(who, meeting) or in_use(meeting.project)


def can_strike_meeting(who: Who, meeting: Meeting) -> Denial | None:
    """Strike a meeting that was entered by mistake."""
    return lacks(who, MANAGER, _("作废现场会议")) or _kept(meeting.state)


def can_amend_action(who: Who, action: MeetingAction) -> Denial | None:
    """Correct what is to be done."""
    return lacks(who, WALKERS, _("修改会议事项")) or _open(action)


def can_finish(who: Who, action: MeetingAction) -> Denial | None:
    """Say that it is done: either side of the meeting."""
    return lacks(who, (*WALKERS, *REPAIRERS), _("办结会议事项")) or _open(action)


def can_drop_action(who: Who, action: MeetingAction) -> Denial | None:
    """Say that it is not needed any more."""
    return lacks(who, MANAGER, _("注明不再办理")) or _open(action)


def _open(action: MeetingAction) -> Denial | None:
    if action.state == ActionState.OPEN:
        return None
    return Denial(_("此事项%(state)s。") % {"state": action.get_state_display()}, hide=True)


def can_guard(who: Who) -> Denial | None:
    """Record a guard post."""
    return lacks(who, WALKERS, _("登记值守岗位"))


def can_amend_guard(who: Who, post: GuardPost) -> Denial | None:
    """Correct or strike a guard post that counts."""
    return lacks(who, WALKERS, _("修改值守岗位")) or _kept(post.state)
