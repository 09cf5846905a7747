"""Triggers of applications: what was submitted stays, and lines are freed only by what may free them (design 18)."""

from __future__ import annotations

from documents.guards import columns_of, payload
from documents.states import DEAD
from organization.guards import changed, forbid
from settlements.models import Application, ApplicationLine, ApplicationOrigin

_DEAD = ", ".join(f"'{state.value}'" for state in DEAD)
_APPROVED = "'approved'"


def _document_in(row: str, states: str) -> str:
    return f"EXISTS (SELECT 1 FROM documents_document d WHERE d.id = {row}.document_id AND d.state IN ({states}))"


_SAME_PLACE = (
    "EXISTS (SELECT 1 FROM documents_document d WHERE d.id = NEW.document_id AND d.project_id = NEW.project_id"
    " AND d.period = NEW.month AND d.side = NEW.side)"
)
# The line's own application is decided against it, or an approved reversal takes the line back.
_TAKEN_BACK = (
    "EXISTS (SELECT 1 FROM settlements_applicationline r JOIN documents_document d ON d.id = r.document_id"
    " WHERE r.reverses_id = NEW.id AND r.live AND d.state = 'approved')"
)

APPLICATION_GUARDS = [
    *payload("settlements_application", columns_of(Application, without=("live", "counted"))),
    *payload("settlements_applicationline", columns_of(ApplicationLine, without=("live",))),
    *payload("settlements_applicationorigin", columns_of(ApplicationOrigin)),
    *(
        forbid(
            f"guard_application_place_{event.lower()}",
            "settlements_application",
            event,
            "an application lies where its document does",
            f"NOT {_SAME_PLACE}"
            if event == "INSERT"
            else f"({changed('project_id', 'month', 'side')}) AND NOT {_SAME_PLACE}",
        )
        for event in ("INSERT", "UPDATE")
    ),
    forbid(
        "guard_application_begins",
        "settlements_application",
        "INSERT",
        "an application begins live and uncounted",
        "NOT NEW.live OR NEW.counted",
    ),
    forbid(
        "guard_applicationline_begins",
        "settlements_applicationline",
        "INSERT",
        "a line of an application begins live",
        "NOT NEW.live",
    ),
    forbid(
        "guard_application_live",
        "settlements_application",
        "UPDATE",
        "an application counts until it is rejected or voided",
        f"({changed('live')}) AND (NEW.live OR NOT {_document_in('NEW', _DEAD)})",
    ),
    forbid(
        "guard_application_counted",
        "settlements_application",
        "UPDATE",
        "an application is settled once, when it is approved",
        f"({changed('counted')}) AND (NOT NEW.counted OR NOT {_document_in('NEW', _APPROVED)})",
    ),
    forbid(
        "guard_applicationline_live",
        "settlements_applicationline",
        "UPDATE",
        "a line is freed by rejection, voiding or an approved reversal alone",
        f"({changed('live')}) AND (NEW.live OR NOT ({_document_in('NEW', _DEAD)} OR {_TAKEN_BACK}))",
    ),
]
