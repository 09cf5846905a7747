"""What daily work tells the engine: its records, its guards, the words of its notices."""

from documents import guards, wording
from intervention import records
from intervention.daily.kinds import DAY_LOGS
from intervention.daily.states import TRANSITIONS
from intervention.daily.telling import NOTICES
from intervention.models import DayLog
from intervention.record_guards import record_guards

_SETTLING = ("state", "filed_by_id", "filed_at", "confirmed_by_id", "confirmed_at", "returned_reason")


def register_daily() -> None:
    """Called once while the app starts."""
    records.register(DAY_LOGS)
    wording.add_notices(NOTICES)
    # What was filed stays as it was filed; a log goes back to a draft to be corrected.
    settled = {"settled": ("filed",), "moving": _SETTLING, "final": ("confirmed", "dropped")}
    guards.add(record_guards(DayLog, TRANSITIONS, starts="draft", fixed=("spot",), **settled))
