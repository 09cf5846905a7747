"""Triggers for promises, fee standards and agreements."""

from documents.guards import columns_of, payload
from intervention.models import (
    FeeLine,
    FoundPromise,
    PlanReview,
    PromiseLine,
    Publicity,
    PublicityCover,
    ServiceAgreement,
)
from intervention.papers.vocabulary import FOUND_MOVES
from organization.guards import changed, forbid

_MOVES = " OR ".join(f"(OLD.state = '{a}' AND NEW.state = '{b}')" for a, b in FOUND_MOVES)
_SETTLING = ("state", "settled_by_id", "settled_at", "confirmation_id", "reason")


def _not_circulating(row: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM documents_document d WHERE d.id = {row}.document_id AND d.state = 'circulating')"


GUARDS = [
    *payload("intervention_publicity", columns_of(Publicity)),
    *payload("intervention_promiseline", columns_of(PromiseLine)),
    *payload("intervention_publicitycover", columns_of(PublicityCover)),
    *payload("intervention_planreview", columns_of(PlanReview)),
    *payload("intervention_feeline", columns_of(FeeLine)),
    *payload("intervention_serviceagreement", columns_of(ServiceAgreement, without=("live",))),
    # The register is written with a submission and never changes between two of them.
    forbid(
        "guard_promise_insert",
        "intervention_promise",
        "INSERT",
        "the register is written with a submission",
        _not_circulating("NEW"),
    ),
    forbid(
        "guard_promise_delete",
        "intervention_promise",
        "DELETE",
        "the register is written with a submission",
        _not_circulating("OLD"),
    ),
    forbid("guard_promise_fixed", "intervention_promise", "UPDATE", "a row of the register never changes"),
    forbid(
        "guard_foundpromise_starts",
        "intervention_foundpromise",
        "INSERT",
        "a found promise begins in use",
        "NEW.state <> 'in_use'",
    ),
    forbid(
        "guard_foundpromise_fixed",
        "intervention_foundpromise",
        "UPDATE",
        "what was found never changes",
        changed(*columns_of(FoundPromise, without=_SETTLING)),
    ),
    forbid(
        "guard_foundpromise_moves",
        "intervention_foundpromise",
        "UPDATE",
        "what became of a found promise is written once",
        f"({changed(*_SETTLING)}) AND NOT ({_MOVES})",
    ),
    forbid(
        "guard_foundpromise_stays",
        "intervention_foundpromise",
        "DELETE",
        "a found promise is never deleted",
    ),
]
