"""What daily work tells the engine: its records, its guards, the words of its notices."""

from documents import guards, wording
from documents.guards import columns_of
from intervention import records
from intervention.daily.kinds import DAY_LOGS
from intervention.daily.states import OWN, TRANSITIONS
from intervention.daily.telling import NOTICES, SUBJECTS
from intervention.guards import record_guards
from intervention.models import DayLog
from organization.guards import changed, forbid

_MOVING = ("state", "filed_by_id", "filed_at", "confirmed_by_id", "confirmed_at", "returned_reason")
_WRITTEN = ("day", "note", *(name for names in OWN.values() for name in names))
_TABLE = DayLog._meta.db_table

GUARDS = [
    *record_guards(DayLog, (*_MOVING, *_WRITTEN), TRANSITIONS),
    # What was filed stays as it was filed; a log goes back to a draft to be corrected.
    forbid(
        "guard_daylog_filed",
        _TABLE,
        "UPDATE",
        "a filed log does not change",
        f"OLD.state = 'filed' AND ({changed(*columns_of(DayLog, without=_MOVING))})",
    ),
    forbid(
        "guard_daylog_over",
        _TABLE,
        "UPDATE",
        "a log that is over does not change",
        "OLD.state IN ('confirmed', 'dropped')",
    ),
]


def register_daily() -> None:
    """Called once while the app starts."""
    records.register(DAY_LOGS)
    wording.add_notices(NOTICES, SUBJECTS)
    guards.add(GUARDS)
