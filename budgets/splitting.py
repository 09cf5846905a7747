"""Splitting shared staff over the instalments of a project by stated shares: one form per instalment (guide 4).

Both verbs write several forms in one transaction, all or none. They are the only ones that do, so the lock order has a rule
for them: they take every live 物业人员岗位配置表 of the project's month in the order of their keys, before anything else, and
take nothing else afterwards but what drafting takes. Every other verb locks one form of this kind, so no two can wait
for each other in a ring; and two splits of one month always meet at the form with the lowest key that both see, so that the
second one finds the drafts which the first one made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.columns import CheckedRow
from budgets.drafting import line_from, open_work_form
from budgets.line_forms import MAX_LINES
from budgets.models import Split, SplitShare, WorkLine, new_key
from budgets.sharing import FEWEST, parts_of, share_text, sum_fault
from budgets.stored_lines import checked_line
from documents import drafting
from documents.circulation.transactions import lock, verb
from documents.models import Document
from documents.permissions import can_edit, require
from documents.refusals import Blocked, Conflict, Invalid
from documents.standing import standing
from documents.states import DEAD
from documents.vocabulary import Kind
from organization import clock
from organization.models import Instalment

if TYPE_CHECKING:
    from organization.models import Person, Project

KIND = Kind.STAFFING_PLAN
# A line's name over all instalments, and its whole figures.
Wanted = tuple[str, CheckedRow]
# Lines by the key of their form, then by that name.
Held = dict[int, dict[str, WorkLine]]
# The form of each instalment by its code, None where a draft is to be made.
Targets = dict[str, Document | None]


@verb
def share_lines(
    *,
    document_id: int,
    actor: Person,
    line_ids: Sequence[str],
    shares: Mapping[str, int],
    draft_version: int | None = None,
) -> Split:
    """Split lines of a staffing plan's working copy over instalments; ``shares`` are by code, in hundredths of a per cent.

    Effects: the lines leave the form they stand in, and each named instalment's form of the month gets its part of
    them, a draft where there is none. Raises Denied, Conflict, Invalid, or Blocked naming the instalments whose form is
    on its way already; nothing is stored then.
    """
    seen = Document.objects.select_related("project").filter(pk=document_id).first()
    if seen is not None and seen.kind != KIND:
        raise Invalid(_("只有《物业人员岗位配置表》的明细可以在分期间分摊。"))
    forms = _lock_forms(seen.project, seen.period) if seen else []
    source = next((form for form in forms if form.pk == document_id), None)
    if source is None:
        raise Conflict(_("此草稿刚被删除或已作废，不能分摊。"))
    require(can_edit(standing(actor, source)))
    if draft_version is not None and draft_version != source.draft_version:
        raise Conflict(_("此草稿在您打开之后被保存过，请核对最新明细后再分摊。"))
    lines = list(source.work_lines.filter(split=None, key__in=list(line_ids)).order_by("position"))
    if not lines:
        raise Invalid(_("请勾选要分摊的明细行。"))
    if gone := len(set(line_ids)) - len(lines):
        raise Conflict(_("有 %(n)d 行已不在此草稿中，或刚被分摊，请核对最新明细后再分摊。") % {"n": gone})
    wanted = [(line.key, checked_line(KIND, line)) for line in lines]
    places = _places(source.project, shares)
    if len(places) < FEWEST:
        raise Invalid(_("至少要有两个分期分摊；只归一个分期的人员请直接填在该分期的表中。"))
    targets = _targets(places, forms, {}, source)
    split = _new_split(actor, source.project, source.period, places, shares)
    laying = _Laying(actor, source.period, split, wanted, shares)
    _lay_all(laying, places, targets, {source.pk: {line.key: line for line in lines}})
    return split


@verb
def share_anew(
    *, split_id: int, actor: Person, shares: Mapping[str, int], rows: Sequence[Wanted] | None = None
) -> Split | None:
    """Other shares or lines for a split, or forms again where some are missing; ``rows`` are whole lines, None keeps them.

    Effects: the lines of all its forms are written anew under a new split. All of these forms must be editable, else it is
    refused, naming those that are not. With the same shares and lines only missing forms are made, whatever the others'
    state. With 100 % for one instalment the split ends: whole lines stand in that form, and None is answered.
    """
    old = Split.objects.select_related("project").get(pk=split_id)
    drafting.require_may_draft(actor, KIND, old.project)
    forms = _lock_forms(old.project, old.month)
    held = _held(old, forms)
    if not held:
        raise Conflict(_("此分摊刚被修改或取消，请在「共用人员分摊」页查看最新内容。"))
    before = _wanted_of(held)
    wanted = before if rows is None else _named(rows, before)
    if not wanted:
        raise Invalid(_("请至少保留一行；要取消分摊，请把 100 % 归给一个分期。"))
    places = _places(old.project, shares)
    was = {share.instalment.code: share.share for share in old.shares.select_related("instalment")}
    if dict(shares) == was and _same(wanted, before):
        return _complete(actor, old, places, forms, held)
    targets = _targets(places, forms, held, None)
    gone = [form for form in forms if form.pk in held and form not in targets.values()]
    _refuse_busy([*(form for form in targets.values() if form is not None), *gone])
    ends = len(places) < FEWEST
    split = None if ends else _new_split(actor, old.project, old.month, places, shares)
    # A cut stands only where its line and all the shares are what they were.
    keep = {key for key, _row in wanted if dict(shares) == was} - _changed(wanted, before)
    _lay_all(_Laying(actor, old.month, split, wanted, shares, frozenset(keep)), places, targets, held)
    return split


def _lock_forms(project: Project, month: date | None) -> list[Document]:
    """Every live staffing plan of the month, locked in the order of keys; read again until no new one has come meanwhile."""
    locked: dict[int, Document] = {}
    while True:
        found = (
            Document.objects.filter(kind=KIND, project=project, period=month)
            .exclude(state__in=DEAD)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if not (fresh := [pk for pk in found if pk not in locked]):
            return [form for form in locked.values() if form.state not in DEAD]
        for pk in fresh:
            # A draft that was discarded while we waited for it is simply not there.
            with suppress(Document.DoesNotExist):
                locked[pk] = lock(pk)


def _held(split: Split, forms: Sequence[Document]) -> Held:
    """The split's lines in live forms."""
    held: Held = {}
    for line in (
        WorkLine.objects.filter(split=split, document__in=forms).select_related("document").order_by("position")
    ):
        held.setdefault(line.document_id, {})[line.split_key] = line
    return held


