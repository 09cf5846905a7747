"""Triggers that every table of records has: never deleted, place and maker fixed, states move along their table alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from documents.guards import columns_of
from organization.guards import Guard, changed, forbid

if TYPE_CHECKING:
    from intervention.models import Record

_FIXED = ("id", "project_id", "instalment_id", "created_by_id", "created_at", "sent_key")


def record_guards(
    model: type[Record],
    moves: Iterable[tuple[str, str]],
    *,
    starts: str,
    settled: Iterable[str] = (),
    moving: Iterable[str] = ("state",),
    fixed: Iterable[str] = (),
    final: Iterable[str] = (),
) -> list[Guard]:
    """The guards of one table of records with a column ``state``.

    ``starts`` is the state of a new row; in a ``settled`` state nothing changes but the columns ``moving``, in a ``final`` one
    nothing at all; ``fixed`` columns never change, beside place and maker.
    """
    table = model._meta.db_table
    short = table.split("_", 1)[1]
    lawful = " OR ".join(f"(OLD.state = '{a}' AND NEW.state = '{b}')" for a, b in moves)
    guards = [
        forbid(f"guard_{short}_stays", table, "DELETE", f"a row of {short} is never deleted"),
        forbid(f"guard_{short}_fixed", table, "UPDATE", f"{short} keeps its place", changed(*_FIXED, *fixed)),
        forbid(
            f"guard_{short}_moves",
            table,
            "UPDATE",
            "this change of state does not exist",
            f"NEW.state IS DISTINCT FROM OLD.state AND NOT ({lawful})",
        ),
        forbid(f"guard_{short}_starts", table, "INSERT", f"{short} begins as {starts}", f"NEW.state <> '{starts}'"),
    ]
    if names := ", ".join(f"'{state}'" for state in settled):
        content = changed(*columns_of(model, without=moving))
        guards.append(
            forbid(
                f"guard_{short}_settled",
                table,
                "UPDATE",
                f"what {short} says is settled",
                f"OLD.state IN ({names}) AND ({content})",
            )
        )
    if names := ", ".join(f"'{state}'" for state in final):
        guards.append(forbid(f"guard_{short}_ended", table, "UPDATE", f"{short} is over", f"OLD.state IN ({names})"))
    return guards
