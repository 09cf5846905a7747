"""Reads of advice and survey, named for their screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from intervention.planning_work.kinds import ADVICE, SURVEY, narrowed_advice
from intervention.planning_work.states import TAKEN, AdviceState, ComparableState, Topic

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intervention.models import Comparable
    from organization.models import Person, Project

SIZE = 100


@dataclass(frozen=True, slots=True)
class Sums:
    """What became of advice; ``saved`` is 元 of adopted and carried-out advice."""

    all: int
    open: int
    taken: int
    done: int
    declined: int
    saved: Decimal


def advice_for(person: Person, project: str, chosen: Mapping[str, str]) -> QuerySet[Any]:
    """Advice that a person may see, newest first, narrowed; what can't be read in ``chosen`` is left aside."""
    known = {"topic": Topic.values, "state": AdviceState.values}
    read = {name: value for name, value in chosen.items() if name not in known or value in known[name]}
    rows = narrowed_advice(ADVICE.for_person(person), read).order_by("-pk")
    return rows.filter(project__code=project) if project else rows


def sums_of(rows: QuerySet[Any]) -> Sums:
    """Advice added up in the database; one query."""
    found = rows.order_by().aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(state=AdviceState.OPEN)),
        taken=Count("pk", filter=Q(state__in=TAKEN)),
        done=Count("pk", filter=Q(state=AdviceState.DONE)),
        declined=Count("pk", filter=Q(state=AdviceState.DECLINED)),
        saved=Sum("saved", filter=Q(state__in=TAKEN)),
    )
    return Sums(**{**found, "saved": found["saved"] or Decimal(0)})


def comparables_of(person: Person, project: Project) -> list[Comparable]:
    """The survey of a project: those that count by distance, then those left out."""
    rows = SURVEY.for_person(person).filter(project=project).order_by("distance", "pk")
    return sorted(rows, key=lambda row: row.state != ComparableState.COUNTED)
