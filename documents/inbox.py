"""The inbox: open steps of my posts in my projects, and the other tabs. Key-paged; counts are capped.

Measured on a million documents: memberships first, then ``post = … AND project IN (…)`` on the partial index, 2-3 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from documents import due, kinds
from documents.deadlines import Deadline
from documents.facts import MONEYLESS_KINDS
from documents.models import Act, Copy, Document, Editor, Step
from documents.states import DocumentState, StepStatus
from documents.vocabulary import Kind
from organization import access, clock
from organization.punctuation import with_semicolons

if TYPE_CHECKING:
    from organization.models import Person

PAGE = 20
CAP = 1000

TABS = ("to-sign", "mine", "done", "copied", "drafts", "overdue")


def open_steps(person: Person) -> QuerySet[Step]:
    """Open steps that this person may act on: own posts, projects and departments; not on forms they filed or wrote."""
    memberships = access.memberships(person, clock.today())
    if not memberships:
        return Step.objects.none()
    projects = access.visible_keys(person, clock.today())
    mine = Q(pk__in=())
    for membership in memberships:
        reach = projects if membership.project_id is None else [membership.project_id]
        step = Q(post=membership.post, project__in=reach)
        if membership.department_id is not None:
            step &= Q(department=None) | Q(department=membership.department_id)
        mine |= step
    acted = Act.objects.filter(
        person=person,
        document=OuterRef("document"),
        revision_n=OuterRef("revision_n"),
        round_n=OuterRef("round_n"),
    )
    wrote = Editor.objects.filter(person=person, document=OuterRef("document"))
    # As ``standing`` says: a signature that counts, of an earlier round, at a station not adjacent to this one.
    signed = Step.objects.filter(
        act__person=person, document=OuterRef("document"), revision_n=OuterRef("revision_n"), status=StepStatus.SIGNED
    )
    beside = signed.filter(position__gte=OuterRef("position") - 1)
    return (
        Step.objects.filter(mine, status=StepStatus.OPEN)
        .exclude(document__submitted_by=person)
        .filter(~Exists(acted), ~Exists(wrote), ~Exists(signed) | Exists(beside))
    )


def _named_by(documents: QuerySet[Document], keys: QuerySet) -> QuerySet[Document]:
    """Documents whose keys stand in a small table of the person's own, read first by its index.

    With a subquery instead, PostgreSQL walks all documents backwards: 3.5 s for nothing found among 100,000. Who has more
    keys than the cap finds a page on the first steps of that walk.
    """
    first = list(keys.order_by("-document_id").distinct()[: CAP + 1])
    return documents.filter(pk__in=first if len(first) <= CAP else keys.order_by())


def to_sign(person: Person) -> QuerySet[Document]:
    """Documents that wait for this person."""
    return _named_by(Document.objects.all(), open_steps(person).values_list("document_id", flat=True))


def mine(person: Person) -> QuerySet[Document]:
    """What this person submitted, or began and someone submitted."""
    return (
        Document.objects.visible_to(person)
        .filter(Q(submitted_by=person) | Q(creator=person))
        .exclude(state=DocumentState.DRAFT)
    )


def done(person: Person) -> QuerySet[Document]:
    """What this person has signed, returned or rejected."""
    acts = Act.objects.filter(person=person).values_list("document_id", flat=True)
    return _named_by(Document.objects.visible_to(person), acts)


def copied(person: Person) -> QuerySet[Document]:
    """What this person was copied on."""
    copies = Copy.objects.filter(person=person).values_list("document_id", flat=True)
    return _named_by(Document.objects.visible_to(person), copies)


def drafts(person: Person) -> QuerySet[Document]:
    """Drafts of one's own company that one may go on writing, own ones included."""
    return Document.objects.visible_to(person).filter(state=DocumentState.DRAFT)


def overdue(person: Person) -> QuerySet[Document]:
    """What this person may see and is past its date, wherever it lies (guide 6)."""
    return Document.objects.visible_to(person).filter(due.overdue())


_QUERIES = {"to-sign": to_sign, "mine": mine, "done": done, "copied": copied, "drafts": drafts, "overdue": overdue}


