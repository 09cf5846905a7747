"""Triggers that hold the plan's promises behind the ORM's back; ``documents.guards`` collects and installs them (design 18)."""

from documents.guards import columns_of, insert_only, payload
from intervention.assessing.guards import GUARDS as ASSESSMENT_GUARDS
from intervention.models import (
    Finding,
    GuardPost,
    Meeting,
    MeetingAction,
    PhaseResult,
    Photo,
    PlanItem,
    Record,
    ResultEntry,
    Visit,
)
from intervention.site.states import ACTION_MOVES, FINDING_MOVES, KEPT_MOVES
from intervention.states import TRANSITIONS
from organization.guards import Guard, changed, forbid

_MOVES = " OR ".join(f"(OLD.state = '{a}' AND NEW.state = '{b}')" for a, b in TRANSITIONS)
_MOVING = ("due_on", "anchored_on", "by_hand", "state", "settled_at", "settled_by_id")


def _approved(row: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM intervention_phaseresult r JOIN documents_document d ON d.id = r.document_id"
        f" WHERE r.item_id = {row}.id AND d.state = 'approved')"
    )


def _phase_is(state: str) -> str:
    return f"EXISTS (SELECT 1 FROM intervention_planphase p WHERE p.id = NEW.phase_id AND p.state {state})"


# What ``queries.is_frozen`` says, in words that both databases know.
_OVER = " OR ".join(
    (
        "(NEW.holds AND " + _phase_is("= 'closed'") + ")",
        "(NEW.kind = 'start' AND " + _phase_is("<> 'planned'") + ")",
        "(NEW.kind = 'result' AND " + _approved("NEW") + ")",
        "(OLD.state <> 'open' AND NEW.state <> 'open')",
    )
)


def _stays(table: str) -> Guard:
    return forbid(f"guard_{table}_stays", f"intervention_{table}", "DELETE", f"a row of {table} is never deleted")


def record_guards(
    model: type[Record], changing: tuple[str, ...], moves: tuple[tuple[str, str], ...] = ()
) -> list[Guard]:
    """Guards of a record: never deleted, nothing but ``changing`` columns changes, its state moves along its table alone."""
    table = model._meta.db_table
    short = table.removeprefix("intervention_")
    found = [
        _stays(short),
        forbid(
            f"guard_{short}_fixed",
            table,
            "UPDATE",
            "a record keeps its place and its maker",
            changed(*columns_of(model, without=changing)),
        ),
    ]
    if moves:
        along = " OR ".join(f"(OLD.state = '{a}' AND NEW.state = '{b}')" for a, b in moves)
        found += [
            forbid(
                f"guard_{short}_moves",
                table,
                "UPDATE",
                "this change of state does not exist",
                f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({along})",
            ),
            forbid(
                f"guard_{short}_starts",
                table,
                "INSERT",
                "a record begins in its first state",
                f"NEW.state <> '{moves[0][0]}'",
            ),
        ]
    return found


_HIDING = ("hidden_at", "hidden_by_id", "hidden_reason")

GUARDS = [
    *record_guards(Visit, ("day", "kind", "trades", "participants", "note", "state"), KEPT_MOVES),
    *record_guards(
        Finding,
        (
            "area",
            "building",
            "floor",
            "unit",
            "part",
            "trade",
            "severity",
            "description",
            "responsible",
            "due_on",
            "state",
            "repair",
            "outcome",
            "handed_at",
            "fixed_at",
            "settled_at",
        ),
        FINDING_MOVES,
    ),
    forbid(
        "guard_finding_settled",
        "intervention_finding",
        "UPDATE",
        "a settled finding does not change",
        "OLD.state IN ('closed', 'dropped')",
    ),
    *record_guards(Meeting, ("kind", "day", "where", "attendance", "decisions", "state"), KEPT_MOVES),
    *record_guards(MeetingAction, ("text", "doer", "due_on", "state", "outcome", "settled_at"), ACTION_MOVES),
    *record_guards(
        GuardPost,
        ("phase", "day", "name", "shift", "heads", "from_time", "to_time", "minutes", "note", "state"),
        KEPT_MOVES,
    ),
    _stays("photo"),
    forbid(
        "guard_photo_fixed",
        "intervention_photo",
        "UPDATE",
        "a photograph does not change",
        changed(*columns_of(Photo, without=_HIDING)),
    ),
    forbid(
        "guard_photo_hidden",
        "intervention_photo",
        "UPDATE",
        "what was hidden stays hidden",
        "OLD.hidden_at IS NOT NULL",
    ),
    *insert_only("intervention_planevent"),
    *insert_only("intervention_recordevent"),
    forbid(
        "guard_plan_fixed",
        "intervention_plan",
        "UPDATE",
        "a plan keeps its place",
        changed("id", "project_id", "instalment_id", "created_by_id", "created_at"),
    ),
    _stays("plan"),
    forbid(
        "guard_plananchor_fixed",
        "intervention_plananchor",
        "UPDATE",
        "an anchor keeps its plan",
        changed("id", "plan_id", "anchor"),
    ),
    _stays("plananchor"),
    forbid(
        "guard_planphase_fixed",
        "intervention_planphase",
        "UPDATE",
        "a phase keeps its plan",
        changed("id", "plan_id", "phase", "position"),
    ),
    forbid(
        "guard_planphase_moves",
        "intervention_planphase",
        "UPDATE",
        "this change of state does not exist",
        f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({_MOVES})",
    ),
    forbid(
        "guard_planphase_starts",
        "intervention_planphase",
        "INSERT",
        "a phase begins as planned",
        "NEW.state <> 'planned'",
    ),
    forbid(
        "guard_planphase_closes",
        "intervention_planphase",
        "UPDATE",
        "nothing closes before its work is settled and its results are received",
        "NEW.state = 'closed' AND OLD.state <> 'closed' AND (EXISTS (SELECT 1 FROM intervention_planitem i"
        " WHERE i.phase_id = NEW.id AND i.kind = 'activity' AND i.state = 'open')"
        " OR EXISTS (SELECT 1 FROM intervention_planitem i WHERE i.phase_id = NEW.id AND i.kind = 'result'"
        f" AND i.holds AND NOT {_approved('i')}))",
    ),
    _stays("planphase"),
    forbid(
        "guard_planitem_fixed",
        "intervention_planitem",
        "UPDATE",
        "a row of the plan keeps what the template said",
        changed(*columns_of(PlanItem, without=_MOVING)),
    ),
    forbid(
        "guard_planitem_settled",
        "intervention_planitem",
        "UPDATE",
        "work is settled in a running phase alone",
        f"{changed('state')} AND NOT " + _phase_is("IN ('active', 'submitted')"),
    ),
    forbid(
        "guard_planitem_over",
        "intervention_planitem",
        "UPDATE",
        "the date of a row that is over does not move",
        f"({changed('due_on', 'anchored_on', 'by_hand')}) AND ({_OVER})",
    ),
    forbid("guard_planitem_starts", "intervention_planitem", "INSERT", "a row begins open", "NEW.state <> 'open'"),
    _stays("planitem"),
    *payload("intervention_phaseresult", columns_of(PhaseResult, without=("live",))),
    *payload("intervention_resultentry", columns_of(ResultEntry)),
    *ASSESSMENT_GUARDS,
]
