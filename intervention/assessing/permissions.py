"""Who may do what with an assessment: predicates that answer ``None`` or a ``Denial`` with its sentence.

Guide 1 has 营销小组 and 客服小组 supervise and assess the property company, each the work of its side. So the group's 经办人 opens
and scores, the group's 负责人 closes, and 项目物业经理 answers for the property company, once. Who handed a score in never
closes it. Who lets the days for an answer pass is passed over by the 负责人: a score does not stay open for ever.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from documents.permissions import Denial
from documents.vocabulary import Side
from intervention.assessing.states import AssessmentState
from intervention.permissions import lacks
from organization import clock
from organization.posts import Post
from organization.working_days import Calendar

if TYPE_CHECKING:
    from datetime import date

    from intervention.models import Assessment
    from intervention.permissions import Who

HANDLERS = {Side.PRE: Post.MARKETING_HANDLER, Side.POST: Post.SERVICE_HANDLER}
HEADS = {Side.PRE: Post.MARKETING_HEAD, Side.POST: Post.SERVICE_HEAD}
ANSWERING = Post.PROPERTY_PROJECT_MANAGER
# Working days in which the property company answers.
ANSWER_DAYS = 5


def last_day(month: date) -> date:
    """The last day of a month: from then on its score is handed in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def can_open(who: Who) -> Denial | None:
    """Open an assessment of some side."""
    return lacks(who, HANDLERS.values(), _("开展月度考核"))


def can_open_side(who: Who, side: str) -> Denial | None:
    """Open one of this side."""
    return lacks(who, (HANDLERS[Side(side)],), _("%(side)s月度考核") % {"side": Side(side).label})


def _in_state(assessment: Assessment, state: AssessmentState, what: str) -> Denial | None:
    if assessment.state == state:
        return None
    said = {"state": assessment.get_state_display(), "what": what}
    return Denial(_("本考核%(state)s，不能%(what)s。") % said, hide=True)


def can_score(who: Who, assessment: Assessment) -> Denial | None:
    """Give points."""
    posts = (HANDLERS[Side(assessment.side)],)
    return lacks(who, posts, _("考核评分")) or _in_state(assessment, AssessmentState.DRAFT, _("评分"))


def can_hand_in(who: Who, assessment: Assessment) -> Denial | None:
    """Hand the score in, once the month is over; whether every item has its points is asked by the verb, all at once."""
    if denial := can_score(who, assessment):
        return denial
    day = last_day(assessment.month)
    if clock.today() < day:
        return Denial(_("本月尚未结束，%(day)s 起可以提交评分。") % {"day": day.isoformat()})
    return None


def can_answer(who: Who, assessment: Assessment) -> Denial | None:
    """Accept the score or object to it."""
    return lacks(who, (ANSWERING,), _("答复考核")) or _in_state(assessment, AssessmentState.SCORED, _("答复"))


def answer_by(assessment: Assessment) -> date:
    """The last day on which the property company may still answer without being passed over."""
    assert assessment.handed_in_at is not None
    day = timezone.localtime(assessment.handed_in_at).date()
    return Calendar(day, day + timedelta(days=3 * ANSWER_DAYS)).after(day, ANSWER_DAYS)


def can_pass_over(who: Who, assessment: Assessment) -> Denial | None:
    """Go on without an answer, once its days have passed."""
    if assessment.state != AssessmentState.SCORED:
        return _in_state(assessment, AssessmentState.SCORED, _("按未答复处理"))
    if denial := lacks(who, (HEADS[Side(assessment.side)],), _("办结考核")):
        return denial
    if clock.today() <= (last := answer_by(assessment)):
        return Denial(
            _("物业公司可答复至 %(day)s（含当日），此后仍未答复的才能按未答复处理。") % {"day": last.isoformat()}
        )
    return None


def can_close(who: Who, assessment: Assessment) -> Denial | None:
    """Close it, answering an objection."""
    if denial := lacks(who, (HEADS[Side(assessment.side)],), _("办结考核")):
        return denial
    if assessment.state == AssessmentState.SCORED:
        return Denial(_("项目物业经理尚未答复，答复后才能办结；逾期不答复的，先按未答复处理。"))
    if denial := _in_state(assessment, AssessmentState.ANSWERED, _("办结")):
        return denial
    if assessment.handed_in_by_id == who.person.pk:
        return Denial(_("此考核由您评分提交，须由其他负责人办结。"))
    return None
