"""How far packs are, in words and per cent: what page and API show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.rendering.pack import ASSEMBLING, ATTACHMENTS, FORMS
from documents.runs import INTERRUPTED, LONG_WAIT, PATIENCE, QUEUED, SLOW
from organization import clock
from settlements.models import Pack, PackRun
from settlements.packs.making import FORMATS, LABELS
from settlements.packs.runs import DAMAGED, STORAGE, TOO_LONG

if TYPE_CHECKING:
    from documents.models import Document

NONE, WAITING, RUNNING, DONE, FAILED = "none", "waiting", "running", "done", "failed"
# Where each stage begins, and its share, in per cent: about as its seconds are.
_STAGES = {
    "pdf": {FORMS: (0, 50), ATTACHMENTS: (50, 35), ASSEMBLING: (85, 14)},
    "xlsx": {FORMS: (0, 80), ASSEMBLING: (80, 19)},
}


@dataclass(frozen=True, slots=True)
class FileState:
    """One file of a pack: its state, a sentence, and how far it is in per cent."""

    format: str
    state: str
    sentence: str
    percent: int = 0
    size: int = 0
    done: int = 0
    total: int = 0

    @property
    def label(self) -> str:
        """PDF or Excel."""
        return LABELS[self.format]


@dataclass(frozen=True, slots=True)
class PackState:
    """An application's pack: both files."""

    name: str
    files: tuple[FileState, ...]

    @property
    def is_busy(self) -> bool:
        """Whether a page has something to wait for."""
        return any(file.state in (WAITING, RUNNING) for file in self.files)

    @property
    def is_made(self) -> bool:
        """Whether there is nothing left to make."""
        return all(file.state == DONE for file in self.files)

    @property
    def has_failed(self) -> bool:
        """Whether something can be tried again."""
        return any(file.state == FAILED for file in self.files)

    @property
    def percent(self) -> int:
        """How far all is."""
        return sum(file.percent for file in self.files) // len(self.files)


def pack_state(document: Document) -> PackState:
    """The pack of one application, in two queries."""
    return pack_states([document])[0]


def pack_states(documents: Sequence[Document]) -> list[PackState]:
    """The packs of several, in the same two queries."""
    made = {(row.document_id, row.format): row for row in Pack.objects.filter(document__in=documents)}
    runs = {(row.document_id, row.format): row for row in PackRun.objects.filter(document__in=documents)}
    return [PackState(document.name, tuple(_files(document.pk, made, runs))) for document in documents]


def _files(pk: int, made: dict[tuple[int, str], Pack], runs: dict[tuple[int, str], PackRun]) -> Iterable[FileState]:
    for file_format in FORMATS:
        kept, run = made.get((pk, file_format)), runs.get((pk, file_format))
        if kept is not None:
            yield FileState(file_format, DONE, _("已生成"), 100, kept.size)
        elif run is None or run.status == PackRun.Status.DONE:
            yield FileState(file_format, NONE, _("尚未生成"))
        else:
            yield _on_its_way(run)


def _on_its_way(run: PackRun) -> FileState:
    now = clock.now()
    if run.status == PackRun.Status.FAILED:
        return FileState(run.format, FAILED, _why(run.error))
    if run.heard_at < now - PATIENCE:
        return FileState(run.format, FAILED, str(INTERRUPTED))
    if run.status == PackRun.Status.WAITING:
        if run.asked_at < now - LONG_WAIT:
            return FileState(run.format, WAITING, str(SLOW))
        return FileState(run.format, WAITING, str(QUEUED))
    first, share = _STAGES[run.format].get(run.stage, (0, 0))
    percent = first + share * run.done // max(run.total, 1)
    return FileState(run.format, RUNNING, _doing(run), percent, done=run.done, total=run.total)


def _doing(run: PackRun) -> str:
    figures = {"done": run.done, "total": run.total}
    if run.stage == ATTACHMENTS:
        return _("正在处理附件 %(done)s / %(total)s") % figures
    if run.stage == ASSEMBLING:
        return _("正在编页装订")
    return _("正在排版表单 %(done)s / %(total)s") % figures


def _why(code: str) -> str:
    if code == DAMAGED:
        return _("生成失败：有表单的存档文件缺失或已损坏，请联系系统管理员。")
    if code == STORAGE:
        return _("生成失败：服务器存储空间不足或无法写入，请联系系统管理员后重试。")
    if code == TOO_LONG:
        return _("生成失败：有表单的明细行数超过上限，请联系系统管理员。")
    return _("生成失败，请重试；仍然失败请联系系统管理员。")
