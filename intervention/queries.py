"""Reads of the plan, named for their screens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from documents.states import DocumentState
from intervention.models import PhaseResult, Plan, PlanEvent, PlanItem, PlanPhase, TemplateItem
from intervention.states import RUNNING, PhaseState
from intervention.vocabulary import ItemKind, ItemState
from organization import access, clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organization.access import Membership
    from organization.models import Person

# A result counts as submitted while a version is on its way or has been received; a returned one does not.
IN = (DocumentState.CIRCULATING, DocumentState.APPROVED)
# How long before its date a row is called coming due.
NEAR = timedelta(days=30)


def _versions(states: tuple[str, ...], **where: object) -> Exists:
    return Exists(PhaseResult.objects.filter(document__state__in=states, **where))


def with_results(items: QuerySet[PlanItem]) -> QuerySet[PlanItem]:
    """Rows with ``submitted`` and ``approved`` for results, and ``met`` for dates that the law sets."""
    own, same = (
        {"item": OuterRef("pk")},
        {
            "item__phase__plan": OuterRef("phase__plan"),
            "item__result": OuterRef("result"),
        },
    )
    return items.annotate(
        submitted=_versions(IN, **own),
        approved=_versions((DocumentState.APPROVED,), **own),
        met=_versions((DocumentState.APPROVED,), **same),
    )


def holding_results(phase: PlanPhase) -> QuerySet[PlanItem]:
    """Results without which a phase neither counts as submitted nor closes."""
    return with_results(phase.items.filter(kind=ItemKind.RESULT, holds=True)).order_by("position")


def results_are_in(phase: PlanPhase) -> bool:
    """Whether every result that holds the phase open is on its way or received."""
    return all(item.submitted for item in holding_results(phase))


def template_by_phase() -> dict[str, list[TemplateItem]]:
    """The rows that new plans get, by phase, in order; one query."""
    found: dict[str, list[TemplateItem]] = {}
    for row in TemplateItem.objects.filter(is_active=True).order_by("position"):
        found.setdefault(row.phase, []).append(row)
    return found


def plans_for(person: Person, project: str = "") -> QuerySet[Plan]:
    """Plans that a person may see, with their places; of one project where its code is given."""
    plans = Plan.objects.visible_to(person).select_related(
        "project__developer", "project__property_company", "instalment__project"
    )
    return plans.filter(project__code=project) if project else plans


def with_rows(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with phases and rows, for time line and board; three queries more, whatever there is."""
    items = with_results(PlanItem.objects.select_related("settled_by").order_by("position"))
    return plans.prefetch_related(
        Prefetch("phases", PlanPhase.objects.order_by("position")), Prefetch("phases__items", items), "anchors"
    )


def phases_for(person: Person) -> QuerySet[PlanPhase]:
    """Phases of the plans that a person may see, with their place."""
    phases = PlanPhase.objects.filter(plan__in=Plan.objects.visible_to(person))
    return phases.select_related("plan__project", "plan__instalment__project")


def rows_of(phase: PlanPhase) -> list[PlanItem]:
    """The rows of a phase in order, with what their results have reached; one query."""
    rows = list(with_results(phase.items.select_related("settled_by").order_by("position")))
    for row in rows:
        row.phase = phase
    return rows


def items_for(person: Person, project: str = "") -> QuerySet[PlanItem]:
    """Rows of the plans that a person may see, with their phase and place."""
    items = with_results(PlanItem.objects.filter(phase__plan__in=Plan.objects.visible_to(person)))
    items = items.select_related("phase__plan__project", "phase__plan__instalment__project", "settled_by")
    return items.filter(phase__plan__project__code=project) if project else items


def of_posts(items: QuerySet[PlanItem], held: Iterable[Membership]) -> QuerySet[PlanItem]:
    """Rows of the posts that somebody holds, where they hold them; a company-wide post reaches all that its holder sees."""
    mine = Q(pk__in=())
    for one in held:
        here = Q() if one.project_id is None else Q(phase__plan__project=one.project_id)
        mine |= Q(post=one.post) & here
    return items.filter(mine)


def outstanding(items: QuerySet[PlanItem]) -> QuerySet[PlanItem]:
    """Rows on which somebody still has to act: the start of a phase not begun, open work and results of a running one,

    《入伙方案》 in any case, and legal dates not met. Work of a phase that nobody has begun is not asked for: its start is.
    """
    start = Q(kind=ItemKind.START, phase__state=PhaseState.PLANNED)
    work = Q(kind=ItemKind.ACTIVITY, state=ItemState.OPEN, phase__state__in=RUNNING)
    result = Q(kind=ItemKind.RESULT, submitted=False) & (Q(phase__state__in=RUNNING) | Q(holds=False))
    law = Q(kind=ItemKind.WARNING) & (
        Q(result=None) & ~Q(phase__state=PhaseState.CLOSED) | Q(result__isnull=False, met=False)
    )
    return items.filter(start | work | result | law)


def due(items: QuerySet[PlanItem], today: date) -> tuple[QuerySet[PlanItem], QuerySet[PlanItem]]:
    """Outstanding rows that are overdue, and those whose date falls in the next 30 days (today included)."""
    rows = outstanding(items).order_by("due_on", "pk")
    return rows.filter(due_on__lt=today), rows.filter(due_on__gte=today, due_on__lte=today + NEAR)


def versions_of(items: list[PlanItem], person: Person) -> dict[int, list[PhaseResult]]:
    """The documents of results that a person may see, newest version first, by the row's key; one query."""
    from documents.models import Document

    found: dict[int, list[PhaseResult]] = {}
    rows = (
        PhaseResult.objects.filter(item__in=items, document__in=Document.objects.visible_to(person))
        .select_related("document__submitted_by", "document__creator")
        .order_by("-version", "-pk")
    )
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def events_of(plan: Plan, before: int | None = None, size: int = 50) -> list[PlanEvent]:
    """A page of the log, newest first, by number."""
    events = plan.events.select_related("actor", "phase", "item").order_by("-seq")
    return list((events.filter(seq__lt=before) if before else events)[:size])


def is_frozen(item: PlanItem) -> bool:
    """Whether a row is over, so that a moved anchor leaves its date as it was: the row knows ``approved``."""
    if item.phase.state == PhaseState.CLOSED and item.holds:
        return True
    if item.kind == ItemKind.START:
        return item.phase.state != PhaseState.PLANNED
    if item.kind == ItemKind.RESULT:
        return bool(item.approved)
    return item.state != ItemState.OPEN


def submittable(items: QuerySet[PlanItem], person: Person) -> QuerySet[PlanItem]:
    """Results that a person's posts may file (the project's own filer rules), of phases that take them; one query more."""
    from documents.vocabulary import Result
    from intervention.drafting import CLERKS, SURVEY_FILER

    held = access.memberships(person, clock.today())
    clerk = {row.project_id for row in held if row.post in CLERKS}
    filer = {row.project_id for row in held if row.post == SURVEY_FILER}
    rows = items.filter(kind=ItemKind.RESULT).filter(
        Q(phase__state__in=RUNNING) | Q(holds=False, phase__state=PhaseState.CLOSED)
    )
    return rows.filter(_at(clerk) | _at(filer) & Q(result=Result.SATISFACTION_SURVEY))


def _at(projects: set[int | None]) -> Q:
    """In one of the projects; None stands for all that are visible."""
    return ~Q(pk__in=()) if None in projects else Q(phase__plan__project__in=projects)
