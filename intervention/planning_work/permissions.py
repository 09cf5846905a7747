"""Who may do what with design advice and with the survey (guide 3.1.1).

The property company surveys and advises; 设计管理部 answers and receives the proposal of the management model. That advice has
been carried out says whoever sees it on the drawing or on site: 设计管理部, or the project manager who asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.permissions import Denial
from intervention.drafting import CLERKS
from intervention.permissions import lacks
from intervention.planning_work.states import AdviceState, ComparableState
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import Advice, Comparable
    from intervention.permissions import Who

ANSWERERS = (Post.DESIGN_REVIEWER,)
SEERS = (Post.DESIGN_REVIEWER, Post.PROPERTY_PROJECT_MANAGER)


def can_advise(who: Who) -> Denial | None:
    """Put advice on the register."""
    return lacks(who, CLERKS, _("登记建议"))


def _stands(advice: Advice, state: AdviceState, what: str) -> Denial | None:
    if advice.state == state:
        return None
    return Denial(
        _("建议「%(state)s」，不能%(what)s。") % {"state": advice.get_state_display(), "what": what}, hide=True
    )


def can_edit_advice(who: Who, advice: Advice) -> Denial | None:
    """Reword advice that nobody has answered."""
    what = _("修改建议")
    return lacks(who, CLERKS, what) or _stands(advice, AdviceState.OPEN, what)


def can_withdraw(who: Who, advice: Advice) -> Denial | None:
    """Take advice back: its maker, while it is unanswered."""
    what = _("撤回建议")
    if denial := lacks(who, CLERKS, what) or _stands(advice, AdviceState.OPEN, what):
        return denial
    if advice.created_by_id != who.person.pk:
        maker = advice.created_by.name
        return Denial(_("此建议由%(name)s登记，只有登记人可以撤回。") % {"name": maker}, hide=True)
    return None


def can_adopt(who: Who, advice: Advice) -> Denial | None:
    """Adopt."""
    what = _("采纳建议")
    return lacks(who, ANSWERERS, what) or _stands(advice, AdviceState.OPEN, what)


def can_decline(who: Who, advice: Advice) -> Denial | None:
    """Decline with a reason."""
    what = _("不采纳建议")
    return lacks(who, ANSWERERS, what) or _stands(advice, AdviceState.OPEN, what)


def can_finish(who: Who, advice: Advice) -> Denial | None:
    """Say that adopted advice has been carried out."""
    what = _("登记落实")
    return lacks(who, SEERS, what) or _stands(advice, AdviceState.ADOPTED, what)


def can_survey(who: Who) -> Denial | None:
    """Put a comparable into the survey."""
    return lacks(who, CLERKS, _("登记周边物业"))


def can_edit_comparable(who: Who, row: Comparable) -> Denial | None:
    """Correct a comparable that counts."""
    if denial := lacks(who, CLERKS, _("修改周边物业")):
        return denial
    if row.state != ComparableState.COUNTED:
        return Denial(_("此项已剔除，请先恢复计入再修改。"), hide=True)
    return None


def can_leave_out(who: Who, row: Comparable) -> Denial | None:
    """Leave a comparable out of the figures."""
    if denial := lacks(who, CLERKS, _("剔除周边物业")):
        return denial
    return Denial(_("此项已剔除。"), hide=True) if row.state != ComparableState.COUNTED else None


def can_bring_back(who: Who, row: Comparable) -> Denial | None:
    """Count a comparable again."""
    if denial := lacks(who, CLERKS, _("恢复计入")):
        return denial
    return Denial(_("此项本来就计入。"), hide=True) if row.state != ComparableState.LEFT_OUT else None
