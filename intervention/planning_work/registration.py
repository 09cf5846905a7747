"""What the work of the planning phase tells the engine: its records, its guards, the words of its notices."""

from documents import guards, wording
from documents.guards import columns_of
from intervention import records
from intervention.guards import record_guards
from intervention.models import Advice, Comparable
from intervention.planning_work.kinds import ADVICE, SURVEY
from intervention.planning_work.states import ADVICE_MOVES, COMPARABLE_MOVES
from intervention.planning_work.telling import NOTICES, SUBJECTS
from organization.guards import changed, forbid

_TOLD = ("topic", "drawing", "suggestion", "reason", "proposed_by", "proposed_on", "estimate", "risk")
_ANSWER = ("state", "answer", "saved", "answered_by_id", "answered_at", "done_at")
_SURVEYED = ("estate", "company", "distance", "house_type", "fee", "parking", "level", "source", "surveyed_on", "note")
_ADVICE = Advice._meta.db_table

GUARDS = [
    *record_guards(Advice, (*_TOLD, *_ANSWER), ADVICE_MOVES),
    # What was answered is not reworded, and the answer stands.
    forbid(
        "guard_advice_answered",
        _ADVICE,
        "UPDATE",
        "answered advice does not change",
        f"OLD.state = 'adopted' AND ({changed(*columns_of(Advice, without=('state', 'done_at')))})",
    ),
    forbid(
        "guard_advice_over",
        _ADVICE,
        "UPDATE",
        "advice that is over does not change",
        "OLD.state IN ('declined', 'withdrawn', 'done')",
    ),
    *record_guards(Comparable, ("state", *_SURVEYED), COMPARABLE_MOVES),
]


def register_planning_work() -> None:
    """Called once while the app starts."""
    records.register(ADVICE)
    records.register(SURVEY)
    wording.add_notices(NOTICES, SUBJECTS)
    guards.add(GUARDS)
