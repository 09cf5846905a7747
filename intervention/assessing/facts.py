"""What the month's papers tell beside the score: late forms, dates missed, returns; facts, never points.

Until the score is handed in, everybody sees and counts what they may see themselves. Handing in freezes the figures **as the
scorer was entitled to see them**: they are part of the assessment, and whoever may see it sees them; of the documents
behind them each reader is shown those that they may see. Only papers and dates that the property company owes are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents import due
from documents.forms import next_month
from documents.models import Act, Document
from documents.sides import side_of
from documents.states import DEAD, ActKind
from documents.vocabulary import Kind, Side
from intervention.models import PhaseResult, Plan, PlanItem
from intervention.states import RUNNING
from intervention.vocabulary import ItemKind, ItemState
from organization import clock
from organization.models import Instalment
from organization.posts import PROPERTY_POSTS, Camp

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from intervention.models import Assessment
    from organization.models import Person

LABELS = {
    "late": _("事后补报的单据"),
    "overdue": _("超过期限仍未办结的单据"),
    "missed": _("逾期的计划事项"),
    "returned": _("地产方退回、否决的次数"),
}


@dataclass(slots=True)
class Fact:
    """One figure, with the documents (and how many times each) or rows of the plan (and their dates) behind it."""

    code: str
    count: int = 0
    documents: list[tuple[Document, int]] = field(default_factory=list)
    items: list[tuple[PlanItem, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What is counted, in words."""
        return str(LABELS[self.code])


def facts_now(person: Person, assessment: Assessment) -> list[Fact]:
    """Facts of the assessment's month and side as a person may see them now; the same number of queries whatever there is."""
    seen = Document.objects.visible_to(person).filter(
        project=assessment.project_id, creator__company__camp=Camp.PROPERTY, first_submitted_at__isnull=False
    )
    forms = seen.filter(period=assessment.month, side=assessment.side).order_by("pk")
    late = [(document, 1) for document in forms.filter(late=True)]
    overdue = [(document, 1) for document in forms.filter(due.overdue())]
    returned = _returned(seen, assessment)
    missed = [(item, item.due_on.isoformat()) for item in _missed(person, assessment)]
    return [
        Fact("late", len(late), late),
        Fact("overdue", len(overdue), overdue),
        Fact("missed", len(missed), items=missed),
        Fact("returned", sum(times for _document, times in returned), returned),
    ]


def _own_side(assessment: Assessment, instalment: str) -> Q:
    """Rows of the instalments that are on the assessment's side in its month (D4); what is of the whole project is *post*
    once all its instalments have moved in."""
    rows = list(Instalment.objects.filter(project=assessment.project_id))
    sides = {row.pk: side_of(row, assessment.month) for row in rows}
    whole = Side.POST if rows and set(sides.values()) == {Side.POST} else Side.PRE
    mine = Q(**{f"{instalment}__in": [pk for pk, side in sides.items() if side == assessment.side]})
    return mine | Q(**{instalment: None}) if whole == assessment.side else mine


def _returned(seen: QuerySet[Document], assessment: Assessment) -> list[tuple[Document, int]]:
    """Documents that the developer's side sent back to the submitter or rejected: forms of the month, results in it."""
    month = assessment.month
    first, following = (clock.shanghai(day.year, day.month, 1, hour=0) for day in (month, next_month(month)))
    forms = Q(document__period=month, document__side=assessment.side)
    results = Q(document__kind=Kind.PHASE_RESULT, at__gte=first, at__lt=following)
    results &= _own_side(assessment, "document__instalment")
    acts = Act.objects.filter(
        Q(kind=ActKind.REJECT) | Q(kind=ActKind.RETURN, return_to=0),
        forms | results,
        document__in=seen.order_by().values("pk"),
        person__company__camp__in=(Camp.DEVELOPER, Camp.REGION),
    )
    times = dict(acts.order_by().values_list("document").annotate(n=Count("pk")))
    return [(document, times[document.pk]) for document in seen.filter(pk__in=times).order_by("pk")]


def _missed(person: Person, assessment: Assessment) -> list[PlanItem]:
    """Rows of the plan that the property company kept too late in the month, or not at all: their date fell in it, or before
    it and they were still owed when it began."""
    month = assessment.month
    following = next_month(month)
    filed = PhaseResult.objects.filter(item=OuterRef("pk")).exclude(document__state__in=DEAD).order_by().values("item")
    items = PlanItem.objects.filter(
        _own_side(assessment, "phase__plan__instalment"),
        phase__plan__in=Plan.objects.visible_to(person).filter(project=assessment.project_id),
        post__in=PROPERTY_POSTS,
        kind__in=(ItemKind.ACTIVITY, ItemKind.RESULT),
        due_on__lt=min(following, clock.today()),
    ).annotate(filed_at=Subquery(filed.annotate(at=Min("document__first_submitted_at")).values("at")))
    rows = items.select_related("phase__plan__project", "phase__plan__instalment").order_by("due_on", "pk")
    return [row for row in rows if _is_missed(row, month)]


def _is_missed(row: PlanItem, month: date) -> bool:
    begun = row.phase.started_at
    # What nobody has begun, or began after the date, is its phase's start: that is the leading department's.
    if row.holds and (begun is None or timezone.localtime(begun).date() > row.due_on):
        return False
    if row.kind == ItemKind.RESULT:
        done = row.filed_at
    elif row.state == ItemState.WAIVED:
        return False
    else:
        done = row.settled_at
    if done is not None:
        day = timezone.localtime(done).date()
        return bool(day > row.due_on and day >= month)
    return row.phase.state in RUNNING or not row.holds


def frozen(facts: Iterable[Fact]) -> dict[str, Any]:
    """Facts as an assessment keeps them: figures, keys and dates."""
    return {
        fact.code: {
            "count": fact.count,
            "documents": [[document.pk, times] for document, times in fact.documents],
            "items": [[item.pk, day] for item, day in fact.items],
        }
        for fact in facts
    }


def facts_of(person: Person, assessment: Assessment) -> list[Fact]:
    """What an assessment shows a person: today's facts while it is a draft, then those that were frozen; of the documents
    behind them only those that this person may see."""
    if assessment.facts is None:
        return facts_now(person, assessment)
    kept = assessment.facts
    documents = _by_key(
        Document.objects.visible_to(person), {pk for fact in kept.values() for pk, _times in fact["documents"]}
    )
    plans = Plan.objects.visible_to(person).filter(project=assessment.project_id)
    items = _by_key(
        PlanItem.objects.filter(phase__plan__in=plans).select_related(
            "phase__plan__project", "phase__plan__instalment"
        ),
        {pk for fact in kept.values() for pk, _day in fact["items"]},
    )
    return [
        Fact(
            code,
            kept[code]["count"],
            [(documents[pk], times) for pk, times in kept[code]["documents"] if pk in documents],
            [(items[pk], day) for pk, day in kept[code]["items"] if pk in items],
        )
        for code in LABELS
        if code in kept
    ]


def _by_key(rows: QuerySet[Any], keys: set[int]) -> dict[int, Any]:
    return {row.pk: row for row in rows.filter(pk__in=keys)}