def _wanted_of(held: Held) -> list[Wanted]:
    """The whole lines of a split, from whichever form carries them: their figures are the same in all."""
    lines = {key: line for form in held.values() for key, line in form.items()}
    return [(key, checked_line(KIND, line)) for key, line in lines.items()]


def _named(rows: Sequence[Wanted], before: Sequence[Wanted]) -> list[Wanted]:
    """Typed rows under the names that they had; a new row, or a name given twice, gets a new one."""
    free = {key for key, _row in before}
    named = []
    for key, row in rows:
        named.append((key if key in free else new_key(), row))
        free.discard(key)
    return named


def _changed(wanted: Sequence[Wanted], before: Sequence[Wanted]) -> set[str]:
    """Names of lines that are new or say something else than before."""
    was = {key: row.cells for key, row in before}
    return {key for key, row in wanted if was.get(key) != row.cells}


def _same(wanted: Sequence[Wanted], before: Sequence[Wanted]) -> bool:
    return len(wanted) == len(before) and not _changed(wanted, before)


def _places(project: Project, shares: Mapping[str, int]) -> list[Instalment]:
    """The named instalments by code. Raises Invalid for foreign ones and for shares that are not 100 % together."""
    places = list(
        Instalment.objects.select_related("project").filter(project=project, code__in=list(shares)).order_by("code")
    )
    if strange := set(shares) - {place.code for place in places}:
        raise Invalid(_("本项目没有分期 %(code)s，请核对编码。") % {"code": "、".join(sorted(strange))})
    if min(shares.values(), default=0) < 1 or sum_fault(shares.values()):
        raise Invalid(sum_fault(shares.values()) or _("每个分期的分摊比例须大于 0。"))
    return places


def _targets(places: Sequence[Instalment], forms: Sequence[Document], held: Held, source: Document | None) -> Targets:
    """The form of each instalment that takes the parts, None where a draft is to be made; a busy one is refused by name."""
    targets: Targets = {}
    busy = []
    for place in places:
        own = [form for form in forms if form.instalment_id == place.pk]
        carrying = [form for form in own if form.pk in held]
        if not carrying and (on_way := [form for form in own if not form.is_editable]):
            busy += on_way
            continue
        # What carries parts already; where they come from; what has a number; the newest draft.
        rank = {form.pk: (form.pk in held, form == source, form.is_submitted, form.pk) for form in own}
        targets[place.code] = max(own, key=lambda form: rank[form.pk]) if own else None
    _refuse_busy(busy)
    return targets


def _refuse_busy(forms: Sequence[Document]) -> None:
    """Raise Blocked with a sentence for each form that is on its way or approved."""
    if busy := [form for form in forms if not form.is_editable]:
        raise Blocked(
            *(
                _(
                    "分期「%(instalment)s」的 %(month)s 岗位配置表 %(name)s「%(state)s」，不能再改动分摊行；须先退回或撤回该单。"
                )
                % {
                    "instalment": form.instalment.name,
                    "month": form.month,
                    "name": form.name,
                    "state": form.get_state_display(),
                }
                for form in busy
            )
        )


