"""Guards: triggers on both engines that say no behind the ORM (design 18).

Each app adds its own; all are installed after every ``migrate`` (SQLite drops them silently when it rebuilds a table) and
counted at the start of web, worker and ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model

from documents.models import Attachment
from documents.states import DECIDED, EDITABLE, TRANSITIONS
from organization.guards import GUARDS as ORGANIZATION_GUARDS
from organization.guards import Guard, changed, forbid

_more: list[Guard] = []

_QUOTED_EDITABLE = ", ".join(f"'{state.value}'" for state in EDITABLE)
_QUOTED_DECIDED = ", ".join(f"'{state.value}'" for state in DECIDED)


def add(guards: Iterable[Guard]) -> None:
    """Add a later app's guards; called from its ``ready()``."""
    _more.extend(guards)


def insert_only(table: str) -> list[Guard]:
    """Rows that are written once: no change, no removal."""
    short = table.split("_", 1)[1]
    return [
        forbid(f"guard_{short}_fixed", table, "UPDATE", f"{short} rows never change"),
        forbid(f"guard_{short}_stays", table, "DELETE", f"{short} rows are never deleted"),
    ]


def _not_editable(row: str, column: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM documents_document d WHERE d.id = {row}.{column} "
        f"AND d.state NOT IN ({_QUOTED_EDITABLE}))"
    )


def payload(table: str, columns: Iterable[str], document_column: str = "document_id") -> list[Guard]:
    """Guards of a payload table: writable only while its document is editable.

    ``columns`` are the frozen ones; counters that live on after approval are left out of it.
    """
    short = table.split("_", 1)[1]
    sentence = "what was submitted does not change"
    return [
        forbid(f"guard_{short}_insert", table, "INSERT", sentence, _not_editable("NEW", document_column)),
        forbid(f"guard_{short}_delete", table, "DELETE", sentence, _not_editable("OLD", document_column)),
        forbid(
            f"guard_{short}_update",
            table,
            "UPDATE",
            sentence,
            # NEW as well: a draft's row must not move into what was submitted.
            f"({changed(*columns)}) AND ({_not_editable('OLD', document_column)} OR {_not_editable('NEW', document_column)})",
        ),
    ]


def columns_of(model: type[Model], *, without: Iterable[str] = ()) -> list[str]:
    """Database columns of a model, less the named counters."""
    skipped = set(without)
    return [field.column for field in model._meta.concrete_fields if field.column not in skipped]


def _allowed_moves() -> str:
    return " OR ".join(f"(OLD.state = '{a}' AND NEW.state = '{b}')" for a, b in TRANSITIONS)


_CURRENT = "s.document_id = NEW.id AND s.revision_n = NEW.revision_n"

