"""Giving up the rest of approved lines (guide 5: "the rest stays open or lapses by an act with a reason")."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Value
from django.utils.translation import gettext as _

from budgets.models import Lapse, WorkLine
from budgets.permissions import can_lapse, group_of
from budgets.rests import Rest, rests_of
from documents import kinds, noticing, trail
from documents.circulation.transactions import lock, verb
from documents.fields import MoneyField
from documents.money import plain, quantity_text
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.standing import standing
from documents.texts import clean_text
from organization import access, clock
from organization.posts import Camp

if TYPE_CHECKING:
    from documents.models import Document, Event
    from organization.models import Person


@verb
def lapse_rest(*, document_id: int, actor: Person, reason: str, lines: Collection[str] | None = None) -> Document:
    """Let the unconfirmed rest of approved lines lapse for good: the named ones (keys), or all that have a rest.

    The rest is amount − confirmed; while a confirmation of a line is on its way, the line waits for it. Effects: a
    ``Lapse`` and the counter ``lapsed`` per line, event ``lapsed`` with everything on it, a notice to the other side.
    Raises Denied, Invalid or Blocked with a sentence for each line at fault; nothing has lapsed then.
    """
    document = lock(document_id)
    _lock_lines(document)
    require(can_lapse(standing(actor, document)))
    reason = clean_text(reason, max_length=500, label=_("原因"))
    if not reason:
        raise Invalid(_("请填写失效原因。"))
    chosen = _chosen(document, lines)
    now = clock.now()
    Lapse.objects.bulk_create(
        Lapse(line=rest.line, amount=rest.rest, quantity=rest.quantity, reason=reason, person=actor, at=now)
        for rest in chosen
    )
    for rest in sorted(chosen, key=lambda rest: rest.line.pk):
        WorkLine.objects.filter(pk=rest.line.pk).update(
            lapsed=F("lapsed") + Value(rest.rest, output_field=MoneyField())
        )
    _tell(document, actor, _record(document, actor, chosen, reason))
    return document


def _lock_lines(document: Document) -> None:
    """Lock all lines by key: a confirmation that is submitted or approved meanwhile waits, or is seen (design 11)."""
    list(WorkLine.objects.select_for_update().filter(document=document).order_by("pk").values("pk"))


def _chosen(document: Document, keys: Collection[str] | None) -> list[Rest]:
    rests = rests_of(document)
    if keys is None:
        chosen = [rest for rest in rests if rest.is_open]
    else:
        chosen = [rest for rest in rests if rest.line.key in keys]
        if not keys:
            raise Invalid(_("请至少选择一行。"))
        if unknown := sorted(set(keys) - {rest.line.key for rest in rests}):
            raise Invalid(_("%(keys)s 不在此单的明细行中，请刷新后重试。") % {"keys": "、".join(unknown)})
    sentences = []
    for rest in chosen:
        line = {"n": rest.line.position, "subject": rest.line.subject}
        if rest.under_way:
            numbers = "、".join(one.name for one in rest.under_way)
            sentences.append(
                _("第 %(n)d 行 %(subject)s 正在确认中（%(numbers)s），办结后再声明失效。")
                % {**line, "numbers": numbers}
            )
        elif not rest.is_open:
            sentences.append(_("第 %(n)d 行 %(subject)s 没有余量：已全部确认或已失效。") % line)
    if sentences:
        raise Blocked(*sentences)
    return chosen


def _record(document: Document, actor: Person, chosen: list[Rest], reason: str) -> Event:
    return trail.record(
        document,
        "lapsed",
        actor,
        content_sha256=document.revisions.values_list("sha256", flat=True).get(n=document.revision_n),
        lines=[
            {
                "line": rest.line.key,
                "position": rest.line.position,
                "quantity": quantity_text(rest.quantity),
                "amount": plain(rest.rest),
            }
            for rest in chosen
        ],
        amount=plain(sum((rest.rest for rest in chosen), Decimal(0))),
        reason=reason,
    )


def _tell(document: Document, actor: Person, event: Event) -> None:
    """The other side: the group, or those who filed the form and may file its confirmations."""
    project = document.project
    if actor.company.camp == Camp.PROPERTY:
        people = [person for post in group_of(document) for person in access.holders(post, project)]
    else:
        posts = kinds.get(document.kind).submitters
        people = [person for post in posts for person in access.holders(post, project)]
        people += [person for person in (document.submitted_by, document.creator) if person]
    noticing.tell(
        {person.pk: person for person in people if person.pk != actor.pk}.values(),
        document,
        "lapsed",
        f"lapsed:{event.pk}",
        by=actor.name,
        amount=event.parameters["amount"],
        reason=event.parameters["reason"],
    )
