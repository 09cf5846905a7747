"""What the trail tells of a form: states, submissions, acts, rounds. Pure over loaded events."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from documents.models import Event
from documents.states import ActKind, DocumentState

# Event code of each kind of act.
ACT_CODES = {
    "signed": ActKind.SIGN,
    "gave_opinion": ActKind.OPINION,
    "returned": ActKind.RETURN,
    "rejected": ActKind.REJECT,
}
ENDS = {
    "withdrawn": DocumentState.WITHDRAWN,
    "voided": DocumentState.VOIDED,
    "approved": DocumentState.APPROVED,
    "rejected": DocumentState.REJECTED,
}
DECISIONS = ("approved", "rejected", "voided")

# revision, round, position, post
StepKey = tuple[int, int, int, str]
# revision, round, person
ActKey = tuple[int, int, int | None]


@dataclass
class Story:
    """The events of one form, put in order. Keys of ``rounds`` are (revision, round), values where the round began."""

    state: str = DocumentState.DRAFT
    revision_n: int = 0
    round_n: int = 0
    submissions: dict[int, Event] = field(default_factory=dict)
    acts: dict[ActKey, Event] = field(default_factory=dict)
    rounds: dict[tuple[int, int], int] = field(default_factory=dict)
    # Who decided each step: the act's event, also for a step that the same person's act covered.
    decided_steps: dict[StepKey, Event] = field(default_factory=dict)
    decided: Event | None = None
    # Names by hash of the files that were added after the first submission.
    files: dict[str, str] = field(default_factory=dict)
    # As which paper a file counts, by hash, where that was said again after the first submission.
    papers: dict[str, str] = field(default_factory=dict)


def read(events: Iterable[Event]) -> Story:
    """The story; raises KeyError or TypeError where an event does not say what its code needs."""
    told = Story()
    by_actor: dict[int | None, Event] = {}
    for event in events:
        said = event.parameters
        if event.code in ("submitted", "resubmitted"):
            told.revision_n, told.round_n = told.revision_n + 1, 1
            told.state = DocumentState.CIRCULATING
            told.submissions[told.revision_n] = event
            told.rounds[told.revision_n, 1] = 1
        elif event.code in ACT_CODES:
            by_actor[event.actor_id] = event
            told.acts[told.revision_n, told.round_n, event.actor_id] = event
            for post in said["posts"]:
                told.decided_steps[told.revision_n, told.round_n, said["position"], post] = event
        elif event.code == "covered":
            told.decided_steps[told.revision_n, told.round_n, said["position"], said["post"]] = by_actor[event.actor_id]
        elif event.code == "attached":
            told.files[said["sha256"]] = said["name"]
            told.papers.pop(said["sha256"], None)
        elif event.code == "detached":
            told.files.pop(said["sha256"], None)
        elif event.code == "labelled":
            told.papers[said["sha256"]] = said["paper"]
        if event.code == "returned":
            _return(told, said["to"])
        if event.code in ENDS:
            told.state = ENDS[event.code]
        if event.code in DECISIONS:
            told.decided = event
    return told


def _return(told: Story, to: int) -> None:
    if to:
        told.round_n += 1
        told.rounds[told.revision_n, told.round_n] = to
    else:
        told.state = DocumentState.RETURNED


def unmatched(
    table: str, rows: Mapping[Hashable, int], expected: Iterable[Hashable], place: int, columns: tuple[str, ...]
) -> Iterator[str]:
    """Rows that nothing calls for and rows that are missing, by their keys (tuples named by ``columns``).

    A row whose key was changed is both: it is named once, with the columns in which it left its place.
    """
    wanted = set(expected)
    missing = sorted(wanted - rows.keys(), key=str)
    for key in sorted(rows.keys() - wanted, key=str):
        apart = [[name for name, a, b in zip(columns, key, other, strict=True) if a != b] for other in missing]
        nearest = min(range(len(missing)), key=lambda index: len(apart[index]), default=None)
        if nearest is None or (len(apart[nearest]) == len(columns) > 1):
            yield f"{table} {rows[key]} id: nothing on the trail calls for it"
            continue
        for name in apart[nearest]:
            yield f"{table} {rows[key]} {name}"
        del missing[nearest]
    for key in missing:
        yield f"{table} {place}/{'/'.join(map(str, key))} id: missing"
