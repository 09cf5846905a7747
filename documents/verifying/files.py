"""Files on disk against the hash and size in their rows: attachments, kept prints, packs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from documents.models import Attachment, RenderedFile
from documents.rendering import kept

if TYPE_CHECKING:
    from django.db.models import QuerySet


def differences() -> Iterator[str]:
    """Attachments and kept prints whose bytes are gone or others than they were."""
    yield from file_differences(Attachment.objects.all())
    yield from file_differences(RenderedFile.objects.all())


def file_differences(rows: QuerySet[Any]) -> Iterator[str]:
    """For any model with ``file``, ``size`` and ``sha256``: table, key, column of what disagrees with the bytes."""
    table = rows.model._meta.db_table
    for row in rows.order_by("pk").iterator():
        try:
            size, digest = _measure(row.file)
        except OSError:
            yield f"{table} {row.pk} file: missing"
            continue
        except ValueError:  # no name at all
            yield f"{table} {row.pk} file"
            continue
        if size != row.size:
            yield f"{table} {row.pk} size: {row.size}, the file has {size}"
        if digest != row.sha256:
            yield f"{table} {row.pk} sha256"


def _measure(stored: Any) -> tuple[int, str]:
    with stored.open("rb") as file:
        return kept.measure(file)
