"""Reads of promises and agreements, named for their screens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from documents.models import Document
from documents.states import DEAD, DocumentState
from intervention.models import FoundPromise, Promise, ServiceAgreement
from intervention.papers.agreement import AGREEMENT_READERS
from intervention.papers.permissions import WITHDRAWERS
from intervention.papers.vocabulary import FoundState
from organization import access, clock
from organization.models import Project

if TYPE_CHECKING:
    from organization.models import Person

PAGE = 50
# How long before its end an agreement is told to end soon: the first reminder's.
SOON = timedelta(days=60)


class Standing(StrEnum):
    """How a promise of the register stands today."""

    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    WAITING = "waiting"
    UNCONFIRMED = "unconfirmed"
    REFUSED = "refused"


def standing_of(promise: Promise, today: date) -> Standing:
    """How a promise stands: ``unconfirmed`` when its first day of use has come and nobody has decided."""
    state = promise.document.state
    if state == DocumentState.APPROVED:
        return Standing.EXPIRED if promise.until_on and promise.until_on < today else Standing.CONFIRMED
    if state in DEAD:
        return Standing.REFUSED
    return Standing.UNCONFIRMED if promise.from_on <= today else Standing.WAITING


def _standing(standing: str, today: date) -> Q:
    approved, dead = Q(document__state=DocumentState.APPROVED), Q(document__state__in=DEAD)
    expired = Q(until_on__lt=today)
    return {
        Standing.CONFIRMED: approved & (Q(until_on=None) | Q(until_on__gte=today)),
        Standing.EXPIRED: approved & expired,
        Standing.WAITING: ~approved & ~dead & Q(from_on__gt=today),
        Standing.UNCONFIRMED: ~approved & ~dead & Q(from_on__lte=today),
        Standing.REFUSED: dead,
    }[Standing(standing)]


def promises_for(
    person: Person, *, text: str = "", project: str = "", channel: str = "", standing: str = ""
) -> QuerySet[Promise]:
    """The register as a person may see it, newest first: rows of the confirmations that are visible to them."""
    rows = Promise.objects.filter(document__in=Document.objects.visible_to(person))
    rows = rows.select_related("document__project").order_by("-pk")
    if project:
        rows = rows.filter(document__project__code=project)
    if channel:
        rows = rows.filter(channel=channel)
    if standing in list(Standing):
        rows = rows.filter(_standing(standing, clock.today()))
    for word in text.replace("\0", " ").split()[:5]:
        rows = rows.filter(
            Q(wording__icontains=word)
            | Q(channel_note__icontains=word)
            | Q(document__search_text__icontains=word.casefold())
        )
    return rows


def found_for(
    person: Person, *, text: str = "", project: str = "", channel: str = "", state: str = ""
) -> QuerySet[FoundPromise]:
    """What was found in use, newest first."""
    rows = FoundPromise.objects.visible_to(person).select_related(
        "project", "recorded_by", "settled_by", "confirmation"
    )
    if project:
        rows = rows.filter(project__code=project)
    if channel:
        rows = rows.filter(channel=channel)
    if state in FoundState.values:
        rows = rows.filter(state=state)
    for word in text.replace("\0", " ").split()[:5]:
        rows = rows.filter(
            Q(wording__icontains=word) | Q(place__icontains=word) | Q(confirmation__number__icontains=word)
        )
    return rows


# What the standings of one list are called in the other; what is in neither says nothing of it.
_ALIKE = {Standing.CONFIRMED: FoundState.CONFIRMED, Standing.UNCONFIRMED: FoundState.IN_USE}
_ALIKE_FOUND = {found: standing for standing, found in _ALIKE.items()}


def matching(person: Person, *, status: str, found: bool, **chosen: str) -> tuple[int, str]:
    """How many rows of the other list the same filters find, and the status by which: each list is a page of its own, and
    whoever searches one hears of both. ``found`` says that the list shown is that of what was found in use."""
    if found:
        standing = str(_ALIKE_FOUND.get(FoundState(status), "")) if status in FoundState.values else ""
        rows = promises_for(person, **chosen, standing=standing)
        return (0 if status and not standing else rows.count()), standing
    state = str(_ALIKE.get(Standing(status), "")) if status in list(Standing) else ""
    return (0 if status and not state else found_for(person, **chosen, state=state).count()), state


def withdrawable(person: Person, rows: Iterable[FoundPromise]) -> set[int]:
    """Keys of those among the rows that this person may take out of use; one query."""
    mine = FoundPromise.objects.where_held(person, WITHDRAWERS).filter(pk__in=[row.pk for row in rows])
    return set(mine.filter(state=FoundState.IN_USE).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Alarms:
    """What is in use without a confirmation: found ones, and promises whose first day has come undecided."""

    found: int
    unconfirmed: int

    def __bool__(self) -> bool:
        return bool(self.found or self.unconfirmed)


def alarms_for(person: Person, project: str = "") -> Alarms:
    """How much a person sees to be in use unconfirmed; two queries."""
    return Alarms(
        found_for(person, project=project, state=FoundState.IN_USE).count(),
        promises_for(person, project=project, standing=Standing.UNCONFIRMED).count(),
    )


def coverable(document: Document) -> QuerySet[FoundPromise]:
    """Found promises that a confirmation may cover: those of its project in use, and what it covers already."""
    rows = FoundPromise.objects.filter(project=document.project_id)
    return rows.filter(Q(state=FoundState.IN_USE) | Q(covers__document=document)).distinct().order_by("pk")


@dataclass(frozen=True, slots=True)
class InForce:
    """A project's agreement on a day. ``until`` is its last day; ``after`` the approved version that follows it."""

    project: Project
    agreement: ServiceAgreement | None
    until: date | None
    after: ServiceAgreement | None
    today: date

    @property
    def days_left(self) -> int:
        """Days until its last day."""
        return (self.until - self.today).days if self.until else 0

    @property
    def ends_soon(self) -> bool:
        """Whether it ends within 60 days and nothing follows it without a gap."""
        if self.until is None or self.until - self.today > SOON:
            return False
        return self.after is None or (self.after.valid_from or self.until) > self.until + timedelta(days=1)

    @property
    def needs_care(self) -> bool:
        """Whether there is none, or it ends soon."""
        return self.agreement is None or self.ends_soon


