"""States of what is recorded on the site and the moves between them. Pure leaf; models and guards read the same tables."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FindingState(TextChoices):
    """Where a finding is: found, with 项目部, reported as repaired, checked again and closed, or none of quality."""

    OPEN = "open", _("待移交")
    HANDED = "handed", _("整改中")
    FIXED = "fixed", _("待复查")
    CLOSED = "closed", _("已销项")
    DROPPED = "dropped", _("不属质量问题")


# Somebody still has to act.
UNSETTLED = (FindingState.OPEN, FindingState.HANDED, FindingState.FIXED)
# A date for the repair counts until the repair is reported.
AWAITING_REPAIR = (FindingState.OPEN, FindingState.HANDED)

FINDING_MOVES: tuple[tuple[str, str], ...] = (
    ("open", "handed"),
    ("handed", "fixed"),
    ("fixed", "closed"),
    ("fixed", "handed"),
    ("open", "dropped"),
    ("handed", "dropped"),
)


class KeptState(TextChoices):
    """A record that was entered by mistake is struck with a reason, never deleted."""

    KEPT = "kept", _("有效")
    STRUCK = "struck", _("已作废")


KEPT_MOVES: tuple[tuple[str, str], ...] = (("kept", "struck"),)
