"""The transaction round a verb: locks in the written order, conflicts retried, then told (design 11)."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from documents import kinds
from documents.models import Document, Period
from documents.refusals import Conflict

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 3
# PostgreSQL: serialization failure, deadlock, lock timeout.
_PASSING = {"40001", "40P01", "55P03"}


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction; retry up to three times what a moment's conflict broke."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return function(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if not _is_passing(error) or attempt == ATTEMPTS:
                    if _is_passing(error):
                        raise Conflict(_("此单正被他人处理，请稍候再试；您的内容没有丢失。")) from error
                    raise
                time.sleep(0.05 * attempt)
        raise AssertionError("unreachable")

    return run


def _is_passing(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _PASSING or "database is locked" in str(error)


def lock(document_id: int) -> Document:
    """Lock a document and read it behind the lock; everything a verb tests is read after this."""
    return (
        Document.objects.select_for_update(of=("self",))
        .select_related("project", "instalment", "creator", "submitted_by", "policy", "department")
        .get(pk=document_id)
    )


def share_period(document: Document) -> None:
    """Share the month's row with other submissions; closing takes it alone, so no form slips into a closed month."""
    if document.period is None:
        return
    period, _created = Period.objects.get_or_create(project=document.project, month=document.period)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT closed_at FROM documents_period WHERE id = %s FOR SHARE", [period.pk])
            closed_at = cursor.fetchone()[0]
    else:
        closed_at = period.closed_at  # IMMEDIATE transactions have SQLite to themselves
    if closed_at is not None:
        raise Conflict(_("%(month)s 已结账，不能再提交属于该月的单据。") % {"month": document.period.strftime("%Y-%m")})


def call_locks(document: Document, verb_name: str) -> None:
    """Let every part of the kind take its row locks."""
    for part in kinds.parts(document.kind):
        part.locks(document, verb_name)


def call_effects(document: Document, verb_name: str, actor: Any, act: Any = None) -> None:
    """Let every part of the kind do what follows."""
    for part in kinds.parts(document.kind):
        part.effects(document, verb_name, actor, act)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint or guard that refused, as far as the database tells it."""
    diag = getattr(error.__cause__, "diag", None)
    return getattr(diag, "constraint_name", None) or str(error)