def in_force(project: Project, versions: Iterable[ServiceAgreement], on: date) -> InForce:
    """The agreement in force on a day among a project's approved versions: the newest that has begun, until its end or
    until the day before the version that supersedes it."""
    rows = sorted(versions, key=lambda row: row.version)
    begun = [row for row in rows if row.valid_from and row.valid_from <= on]
    coming = [row for row in rows if row.valid_from and row.valid_from > on]
    current = begun[-1] if begun and begun[-1].valid_to and begun[-1].valid_to >= on else None
    following = coming[0] if coming else None
    until = current.valid_to if current else None
    if until and following and following.valid_from and following.valid_from <= until:
        until = following.valid_from - timedelta(days=1)
    return InForce(project, current, until, following, on)


def approved_agreements(projects: Iterable[Project] | QuerySet[Project]) -> dict[int, list[ServiceAgreement]]:
    """Approved versions by project; one query."""
    rows = ServiceAgreement.objects.filter(project__in=projects, document__state=DocumentState.APPROVED)
    found: dict[int, list[ServiceAgreement]] = {}
    for row in rows.select_related("document").order_by("version"):
        found.setdefault(row.project_id, []).append(row)
    return found


def agreement_projects(person: Person, project: str = "") -> list[Project]:
    """Projects in use whose agreement a person may see."""
    today = clock.today()
    wanted = set(AGREEMENT_READERS)
    places = {held.project_id for held in access.memberships(person, today) if held.post in wanted}
    if not places or person.is_administrator:
        return []
    seen = access.visible_projects(person, today).filter(is_active=True).order_by("code")
    seen = seen if None in places else seen.filter(pk__in=places)
    return list(seen.filter(code=project) if project else seen)


def agreement_of(person: Person, project: Project) -> InForce | None:
    """A project's agreement today; None for who may not see it. One query for those who may."""
    today = clock.today()
    held = {row.post for row in access.memberships_in(person, project, today)}
    if person.is_administrator or not held & set(AGREEMENT_READERS):
        return None
    return in_force(project, approved_agreements([project]).get(project.pk, []), today)


def versions_for(person: Person, projects: Iterable[Project]) -> dict[int, list[ServiceAgreement]]:
    """Versions that a person may see, drafts of their own side among them, the newest first, by project; one query."""
    rows = ServiceAgreement.objects.filter(project__in=list(projects), document__in=Document.objects.visible_to(person))
    found: dict[int, list[ServiceAgreement]] = {}
    for row in rows.select_related("document").order_by("-version", "-document__pk"):
        found.setdefault(row.project_id, []).append(row)
    return found