def tab(name: str, person: Person) -> QuerySet[Document]:
    """The documents of a tab, newest first."""
    return _QUERIES[name](person).for_table().order_by("-pk")


def capped_count(queryset: QuerySet) -> int:
    """How many rows, counted no further than one past the cap."""
    return queryset.order_by().values("pk")[: CAP + 1].count()


def counts(person: Person) -> dict[str, int]:
    """Counts for the tabs; a value over ``CAP`` means more than that."""
    return {name: capped_count(_QUERIES[name](person)) for name in TABS}


@dataclass(frozen=True, slots=True)
class Page:
    """One page by key: rows, and the key after which the next page starts."""

    rows: list[InboxRow]
    next_key: int | None

    @property
    def note(self) -> str:
        """The sentence on years whose holidays are unknown, where a date of the page lies in one."""
        return note_of(self.rows)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A document with its progress, as a list shows it."""

    document: Document
    done: int
    total: int
    current: str
    deadline: Deadline | None = None
    # A word that a part of its kind puts beside it, e.g. that it was reversed.
    mark: str = ""

    @property
    def amount(self) -> Decimal:
        """As submitted, in 元; a draft's own."""
        signed = self.document.signed_amount
        return self.document.amount if signed is None else signed

    @property
    def has_money(self) -> bool:
        """Whether its kind has an amount at all: ¥0.00 beside a phase result would say that something is free."""
        return self.document.kind == Kind.WORK_COMPLETION or self.document.kind not in MONEYLESS_KINDS


def note_of(rows: Iterable[InboxRow]) -> str:
    """What has to be said of the dates of these rows, each sentence once."""
    return with_semicolons(dict.fromkeys(row.deadline.note for row in rows if row.deadline and row.deadline.note))


def page(queryset: QuerySet[Document], after: int | None = None, size: int = PAGE) -> Page:
    """A page of a queryset ordered by descending key; the number of queries is that of the kinds, not of the rows."""
    if after is not None:
        queryset = queryset.filter(pk__lt=after)
    documents = list(queryset[: size + 1])
    more = len(documents) > size
    documents = documents[:size]
    steps = _steps_of(documents)
    open_posts = {
        pk: frozenset(step.post for step in rows if step.status == StepStatus.OPEN) for pk, rows in steps.items()
    }
    dates, marks = due.deadlines(documents, open_posts), _marks(documents)
    rows = [
        InboxRow(row, *_progress(steps.get(row.pk, ())), dates.get(row.pk), marks.get(row.pk, "")) for row in documents
    ]
    return Page(rows, documents[-1].pk if more else None)


def _marks(documents: list[Document]) -> dict[int, str]:
    """Words that the kinds' parts put beside some of the rows: each kind that is there is asked once."""
    by_kind: dict[str, list[Document]] = {}
    for document in documents:
        by_kind.setdefault(document.kind, []).append(document)
    found: dict[int, str] = {}
    for kind, rows in by_kind.items():
        for part in kinds.parts(kind) if kinds.is_registered(kind) else ():
            found |= part.marks(rows)
    return found


def _steps_of(documents: list[Document]) -> dict[int, list[Step]]:
    """The steps that count of many documents, in one query."""
    from documents.standing import effective

    newest = {document.pk: document.revision_n for document in documents}
    by_document: dict[int, list[Step]] = {}
    for step in Step.objects.filter(document__in=newest).order_by("position", "pk"):
        if step.revision_n == newest[step.document_id]:
            by_document.setdefault(step.document_id, []).append(step)
    return {key: effective(rows) for key, rows in by_document.items()}


def _progress(steps: Iterable[Step]) -> tuple[int, int, str]:
    """Stations done, stations in all, and the posts whose turn it is."""
    from documents.permissions import post_names

    steps = list(steps)
    positions = {step.position for step in steps}
    pending = {step.position for step in steps if step.status != StepStatus.SIGNED}
    current = post_names(step.post for step in steps if step.status == StepStatus.OPEN)
    return len(positions) - len(pending), len(positions), current
