"""Recomputing everything from the rows alone: what ``manage.py verify`` prints, a line per difference.

A line says table, key and column. Nothing here trusts a stored sum, hash, state or number: each is derived anew, amounts
from lines, states from the trail, chains from the policy, numbers from what was submitted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from documents import guards
from documents.verifying import files, forms, links, numbers, policy, seals
from organization import access, appointing

Check = Callable[[], Iterable[str]]
_more: list[Check] = []


def add(check: Check) -> None:
    """Add a later app's check of its own tables; called from its ``ready()``."""
    if check not in _more:
        _more.append(check)


def differences() -> Iterator[str]:
    """Every difference, in one reading of the database: work that goes on meanwhile is not mistaken for one."""
    with _one_reading():
        for guard in guards.missing():
            yield f"guards {guard} name"
        yield from access.differences()
        yield from appointing.differences()
        yield from policy.differences()
        yield from links.differences()
        yield from forms.differences()
        yield from numbers.differences()
        yield from seals.differences()
        yield from files.differences()
        for check in _more:
            yield from check()


@contextmanager
def _one_reading() -> Iterator[None]:
    """One snapshot for all reads; on SQLite a plain BEGIN, which keeps no writer waiting."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        else:
            cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
