"""Reads of work forms and confirmations, named for their screens. Each begins at what the person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Sum

from budgets.confirming import TAKING
from budgets.models import Completion, CompletionLine
from documents import drafting, kinds
from documents.forms import month_label, next_month
from documents.models import Document
from documents.states import DEAD, EDITABLE, DocumentState
from documents.vocabulary import MONTHLY_KINDS, WORK_KINDS, Kind
from organization import access, clock
from organization.models import Instalment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Person, Project

PAGE = 20


@dataclass(frozen=True, slots=True)
class Confirmable:
    """An approved form and how much of it is still to be confirmed, in 元."""

    document: Document
    confirmed: Decimal
    pending: Decimal
    lapsed: Decimal
    drafts: list[Document]
    may_start: bool

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
            months.append((last.strftime("%Y-%m"), month_label(last)))
            last = next_month(last, -1)
        return months


def confirmable(person: Person, after: int | None = None) -> tuple[list[Confirmable], int | None]:
    """A page of approved forms with something left to confirm, newest first, and the key after which the next one starts.

    Those who only read see them too, without a button. Four queries whatever the number of rows.
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
    pending, drafts = _pending(shown), _drafts(person, shown)
    held = drafting.places_to_draft(person, Kind.WORK_COMPLETION)
    answer = [
        Confirmable(
            form,
            form.confirmed,
            pending.get(form.pk, Decimal(0)),
            form.lapsed,
            drafts.get(form.pk, []),
            bool({None, form.project_id} & held),
        )
        for form in shown
    ]
    return answer, shown[-1].pk if len(rows) > PAGE else None


def _pending(forms: list[Document]) -> dict[int, Decimal]:
    """Amounts in confirmations that are on their way, by form."""
    taken = (
        CompletionLine.objects.filter(
            origin_line__document__in=forms, document__state__in=TAKING, document__first_submitted_at__isnull=False
        )
        .order_by()
        .values("origin_line__document")
        .annotate(amount=Sum("amount"))
    )
    return {row["origin_line__document"]: row["amount"] for row in taken}


def _drafts(person: Person, forms: list[Document]) -> dict[int, list[Document]]:
    """Confirmations of these forms that this person can go on writing."""
    open_ones = Document.objects.visible_to(person).filter(kind=Kind.WORK_COMPLETION, state__in=EDITABLE)
    found: dict[int, list[Document]] = {}
    for completion in (
        Completion.objects.filter(origin__in=forms, document__in=open_ones).select_related("document").order_by("pk")
    ):
        found.setdefault(completion.origin_id, []).append(completion.document)
    return found


def month_forms(person: Person, month: date, project: str = "") -> QuerySet[Document]:
    """Work forms and confirmations of a month, newest first."""
    rows = (
        Document.objects.visible_to(person)
        .for_table()
        .filter(kind__in=(*WORK_KINDS, Kind.WORK_COMPLETION), period=month.replace(day=1))
        .order_by("-pk")
    )
    return rows.filter(project__code=project) if project else rows


@dataclass(frozen=True, slots=True)
class Missing:
    """A monthly form that an instalment has not yet submitted; ``may_start`` for those who draft it there."""

    instalment: Instalment
    kind: str
    may_start: bool


def missing_forms(person: Person, month: date, project: str = "") -> list[Missing]:
    """Monthly forms of the person's projects that were not submitted for a month."""
    projects = access.visible_projects(person, clock.today()).filter(is_active=True)
    if project:
        projects = projects.filter(code=project)
    instalments = list(Instalment.objects.filter(project__in=projects).select_related("project").order_by("code"))
    expected = [kind for kind in MONTHLY_KINDS if kinds.is_registered(kind)]
    there = set(
        Document.objects.visible_to(person)
        .filter(kind__in=expected, period=month.replace(day=1), first_submitted_at__isnull=False)
        .exclude(state__in=DEAD)
        .values_list("instalment", "kind")
    )
    mine = {kind: drafting.places_to_draft(person, kind) for kind in expected}
    return [
        Missing(instalment, kind, bool({None, instalment.project_id} & mine[kind]))
        for instalment in instalments
        for kind in expected
        if (instalment.pk, str(kind)) not in there
    ]


def instalments_of(projects: QuerySet[Project]) -> QuerySet[Instalment]:
    """Instalments of projects, to choose from."""
    return Instalment.objects.filter(project__in=projects).select_related("project").order_by("project__name", "code")
