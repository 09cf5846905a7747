"""States of records of the site as colour, icon and word; which photographs are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings

from intervention import pictures
from intervention.site.states import ActionState, FindingState, KeptState

register = template.Library()

_FINDINGS = {
    FindingState.OPEN: ("warn", "point"),
    FindingState.HANDED: ("info", "tool"),
    FindingState.FIXED: ("brand", "eye"),
    FindingState.CLOSED: ("ok", "circle-check"),
    FindingState.DROPPED: ("", "x"),
}


@register.inclusion_tag("components/state.html")
def finding_tag(state: str) -> dict[str, Any]:
    """A finding's state."""
    tone, icon_name = _FINDINGS[FindingState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": FindingState(state).label, "more": ""}


_ACTIONS = {
    ActionState.OPEN: ("warn", "clock"),
    ActionState.DONE: ("ok", "circle-check"),
    ActionState.DROPPED: ("", "x"),
}


@register.inclusion_tag("components/state.html")
def action_tag(state: str) -> dict[str, Any]:
    """What became of something that a meeting decided to do."""
    tone, icon_name = _ACTIONS[ActionState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": ActionState(state).label, "more": ""}


@register.inclusion_tag("intervention/site/_kept.html")
def kept_tag(state: str) -> dict[str, Any]:
    """That a record was struck; nothing for one that counts."""
    return {"struck": state == KeptState.STRUCK, "word": KeptState.STRUCK.label}


@register.simple_tag
def shown(photos: Iterable[Any]) -> list[Any]:
    """Photographs that are not hidden; no query where they have been fetched."""
    return [photo for photo in photos if photo.hidden_at is None]


@register.simple_tag
def photo_limits() -> dict[str, int]:
    """What the server takes of a photograph, so that a device can make a larger one smaller before it is sent."""
    return {
        "bytes": settings.ATTACHMENT_MAX_BYTES,
        "pixels": pictures.MAX_PIXELS,
        "drawn": pictures.MAX_DECODED,
        "webp": pictures.MAX_WEBP,
    }
