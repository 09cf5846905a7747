"""Triggers that hold an assessment's promises behind the ORM's back; ``intervention.guards`` collects them."""

from __future__ import annotations

from documents.guards import columns_of
from intervention.assessing.states import TRANSITIONS
from intervention.models import Assessment, AssessmentScore
from organization.guards import Guard, changed, forbid

_TABLE, _SCORES = "intervention_assessment", "intervention_assessmentscore"
_MOVES = " OR ".join(f"(OLD.state = '{a}' AND NEW.state = '{b}')" for a, b in TRANSITIONS)
# Columns that each move writes; they change in no other state.
_HANDED_IN = ("facts", "handed_in_by_id", "handed_in_at")
_ANSWERED = ("answer", "answer_text", "answered_by_id", "answered_at")
_CLOSED = ("conclusion", "closed_by_id", "closed_at")
_MOVING = ("state", *_HANDED_IN, *_ANSWERED, *_CLOSED)
_SCORED = ("points", "is_waived", "remark", "final", "final_reason")


def _unless(state: str, row: str = "OLD") -> str:
    return f"NOT EXISTS (SELECT 1 FROM {_TABLE} a WHERE a.id = {row}.assessment_id AND a.state = '{state}')"


def _changed(*columns: str) -> str:
    """As ``changed``, with JSON compared as text, which both engines know."""
    return " OR ".join(
        f"CAST(NEW.{column} AS text) IS DISTINCT FROM CAST(OLD.{column} AS text)"
        if column in ("facts", "bands")
        else changed(column)
        for column in columns
    )


GUARDS: list[Guard] = [
    forbid(
        "guard_assessment_fixed",
        _TABLE,
        "UPDATE",
        "an assessment keeps its place, month, side and bands",
        _changed(*columns_of(Assessment, without=_MOVING)),
    ),
    forbid(
        "guard_assessment_moves",
        _TABLE,
        "UPDATE",
        "this change of state does not exist",
        f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({_MOVES})",
    ),
    forbid("guard_assessment_starts", _TABLE, "INSERT", "an assessment begins as a draft", "NEW.state <> 'draft'"),
    *(
        forbid(
            f"guard_assessment_{name}",
            _TABLE,
            "UPDATE",
            "what was handed in, answered or closed does not change",
            f"OLD.state <> '{state}' AND ({_changed(*columns)})",
        )
        for name, state, columns in (
            ("handed_in", "draft", _HANDED_IN),
            ("answered", "scored", _ANSWERED),
            ("closed", "answered", _CLOSED),
        )
    ),
    forbid(
        "guard_assessment_whole",
        _TABLE,
        "UPDATE",
        "nothing is handed in before every item has its points",
        f"NEW.state = 'scored' AND OLD.state = 'draft' AND EXISTS (SELECT 1 FROM {_SCORES} s"
        " WHERE s.assessment_id = NEW.id AND s.points IS NULL AND NOT s.is_waived)",
    ),
    forbid("guard_assessment_stays", _TABLE, "DELETE", "an assessment is never deleted"),
    forbid(
        "guard_score_fixed",
        _SCORES,
        "UPDATE",
        "an item keeps what the checklist said",
        changed(*columns_of(AssessmentScore, without=_SCORED)),
    ),
    forbid(
        "guard_score_points",
        _SCORES,
        "UPDATE",
        "points are given while the assessment is a draft",
        f"({changed('points', 'is_waived', 'remark')}) AND {_unless('draft')}",
    ),
    forbid(
        "guard_score_final",
        _SCORES,
        "UPDATE",
        "points are changed while an objection is answered",
        f"({changed('final', 'final_reason')}) AND ({_unless('answered')} OR NOT EXISTS (SELECT 1 FROM {_TABLE} a"
        " WHERE a.id = OLD.assessment_id AND a.answer = 'objected'))",
    ),
    forbid("guard_score_inserted", _SCORES, "INSERT", "items come with a new assessment", _unless("draft", "NEW")),
    forbid("guard_score_stays", _SCORES, "DELETE", "an item is never deleted"),
    forbid(
        "guard_criterion_stays",
        "intervention_assessmentcriterion",
        "DELETE",
        "a row of the checklist is never deleted",
    ),
]
