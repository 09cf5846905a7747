"""Who may do what with a day's log: the property company's clerk or project manager writes, 营销小组经办人 confirms.

Guide 1: 营销小组 organises, supervises and confirms marketing support; guide 3.1.2: the property company does it day by day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.permissions import Denial
from intervention.daily.states import DayLogState
from intervention.drafting import CLERKS
from intervention.permissions import lacks
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import DayLog
    from intervention.permissions import Who

CONFIRMERS = (Post.MARKETING_HANDLER,)


def can_begin(who: Who) -> Denial | None:
    """Begin a day's log."""
    return lacks(who, CLERKS, _("登记工作日志"))


def _drafted(who: Who, log: DayLog, what: str) -> Denial | None:
    if denial := lacks(who, CLERKS, what):
        return denial
    if log.state != DayLogState.DRAFT:
        state = log.get_state_display()
        return Denial(_("日志「%(state)s」，不能%(what)s。") % {"state": state, "what": what}, hide=True)
    return None


def can_edit(who: Who, log: DayLog) -> Denial | None:
    """Write in a draft, one's own or a colleague's."""
    return _drafted(who, log, _("修改日志"))


def can_file(who: Who, log: DayLog) -> Denial | None:
    """File a draft for confirmation."""
    return _drafted(who, log, _("提交日志"))


def can_drop(who: Who, log: DayLog) -> Denial | None:
    """Drop a draft that is a mistake."""
    return _drafted(who, log, _("作废日志"))


def can_photograph(who: Who, log: DayLog, role: str) -> Denial | None:
    """Add photographs to a draft."""
    return _drafted(who, log, _("上传照片"))


def _filed(who: Who, log: DayLog, what: str) -> Denial | None:
    if denial := lacks(who, CONFIRMERS, what):
        return denial
    if log.state != DayLogState.FILED:
        state = log.get_state_display()
        return Denial(_("日志「%(state)s」，不能%(what)s。") % {"state": state, "what": what}, hide=True)
    return None


def can_confirm(who: Who, log: DayLog) -> Denial | None:
    """Confirm that the day was as the log tells."""
    return _filed(who, log, _("确认日志"))


def can_return(who: Who, log: DayLog) -> Denial | None:
    """Return a log with a reason."""
    return _filed(who, log, _("退回日志"))
