"""Reads of work forms and confirmations, named for their screens. Each begins at what the person may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from budgets.deadlines import limit_of
from budgets.models import Completion
from budgets.months import (
    Board,
    Confirmation,
    Desk,
    InstalmentMonth,
    Line,
    Lying,
    ProjectMonth,
    instalment_month,
    line_of,
)
from budgets.taking import pending_by_form, pending_for
from documents import drafting, kinds
from documents.deadlines import deadline
from documents.forms import month_label, next_month
from documents.models import Document, Event, Step
from documents.queries import is_drafting_side
from documents.standing import effective
from documents.states import EDITABLE, DocumentState, StepStatus
from documents.vocabulary import MONTHLY_KINDS, WORK_KINDS, Kind
from organization import access, clock
from organization.models import Instalment
from organization.posts import DEPARTMENT_POSTS, Post
from organization.working_days import Calendar

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from documents.deadlines import Deadline
    from organization.models import Person, Project

PAGE = 20
# Projects on one page of the month; their forms are shown whole, so that the sums beside them are.
BOARD_PAGE = 20


@dataclass(frozen=True, slots=True)
class Confirmable:
    """An approved form and how much of it is still to be confirmed, in 元."""

    document: Document
    confirmed: Decimal
    pending: Decimal
    lapsed: Decimal
    drafts: list[Document]
    may_start: bool
    # When the newest confirmation of it was approved; None before the first one.
    confirmed_at: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """Since when the rest stands as it does: the newest confirmation, else the form's own approval."""
        return self.confirmed_at or self.document.decided_at

    @property
    def rest(self) -> Decimal:
        """What can still be confirmed."""
        return self.document.amount - self.confirmed - self.pending - self.lapsed

    @property
    def months(self) -> list[tuple[str, str]]:
        """Months for which a confirmation can be begun, the likeliest first: this one, else the form's own."""
        first, last = self.document.period, max(self.document.period, clock.today().replace(day=1))
        months = []
        while last >= first and len(months) < 13:
            months.append((last.strftime("%Y-%m"), self._label(last)))
            last = next_month(last, -1)
        return months

    def _label(self, month: date) -> str:
        """The month; one that is still to come with the day from which its confirmation can be submitted."""
        if month <= clock.today():
            return month_label(month)
        return _("%(month)s（%(day)s 起可提交）") % {"month": month_label(month), "day": month.isoformat()}


def confirmable(person: Person, after: int | None = None) -> tuple[list[Confirmable], int | None]:
    """A page of approved forms with something left to confirm, newest first, and the key after which the next one starts.

    Those who only read see them too, without a button. Five queries whatever the number of rows, two more
    where some confirmation is being written again.
    """
    forms = (
        Document.objects.visible_to(person)
        .for_table()
        .filter(kind__in=WORK_KINDS, state=DocumentState.APPROVED)
        .annotate(confirmed=Sum("work_lines__confirmed"), lapsed=Sum("work_lines__lapsed"))
        .filter(amount__gt=F("confirmed") + F("lapsed"))
        .order_by("-pk")
    )
    rows = list(forms.filter(pk__lt=after)[: PAGE + 1] if after else forms[: PAGE + 1])
    shown = rows[:PAGE]
    pending, drafts, confirmed_at = pending_for(person, shown), _drafts(person, shown), last_confirmed(shown)
    held = drafting.places_to_draft(person, Kind.WORK_COMPLETION)
    answer = [
        Confirmable(
            form,
            form.confirmed,
            pending.get(form.pk, Decimal(0)),
            form.lapsed,
            drafts.get(form.pk, []),
            bool({None, form.project_id} & held),
            confirmed_at.get(form.pk),
        )
        for form in shown
    ]
    return answer, shown[-1].pk if len(rows) > PAGE else None


def last_confirmed(forms: Iterable[Document]) -> dict[int, datetime]:
    """When the newest confirmation of each form was approved."""
    rows = (
        Completion.objects.filter(origin__in=forms, document__state=DocumentState.APPROVED)
        .order_by()
        .values_list("origin")
        .annotate(at=Max("document__decided_at"))
    )
    return dict(rows)


def _drafts(person: Person, forms: list[Document]) -> dict[int, list[Document]]:
    """Confirmations of these forms that this person can go on writing."""
    open_ones = Document.objects.visible_to(person).filter(kind=Kind.WORK_COMPLETION, state__in=EDITABLE)
    found: dict[int, list[Document]] = {}
    for completion in (
        Completion.objects.filter(origin__in=forms, document__in=open_ones).select_related("document").order_by("pk")
    ):
        found.setdefault(completion.origin_id, []).append(completion.document)
    return found


