"""Where a day's log is kept, the states of a log and the moves between them. Pure leaf; machine and guards read one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Spot(TextChoices):
    """Which daily work a log tells of (guide 3.1.2)."""

    SALES_OFFICE = "sales_office", _("售楼处")
    SHOW_FLAT = "show_flat", _("样板间")
    EVENT = "event", _("活动支持")


class DayLogState(TextChoices):
    """Where a log is in its life."""

    DRAFT = "draft", _("草稿")
    FILED = "filed", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    DROPPED = "dropped", _("已作废")


# What has been told to the other company.
TOLD = (DayLogState.FILED, DayLogState.CONFIRMED)

TRANSITIONS: tuple[tuple[str, str], ...] = (
    ("draft", "filed"),
    ("draft", "dropped"),
    ("filed", "confirmed"),
    ("filed", "draft"),
)

# Columns that tell of one spot alone; of the others they stay empty.
OWN: dict[str, tuple[str, ...]] = {
    Spot.SALES_OFFICE: ("exchanged", "introductions", "introduced"),
    Spot.SHOW_FLAT: ("cleanings", "goods", "goods_count", "goods_missing", "guarding", "visitors"),
    Spot.EVENT: ("event_name", "hours", "people", "work_done"),
}
NUMBERS = ("introductions", "cleanings", "goods_count", "visitors", "hours", "people")


def foreign(spot: str) -> tuple[str, ...]:
    """Columns that a log of this spot leaves empty."""
    return tuple(name for other, names in OWN.items() if other != spot for name in names)
