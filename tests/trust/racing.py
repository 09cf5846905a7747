"""Several people at the same moment, each on a connection of their own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from documents.models import Document
from documents.refusals import Refused

ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))
# How long a contender thinks after it has checked: the window in which others may slip in.
PAUSE = 0.04


@dataclass
class Outcome:
    """What came of it: who got through, who was refused, and what nobody expected."""

    done: int
    refused: int
    faults: list[BaseException]


def together(*contenders: Callable[[], Any]) -> Outcome:
    """Run them from one start line."""
    barrier = threading.Barrier(len(contenders))
    done, refused, faults = [], [], []

    def run(contender: Callable[[], Any]) -> None:
        try:
            barrier.wait(30)
            contender()
            done.append(1)
        except Refused:
            refused.append(1)
        except BaseException as error:  # noqa: BLE001 - a deadlock or a database error must not surface
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(contender,)) for contender in contenders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Outcome(len(done), len(refused), faults)


def pausing(function: Callable[..., Any], pause: float = PAUSE) -> Callable[..., Any]:
    """The function, and then a moment of thinking."""

    def think(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        time.sleep(pause)
        return answer

    return think


def unlocked(document_id: int) -> Document:
    """``transactions.lock`` without its lock."""
    return Document.objects.select_related(
        "project", "instalment", "creator", "submitted_by", "policy", "department"
    ).get(pk=document_id)


def silent(*args: Any, **kwargs: Any) -> None:
    """A trail that records nothing: its UNIQUE sequence would be a guard by itself."""


@contextmanager
def without_index(name: str) -> Any:
    """A unique index taken out; the test empties its table before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield definition
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE documents_document CASCADE")
            cursor.execute(definition)
