"""Bring the database up to date before a command works with it: a fresh checkout needs no step by hand."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Any constant of our own: names the lock on PostgreSQL under which migrations run.
_LOCK = 20260101


def ensure_migrated() -> None:
    """Run the pending migrations, quietly; nothing happens when there are none.

    Two commands started at once take turns: the second finds nothing left to do.
    """
    if not _pending():
        return
    with _alone():
        if _pending():
            call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())


def _pending() -> bool:
    """Whether a migration of an installed app has not been applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of migrating: an advisory lock on PostgreSQL, a locked file beside the database on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Waiting for another's migrations may take longer than a statement of a page may.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
                cursor.execute("RESET statement_timeout")
                cursor.execute("RESET lock_timeout")
        return
    with (settings.VAR_DIR / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
