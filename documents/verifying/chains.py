"""Stations and acts: laid as the policy says, decided as the trail says, by people who may."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from documents import kinds, policies
from documents.canonical import canonical_json
from documents.models import Act, Document, Event, Policy, Revision, Step
from documents.routing import Facts, RoutingError, Station
from documents.standing import effective
from documents.states import ActKind, DocumentState, StepStatus
from documents.verifying.content import FROZEN, content_of, same_moment
from documents.verifying.story import ACT_CODES, unmatched
from organization.posts import DEPARTMENT_POSTS

if TYPE_CHECKING:
    from documents.verifying.story import StepKey, Story

_STATUS = {ActKind.RETURN: StepStatus.RETURNED, ActKind.REJECT: StepStatus.REJECTED}


def differences(document: Document, told: Story) -> Iterator[str]:
    """Acts against their events, then steps against policy, acts and trail."""
    acts = {act.pk: act for act in document.acts.all()}
    yield from _acts(document, acts, told)
    yield from _laid(document, told)
    yield from _decided(document, acts, told)
    yield from _duties(document, acts, told)


def _acts(document: Document, acts: dict[int, Act], told: Story) -> Iterator[str]:
    rows = {(act.revision_n, act.round_n, act.person_id): act for act in acts.values()}
    yield from unmatched(
        "documents_act",
        {key: act.pk for key, act in rows.items()},
        told.acts,
        document.pk,
        ("revision_n", "round_n", "person_id"),
    )
    shown = {revision.n: revision.sha256 for revision in document.revisions.all()}
    for key in rows.keys() & told.acts.keys():
        act, event = rows[key], told.acts[key]
        said = event.parameters
        pairs: dict[str, tuple[Any, Any]] = {
            "kind": (act.kind, ACT_CODES[event.code]),
            "opinion": (act.opinion, said.get("opinion", "")),
        }
        if event.code == "returned":
            pairs |= {
                "return_to": (act.return_to, said["to"]),
                "return_mode": (act.return_mode, said["mode"]),
                "proposals": (act.proposals, said["proposals"]),
            }
        yield from (f"documents_act {act.pk} {name}" for name, (row, trail) in pairs.items() if row != trail)
        if not act.content_sha256 == event.content_sha256 == shown.get(act.revision_n):
            yield f"documents_act {act.pk} content_sha256"
        if not same_moment(act.at, event.at):
            yield f"documents_act {act.pk} at"


def _laid(document: Document, told: Story) -> Iterator[str]:
    """Every revision's first round is the chain of its facts under the policy; a later round repeats its end."""
    revisions = {revision.n: revision for revision in document.revisions.all()}
    steps = {(step.revision_n, step.round_n, step.position, step.post): step for step in document.steps.all()}
    expected: dict[StepKey, tuple[Station, int | None]] = {}
    for n, event in told.submissions.items():
        revision = revisions.get(n)
        chain = _chain(document.policy, document.kind, revision, event)
        if revision is None or chain is None:
            yield f"documents_document {document.pk} policy_id: no chain for revision {n}"
            continue
        yield from _facts(document, revision)
        department = (content_of(revision) or {}).get("department")
        for (of, round_n), begins in told.rounds.items():
            for station in chain:
                for post in station.posts if of == n and station.position >= begins else ():
                    expected[n, round_n, station.position, post] = (
                        station,
                        department if post in DEPARTMENT_POSTS else None,
                    )
    columns = ("revision_n", "round_n", "position", "post")
    yield from unmatched(
        "documents_step", {key: step.pk for key, step in steps.items()}, expected, document.pk, columns
    )
    for key in steps.keys() & expected.keys():
        step, (station, department) = steps[key], expected[key]
        pairs = {
            "mode": (step.mode, station.mode),
            "clause": (step.clause, station.clause),
            "reason": (canonical_json(step.reason), canonical_json(station.reason)),
            "department_id": (step.department_id, department),
            "project_id": (step.project_id, document.project_id),
            "kind": (step.kind, document.kind),
        }
        yield from (f"documents_step {step.pk} {name}" for name, (row, laid) in pairs.items() if row != laid)


def _facts(document: Document, revision: Revision) -> Iterator[str]:
    """Facts that can be told from the form itself; an amount that was summed over several is added up in ``together``."""
    facts, agree = revision.facts, True
    agree &= all(facts.get(name) == getattr(document, name) for name in ("side", "phase", "result"))
    if revision.n == document.revision_n and document.state in FROZEN and not facts.get("siblings"):
        agree &= Decimal(facts.get("amount") or 0) == kinds.get(document.kind).routed_amount(document)
    if not agree:
        yield f"documents_revision {revision.pk} facts"


