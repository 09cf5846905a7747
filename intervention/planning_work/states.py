"""Topics and states of design advice, states of a comparable. Pure leaf; machines and guards read the same tables."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """What advice is about: 布局与功能 from use and management, and the management model to 设计管理部 (guide 3.1.1)."""

    LAYOUT = "layout", _("规划布局")
    FUNCTION = "function", _("使用功能")
    DETAIL = "detail", _("细部做法与设备")
    MODEL = "model", _("管理模式建议")


class AdviceState(TextChoices):
    """What became of a piece of advice."""

    OPEN = "open", _("待答复")
    ADOPTED = "adopted", _("已采纳")
    DECLINED = "declined", _("未采纳")
    WITHDRAWN = "withdrawn", _("已撤回")
    DONE = "done", _("已落实")


# Advice whose saving counts.
TAKEN = (AdviceState.ADOPTED, AdviceState.DONE)

ADVICE_MOVES: tuple[tuple[str, str], ...] = (
    ("open", "adopted"),
    ("open", "declined"),
    ("open", "withdrawn"),
    ("adopted", "done"),
)


class ComparableState(TextChoices):
    """Whether a comparable counts in the survey."""

    COUNTED = "counted", _("计入")
    LEFT_OUT = "left_out", _("已剔除")


COMPARABLE_MOVES: tuple[tuple[str, str], ...] = (("counted", "left_out"), ("left_out", "counted"))