DOCUMENT_GUARDS = [
    forbid(
        "guard_document_moves",
        "documents_document",
        "UPDATE",
        "this change of state does not exist",
        f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({_allowed_moves()})",
    ),
    forbid(
        "guard_document_starts",
        "documents_document",
        "INSERT",
        "a document starts as a draft",
        "NEW.state <> 'draft' OR NEW.number IS NOT NULL",
    ),
    forbid(
        "guard_document_identity",
        "documents_document",
        "UPDATE",
        "number, kind, place, side and policy are fixed at the first submission",
        "OLD.first_submitted_at IS NOT NULL AND ("
        + changed(
            "number",
            "reference",
            "check_code",
            "kind",
            "project_id",
            "instalment_id",
            "period",
            "year",
            "side",
            "phase",
            "result",
            "policy_id",
            "creator_id",
            "first_submitted_at",
            "created_at",
            "late",
            "late_reason",
        )
        + ")",
    ),
    forbid(
        "guard_document_content",
        "documents_document",
        "UPDATE",
        "what was submitted does not change",
        f"OLD.state NOT IN ({_QUOTED_EDITABLE}) AND ("
        + changed("amount", "title", "grouping", "department_id", "revision_n", "submitted_by_id", "submitted_at")
        + ")",
    ),
    forbid(
        "guard_document_decided",
        "documents_document",
        "UPDATE",
        "a decided document does not change",
        f"OLD.state IN ({_QUOTED_DECIDED}) AND ("
        + changed("round_n", "decided_at", "draft_version", "search_text")
        + ")",
    ),
    forbid(
        "guard_document_approval",
        "documents_document",
        "UPDATE",
        "nobody approves before every station has signed",
        "NEW.state = 'approved' AND OLD.state <> 'approved' AND ("
        f"NOT EXISTS (SELECT 1 FROM documents_step s WHERE {_CURRENT} AND s.status = 'signed') OR "
        f"EXISTS (SELECT 1 FROM documents_step s WHERE {_CURRENT} AND s.status IN ('waiting', 'open')) OR "
        f"EXISTS (SELECT 1 FROM documents_step s WHERE {_CURRENT} AND NOT EXISTS (SELECT 1 FROM documents_step t "
        "WHERE t.document_id = s.document_id AND t.revision_n = s.revision_n AND t.position = s.position "
        "AND t.post = s.post AND t.status = 'signed')))",
    ),
    forbid(
        "guard_document_stays",
        "documents_document",
        "DELETE",
        "only a draft never submitted may be deleted",
        "OLD.state <> 'draft' OR OLD.first_submitted_at IS NOT NULL",
    ),
    forbid(
        "guard_step_moves",
        "documents_step",
        "UPDATE",
        "a decided step does not change",
        "("
        + changed(
            "document_id",
            "project_id",
            "kind",
            "revision_n",
            "round_n",
            "position",
            "post",
            "department_id",
            "mode",
            "clause",
            "reason",
            "carried_from_id",
        ).replace(
            "NEW.reason IS DISTINCT FROM OLD.reason",
            "CAST(NEW.reason AS text) IS DISTINCT FROM CAST(OLD.reason AS text)",
        )
        + ") OR (OLD.act_id IS NOT NULL AND NEW.act_id IS DISTINCT FROM OLD.act_id)"
        " OR (NEW.status IS DISTINCT FROM OLD.status AND NOT ("
        "(OLD.status = 'waiting' AND NEW.status IN ('open', 'superseded'))"
        " OR (OLD.status = 'open' AND NEW.status IN ('signed', 'returned', 'rejected', 'superseded'))"
        " OR (OLD.status = 'signed' AND NEW.status = 'superseded')))",
    ),
    forbid(
        "guard_step_act",
        "documents_step",
        "UPDATE",
        "a step points at an act of its own document and round",
        "NEW.act_id IS NOT NULL AND OLD.act_id IS NULL AND NOT EXISTS (SELECT 1 FROM documents_act a "
        "WHERE a.id = NEW.act_id AND a.document_id = NEW.document_id AND a.revision_n = NEW.revision_n "
        "AND a.round_n = NEW.round_n)",
    ),
    forbid(
        "guard_step_born",
        "documents_step",
        "INSERT",
        "a step starts waiting, or signed when it is carried",
        "NOT (NEW.status = 'waiting' OR (NEW.status = 'signed' AND NEW.carried_from_id IS NOT NULL))",
    ),
    forbid("guard_step_stays", "documents_step", "DELETE", "steps are never deleted"),
    *insert_only("documents_act"),
    forbid(
        "guard_act_duty",
        "documents_act",
        "INSERT",
        "nobody signs what they submitted or edited",
        "EXISTS (SELECT 1 FROM documents_document d WHERE d.id = NEW.document_id AND d.submitted_by_id = NEW.person_id)"
        " OR EXISTS (SELECT 1 FROM documents_editor e WHERE e.document_id = NEW.document_id"
        " AND e.person_id = NEW.person_id)",
    ),
    forbid(
        "guard_act_place",
        "documents_act",
        "INSERT",
        "an act belongs to the revision and round in circulation, and to what was shown",
        "NOT EXISTS (SELECT 1 FROM documents_document d JOIN documents_revision r ON r.document_id = d.id AND r.n = d.revision_n"
        " WHERE d.id = NEW.document_id AND d.state = 'circulating' AND d.revision_n = NEW.revision_n"
        " AND d.round_n = NEW.round_n AND r.sha256 = NEW.content_sha256)",
    ),
    *insert_only("documents_revision"),
    *insert_only("documents_event"),
    *insert_only("documents_seal"),
    *insert_only("documents_policy"),
    *insert_only("documents_renderedfile"),
    forbid(
        "guard_editor_stays",
        "documents_editor",
        "DELETE",
        "who edited a submitted form stays known",
        "EXISTS (SELECT 1 FROM documents_document d WHERE d.id = OLD.document_id AND d.first_submitted_at IS NOT NULL)",
    ),
    forbid("guard_editor_fixed", "documents_editor", "UPDATE", "editors never change"),
    forbid(
        "guard_attachment_fixed",
        "documents_attachment",
        "UPDATE",
        "a file never changes; as which paper it counts is settled with the decision",
        changed(*columns_of(Attachment, without=("paper",)))
        + f" OR ({changed('paper')}) AND EXISTS (SELECT 1 FROM documents_document d WHERE d.id = OLD.document_id"
        f" AND d.state IN ({_QUOTED_DECIDED}))",
    ),
    forbid(
        "guard_attachment_stays",
        "documents_attachment",
        "DELETE",
        "a submitted file stays",
        "EXISTS (SELECT 1 FROM documents_document d WHERE d.id = OLD.document_id"
        f" AND (d.state NOT IN ({_QUOTED_EDITABLE}) OR d.revision_n > OLD.revision_n))",
    ),
    forbid(
        "guard_attachment_late",
        "documents_attachment",
        "INSERT",
        "a decided document takes no file",
        f"EXISTS (SELECT 1 FROM documents_document d WHERE d.id = NEW.document_id AND d.state IN ({_QUOTED_DECIDED}))",
    ),
    forbid(
        "guard_counter_steps",
        "documents_counter",
        "UPDATE",
        "numbers go up by one",
        "NEW.last <> OLD.last + 1 OR " + changed("project_id", "kind", "month"),
    ),
    forbid("guard_copy_stays", "documents_copy", "DELETE", "who was copied stays known"),
    forbid(
        "guard_period_reopened",
        "documents_period",
        "UPDATE",
        "a closed month stays closed",
        "OLD.closed_at IS NOT NULL AND " + changed("closed_at"),
    ),
    forbid("guard_counter_stays", "documents_counter", "DELETE", "counters are never deleted"),
]

