"""All packs of a month as one zip: of the approved applications that a person may see."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents import downloads
from documents.models import Document
from documents.refusals import Blocked
from documents.rendering import kept
from documents.states import DocumentState
from documents.vocabulary import Kind, Side
from settlements.models import Pack
from settlements.packs import runs
from settlements.packs.making import FORMATS
from settlements.packs.standing import DONE, FAILED, NONE, RUNNING, PackState, pack_states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organization.models import Person

MAX_APPLICATIONS = 200
MAX_BYTES = 1_000_000_000
_BLOCK = 1024 * 1024
# What Windows doesn't take in a file's name.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class MonthPacks:
    """A month's packs as one person sees them."""

    month: date
    project: str
    applications: list[Document]
    packs: list[PackState]

    @property
    def state(self) -> str:
        """``none`` where something has not been asked for; ``done`` when all can be downloaded; empty without applications."""
        if not self.packs:
            return ""
        if any(pack.is_busy for pack in self.packs):
            return RUNNING
        if all(pack.is_made for pack in self.packs):
            return DONE
        return FAILED if any(pack.has_failed for pack in self.packs) else NONE

    @property
    def files(self) -> int:
        """How many files there will be."""
        return len(self.packs) * len(FORMATS)

    @property
    def made(self) -> int:
        """How many there are."""
        return sum(file.state == DONE for pack in self.packs for file in pack.files)

    @property
    def size(self) -> int:
        """Bytes of what there is."""
        return sum(file.size for pack in self.packs for file in pack.files)

    @property
    def percent(self) -> int:
        """How far all is."""
        return sum(pack.percent for pack in self.packs) // max(len(self.packs), 1)

    @property
    def failures(self) -> list[tuple[str, str, str]]:
        """Number, file and sentence of what could not be made."""
        return [
            (pack.name, file.label, file.sentence) for pack in self.packs for file in pack.files if file.state == FAILED
        ]

    @property
    def obstacle(self) -> str:
        """Why there is no zip, whatever is made: nothing to put in, or too much. Empty when nothing stands in the way."""
        if not self.packs:
            return _("本月没有您可以查看的已通过费用申请，没有资料包可下载。")
        if len(self.packs) > MAX_APPLICATIONS:
            return _("本月有 %(n)s 份费用申请，一次最多打包 %(most)s 份，请先按项目筛选。") % {
                "n": len(self.packs), "most": MAX_APPLICATIONS,
            }  # fmt: skip
        if self.size > MAX_BYTES:
            return _("本月资料包共 %(size)s，一次最多打包 %(most)s，请先按项目筛选，或在申请页逐份下载。") % {
                "size": filesizeformat(self.size), "most": filesizeformat(MAX_BYTES),
            }  # fmt: skip
        return ""


def month_packs(person: Person, month: date, project: str = "") -> MonthPacks:
    """Approved applications of a month that this person may see, and how far their packs are; three queries."""
    found = Document.objects.visible_to(person).filter(
        kind=Kind.EXPENSE_APPLICATION, state=DocumentState.APPROVED, period=month
    )
    if project:
        found = found.filter(project__code=project)
    applications = list(found.select_related("project").order_by("number"))
    return MonthPacks(month, project, applications, pack_states(applications))


def start(packs: MonthPacks) -> None:
    """Ask the worker for every file that is missing. Raises Blocked where there could be no zip of them."""
    if packs.obstacle:
        raise Blocked(packs.obstacle)
    for document, state in zip(packs.applications, packs.packs, strict=True):
        if not state.is_made:
            runs.start(document)


def month_zip(packs: MonthPacks, person: Person) -> MonthZip:
    """The zip, to be sent as it is read; the worker puts the download on every application's trail.

    The same packs give the same bytes: names are sorted, times are those of the approvals, and nothing is packed again, since
    PDF and workbook are packed in themselves. Raises Blocked with a sentence while something is missing or too much.
    """
    if packs.obstacle:
        raise Blocked(packs.obstacle)
    if packs.state != DONE:
        raise Blocked(_("本月资料包尚未全部生成（%(made)s / %(files)s），请生成后再下载。") % {
            "made": packs.made, "files": packs.files,
        })  # fmt: skip
    rows = Pack.objects.filter(document__in=packs.applications).select_related("document__project")
    with translation.override("zh-hans"):
        found = MonthZip(sorted(((entry_name(row), row) for row in rows), key=lambda entry: entry[0]))
    for _name, row in found.entries:
        if not _is_there(row):
            raise Blocked(
                _("%(number)s 的存档资料包缺失或已损坏，请联系系统管理员。") % {"number": row.document.number}
            )
    downloads.record_all.enqueue([document.pk for document in packs.applications], person.pk, "packs.zip")
    return found


def _is_there(row: Pack) -> bool:
    try:
        return bool(row.file.storage.size(row.file.name) == row.size)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class MonthZip:
    """Kept files by their names in the zip. Nothing is copied: it is written while it is sent."""

    entries: list[tuple[str, Pack]]

    @property
    def size(self) -> int:
        """Bytes of the zip, by its format: two heads, the file and what follows it for each, and the end."""
        names = (len(name.encode()) for name, _row in self.entries)
        return sum(30 + 46 + 16 + 2 * name for name in names) + sum(row.size for _name, row in self.entries) + 22

    def blocks(self) -> Iterator[bytes]:
        """The zip's bytes. A file that is not what was kept ends them unfinished: the download fails, and is no zip."""
        wire = _Wire()
        with zipfile.ZipFile(wire, "w", zipfile.ZIP_STORED) as archive:
            for name, row in self.entries:
                digest = hashlib.sha256()
                with row.file.storage.open(row.file.name, "rb") as source, archive.open(_info(name, row), "w") as entry:
                    while block := source.read(_BLOCK):
                        digest.update(block)
                        entry.write(block)
                        yield wire.taken()
                if digest.hexdigest() != row.sha256:
                    raise kept.KeptFileDamaged(f"{row.document_id}: {row.file.name} has changed")
        yield wire.taken()


class _Wire:
    """What a zip is written to when nobody can go back in it."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._blocks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._blocks)
        self._blocks.clear()
        return data


def _info(name: str, row: Pack) -> zipfile.ZipInfo:
    decided = timezone.localtime(row.document.decided_at)
    # The year 1980 is the format's first.
    info = zipfile.ZipInfo(name, (max(decided.year, 1980), *decided.timetuple()[1:6]))
    info.compress_type, info.file_size = zipfile.ZIP_STORED, row.size
    info.create_system, info.external_attr = 3, 0o100644 << 16
    return info


def entry_name(row: Pack) -> str:
    """``2026-12_CH_入伙前_CH-EA-202612-001.pdf``: lawful on Windows, always Chinese inside a zip."""
    document = row.document
    side = {Side.PRE: _("入伙前"), Side.POST: _("入伙后")}[Side(document.side)]
    parts = (f"{document.period:%Y-%m}", document.project.code, side, document.number or "")
    return f"{_FORBIDDEN.sub('-', '_'.join(part for part in parts if part))}.{row.format}"


def zip_name(packs: MonthPacks) -> str:
    """The zip's own name: ``2026-12_CH_资料包.zip``."""
    parts = (f"{packs.month:%Y-%m}", packs.project, _("资料包"))
    return f"{_FORBIDDEN.sub('-', '_'.join(part for part in parts if part))}.zip"
