"""Files that are made once, kept with size and hash, and handed out unchanged ever after (design 21).

For any model with ``file``, ``size``, ``sha256`` and ``made_at`` whose key is unique: prints of forms, settlement packs.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import Model

from organization import clock

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)
_BLOCK = 1024 * 1024


class KeptFileDamaged(RuntimeError):
    """The stored bytes are gone or are not those that were kept."""


def keep(model: type[Row], key: Mapping[str, Any], write: Callable[[IO[bytes]], Any]) -> Row:
    """The kept row of ``key``, made now by ``write`` if there is none. Two callers at once get the same row.

    What ``write`` writes lies on disk, so a large file takes no memory. The file is stored before its row: a crash between
    them leaves an unused file, never a row without one. Never call it while a transaction holds locks.
    """
    row = model._default_manager.filter(**key).first()
    if row is not None:
        return row
    with tempfile.TemporaryFile(prefix="kept-") as made:
        write(made)
        made.seek(0)
        size, digest = measure(made)
        made.seek(0)
        row = model(**key, size=size, sha256=digest, made_at=clock.now())
        row.file.save("kept", File(made), save=False)  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _drop(row.file)  # type: ignore[attr-defined]
        return model._default_manager.get(**key)
    return row


def _drop(file: FieldFile) -> None:
    """Remove the file of a lost race; that it stays behind does no harm."""
    try:
        file.storage.delete(file.name)
    except OSError:
        logger.warning("unused kept file stays behind: %s", file.name)


def opened(kept: Any) -> IO[bytes]:
    """The kept file at its beginning, its bytes checked against size and hash. Raises ``KeptFileDamaged``."""
    try:
        file: IO[bytes] = kept.file.storage.open(kept.file.name, "rb")
    except OSError as error:
        raise KeptFileDamaged(f"{kept.document_id}: {kept.file.name} is missing") from error
    try:
        if measure(file) != (kept.size, kept.sha256):
            raise KeptFileDamaged(f"{kept.document_id}: {kept.file.name} has changed")
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def read(kept: Any) -> bytes:
    """The kept bytes. Raises ``KeptFileDamaged``."""
    with opened(kept) as file:
        return file.read()


def measure(stream: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of the rest of a stream, read block by block."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
