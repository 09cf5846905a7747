"""Assessments that tests begin with, made through the verbs alone."""

from datetime import date
from typing import Any

from intervention.assessing import answering, closing, scoring
from intervention.assessing.opening import open_assessment
from intervention.models import Assessment
from organization import clock

OCTOBER = date(2026, 10, 1)
HANDLERS = {"pre": "marketing_handler", "post": "service_handler"}
HEADS = {"pre": "marketing_head", "post": "service_head"}


def opened(cast: Any, side: str = "pre", month: date = OCTOBER, project: str = "CH") -> Assessment:
    """A draft, as its group's handler begins it."""
    return open_assessment(actor=cast[HANDLERS[side]], project=cast.projects[project], month=month, side=side)


def full(row: Assessment, **deducted: str) -> list[dict[str, Any]]:
    """All points for every item, but for those named ``p3="12"`` by their position, with a remark."""
    return [
        {
            "item": item.pk,
            "points": deducted.get(f"p{item.position}", str(item.maximum)),
            "remark": "现场抽查发现" if f"p{item.position}" in deducted else "",
        }
        for item in row.scores.all()
    ]


def scored(cast: Any, side: str = "pre", month: date = OCTOBER, **deducted: str) -> Assessment:
    """Scored item by item and handed in."""
    row = opened(cast, side, month)
    scoring.score(assessment_id=row.pk, actor=cast[HANDLERS[side]], scores=full(row, **deducted))
    return scoring.hand_in(assessment_id=row.pk, actor=cast[HANDLERS[side]])


def accepted(cast: Any, side: str = "pre", month: date = OCTOBER, **deducted: str) -> Assessment:
    """Accepted by the property company."""
    row = scored(cast, side, month, **deducted)
    return answering.accept(assessment_id=row.pk, actor=cast.property_project_manager, note="")


def objected(cast: Any, side: str = "pre", month: date = OCTOBER, **deducted: str) -> Assessment:
    """Objected to."""
    row = scored(cast, side, month, **deducted)
    return answering.object_to(assessment_id=row.pk, actor=cast.property_project_manager, text="第 3 项当日系停电所致")


def unanswered(cast: Any, side: str = "pre", month: date = OCTOBER) -> Assessment:
    """Handed in eleven days before today, and not answered: its five working days have passed."""
    with clock.at(clock.shanghai(2026, 11, 12)):
        return scored(cast, side, month)


def passed_over(cast: Any, side: str = "pre", month: date = OCTOBER) -> Assessment:
    """Gone on with without an answer."""
    row = unanswered(cast, side, month)
    return answering.pass_over(assessment_id=row.pk, actor=cast[HEADS[side]])


def closed(cast: Any, side: str = "pre", month: date = OCTOBER, **deducted: str) -> Assessment:
    """Closed by the group's head."""
    row = accepted(cast, side, month, **deducted)
    return closing.close(assessment_id=row.pk, actor=cast[HEADS[side]])


def year(cast: Any, months: int, side: str = "pre") -> None:
    """Closed assessments of the last months before November 2026."""
    with clock.at(clock.shanghai(2026, 11, 20)):
        for back in range(months):
            index = 2026 * 12 + 9 - back
            closed(cast, side, date(index // 12, index % 12 + 1, 1), p1=str(14 - back % 5))