# Row triggers do not see TRUNCATE.
_NO_TRUNCATE = ("document", "revision", "step", "act", "event", "attachment", "seal", "policy", "counter")


def _truncate_guard(table: str) -> str:
    name = f"guard_{table}_truncate"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
        f"RAISE EXCEPTION '{name}: rows of {table} are never emptied' "
        f"USING ERRCODE = 'integrity_constraint_violation'; RETURN NULL; END $guard$; "
        f"DROP TRIGGER IF EXISTS {name} ON documents_{table}; "
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON documents_{table} EXECUTE FUNCTION {name}();"
    )


TRUNCATE_GUARDS = [
    Guard(f"guard_{table}_truncate", f"documents_{table}", _truncate_guard(table), "") for table in _NO_TRUNCATE
]


def expected() -> list[Guard]:
    """All guards that this database must have."""
    guards = [*ORGANIZATION_GUARDS, *DOCUMENT_GUARDS, *TRUNCATE_GUARDS, *_more]
    return [guard for guard in guards if getattr(guard, connection.vendor)]


def install() -> None:
    """Create every guard anew; harmless when they are there."""
    with connection.cursor() as cursor:
        for guard in expected():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
            cursor.execute(getattr(guard, connection.vendor))


def uninstall() -> None:
    """Take all guards away: for tests that empty tables and for controls that show what a guard is for."""
    with connection.cursor() as cursor:
        for guard in expected():
            place = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{place}")


def missing() -> list[str]:
    """Names of guards that are not in the database (or are switched off)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {row[0] for row in cursor.fetchall()}
    return sorted(guard.name for guard in expected() if guard.name not in present)


def install_after_migrate(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Put the guards back after a migration, once all tables are there."""
    tables = set(connection.introspection.table_names())
    if all(guard.table in tables for guard in expected()):
        install()