def _chain(policy: Policy | None, kind: str, revision: Revision | None, event: Event) -> tuple[Station, ...] | None:
    if policy is None or revision is None:
        return None
    facts = {key: value for key, value in revision.facts.items() if key != "siblings"}
    return _built(
        policy.pk,
        canonical_json([policy.rules, policy.settings]),
        kind,
        canonical_json(facts),
        event.parameters["post"],
    )


@lru_cache(maxsize=4096)
def _built(policy_pk: int, rules: str, kind: str, facts: str, post: str) -> tuple[Station, ...] | None:
    # Keyed by what the policy says: a policy that was tampered with gives another chain.
    import json

    said = json.loads(facts)
    stored, settings = json.loads(rules)
    amount = said.pop("amount", None)
    try:
        return policies.chain_for(
            Policy(pk=policy_pk, rules=stored, settings=settings),
            Facts(kind=kind, amount=None if amount is None else Decimal(amount), **said),
            post,
        )
    except (RoutingError, ArithmeticError, KeyError, TypeError, ValueError):
        return None


def _decided(document: Document, acts: dict[int, Act], told: Story) -> Iterator[str]:
    """Each step has the act that the trail tells of, and the status that follows from it."""
    steps = list(document.steps.all())
    by_pk = {step.pk: step for step in steps}
    for n in told.submissions:
        of_revision = [step for step in steps if step.revision_n == n]
        counting = {step.pk for step in effective(of_revision)}
        carried = [step for step in of_revision if step.carried_from_id]
        if len(carried) != told.submissions[n].parameters.get("carried", 0):
            yield f"documents_step {document.pk}/{n} carried_from_id: {len(carried)} carried"
        running = told.state == DocumentState.CIRCULATING and n == told.revision_n
        turn = min((step.position for step in of_revision if step.pk in counting and step.act_id is None), default=0)
        for step in of_revision:
            act = acts.get(step.act_id) if step.act_id else None
            if not _right_act(step, act, by_pk, told):
                yield f"documents_step {step.pk} act_id"
            elif step.status != (status := _status(step, act, step.pk in counting, running, turn)):
                yield f"documents_step {step.pk} status: {step.status}, should be {status}"
            if told.state == DocumentState.APPROVED and n == told.revision_n and step.pk in counting and act is None:
                yield f"documents_step {step.pk} act_id: approved without it"


def _right_act(step: Step, act: Act | None, by_pk: dict[int, Step], told: Story) -> bool:
    if step.carried_from_id:
        old = by_pk.get(step.carried_from_id)
        return (
            old is not None
            and act is not None
            and (old.revision_n, old.position, old.post, old.mode, old.act_id)
            == (step.revision_n - 1, step.position, step.post, step.mode, step.act_id)
        )
    event = told.decided_steps.get((step.revision_n, step.round_n, step.position, step.post))
    if event is None or act is None or step.act_id is None:
        return event is None and step.act_id is None
    return (act.person_id, act.kind, act.revision_n) == (event.actor_id, ACT_CODES[event.code], step.revision_n)


def _status(step: Step, act: Act | None, counts: bool, running: bool, turn: int) -> str:
    if act is not None:
        return _STATUS.get(ActKind(act.kind), StepStatus.SIGNED if counts else StepStatus.SUPERSEDED)
    if not (running and counts):
        return StepStatus.SUPERSEDED
    return StepStatus.OPEN if step.position == turn else StepStatus.WAITING


def _duties(document: Document, acts: dict[int, Act], told: Story) -> Iterator[str]:
    """Nobody signed what they submitted; nobody whose signature counts now has edited it (A3)."""
    for act in acts.values():
        event = told.submissions.get(act.revision_n)
        if event is not None and event.actor_id == act.person_id:
            yield f"documents_act {act.pk} person_id: submitted it"
    if document.state not in FROZEN:
        return
    editors = {editor.person_id for editor in document.editors.all()}
    counting = effective([step for step in document.steps.all() if step.revision_n == document.revision_n])
    for pk in sorted({step.act_id for step in counting if step.act_id in acts}):
        if acts[pk].person_id in editors:
            yield f"documents_act {pk} person_id: edited it"
