"""Who may let the rest of an approved line lapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.rests import rests_of
from documents import kinds
from documents.permissions import Denial, outsider, post_names
from documents.states import DocumentState
from documents.vocabulary import WORK_KINDS, Side
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Document
    from documents.standing import Standing

GROUPS = {
    Side.PRE: (Post.MARKETING_HANDLER, Post.MARKETING_HEAD),
    Side.POST: (Post.SERVICE_HANDLER, Post.SERVICE_HEAD),
}


def group_of(document: Document) -> tuple[str, ...]:
    """Handler and head of the group that reviews the form's side (guide 4)."""
    return GROUPS.get(document.side, ())


def can_lapse(who: Standing) -> Denial | None:
    """Let the rest of approved lines lapse.

    The guide says that the rest "lapses by an act with a reason" and names nobody. Our reading: those who file the form
    (they give up what they might still claim) and handler and head of its group (they close what will not come any more).
    Nothing is paid or taken from anyone by it, so one of them is enough and the other side is told.
    """
    document = who.document
    if denial := outsider(who):
        return denial
    if document.kind not in WORK_KINDS or document.state != DocumentState.APPROVED:
        return Denial(_("只有已通过的工作表单可以声明余量失效。"), hide=True)
    posts = (*kinds.get(document.kind).submitters, *group_of(document))
    if not who.posts & set(posts):
        return Denial(_("余量失效由%(posts)s声明，您不担任该岗位。") % {"posts": post_names(posts)}, hide=True)
    rests = [rest for rest in rests_of(document) if rest.is_open]
    if not rests:
        return Denial(_("各行都已确认、正在确认或已失效，没有余量。"))
    if not any(rest.may_lapse for rest in rests):
        numbers = {one.name: None for rest in rests for one in rest.under_way}
        return Denial(_("有余量的各行正在确认中（%(numbers)s），办结后再处理。") % {"numbers": "、".join(numbers)})
    return None
