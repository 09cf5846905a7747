"""States of a phase and the moves between them. Pure leaf; the state machine and the database's guards read one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PhaseState(TextChoices):
    """Where a phase is in its life."""

    PLANNED = "planned", _("未启动")
    ACTIVE = "active", _("进行中")
    SUBMITTED = "submitted", _("成果已提交")
    CLOSED = "closed", _("已关闭")


# A phase that works: activities are ticked off and results submitted in it.
RUNNING = (PhaseState.ACTIVE, PhaseState.SUBMITTED)

TRANSITIONS: tuple[tuple[str, str], ...] = (
    ("planned", "active"),
    ("active", "submitted"),
    ("submitted", "active"),
    ("submitted", "closed"),
    ("closed", "active"),
)
