"""Reads of the site, named for their screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from documents.refusals import Invalid
from intervention.models import Finding, Visit
from intervention.site.states import AWAITING_REPAIR, UNSETTLED, FindingState, KeptState
from intervention.site.vocabulary import Area, Severity, Trade, VisitKind
from organization import clock

if TYPE_CHECKING:
    from intervention.models import Plan

# What an address may say about a list of findings, with the values that it may have; None for any text.
FILTERS: dict[str, tuple[str, ...] | None] = {
    "state": (*FindingState.values, "overdue", "unsettled"),
    "trade": tuple(Trade.values),
    "severity": tuple(Severity.values),
    "area": tuple(Area.values),
    "building": None,
    "instalment": None,
    "visit": None,
    "text": None,
}


def inspection_days(plan: Plan) -> int:
    """On how many days the plan's place was inspected: two rounds of one day are one inspection."""
    kept = Visit.objects.filter(
        project=plan.project_id, instalment=plan.instalment_id, kind=VisitKind.INSPECTION, state=KeptState.KEPT
    )
    return kept.aggregate(n=Count("day", distinct=True))["n"]


def narrowed(rows: QuerySet[Finding], parameters: Mapping[str, str], *, strict: bool = False) -> QuerySet[Finding]:
    """Findings as an address narrows them; ``strict`` raises Invalid for what a page leaves out."""
    for name, known in FILTERS.items():
        value = str(parameters.get(name, "")).strip()
        if not value:
            continue
        if known is not None and value not in known:
            if strict:
                raise Invalid(_("%(name)s 没有「%(value)s」这个取值。") % {"name": name, "value": value})
            continue
        rows = rows.filter(_condition(name, value, strict))
    return rows


def _condition(name: str, value: str, strict: bool) -> Q:
    if name == "state" and value == "overdue":
        return Q(state__in=AWAITING_REPAIR, due_on__lt=clock.today())
    if name == "state" and value == "unsettled":
        return Q(state__in=UNSETTLED)
    if name == "instalment":
        return Q(instalment__code=value)
    if name == "text":
        value = value[:100]
        return Q(number__icontains=value) | Q(description__icontains=value) | Q(part__icontains=value) | Q(unit=value)
    if name == "visit":
        if not (value.isascii() and value.isdecimal() and len(value) < 19):
            if strict:
                raise Invalid(_("visit 应为巡查的编号。"))
            return Q(pk__in=())
        return Q(visit_id=int(value))
    return Q(**{name: value})


def tally(rows: QuerySet[Finding]) -> dict[str, Any]:
    """How many findings stand in each state, and how many are overdue; one query."""
    counts = {state: Count("pk", filter=Q(state=state)) for state in FindingState.values}
    late = Count("pk", filter=Q(state__in=AWAITING_REPAIR, due_on__lt=clock.today()))
    return rows.order_by().aggregate(overdue=late, all=Count("pk"), **counts)


def choices() -> dict[str, Any]:
    """What the filters of the page offer."""
    return {
        "state": [("unsettled", _("未销项")), ("overdue", _("整改逾期")), *FindingState.choices],
        "trade": Trade.choices,
        "severity": Severity.choices,
        "area": Area.choices,
    }


def with_counts(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits with how many findings they have, and how many of those are not settled."""
    unsettled = Q(findings__state__in=UNSETTLED)
    return visits.annotate(found=Count("findings"), unsettled=Count("findings", filter=unsettled))
