"""Confirming work after it was done (工作量事后确认): actual quantity and amount within the approved ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from budgets.cells import CellFault
from budgets.counting import add_to_lines
from budgets.drafting import LineFault, LinesRefused
from budgets.models import Completion, CompletionLine, WorkLine
from budgets.numbers import read_number
from budgets.taking import View, on_way_of, taken_by_line
from documents import drafting
from documents.models import Document
from documents.money import MAX_AMOUNT, MAX_QUANTITY, figures, line_amount, quantity_text, round_fen
from documents.refusals import Invalid
from documents.states import DocumentState
from documents.texts import clean_text
from documents.vocabulary import WORK_KINDS, Kind

if TYPE_CHECKING:
    from organization.models import Person


@dataclass(frozen=True, slots=True)
class Room:
    """What is left to confirm of an approved line: quantity and amount in 元."""

    line: WorkLine
    quantity: Decimal
    amount: Decimal


def rooms(origin: Document, *, besides: Document | None = None) -> list[Room]:
    """What is left of each approved line, less what other confirmations on their way take as they are written."""
    ways = on_way_of([origin])
    taken = taken_by_line(ways if besides is None else ways.exclude(pk=besides.pk), View.WORKING)
    answer = []
    for line in origin.work_lines.order_by("position"):
        others = taken.get(line.key, ())
        quantity = line.quantity - line.confirmed_quantity - sum(one.quantity for one in others)
        amount = line.amount - line.confirmed - line.lapsed - sum(one.amount for one in others)
        # What lapsed is the whole rest: nothing of it is confirmed later, at no amount either.
        answer.append(Room(line, Decimal(0) if line.lapsed else quantity, amount))
    return answer


def open_completion(*, origin: Document, actor: Person, month: date | None = None) -> Document:
    """Begin the confirmation of an approved work form for a month; every open line is offered at its full rest.

    Where the whole quantity is confirmed and some amount is left (rounding, work that cost less), nothing is offered: who
    has a claim to it types it, and what nobody claims lapses.

    ``origin`` must be visible to the actor. Raises Denied or Invalid with a sentence.
    """
    if origin.kind not in WORK_KINDS or origin.state != DocumentState.APPROVED:
        raise Invalid(_("只有已通过的工作表单可以做事后确认。"))
    first_day = (month or origin.period).replace(day=1)
    if first_day < origin.period:
        raise Invalid(_("确认月份不能早于原单月份 %(month)s。") % {"month": origin.month})
    open_rooms = [room for room in rooms(origin) if room.amount > 0]
    if not open_rooms:
        raise Invalid(
            _("%(number)s 的各行都已确认、正在确认或已失效，没有可确认的工作量。") % {"number": origin.number}
        )

    def fill(document: Document) -> None:
        Completion.objects.create(document=document, origin=origin, month=first_day)
        CompletionLine.objects.bulk_create(
            CompletionLine(
                document=document,
                origin_line=room.line,
                position=position,
                quantity=max(room.quantity, Decimal(0)),
                amount=room.amount if room.quantity > 0 else Decimal(0),
            )
            for position, room in enumerate(open_rooms, start=1)
        )

    return drafting.open_draft(
        kind=Kind.WORK_COMPLETION,
        actor=actor,
        project=origin.project,
        instalment=origin.instalment,
        period=first_day,
        side=origin.side,
        department=origin.department,
        title=_title(origin),
        fill=fill,
    )


def _title(origin: Document) -> str:
    with translation.override("zh-hans"):  # stored: always Chinese, whoever drafts
        return _("%(title)s 事后确认") % {"title": origin.title}


def save_completion(
    *, document: Document, actor: Person, draft_version: int | None, rows: Sequence[Mapping[str, Any]]
) -> Document:
    """Write actual quantities and amounts: rows name their line by ``id`` (the approved line's key).

    An empty amount is computed from the quantity. Raises ``LinesRefused`` with every fault, Conflict on a newer save.
    """
    lines = {line.origin_line.key: line for line in document.completion_lines.select_related("origin_line")}
    left = {room.line.key: room for room in rooms(document.completion.origin, besides=document)}
    faults: list[LineFault] = []
    changed: dict[int, CompletionLine] = {}
    for index, raw in enumerate(rows):
        line = lines.get(str(raw.get("id") or ""))
        if line is None:
            faults.append(LineFault(index, "quantity", _("此行不在原单中，请刷新后重试。")))
            continue
        if line.pk in changed:
            faults.append(LineFault(index, "quantity", _("此行出现了两次，请只保留一次。")))
            continue
        faults += _read_line(index, line, left[line.origin_line.key], raw)
        changed[line.pk] = line
    if faults:
        raise LinesRefused(faults)

    def change(locked: Document) -> None:
        CompletionLine.objects.bulk_update(changed.values(), ["quantity", "amount", "note"])

    return drafting.write(document_id=document.pk, actor=actor, draft_version=draft_version, change=change)


def _read_line(index: int, line: CompletionLine, room: Room, raw: Mapping[str, Any]) -> list[LineFault]:
    faults = []
    try:
        quantity = read_number(raw.get("quantity"), label=_("实际数量"), decimals=3, maximum=MAX_QUANTITY, zero=True)
        line.quantity = Decimal(0) if quantity is None else quantity
    except CellFault as fault:
        faults.append(LineFault(index, "quantity", fault.message))
    try:
        amount = read_number(raw.get("amount"), label=_("实际金额"), decimals=2, maximum=MAX_AMOUNT, zero=True)
        line.amount = default_amount(line, room) if amount is None else amount
    except CellFault as fault:
        faults.append(LineFault(index, "amount", fault.message))
    try:
        line.note = clean_text(str(raw.get("note") or ""), max_length=200, label=_("说明"))
    except Invalid as refusal:
        faults.append(LineFault(index, "note", str(refusal)))
    if not faults and line.amount and not line.quantity and room.quantity > 0:
        faults.append(LineFault(index, "amount", _("实际数量为 0 时金额须为 0；请填写实际数量。")))
    if not faults:
        faults = [LineFault(index, key, sentence) for key, sentence in excess(line, room)]
    return faults


def default_amount(line: CompletionLine, room: Room) -> Decimal:
    """The amount of an actual quantity where none was typed, in 元. Parts of a line sum to it, however they are rounded:
    the last one takes what is left."""
    origin, left = line.origin_line, max(room.amount, Decimal(0))
    if not line.quantity:
        return Decimal(0)
    if line.quantity == room.quantity:
        return left
    if origin.is_prorated:
        # A reviewer's cut lowers each unit alike, and a part of shared staff is a part of each unit.
        computed = round_fen(origin.amount * line.quantity / origin.quantity)
    else:
        computed = line_amount(line.quantity, origin.price)
    return min(computed, left)


def excess(line: CompletionLine, room: Room) -> list[tuple[str, str]]:
    """Why an actual is more than approved, by column; the sentence names the guide's way for more work."""
    faults = []
    subject = line.origin_line.subject
    if line.quantity > room.quantity:
        faults.append(
            (
                "quantity",
                _(
                    "%(subject)s：实际数量 %(actual)s 大于可确认的 %(room)s（批准的减去已确认、正在确认和已失效的）；确实多做的，须先报《物业服务工作确认单（超计划）》。"
                )
                % {
                    "subject": subject,
                    "actual": quantity_text(line.quantity),
                    "room": quantity_text(max(room.quantity, Decimal(0))),
                },
            )
        )
    if line.amount > room.amount:
        faults.append(
            (
                "amount",
                _(
                    "%(subject)s：实际金额 %(actual)s 大于可确认的 %(room)s（批准的减去已确认、正在确认和已失效的）；确实多做的，须先报《物业服务工作确认单（超计划）》。"
                )
                % {"subject": subject, "actual": figures(line.amount), "room": figures(room.amount)},
            )
        )
    return faults


def lock_origin_lines(document: Document) -> None:
    """Lock all lines of the origin by key before they are compared and counted (design 11).

    All of them: two confirmations of one form and month must meet even when they name different lines.
    """
    origin = document.completion.origin_id
    list(WorkLine.objects.select_for_update().filter(document=origin).order_by("pk").values("pk"))


def count_confirmed(document: Document) -> None:
    """Add an approved confirmation to the counters of its origin lines; the CHECKs refuse more than approved."""
    sums: dict[int, dict[str, Decimal]] = {}
    for line in document.completion_lines.all():
        mine = sums.setdefault(line.origin_line_id, {"confirmed": Decimal(0), "confirmed_quantity": Decimal(0)})
        mine["confirmed"] += line.amount
        mine["confirmed_quantity"] += line.quantity
    add_to_lines(sums)