def _new_split(
    actor: Person, project: Project, month: date, places: Sequence[Instalment], shares: Mapping[str, int]
) -> Split:
    split = Split.objects.create(project=project, month=month, created_by=actor, created_at=clock.now())
    SplitShare.objects.bulk_create(
        SplitShare(split=split, instalment=place, share=shares[place.code]) for place in places
    )
    return split


@dataclass(frozen=True, slots=True)
class _Laying:
    """What is laid into the forms: lines, shares, and the names of lines whose cut stands. ``split`` None: whole lines."""

    actor: Person
    month: date
    split: Split | None
    wanted: Sequence[Wanted]
    shares: Mapping[str, int]
    keep: frozenset[str] = frozenset()

    def parts(self) -> dict[str, dict[str, Decimal]]:
        """Each line's parts by instalment. Raises Invalid where a part comes to nothing."""
        parts = {key: parts_of(row.amount, self.shares) for key, row in self.wanted}
        faults = [
            _("「%(subject)s」全额 %(whole)s 元按 %(code)s 的 %(share)s 分摊不足 0.01 元，请调整比例或不分摊此行。")
            % {
                "subject": row.cells["subject"],
                "whole": row.amount,
                "code": code,
                "share": share_text(self.shares[code]),
            }
            for key, row in self.wanted
            for code, part in parts[key].items()
            if not part
        ]
        if faults:
            raise Invalid(*faults)
        return parts


def _lay_all(laying: _Laying, places: Sequence[Instalment], targets: Targets, held: Held) -> None:
    """Write the parts into the form of each place, and take the lines out of forms that are no longer named."""
    parts = laying.parts()
    named = {form.pk for form in targets.values() if form is not None}
    for place in places:
        form = targets[place.code]
        if form is None:
            form = open_work_form(kind=KIND, actor=laying.actor, instalment=place, month=laying.month)
        write = partial(_lay, laying, place.code, held.get(form.pk, {}), parts)
        drafting.write(document_id=form.pk, actor=laying.actor, draft_version=None, change=write)
    for pk in sorted(held.keys() - named):
        write = partial(_take_out, held[pk].values())
        drafting.write(document_id=pk, actor=laying.actor, draft_version=None, change=write)


def _lay(
    laying: _Laying,
    code: str,
    held: Mapping[str, WorkLine],
    parts: Mapping[str, Mapping[str, Decimal]],
    document: Document,
) -> None:
    """The lines of one form: those that it had are written anew, new ones added, those no longer wanted taken out."""
    for key, row in laying.wanted:
        old = held.get(key)
        cut = old.cut_to if old is not None and key in laying.keep else None
        line = line_from(document, old.position if old else MAX_LINES, old.key if old else new_key(), row, old)
        line.split = laying.split
        line.split_key, line.share = (key, laying.shares[code]) if laying.split else ("", None)
        line.cut_to = cut
        line.amount = parts[key][code] if cut is None else cut
        line.save()
    wanted = {key for key, _row in laying.wanted}
    _take_out([line for key, line in held.items() if key not in wanted], document)


def _take_out(lines: Iterable[WorkLine], document: Document) -> None:
    """Lines that leave a form; the rest is numbered anew, shared lines last."""
    WorkLine.objects.filter(document=document, pk__in=[line.pk for line in lines]).delete()
    left = sorted(document.work_lines.all(), key=lambda line: (line.split_id is not None, line.position, line.pk))
    if len(left) > MAX_LINES:
        raise Invalid(_("一份单据最多 %(n)d 行，请分开填报。") % {"n": MAX_LINES})
    for position, line in enumerate(left, start=1):
        line.position = position
    WorkLine.objects.bulk_update(left, ["position"])


def _complete(
    actor: Person, split: Split, places: Sequence[Instalment], forms: Sequence[Document], held: Held
) -> Split:
    """Make what is missing of a split whose shares and lines stay: forms that were discarded, rejected or voided."""
    wanted = _wanted_of(held)
    shares = {share.instalment.code: share.share for share in split.shares.select_related("instalment")}
    whole = {form.instalment_id for form in forms if len(held.get(form.pk, ())) == len(wanted)}
    missing = [place for place in places if place.pk not in whole]
    targets = _targets(missing, forms, held, None)
    _refuse_busy([form for form in targets.values() if form is not None])
    there = {form.pk: held[form.pk] for form in targets.values() if form is not None and form.pk in held}
    keep = frozenset(key for key, _row in wanted)
    _lay_all(_Laying(actor, split.month, split, wanted, shares, keep), missing, targets, there)
    return split
