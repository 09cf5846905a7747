"""States of records in the registers as colour, icon and word."""

from __future__ import annotations

from typing import Any

from django import template

from intervention.daily.states import DayLogState
from intervention.planning_work.states import AdviceState

register = template.Library()

_TONES = {
    DayLogState.DRAFT: ("", "pencil"),
    DayLogState.FILED: ("info", "clock"),
    DayLogState.CONFIRMED: ("ok", "circle-check"),
    DayLogState.DROPPED: ("", "trash"),
}

_ADVICE = {
    AdviceState.OPEN: ("info", "clock"),
    AdviceState.ADOPTED: ("ok", "check"),
    AdviceState.DECLINED: ("", "x"),
    AdviceState.WITHDRAWN: ("", "arrow-back-up"),
    AdviceState.DONE: ("ok", "circle-check"),
}


@register.inclusion_tag("components/state.html")
def advice_tag(state: str) -> dict[str, Any]:
    """What became of advice."""
    tone, icon_name = _ADVICE[AdviceState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": AdviceState(state).label, "more": ""}


@register.inclusion_tag("components/state.html")
def day_log_tag(state: str) -> dict[str, Any]:
    """A log's state."""
    tone, icon_name = _TONES[DayLogState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": DayLogState(state).label, "more": ""}
