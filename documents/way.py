"""The way of a form: who, when, opinion, how long it lay, who is next and why; before submission the expected one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents import kinds, policies
from documents.circulation.stations import department_for
from documents.models import Step
from documents.reasons import why
from documents.revisions import facts_of, siblings
from documents.routing import RoutingError
from documents.standing import effective
from documents.states import StepMode, StepStatus
from organization import access, clock
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Document


@dataclass(frozen=True, slots=True)
class WayStep:
    """One post at one station."""

    post: str
    post_label: str
    department: str
    status: str
    status_label: str
    # Holders while it is pending, the person who acted afterwards.
    names: tuple[str, ...]
    person: str = ""
    at: datetime | None = None
    opinion: str = ""
    lay: timedelta | None = None
    carried: bool = False
    step_id: int = 0


@dataclass(frozen=True, slots=True)
class WayStation:
    """One position: all its posts must sign (会签) when there are several."""

    position: int
    mode: str
    clause: str
    why: str
    steps: tuple[WayStep, ...]

    @property
    def is_joint(self) -> bool:
        return len(self.steps) > 1

    @property
    def is_done(self) -> bool:
        return all(step.status == StepStatus.SIGNED for step in self.steps)

    @property
    def is_current(self) -> bool:
        return any(step.status == StepStatus.OPEN for step in self.steps)


@dataclass(frozen=True, slots=True)
class Way:
    """All stations of the effective round, and what came before."""

    stations: tuple[WayStation, ...]
    expected: bool = False
    fault: str = ""
    siblings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    earlier: tuple[WayStep, ...] = field(default=())

    @property
    def current(self) -> WayStation | None:
        return next((station for station in self.stations if station.is_current), None)

    @property
    def open_posts(self) -> frozenset[str]:
        """Posts whose turn it is."""
        steps = (step for station in self.stations for step in station.steps)
        return frozenset(step.post for step in steps if step.status == StepStatus.OPEN)

    @property
    def done_count(self) -> int:
        return sum(station.is_done for station in self.stations)


def way(document: Document, *, working_copy: bool) -> Way:
    """The way of what is shown: of a working copy the expected one, with names; else that of the newest submission.

    Who only sees the last submission of a returned form learns nothing from what its submitter is writing now.
    """
    if working_copy:
        return expected(document)
    rows = list(
        Step.objects.filter(document=document, revision_n=document.revision_n).select_related(
            "act__person", "department"
        )
    )
    now = effective(rows)
    pending = [(step.post, step.department_id) for step in now if step.status in (StepStatus.OPEN, StepStatus.WAITING)]
    holders = access.holders_of(pending, document.project) if pending else {}
    steps = [(step, _way_step(step, holders.get((step.post, step.department_id), []))) for step in now]
    gone = tuple(_way_step(step, []) for step in rows if step not in now and step.act_id)
    facts = document.revisions.values_list("facts", flat=True).filter(n=document.revision_n).first() or {}
    return Way(_stations(steps), siblings=tuple(facts.get("siblings", ())), earlier=gone, notes=_notes(document))


def _stations(steps: Iterable[tuple[Step, WayStep]]) -> tuple[WayStation, ...]:
    stations: dict[int, WayStation] = {}
    for step, shown in steps:
        if step.position in stations:
            station = stations[step.position]
            stations[step.position] = replace(station, steps=(*station.steps, shown))
        else:
            stations[step.position] = WayStation(
                step.position, step.mode, step.clause, why(step.clause, step.reason), (shown,)
            )
    return tuple(stations[position] for position in sorted(stations))


def _way_step(step: Step, holders: list) -> WayStep:
    label = StepStatus(step.status).label
    if step.status == StepStatus.SIGNED and step.mode == StepMode.OPINION:
        label = _("已出具意见")
    lay = None
    if step.opened_at is not None and step.status != StepStatus.WAITING:
        lay = (step.act.at if step.act else clock.now()) - step.opened_at
    return WayStep(
        post=step.post,
        post_label=str(Post(step.post).label),
        department=step.department.name if step.department else "",
        status=step.status,
        status_label=str(label),
        names=tuple(person.name for person in holders),
        person=step.act.person.name if step.act else "",
        at=step.act.at if step.act else None,
        opinion=step.act.opinion if step.act else "",
        lay=lay if lay is None or lay > timedelta(0) else timedelta(0),
        carried=step.carried_from_id is not None,
        step_id=step.pk,
    )


def expected(document: Document) -> Way:
    """The chain that a submission now would get, with the names of those who would be asked."""
    form = kinds.get(document.kind)
    try:
        document.policy = document.policy or policies.in_force(clock.today())
        if not document.is_submitted:
            document.side = form.side(document)
        together = siblings(document, policies.rules_of(document.policy))
        chain = policies.chain_for(document.policy, facts_of(document, together), _likely_post(document))
    except RoutingError as error:
        return Way((), expected=True, fault=str(error))
    places = [
        (post, getattr(department_for(document, post), "pk", None)) for station in chain for post in station.posts
    ]
    holders = access.holders_of(places, document.project)
    stations = tuple(
        WayStation(
            station.position,
            station.mode,
            station.clause,
            why(station.clause, station.reason),
            tuple(_expected_step(document, post, holders) for post in station.posts),
        )
        for station in chain
    )
    return Way(stations, expected=True, siblings=tuple(str(other.number) for other in together), notes=_notes(document))


def _likely_post(document: Document) -> str:
    """The post under which the creator would submit."""
    held = access.memberships_in(document.creator, document.project, clock.today())
    posts = {membership.post for membership in held}
    submitters = kinds.get(document.kind).submitters
    return next((post for post in submitters if post in posts), submitters[0])


def _expected_step(document: Document, post: str, holders: dict) -> WayStep:
    department = department_for(document, post)
    people = holders.get((post, getattr(department, "pk", None)), [])
    return WayStep(
        post=post,
        post_label=str(Post(post).label),
        department=department.name if department else "",
        status=StepStatus.WAITING,
        status_label=str(StepStatus.WAITING.label),
        names=tuple(person.name for person in people),
    )


def _notes(document: Document) -> tuple[str, ...]:
    """Sentences about the way itself, from the kind's parts."""
    return tuple(note for part in kinds.parts(document.kind) for note in part.way_notes(document))
