"""事后补报 (D12): whether a form that is submitted now comes after its work began, and whether a reason is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents import kinds, policies
from documents.routing import RoutingError
from organization import clock

if TYPE_CHECKING:
    from datetime import date

    from documents.models import Document


def begun_on(document: Document) -> date | None:
    """The day on which the work began, where a first submission today comes after it; None for any other form."""
    if document.is_submitted:
        return None
    begins = kinds.get(document.kind).work_begins_on(document)
    return begins if begins is not None and begins <= clock.today() else None


def reason_asked_since(document: Document) -> date | None:
    """``begun_on`` where the page asks for a reason: not where the policy in force refuses late forms anyway."""
    begins = begun_on(document)
    if begins is None:
        return None
    try:
        refuses = policies.setting(policies.in_force(clock.today()), "late_submission") == "refuse"
    except RoutingError:
        return None
    return None if refuses else begins


def late_hint(document: Document, since: date | None) -> str:
    """What is said beside the field of a late form's reason; empty where none is asked for."""
    return kinds.get(document.kind).late_words(since).hint if since else ""
