"""Taking an approved application back, whole or line by line: a credit note is an application of its own (guide 5).

Nothing approved is edited. A line is reversed whole and once; reversals of one application come one after the other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils.translation import gettext as _

from documents import drafting
from documents.models import Document
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.rendering.values import percent_text
from documents.texts import clean_text
from documents.vocabulary import Kind
from organization import clock
from settlements.applying import clean_note, lock_origin_lines, next_serial, require_all, title_of
from settlements.gathering import hold_month
from settlements.models import Application, ApplicationLine, Nature
from settlements.permissions import can_reverse
from settlements.reckoning import lines_before, place_of, reckon

if TYPE_CHECKING:
    from organization.models import Person


def open_reversal(
    *, original: Document, actor: Person, lines: Collection[int] | None = None, reason: str = ""
) -> Document:
    """Begin the reversal of an approved application: of the named lines (keys of confirmed lines), or of all that are left.

    ``original`` must be visible to the actor. It belongs to the month in which it is filed. Raises Denied, Invalid or Blocked.
    """
    require(can_reverse(actor, original))
    assert original.period is not None
    assert original.side is not None
    month = max(clock.today().replace(day=1), original.period)
    reason = clean_text(reason, max_length=500, label=_("冲销原因"))
    side = original.side

    def fill(document: Document) -> None:
        hold_month(original.project, month)
        lock_origin_lines(original)
        require(can_reverse(actor, original))
        reversed_one = Application.objects.get(document=original)
        serial = next_serial(original.project, month, side, Nature.REVERSAL)
        document.title = title_of(month, side, Nature.REVERSAL, serial)
        Application.objects.create(
            document=document,
            project=original.project,
            month=month,
            side=side,
            nature=Nature.REVERSAL,
            serial=serial,
            reverses=original,
            rate=reversed_one.rate,
            invoice_kind=reversed_one.invoice_kind,
            tax_rate=reversed_one.tax_rate,
            reason=reason,
        )
        left = left_of(original)
        require_all(lines or (), [line.completion_line_id for line in left])
        _take(document, left if lines is None else [line for line in left if line.completion_line_id in lines])
        reckon(document)

    try:
        return drafting.open_draft(
            kind=Kind.EXPENSE_APPLICATION,
            actor=actor,
            project=original.project,
            period=month,
            side=side,
            title=title_of(month, side, Nature.REVERSAL, 0),
            fill=fill,
        )
    except IntegrityError as error:
        raise Blocked(_("此申请刚被他人开始冲销，请刷新后查看。")) from error


def left_of(original: Document) -> list[ApplicationLine]:
    """Lines of an approved application that no approved reversal took back."""
    return list(original.application_lines.filter(live=True).order_by("position"))


def _take(document: Document, lines: Collection[ApplicationLine]) -> None:
    if not lines:
        raise Invalid(_("至少选择一行要冲销的明细；如不再需要，请删除草稿。"))
    ApplicationLine.objects.bulk_create(
        ApplicationLine(
            document=document,
            completion_line_id=line.completion_line_id,
            reverses=line,
            position=position,
            approved=line.approved,
            amount=-line.amount,
            rate=line.rate,
        )
        for position, line in enumerate(lines, start=1)
    )


def choose_reversed(
    *,
    document: Document,
    actor: Person,
    draft_version: int | None,
    keep: Collection[int],
    reason: str | None = None,
    note: str | None = None,
) -> Document:
    """Reverse the named lines (keys of confirmed lines) and no others; why, in the submitter's words.

    ``reason`` and ``note`` None stay as they are stored. A named line that is not left any more is a Conflict.
    """
    texts: dict[str, str] = {}
    if reason is not None:
        texts["reason"] = clean_text(reason, max_length=500, label=_("冲销原因"))
    if note is not None:
        texts["note"] = clean_note(note)

    def change(locked: Document) -> None:
        lock_origin_lines(locked.application.reverses)
        left = left_of(locked.application.reverses)
        require_all(keep, [line.completion_line_id for line in left])
        wanted = [line for line in left if line.completion_line_id in keep]
        locked.application_lines.exclude(reverses__in=wanted).delete()
        present = set(locked.application_lines.values_list("reverses", flat=True))
        if not wanted:
            raise Invalid(_("至少选择一行要冲销的明细；如不再需要，请删除草稿。"))
        if new := [line for line in wanted if line.pk not in present]:
            _take(locked, new)
        if texts:
            Application.objects.filter(document=locked).update(**texts)
        reckon(locked)

    try:
        return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)
    except IntegrityError as error:
        raise Blocked(_("部分明细刚被另一份申请冲销，请刷新后重试。")) from error


@dataclass(frozen=True, slots=True)
class Reversible:
    """A line that may be taken back. ``moved`` when another window has taken it in or out meanwhile; amounts in 元."""

    line: ApplicationLine
    taken: bool
    moved: bool = False

    @property
    def amount(self) -> Decimal:
        """What taking it back comes to."""
        return -self.line.amount

    @property
    def percent(self) -> str:
        """The commission rate: ``10%``."""
        return percent_text(self.line.rate)


def reversibles(document: Document, keep: set[int] | None = None) -> list[Reversible]:
    """Lines of the reversed application that are left; ``keep`` is what was typed, by default what is stored."""
    stored = set(document.application_lines.values_list("completion_line", flat=True))
    original = document.application.reverses
    lines = original.application_lines.filter(live=True).select_related(
        "completion_line__document", "completion_line__origin_line__document"
    )
    chosen = stored if keep is None else keep
    return [
        Reversible(
            line,
            line.completion_line_id in chosen,
            keep is not None and (line.completion_line_id in chosen) != (line.completion_line_id in stored),
        )
        for line in sorted(lines, key=lambda line: place_of(line.completion_line))
    ]


def kept_before(document: Document) -> list[tuple[Decimal, Decimal]]:
    """Amount and rate of each line that was left before a reversal."""
    return [(line.amount, line.rate) for line in lines_before(document.application)]
