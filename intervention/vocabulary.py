"""Closed vocabularies of the plan: anchors, kinds of rows, what became of a row. Pure leaf."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Anchor(TextChoices):
    """The dates from which the others are reckoned (guide 2).

    Move-in (入伙) and mass move-in (集中入住) are one anchor: the move-in date is the first day of 集中入住 (D4).
    """

    POSITIONING = "positioning", _("项目定位启动")
    SALES_OFFICE = "sales_office", _("售楼处开放")
    COMPLETION = "completion", _("竣工验收")
    MOVE_IN = "move_in", _("集中入住（入伙）")


class ItemKind(TextChoices):
    """What a dated row of a phase is."""

    START = "start", _("启动")
    ACTIVITY = "activity", _("工作")
    RESULT = "result", _("成果")
    # A date that the law sets besides the guide (D11): shown, never in the way of closing.
    WARNING = "warning", _("法定期限")


class ItemState(TextChoices):
    """What became of an activity; other rows stay open, their phase or their result tells."""

    OPEN = "open", _("未完成")
    DONE = "done", _("已完成")
    WAIVED = "waived", _("不适用")
