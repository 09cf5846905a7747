"""How promises stand, as colour, icon and word."""

from __future__ import annotations

from typing import Any

from django import template

from intervention.papers.queries import Standing
from intervention.papers.sheets import channel_text
from intervention.papers.vocabulary import FoundState
from intervention.papers.wording import STANDINGS

register = template.Library()

_STANDINGS = {
    Standing.CONFIRMED: ("ok", "circle-check"),
    Standing.EXPIRED: ("", "history"),
    Standing.WAITING: ("info", "clock"),
    Standing.UNCONFIRMED: ("bad", "alert-triangle"),
    Standing.REFUSED: ("bad", "x"),
}
_FOUND = {
    FoundState.IN_USE: ("bad", "alert-triangle"),
    FoundState.CONFIRMED: ("ok", "circle-check"),
    FoundState.WITHDRAWN: ("", "x"),
}


@register.inclusion_tag("components/state.html")
def standing_tag(standing: str) -> dict[str, Any]:
    """How a promise of the register stands."""
    tone, icon_name = _STANDINGS[Standing(standing)]
    return {"tone": tone, "icon_name": icon_name, "word": STANDINGS[Standing(standing)], "more": ""}


@register.inclusion_tag("components/state.html")
def found_tag(state: str) -> dict[str, Any]:
    """What became of a promise found in use."""
    tone, icon_name = _FOUND[FoundState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": FoundState(state).label, "more": ""}


@register.filter
def channel(row: Any) -> str:
    """A channel in words, with what was told besides."""
    return channel_text(row.channel, row.channel_note)
