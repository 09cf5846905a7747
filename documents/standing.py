"""How a person stands to a document at this moment: read once, asked by every predicate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.models import Act, Document, Editor, Step
from documents.queries import is_drafting_side
from documents.states import StepStatus
from organization import access, clock

if TYPE_CHECKING:
    from organization.models import Person


@dataclass(frozen=True)
class Standing:
    """What the predicates need; built by ``standing`` with four queries whatever the chain's length."""

    person: Person
    document: Document
    # Those that reach the document's project.
    memberships: tuple[access.Membership, ...]
    steps: tuple[Step, ...]
    editors: frozenset[int]
    acted_before: bool

    @property
    def posts(self) -> frozenset[str]:
        """Posts held now that reach this project."""
        return frozenset(membership.post for membership in self.memberships)

    @property
    def my_open_steps(self) -> tuple[Step, ...]:
        """Open steps whose post this person holds, for the step's department where it names one."""
        return tuple(step for step in self.steps if step.status == StepStatus.OPEN and self.holds(step))

    def holds(self, step: Step) -> bool:
        """Whether one of the memberships covers a step."""
        return any(
            membership.post == step.post
            and (step.department_id is None or membership.department_id == step.department_id)
            for membership in self.memberships
        )

    @property
    def is_submitter(self) -> bool:
        return self.document.submitted_by_id == self.person.pk

    @property
    def is_editor(self) -> bool:
        return self.person.pk in self.editors

    @property
    def is_drafting_side(self) -> bool:
        """As ``queries.is_drafting_side``, with the posts that were read here."""
        return is_drafting_side(self.person, self.document, self.posts)


def effective(steps: list[Step]) -> list[Step]:
    """The steps that count: for each position those of its newest round."""
    newest: dict[int, int] = {}
    for step in steps:
        newest[step.position] = max(step.round_n, newest.get(step.position, 0))
    return [step for step in steps if step.round_n == newest[step.position]]


def current_steps(document: Document) -> list[Step]:
    """The effective steps of the current revision, in order, with their acts."""
    rows = Step.objects.filter(document=document, revision_n=document.revision_n).select_related(
        "act__person", "department"
    )
    return effective(list(rows))


def _signed_elsewhere(person: Person, steps: list[Step]) -> bool:
    """Whether a signature of theirs from an earlier round still counts at a station not adjacent to the open one.

    A person's signatures that count are of one run of stations, so the one before the open station tells. Beside it they
    are asked anew: what was signed in an earlier round covers nothing. ``inbox.open_steps`` says the same in SQL.
    """
    signed = {
        step.position
        for step in steps
        if step.status == StepStatus.SIGNED and step.act and step.act.person_id == person.pk
    }
    turn = min((step.position for step in steps if step.status == StepStatus.OPEN), default=0)
    return bool(signed) and max(signed) < turn - 1


def standing(person: Person, document: Document) -> Standing:
    """Read how a person stands to a document."""
    steps = current_steps(document)
    acted = (
        _signed_elsewhere(person, steps)
        or Act.objects.filter(
            document=document, revision_n=document.revision_n, round_n=document.round_n, person=person
        ).exists()
    )
    return Standing(
        person=person,
        document=document,
        memberships=tuple(access.memberships_in(person, document.project, clock.today())),
        steps=tuple(steps),
        editors=frozenset(Editor.objects.filter(document=document).values_list("person_id", flat=True)),
        acted_before=acted,
    )
