"""States of records in the registers as colour, icon and word."""

from __future__ import annotations

from typing import Any

from django import template

from intervention.daily.states import DayLogState

register = template.Library()

_TONES = {
    DayLogState.DRAFT: ("", "pencil"),
    DayLogState.FILED: ("info", "clock"),
    DayLogState.CONFIRMED: ("ok", "circle-check"),
    DayLogState.DROPPED: ("", "trash"),
}


@register.inclusion_tag("components/state.html")
def day_log_tag(state: str) -> dict[str, Any]:
    """A log's state."""
    tone, icon_name = _TONES[DayLogState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": DayLogState(state).label, "more": ""}
