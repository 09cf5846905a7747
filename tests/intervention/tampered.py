"""What somebody with the database in hand does behind guards and verbs, and what ``verify`` then says; taken back afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from documents import guards, verifying
from intervention.journal import event_hash

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def unguarded() -> Iterator[None]:
    """No guards; nothing that is done stays."""
    with transaction.atomic():
        guards.uninstall()
        yield
        transaction.set_rollback(True)


def run(*statements: str) -> None:
    """Statements typed by hand."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lines() -> list[str]:
    """What ``verify`` says with the guards back in their place."""
    guards.install()
    return list(verifying.differences())


def found_after(*statements: str) -> list[str]:
    """What ``verify`` says after statements."""
    with unguarded():
        run(*statements)
        return lines()


def copied(table: str, pk: int, /, **values: str) -> str:
    """INSERT a copy of a row with other values."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    columns.remove("id")
    picked = ", ".join(values.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {picked} FROM {table} WHERE id = {pk}"  # noqa: S608


def rehash(events: list[Any], hash_of: Any = event_hash) -> None:
    """A chain written anew after its events were changed, as an older program would have written it."""
    previous = ""
    for event in events:
        event.previous_hash = previous
        event.hash = previous = hash_of(event)
        event.save()
