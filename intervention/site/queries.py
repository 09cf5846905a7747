"""Reads of the site, named for their screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from documents.forms import read_month
from documents.refusals import Invalid
from documents.vocabulary import Result
from intervention.dates import add_months
from intervention.models import Finding, GuardPost, Meeting, Plan, Visit
from intervention.queries import items_for, submittable
from intervention.site.states import AWAITING_REPAIR, UNSETTLED, ActionState, FindingState, KeptState
from intervention.site.vocabulary import Area, GuardPhase, Severity, Trade, VisitKind
from organization import clock

if TYPE_CHECKING:
    from intervention.models import PlanItem
    from organization.models import Person

# Results that are produced from findings (guide 3.1.3).
REPORTS = (Result.UNIT_QUALITY_REPORT, Result.COMMON_AREA_PATROL_REPORT, Result.DEFECT_LIST)
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
    """On how many days the plan's place was inspected: two rounds of one day are one inspection.

    A plan of the whole project counts those of its instalments too: the guide asks for two a project (3.1.4).
    """
    kept = Visit.objects.filter(project=plan.project_id, kind=VisitKind.INSPECTION, state=KeptState.KEPT)
    if plan.instalment_id is not None:
        kept = kept.filter(instalment=plan.instalment_id)
    return kept.aggregate(n=Count("day", distinct=True))["n"]


def plans_counting(visit: Visit) -> QuerySet[Plan]:
    """The plans of which a visit is an inspection, in the order of their locks: its own place's, and the whole project's."""
    here = Q(instalment=None) | Q(instalment=visit.instalment_id)
    return Plan.objects.filter(here, project=visit.project_id).order_by("pk")


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


def reportable(person: Person) -> QuerySet[PlanItem]:
    """Results of running phases that are produced from findings and that a person may file."""
    return submittable(items_for(person).filter(result__in=REPORTS), person)


def report_item(person: Person, key: Any) -> PlanItem:
    """A result by the key that a page or program sent. Raises Invalid for what this person sees no result by."""
    text = str(key or "")
    known = text.isascii() and text.isdecimal() and len(text) < 19
    item = items_for(person).filter(pk=int(text)).first() if known else None
    if item is None:
        raise Invalid(_("没有这项成果。"))
    return item


def report_lines(person: Person, project: str = "") -> list[dict[str, Any]]:
    """The reports that a person may produce, each with how many findings it would tell of; three queries, however many."""
    items = reportable(person)
    if project:
        items = items.filter(phase__plan__project__code=project)
    return counted(items.order_by("phase__plan__project__code", "phase__plan__instalment__code", "position"))


def counted(items: Iterable[PlanItem]) -> list[dict[str, Any]]:
    """Results, each with of how many findings its report would tell; one query."""
    rows = list(items)
    projects = {item.phase.plan.project_id for item in rows}
    counted = Finding.objects.filter(project__in=projects).exclude(state=FindingState.DROPPED).order_by()
    counts = list(counted.values_list("project", "instalment", "area").annotate(n=Count("pk")))
    return [{"item": item, "n": sum(_told(item, *count) for count in counts)} for item in rows]


def _told(item: PlanItem, project: int, instalment: int | None, area: str, n: int) -> int:
    plan = item.phase.plan
    here = project == plan.project_id and plan.instalment_id in (None, instalment)
    wanted = {Result.UNIT_QUALITY_REPORT: Area.UNIT, Result.COMMON_AREA_PATROL_REPORT: Area.PUBLIC}.get(
        item.result, area
    )
    return n if here and area == wanted else 0


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


def with_action_counts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Meetings with how many things they decided to do, how many are open and how many of those overdue."""
    waiting = Q(actions__state=ActionState.OPEN)
    return meetings.annotate(
        all=Count("actions"),
        open=Count("actions", filter=waiting),
        late=Count("actions", filter=waiting & Q(actions__due_on__lt=clock.today())),
    )


def month_of(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Records whose day lies in a month such as 2026-11. Raises Invalid for what is none."""
    first = read_month(text)
    if first is None:
        raise Invalid(_("month 应为月份，例如 2026-11。"))
    return rows.filter(day__gte=first, day__lt=add_months(first, 1))


def month_sums(posts: QuerySet[GuardPost]) -> list[dict[str, Any]]:
    """A month's guard posts summed up: shifts, heads and hours by phase and post; one query. Struck ones don't count."""
    kept = posts.filter(state=KeptState.KEPT).order_by().values("project__name", "instalment__name", "phase", "name")
    worked = Sum(F("heads") * F("minutes"), output_field=IntegerField())
    sums = kept.annotate(days=Count("day", distinct=True), shifts=Count("pk"), people=Sum("heads"), worked=worked)
    return [
        {**row, "phase": str(GuardPhase(row["phase"]).label), "hours": Decimal(row["worked"]) / 60}
        for row in sums.order_by("project__name", "instalment__name", "phase", "name")
    ]
