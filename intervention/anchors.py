"""The organization's dates as anchors of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from intervention.vocabulary import Anchor
from organization.places import INSTALMENT_DATES, MOVE_IN_DATES

if TYPE_CHECKING:
    from intervention.models import Plan

PROJECT_DATES = {
    Anchor.POSITIONING: "positioning_on",
    Anchor.SALES_OFFICE: "sales_office_opens_on",
    Anchor.COMPLETION: "completion_acceptance_on",
}
# What an instalment may have of its own; else it is the project's.
OWN_DATES = {anchor: field for anchor, field in PROJECT_DATES.items() if field in INSTALMENT_DATES}


def current(plan: Plan, changed: Mapping[str, Mapping[str, date | None]] | None = None) -> dict[str, date | None]:
    """Each anchor's date as the organization has it now.

    An instalment's opening and acceptance are its own, else the project's; its positioning is the project's (3.1.1). Move-in of an instalment is the actual date, else the one of the 入住通知书, else the planned one (a plan reckons with what is
    expected, unlike the side of a form, D4); of a whole project it is the project's mass move-in. ``changed`` are dates by
    the code of their place that somebody thinks of writing.
    """
    project, changed = plan.project, changed or {}

    def said(place: str, row: object, field: str) -> date | None:
        given = changed.get(place, {})
        return given[field] if field in given else getattr(row, field)

    days: dict[str, date | None] = {
        anchor: said(f"project:{project.code}", project, field) for anchor, field in PROJECT_DATES.items()
    }
    if plan.instalment is None:
        days[Anchor.MOVE_IN] = said(f"project:{project.code}", project, "mass_move_in_on")
        return days
    code = f"instalment:{plan.instalment.code}"
    for anchor, field in OWN_DATES.items():
        days[anchor] = said(code, plan.instalment, field) or days[anchor]
    planned, announced, actual = (said(code, plan.instalment, field) for field in MOVE_IN_DATES)
    days[Anchor.MOVE_IN] = actual or announced or planned
    return days
