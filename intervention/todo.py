"""What early intervention wants of a person now, as the work table shows it: one line for each kind of work, with its count."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.vocabulary import Side
from intervention.assessing import permissions as assessing
from intervention.assessing.states import AssessmentState
from intervention.daily.permissions import CONFIRMERS
from intervention.daily.states import DayLogState
from intervention.models import Advice, Assessment, DayLog, Finding, FoundPromise, MeetingAction
from intervention.papers.finding import TOLD
from intervention.papers.vocabulary import FoundState
from intervention.planning_work.permissions import ANSWERERS
from intervention.planning_work.states import AdviceState
from intervention.queries import due, items_for, of_posts
from intervention.site.permissions import REPAIRERS, WALKERS
from intervention.site.states import ActionState, FindingState
from organization import access, clock
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import Record
    from organization.access import Membership
    from organization.models import Person

MARKETING = (Post.MARKETING_HANDLER,)
NOBODY, EVERYBODY = Q(pk__in=()), ~Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of work: whose, which rows, and the page that shows them. ``deadline``: a row of which the day has passed is late."""

    label: str | Promise
    posts: tuple[str, ...]
    model: type[Record] | type[FoundPromise]
    rows: Q
    page: str
    query: dict[str, str] = field(default_factory=dict)
    deadline: bool = False


SOURCES = (
    Source(gettext_lazy("现场问题待整改"), REPAIRERS, Finding, Q(state=FindingState.HANDED), "intervention:findings",
           {"state": "handed"}, deadline=True),
    Source(gettext_lazy("现场问题待复查"), WALKERS, Finding, Q(state=FindingState.FIXED), "intervention:findings",
           {"state": "fixed"}),
    Source(gettext_lazy("现场问题待移交"), WALKERS, Finding, Q(state=FindingState.OPEN), "intervention:findings",
           {"state": "open"}),
    Source(gettext_lazy("会议待办事项"), (*WALKERS, *REPAIRERS), MeetingAction, Q(state=ActionState.OPEN),
           "intervention:meetings", deadline=True),
    Source(gettext_lazy("工作日志待确认"), CONFIRMERS, DayLog, Q(state=DayLogState.FILED), "intervention:day_logs",
           {"state": "filed"}),
    Source(gettext_lazy("设计建议待答复"), ANSWERERS, Advice, Q(state=AdviceState.OPEN), "intervention:advice_list",
           {"state": "open"}),
    Source(gettext_lazy("在用未确认的宣传"), (*MARKETING, *TOLD), FoundPromise, Q(state=FoundState.IN_USE),
           "intervention:promises", {"show": "found"}),
    Source(gettext_lazy("月度考核待答复"), (assessing.ANSWERING,), Assessment, Q(state=AssessmentState.SCORED),
           "intervention:assessments", {"state": "scored"}),
    *(
        Source(gettext_lazy("月度考核待评分"), (assessing.HANDLERS[side], assessing.HEADS[side]), Assessment,
               Q(state=AssessmentState.DRAFT, side=side), "intervention:assessments", {"state": "draft", "side": side})
        for side in Side
    ),
    *(
        Source(gettext_lazy("月度考核待办结"), (assessing.HEADS[side],), Assessment,
               Q(state=AssessmentState.ANSWERED, side=side), "intervention:assessments", {"state": "answered", "side": side})
        for side in Side
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chore:
    """A kind of work that waits for a person: how many, of which so many late, and where they are."""

    label: str
    n: int
    late: int
    url: str


def chores(person: Person, project: str = "") -> list[Chore]:
    """What waits for the posts that this person holds; a query for each kind of work that one of the posts does."""
    held = access.memberships(person, clock.today())
    return [chore for chore in (*_plan_rows(person, held, project), *_records(person, held, project)) if chore.n]


def _where(held: list[Membership], posts: Collection[str]) -> Q:
    """Rows of the projects in which one of the posts is held; a company-wide post reaches all that its holder sees."""
    projects = {row.project_id for row in held if row.post in posts}
    if None in projects:
        return EVERYBODY
    return Q(project__in=projects) if projects else NOBODY


def _plan_rows(person: Person, held: list[Membership], project: str) -> Iterator[Chore]:
    if held:
        overdue, near = due(of_posts(items_for(person, project), held), clock.today())
        late = overdue.count()
        url = _address("intervention:due", posts="mine", project=project)
        yield Chore(_("计划事项（我的岗位）"), late + near.count(), late, url)


def _records(person: Person, held: list[Membership], project: str) -> Iterator[Chore]:
    for source in SOURCES:
        where = _where(held, source.posts)
        if where == NOBODY:
            continue
        rows = source.model.objects.visible_to(person).filter(where & source.rows).order_by()
        if project:
            rows = rows.filter(project__code=project)
        late = Q(due_on__lt=clock.today()) if source.deadline else NOBODY
        counts: dict[str, Any] = rows.aggregate(n=Count("pk"), late=Count("pk", filter=late))
        url = _address(source.page, **source.query, project=project)
        yield Chore(str(source.label), counts["n"], counts["late"], url)


def _address(page: str, **chosen: str) -> str:
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{reverse(page)}{'?' if query else ''}{query}"
