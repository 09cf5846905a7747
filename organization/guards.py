"""Triggers that hold the organization's promises behind the ORM's back, in plain SQL for both engines (design 17, 18).

``documents.guards`` collects and installs them. On PostgreSQL a guard is one function and its trigger, on SQLite one trigger;
both may be run again at any time. Row triggers do not see TRUNCATE, so a run-time role owns no table.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name (prefix ``guard_``), its table and the full SQL that creates it on either engine."""

    name: str
    table: str
    postgresql: str
    sqlite: str


def forbid(name: str, table: str, event: str, sentence: str, when: str = "", sqlite_when: str = "") -> Guard:
    """A guard that refuses an event (INSERT, UPDATE or DELETE) outright, or where ``when`` holds.

    ``when`` speaks of NEW and OLD in words that both engines know; ``sqlite_when`` where they differ.
    """
    row = "OLD" if event == "DELETE" else "NEW"
    condition = f"IF {when} THEN " if when else ""
    closing = "END IF; " if when else ""
    postgresql = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
        f"{condition}RAISE EXCEPTION '{name}: {sentence}' USING ERRCODE = 'integrity_constraint_violation'; {closing}"
        f"RETURN {row}; END $guard$; "
        f'DROP TRIGGER IF EXISTS {name} ON "{table}"; '
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}();'
    )
    clause = sqlite_when or when.replace("IS DISTINCT FROM", "IS NOT")
    sqlite = (
        f'CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON "{table}" FOR EACH ROW '
        f"{f'WHEN {clause} ' if clause else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{name}: {sentence}'); END"
    )
    return Guard(name, table, postgresql, sqlite)


def changed(*columns: str) -> str:
    """SQL that holds when one of the columns gets another value, NULL included."""
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def no_delete(table: str) -> Guard:
    """Nothing that others refer to is ever deleted (I5)."""
    short = table.removeprefix("organization_")
    return forbid(f"guard_{short}_stays", table, "DELETE", f"a row of {short} is never deleted")


GUARDS = [
    forbid(
        "guard_appointmentevent_fixed",
        "organization_appointmentevent",
        "UPDATE",
        "events are append-only",
    ),
    no_delete("organization_appointmentevent"),
    forbid(
        "guard_appointment_fixed",
        "organization_appointment",
        "UPDATE",
        "only the last day of an appointment may change",
        changed("id", "person_id", "post", "project_id", "department_id", "starts_on", "created_at", "created_by_id")
        + " OR (NEW.ends_on IS NULL AND OLD.ends_on IS NOT NULL)",
    ),
    # An appointment taken back on its first day ends the day before; any earlier is a mistake.
    *(
        forbid(
            f"guard_appointment_dates_{event.lower()}",
            "organization_appointment",
            event,
            "an appointment ends no earlier than the day before it starts",
            "NEW.ends_on < NEW.starts_on - 1",
            sqlite_when="NEW.ends_on < date(NEW.starts_on, '-1 day')",
        )
        for event in ("INSERT", "UPDATE")
    ),
    no_delete("organization_appointment"),
    forbid(
        "guard_person_fixed",
        "organization_person",
        "UPDATE",
        "a person keeps key, company and kind of account",
        changed("id", "company_id", "is_administrator"),
    ),
    no_delete("organization_person"),
    forbid(
        "guard_project_fixed",
        "organization_project",
        "UPDATE",
        "a project keeps its code and its two companies",
        changed("id", "code", "developer_id", "property_company_id"),
    ),
    no_delete("organization_project"),
    forbid(
        "guard_instalment_fixed",
        "organization_instalment",
        "UPDATE",
        "an instalment keeps its code and its project",
        changed("id", "code", "project_id"),
    ),
    no_delete("organization_instalment"),
    forbid("guard_company_fixed", "organization_company", "UPDATE", "a company keeps its side", changed("id", "camp")),
    no_delete("organization_company"),
]
