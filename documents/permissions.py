"""Who may do what with a document: predicates that answer ``None`` or a ``Denial`` with its sentence.

Button, page, API and verb ask the same predicate, so they can never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents import kinds
from documents.models import Act
from documents.refusals import Denied
from documents.standing import Standing
from documents.states import EDITABLE, VOIDABLE, ActKind, DocumentState, StepMode
from organization.posts import Post
from organization.punctuation import listed


@dataclass(frozen=True, slots=True)
class Denial:
    """A refusal that says why. ``hide`` when nobody would look for the button."""

    reason: str
    hide: bool = False


def require(denial: Denial | None) -> None:
    """Raise a denial as the refusal a person reads."""
    if denial is not None:
        raise Denied(denial.reason)


def post_names(posts: Iterable[str]) -> str:
    """Posts in words, each once."""
    return listed(Post(post).label for post in dict.fromkeys(posts))


def outsider(who: Standing) -> Denial | None:
    """Administrators and people without a post take no part in any form's life."""
    if who.person.is_administrator:
        return Denial(_("系统管理员只维护系统，不能提交或审批单据。"), hide=True)
    if not who.memberships:
        return Denial(_("您目前没有任何岗位。"), hide=True)
    return None


def can_edit(who: Standing) -> Denial | None:
    """Write in the working copy: drafting side, while the form is editable."""
    if denial := outsider(who):
        return denial
    if not who.is_drafting_side:
        return Denial(_("只有提交方可以修改此单。"), hide=True)
    if who.document.state not in EDITABLE:
        return Denial(_("单据「%(state)s」，不能修改。") % {"state": who.document.get_state_display()}, hide=True)
    return None


def can_submit(who: Standing) -> Denial | None:
    """Submit: who may edit, and holds a post that the guide lets submit this kind (guide 5)."""
    if denial := can_edit(who):
        return denial
    submitters = kinds.get(who.document.kind).submitters
    if not who.posts & set(submitters):
        return Denial(_("此单由%(posts)s提交，您不担任该岗位。") % {"posts": post_names(submitters)})
    return None


def can_take_over(who: Standing) -> Denial | None:
    """Take the proposed amounts over and submit again: a returned form whose return proposed amounts."""
    if who.document.state != DocumentState.RETURNED:
        return Denial(_("只有被退回的单据可以采纳核减。"), hide=True)
    if denial := can_submit(who):
        return denial
    act = last_return(who)
    if act is None or not act.proposals:
        return Denial(_("退回时没有提出核减金额。"), hide=True)
    return None


def last_return(who: Standing) -> Act | None:
    """The act by which the current revision came back to its submitter."""
    return (
        Act.objects.filter(document=who.document, revision_n=who.document.revision_n, kind=ActKind.RETURN, return_to=0)
        .order_by("-pk")
        .first()
    )


def _at_station(who: Standing, mode: str) -> Denial | None:
    if denial := outsider(who):
        return Denial(denial.reason, hide=True)
    if who.document.state != DocumentState.CIRCULATING:
        return Denial(_("单据「%(state)s」，不在审批中。") % {"state": who.document.get_state_display()}, hide=True)
    mine = who.my_open_steps
    if not mine:
        return Denial(_("当前环节不由您处理。"), hide=True)
    if who.is_submitter:
        return Denial(_("您是此单的提交人，不能审批自己的单据。"))
    if who.is_editor:
        return Denial(_("您填写过此单，不能审批自己填写的单据。"))
    if who.acted_before:
        return Denial(_("您在本轮已处理过此单，一人一轮只能处理一次，须由该岗位的其他人处理。"))
    if all(step.mode != mode for step in mine):
        return Denial(
            _("此环节只出具意见，不能退回或否决。") if mode == StepMode.SIGN else _("此环节须审批，不是出具意见。"),
            hide=True,
        )
    return None


def can_sign(who: Standing) -> Denial | None:
    """Agree at an open station of one's post."""
    return _at_station(who, StepMode.SIGN)


def can_give_opinion(who: Standing) -> Denial | None:
    """Record an opinion at an opinion station; it passes the form on."""
    return _at_station(who, StepMode.OPINION)


def can_send_back(who: Standing) -> Denial | None:
    """Return to the submitter or to an earlier station."""
    return _at_station(who, StepMode.SIGN)


def can_reject(who: Standing) -> Denial | None:
    """End the form for good."""
    return _at_station(who, StepMode.SIGN)


def can_withdraw(who: Standing) -> Denial | None:
    """Take back: the submitter alone, before any act since that submission (design 2)."""
    if denial := outsider(who):
        return denial
    if who.document.state != DocumentState.CIRCULATING:
        return Denial(_("只有审批中的单据可以撤回。"), hide=True)
    if not who.is_submitter:
        return Denial(_("只有提交人可以撤回。"), hide=True)
    if Act.objects.filter(document=who.document, revision_n=who.document.revision_n).exists():
        return Denial(_("已有人审批过本次提交，不能撤回；可请审批人退回。"))
    return None


def can_void(who: Standing) -> Denial | None:
    """Void a returned or withdrawn form: its submitter."""
    if denial := outsider(who):
        return denial
    if who.document.state not in VOIDABLE:
        return Denial(_("只有已退回或已撤回的单据可以作废。"), hide=True)
    if not who.is_submitter:
        return Denial(_("只有提交人可以作废。"), hide=True)
    return None


def can_discard(who: Standing) -> Denial | None:
    """Delete a draft that was never submitted: its creator."""
    if denial := outsider(who):
        return denial
    if who.document.state != DocumentState.DRAFT:
        return Denial(_("只有从未提交过的草稿可以删除。"), hide=True)
    if who.document.creator_id != who.person.pk:
        return Denial(_("只有创建人可以删除草稿。"), hide=True)
    return None


def can_attach(who: Standing) -> Denial | None:
    """Add a file: the drafting side while drafting, a signer at an open station of theirs."""
    if denial := outsider(who):
        return denial
    if who.document.state == DocumentState.CIRCULATING:
        if who.my_open_steps and not who.is_submitter and not who.is_editor:
            return None
        return Denial(_("审批中的单据只有当前环节的审批人可以补充附件。"), hide=True)
    return can_edit(who)


def can_detach(who: Standing) -> Denial | None:
    """Take a file away again: while the form is editable, by the drafting side."""
    return can_edit(who)


def can_label(who: Standing) -> Denial | None:
    """Say which required paper a file is: the drafting side while drafting, a signer at their station of their own files."""
    if who.document.state != DocumentState.CIRCULATING:
        return can_edit(who)
    if denial := can_attach(who):
        return denial
    if not who.document.attachments.filter(uploaded_by=who.person).exists():
        return Denial(_("您没有在此单上传过附件。"), hide=True)
    return None


def can_comment(who: Standing) -> Denial | None:
    """Say something on the trail: everyone who sees a submitted form."""
    if denial := outsider(who):
        return denial
    if not who.document.is_submitted:
        return Denial(_("草稿不能留言。"), hide=True)
    return None