def month_board(
    person: Person, month: date, project: str = "", after: str = "", size: int | None = BOARD_PAGE
) -> Board:
    """The work forms of a month by project and instalment, as one person may see them; a page of projects by code.

    Eleven queries whatever the number of projects and forms. ``size`` None takes every project.
    """
    today, month = clock.today(), month.replace(day=1)
    calendar = Calendar(today, month)
    limit = limit_of(month, calendar)
    monthly = deadline(limit.on, today, calendar, limit.purpose)
    projects, next_key = _board_projects(person, project, after, size)
    places = {row.pk: row for row in Instalment.objects.filter(project__in=projects).order_by("code")}
    forms = list(
        Document.objects.visible_to(person)
        .for_table()
        .filter(kind__in=WORK_KINDS, period=month, project__in=projects)
        .annotate(confirmed=Sum("work_lines__confirmed"), lapsed=Sum("work_lines__lapsed"))
        .order_by("pk")
    )
    for row in (*places.values(), *forms):
        row.project = projects[row.project_id]
    held = [] if person.is_administrator else access.memberships(person, today)
    posts = {pk: {row.post for row in held if access.reaches(row, person, place)} for pk, place in projects.items()}
    steps = _steps_of(forms)
    filers = {post for kind in MONTHLY_KINDS if kinds.is_registered(kind) for post in kinds.get(kind).submitters}
    holders = access.holders_across(projects.values(), filers | {step.post for step in steps})
    approved = [form for form in forms if form.state == DocumentState.APPROVED]
    pending = pending_by_form(approved)
    done = {
        form.pk: Confirmation(form.amount, form.confirmed, pending.get(form.pk, Decimal(0)), form.lapsed)
        for form in approved
    }
    lines: dict[int, list[Line]] = {}
    for form, lying in zip(forms, _lying(forms, steps, holders), strict=True):
        form.instalment = places[form.instalment_id]
        ours = is_drafting_side(person, form, posts[form.project_id])
        far = done.get(form.pk)
        line = line_of(form, lying, clock.now(), monthly, drafting_side=ours, confirmation=far)
        lines.setdefault(form.instalment_id, []).append(line)
    parts: dict[int, list[InstalmentMonth]] = {}
    for pk, place in places.items():
        missing = _expected(place, posts[place.project_id], holders, monthly)
        if missing or pk in lines:
            part = instalment_month(place, lines.get(pk, ()), missing)
            parts.setdefault(place.project_id, []).append(part)
    shown = tuple(ProjectMonth(row, tuple(parts[pk])) for pk, row in projects.items() if pk in parts)
    return Board(month, shown, next_key)


def _board_projects(person: Person, code: str, after: str, size: int | None) -> tuple[dict[int, Project], str]:
    """Projects of a page in the order of their codes, and the code after which the next page starts."""
    projects = access.visible_projects(person, clock.today()).order_by("code")
    if code:
        projects = projects.filter(code=code)
    if after:
        projects = projects.filter(code__gt=after)
    rows = list(projects[: size + 1]) if size else list(projects)
    page = rows[:size] if size else rows
    return {row.pk: row for row in page}, page[-1].code if len(rows) > len(page) else ""


Holders = dict[tuple[int, str, int | None], list["Person"]]


def _expected(place: Instalment, posts: set[str], holders: Holders, monthly: Deadline) -> list[Line]:
    """A line for each monthly form expected of an instalment, for those who would see it there."""
    if not place.project.is_active:
        return []
    lines = []
    for kind in MONTHLY_KINDS:
        if not kinds.is_registered(kind):
            continue
        form = kinds.get(kind)
        if not posts & set(form.audience + form.may_draft()):
            continue
        filers = (
            Desk(str(Post(post).label), _names(holders.get((place.project_id, post, None), ())))
            for post in form.submitters
        )
        lines.append(
            Line(
                kind,
                place,
                deadline=monthly,
                filers=tuple(desk for desk in filers if desk.names),
                may_start=bool(posts & set(form.may_draft())),
            )
        )
    return lines


def _names(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(person.name for person in people)


def _steps_of(forms: list[Document]) -> list[Step]:
    """The steps that count of the forms that are on their way; one query."""
    moving = {form.pk: form.revision_n for form in forms if form.state == DocumentState.CIRCULATING}
    by_form: dict[int, list[Step]] = {}
    for step in Step.objects.filter(document__in=moving).select_related("department").order_by("position", "pk"):
        if step.revision_n == moving[step.document_id]:
            by_form.setdefault(step.document_id, []).append(step)
    return [step for rows in by_form.values() for step in effective(rows)]


def _lying(forms: list[Document], steps: list[Step], holders: Holders) -> list[Lying]:
    """Where each form lies, in their order: before the holders of its open posts, or with the person who is to submit it."""
    by_form: dict[int, list[Step]] = {}
    for step in steps:
        by_form.setdefault(step.document_id, []).append(step)
    back = dict(
        Event.objects.filter(document__in=[form.pk for form in forms], code__in=("returned", "withdrawn"))
        .order_by()
        .values_list("document")
        .annotate(at=Max("at"))
    )
    answer = []
    for form in forms:
        if form.state == DocumentState.CIRCULATING:
            answer.append(_on_way(by_form.get(form.pk, []), holders))
        elif form.state in EDITABLE:
            since = back.get(form.pk, form.created_at) if form.is_submitted else form.created_at
            answer.append(Lying((Desk("", ((form.submitted_by or form.creator).name,)),), since))
        else:
            answer.append(Lying())
    return answer


def _on_way(steps: list[Step], holders: Holders) -> Lying:
    desks, since = [], None
    for step in steps:
        if step.status != StepStatus.OPEN:
            continue
        label = str(Post(step.post).label)
        department = step.department_id if step.post in DEPARTMENT_POSTS else None
        desks.append(
            Desk(
                f"{label}（{step.department.name}）" if step.department else label,
                _names(holders.get((step.project_id, step.post, department), ())),
            )
        )
        since = min(filter(None, (since, step.opened_at)), default=None)
    positions = {step.position for step in steps}
    pending = {step.position for step in steps if step.status != StepStatus.SIGNED}
    return Lying(tuple(desks), since, len(positions) - len(pending), len(positions))


def instalments_of(projects: QuerySet[Project]) -> QuerySet[Instalment]:
    """Instalments of projects, to choose from."""
    return Instalment.objects.filter(project__in=projects).select_related("project").order_by("project__name", "code")
