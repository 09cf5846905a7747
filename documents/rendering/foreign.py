"""Attachments on their way into a pack: every file becomes A4 pages of ours or a reason, and none spoils another.

Foreign files are opened in a process with limits only (``flattening``). They lie in a folder on disk, never together in memory.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from documents.rendering import flattening
from documents.rendering.paper import PackAttachment

MAX_ATTACHMENT_BYTES = 25_000_000
MAX_ATTACHMENTS_BYTES = 300_000_000
# The whole of the attachments; one file has ``flattening.FILE_SECONDS``.
FLATTENING_SECONDS = 600
# How often the process is looked at, to tell how far it has come.
LOOK_SECONDS = 0.3

MISSING, LATE = "missing", "late"
REASONS = {
    flattening.REPAIRED: "文件有损坏，只装入了可读出的页，请核对原件",
    flattening.BROKEN: "文件已损坏，无法打开",
    flattening.ENCRYPTED: "文件设有密码，无法打开",
    flattening.TOO_LONG: f"超过 {flattening.MAX_PAGES} 页，未装入，请在系统中下载原件",
    flattening.TOO_LARGE: "文件过大，未装入，请在系统中下载原件",
    flattening.OFFICE: "办公文件，请在系统中下载原件",
    flattening.UNKNOWN: "不是 PDF 或图片，请在系统中下载原件",
    MISSING: "文件缺失，请联系系统管理员",
    LATE: "附件过多，处理超时，未装入，请在系统中下载原件",
}


@dataclass(frozen=True, slots=True)
class Flat:
    """What became of an attachment: a PDF of plain pages, or the reason why there is none; both where it had to be repaired."""

    attachment: PackAttachment
    path: Path | None
    reason: str = ""


def flatten_all(
    attachments: Sequence[PackAttachment], folder: Path, told: Callable[[int], None] = lambda done: None
) -> list[Flat]:
    """Every attachment as A4 pages in ``folder``, in order. ``told`` hears now and then how many are done."""
    outcomes: dict[int, Flat] = {}
    places, taken = [], 0
    for place, attachment in enumerate(attachments):
        data, reason = _read(attachment, MAX_ATTACHMENTS_BYTES - taken)
        if data is None:
            outcomes[place] = Flat(attachment, None, reason)
            continue
        taken += len(data)
        (folder / f"{len(places)}.in").write_bytes(data)
        places.append(place)
    _work_through(folder, len(places), lambda done: told(len(outcomes) + done))
    for index, place in enumerate(places):
        outcomes[place] = _outcome(folder, index, attachments[place])
    return [outcomes[place] for place in range(len(attachments))]


def _read(attachment: PackAttachment, room: int) -> tuple[bytes | None, str]:
    if attachment.size > min(MAX_ATTACHMENT_BYTES, room):
        return None, flattening.TOO_LARGE
    try:
        data = attachment.read()
    except OSError:
        return None, MISSING
    return (data, "") if len(data) <= min(MAX_ATTACHMENT_BYTES, room) else (None, flattening.TOO_LARGE)


def _work_through(folder: Path, count: int, told: Callable[[int], None]) -> None:
    """Run the limited process until every file has an outcome; one on which it dies is skipped."""
    first, end = 0, time.monotonic() + FLATTENING_SECONDS
    while first < count and time.monotonic() < end:
        _run(folder, first, end, told)
        undone = (index for index in range(first, count) if not _is_done(folder, index))
        broken = next(undone, count)
        if broken < count and time.monotonic() < end:
            (folder / f"{broken}.why").write_text(flattening.BROKEN)
        first = broken + 1
    told(count)


def _run(folder: Path, first: int, end: float, told: Callable[[int], None]) -> None:
    """One life of the limited process. It never outlives this call, whatever ``told`` raises."""
    command = [sys.executable, "-m", "documents.rendering.flattening", str(folder), str(first)]
    silent = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    with subprocess.Popen(command, cwd=settings.BASE_DIR, **silent) as process:
        try:
            while process.poll() is None and time.monotonic() < end:
                try:
                    process.wait(LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    told(len({path.stem for path in folder.iterdir() if path.suffix in (".pdf", ".why")}))
        finally:
            process.kill()


def _is_done(folder: Path, index: int) -> bool:
    return any((folder / f"{index}.{suffix}").exists() for suffix in ("pdf", "why"))


def _outcome(folder: Path, index: int, attachment: PackAttachment) -> Flat:
    path, why = folder / f"{index}.pdf", folder / f"{index}.why"
    reason = why.read_text() if why.exists() else ""
    if path.exists():
        return Flat(attachment, path, reason)
    return Flat(attachment, None, flattening.BROKEN if reason == flattening.REPAIRED else reason or LATE)
