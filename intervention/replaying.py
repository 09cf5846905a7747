"""What a plan's log tells of its anchors and rows, event by event; ``verify`` holds it against the plan itself. Pure.

A plan laid out before its log told rows has an event ``rows_told`` with all of them as they stood when the log began to; of what
was before that, the log knows anchors, states and dates changed by hand alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from intervention.dates import day_text

if TYPE_CHECKING:
    from intervention.models import PlanEvent, PlanItem
    from intervention.previewing import Move

# What never changes of a row, and its dates.
FIXED = (
    "key", "kind", "position", "title", "result", "post", "clause", "anchor", "months", "days", "holds", "note",
)  # fmt: skip
DATES = ("due_on", "anchored_on")


@dataclass
class Told:
    """Anchors by name, and rows by key as ``row_told`` has them."""

    anchors: dict[str, Any] = field(default_factory=dict)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)


def row_told(item: PlanItem) -> dict[str, Any]:
    """A row as the log keeps it, dates as text."""
    said: dict[str, Any] = {"id": item.pk, "phase": item.phase.phase}
    said |= {name: getattr(item, name) for name in FIXED}
    return said | {name: day_text(getattr(item, name)) for name in DATES}


def moves_told(moves: Iterable[Move]) -> dict[str, Any]:
    """Rows reckoned anew as the log keeps them: the key with the date before and after, or the key where a date stayed."""
    moves = list(moves)
    return {
        "moved": [[move.item.pk, day_text(move.before), day_text(move.after)] for move in moves if not move.kept],
        "kept": [move.item.pk for move in moves if move.kept],
    }


def read(events: Iterable[PlanEvent]) -> Told:
    """The story of a plan, oldest event first. Raises KeyError, TypeError or ValueError where an event says too little."""
    told = Told()
    for event in events:
        said = event.parameters
        if event.code == "laid_out":
            told.anchors = dict(said["anchors"])
        elif event.code == "adopted":
            told.anchors |= {anchor: after for anchor, (_before, after) in said["anchors"].items()}
        if event.code in ("laid_out", "rows_told") and "rows" in said:
            told.rows = {row["id"]: dict(row) for row in said["rows"]}
        _move(told, event)
    return told


def _move(told: Told, event: PlanEvent) -> None:
    said = event.parameters
    dates = {key: after for key, _before, after in said.get("moved", ())}
    follows = [*dates, *said.get("kept", ())]
    if event.code in ("moved", "followed"):
        dates = {event.item_id: said["after"]}
        follows = [event.item_id] if event.code == "followed" else []
    # A row that the log doesn't know is a difference of its own.
    for key in dates.keys() & told.rows.keys():
        told.rows[key]["due_on"] = dates[key]
    for key in told.rows.keys() & set(follows):
        told.rows[key]["anchored_on"] = told.anchors[told.rows[key]["anchor"]]
