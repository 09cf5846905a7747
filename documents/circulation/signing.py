"""What a person does at a station: agree, give an opinion, return, reject."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from documents import aftermath, kinds, noticing, trail
from documents.circulation import stations
from documents.circulation.transactions import call_effects, call_locks, lock, verb
from documents.models import Act, Document, Revision, Step
from documents.money import FEN, figures, plain
from documents.permissions import (
    Denial,
    can_give_opinion,
    can_reject,
    can_send_back,
    can_sign,
    post_names,
    require,
)
from documents.refusals import Blocked, Conflict, Denied, Invalid
from documents.standing import Standing, current_steps, standing
from documents.states import ActKind, DocumentState, ReturnMode, StepMode, StepStatus
from documents.texts import clean_text
from organization import access, clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from organization.models import Person

MAX_OPINION = 500


def _stale(name: str) -> Conflict:
    return Conflict(_("单据 %(name)s 在您打开之后已有变动，请刷新后再处理；您的意见没有记入。") % {"name": name})


def _at_station(
    document_id: int,
    actor: Person,
    revision: int,
    round_n: int,
    predicate: Callable[[Standing], Denial | None],
    verb_name: str,
) -> tuple[Document, Standing]:
    """Lock, compare with what the actor saw, permit: the head of every verb at a station."""
    document = lock(document_id)
    if (document.revision_n, document.round_n) != (revision, round_n):
        raise _stale(document.name)
    call_locks(document, verb_name)
    who = standing(actor, document)
    if document.state != DocumentState.CIRCULATING or (who.acted_before and not who.my_open_steps):
        raise Conflict(
            _("单据 %(name)s 已被处理，当前状态「%(state)s」。")
            % {"name": document.name, "state": document.get_state_display()}
        )
    require(predicate(who))
    _hold_right(document, who)
    blockers = [
        sentence for part in kinds.parts(document.kind) for sentence in part.blockers(document, verb_name, actor)
    ]
    if blockers:
        raise Blocked(*blockers)
    return document, who


def _hold_right(document: Document, who: Standing) -> None:
    """Read the appointment again and keep it as it is until the commit: a right taken away meanwhile refuses."""
    for step in who.my_open_steps:
        if not access.holds(who.person, step.post, document.project_id, step.department_id, clock.today(), lock=True):
            raise Denied(_("您已不担任「%(post)s」，不能处理此环节。") % {"post": post_names([step.post])})


def _opinion(text: str, *, required: bool) -> str:
    text = clean_text(text, max_length=MAX_OPINION, label=_("意见"))
    if required and not text:
        raise Invalid(_("请填写意见：说明原因，对方才知道如何修改。"))
    return text


def _act(document: Document, actor: Person, kind: str, opinion: str, **more: Any) -> Act:
    digest = Revision.objects.values_list("sha256", flat=True).get(document=document, n=document.revision_n)
    try:
        with transaction.atomic():
            return Act.objects.create(
                document=document,
                revision_n=document.revision_n,
                round_n=document.round_n,
                person=actor,
                kind=kind,
                opinion=opinion,
                at=clock.now(),
                content_sha256=digest,
                **more,
            )
    except IntegrityError as error:
        raise Conflict(_("您在本轮已处理过此单。")) from error


def _decide(steps: list[Step], act: Act, status: str) -> None:
    """Give open steps their act. Exactly the rows that were open change; anything else means someone was faster."""
    changed = Step.objects.filter(pk__in=[step.pk for step in steps], status=StepStatus.OPEN).update(
        status=status, act=act
    )
    if changed != len(steps):
        raise _stale(act.document.name)


def _pass_on(document: Document, who: Standing, actor: Person, mode: str, kind: str, opinion: str) -> Document:
    act = _act(document, actor, kind, opinion)
    mine = [step for step in who.my_open_steps if step.mode == mode]
    _decide(mine, act, StepStatus.SIGNED)
    document.changed_at = clock.now()
    document.save(update_fields=["changed_at"])
    noticing.forget_open_turns(document, [step.post for step in mine])
    call_effects(document, "sign", actor, act)
    trail.record(
        document,
        "signed" if kind == ActKind.SIGN else "gave_opinion",
        actor,
        content_sha256=act.content_sha256,
        posts=[step.post for step in mine],
        position=mine[0].position,
        opinion=opinion,
    )
    stations.advance(document, actor)
    return document


@verb
def sign(*, document_id: int, actor: Person, revision: int, round_n: int, opinion: str = "") -> Document:
    """Agree at every open step of one's posts; the last one approves the form.

    ``revision`` and ``round_n`` are what the actor saw: anything newer refuses with Conflict.
    """
    document, who = _at_station(document_id, actor, revision, round_n, can_sign, "sign")
    return _pass_on(document, who, actor, StepMode.SIGN, ActKind.SIGN, _opinion(opinion, required=False))


@verb
def give_opinion(*, document_id: int, actor: Person, revision: int, round_n: int, opinion: str) -> Document:
    """Record an opinion at an opinion station and pass the form on; it cannot return or reject (guide 5)."""
    document, who = _at_station(document_id, actor, revision, round_n, can_give_opinion, "opinion")
    return _pass_on(document, who, actor, StepMode.OPINION, ActKind.OPINION, _opinion(opinion, required=True))


@verb
def send_back(
    *,
    document_id: int,
    actor: Person,
    revision: int,
    round_n: int,
    opinion: str,
    to: int = 0,
    mode: str = ReturnMode.RESTART,
    proposals: dict[str, Decimal] | None = None,
) -> Document:
    """Return to the submitter (``to`` 0) or to an earlier station, with a reason.

    ``proposals`` are amounts by line in 元, at most the filed ones; only for a return to the submitter (核减).
    """
    document, who = _at_station(document_id, actor, revision, round_n, can_send_back, "return")
    opinion = _opinion(opinion, required=True)
    mine = [step for step in who.my_open_steps if step.mode == StepMode.SIGN]
    position = mine[0].position
    if not 0 <= to < position:
        raise Invalid(_("只能退回给提交人或本环节之前的环节。"))
    cut = _checked_proposals(document, proposals or {}, to)
    act = _act(
        document, actor, ActKind.RETURN, opinion, return_to=to, return_mode=mode if to == 0 else "", proposals=cut
    )
    _decide(mine, act, StepStatus.RETURNED)
    old = current_steps(document)
    stations.supersede_pending(document)
    noticing.forget_open_turns(document)
    if to == 0:
        document.go_back()
        noticing.tell_returned(document, act)
    else:
        _start_round(document, old, to)
    document.changed_at = clock.now()
    document.save(update_fields=["state", "round_n", "changed_at"])
    call_effects(document, "return", actor, act)
    trail.record(
        document,
        "returned",
        actor,
        content_sha256=act.content_sha256,
        posts=[step.post for step in mine],
        position=position,
        to=to,
        mode=act.return_mode,
        opinion=opinion,
        proposals=cut,
    )
    if to:
        stations.advance(document, actor)
    return document


def _start_round(document: Document, old: list[Step], to: int) -> None:
    """A new round of the same revision: new steps from the station returned to; what was signed there lapses."""
    document.round_n += 1
    again = [step for step in old if step.position >= to]
    Step.objects.filter(pk__in=[step.pk for step in again], status=StepStatus.SIGNED).update(
        status=StepStatus.SUPERSEDED
    )
    Step.objects.bulk_create(
        Step(
            document=document,
            project_id=step.project_id,
            kind=step.kind,
            revision_n=step.revision_n,
            round_n=document.round_n,
            position=step.position,
            post=step.post,
            department_id=step.department_id,
            mode=step.mode,
            clause=step.clause,
            reason=step.reason,
        )
        for step in again
    )


def _checked_proposals(document: Document, proposals: dict[str, Decimal], to: int) -> list[dict[str, str]]:
    """Proposed amounts as they are kept with the act; every fault told at once."""
    if not proposals:
        return []
    if to != 0:
        raise Invalid(_("提出核减金额时须退回给提交人，由其采纳或修改。"))
    with translation.override("zh-hans"):  # the labels are stored with the act
        lines = {line.id: line for line in kinds.get(document.kind).cut_lines(document)}
    faults, cut = [], []
    for line_id, amount in proposals.items():
        line = lines.get(line_id)
        if line is None:
            faults.append(_("核减的行 %(id)s 不在此单中，请刷新后重试。") % {"id": line_id})
        elif amount > line.amount:
            faults.append(
                _("%(label)s：核定金额 %(cut)s 大于申报金额 %(filed)s，请改为不超过 %(filed)s。")
                % {"label": line.label, "cut": figures(amount), "filed": figures(line.amount)}
            )
        elif amount < FEN or amount != amount.quantize(FEN):
            faults.append(
                _("%(label)s：核定金额须不小于 0.01 元、最多两位小数；整行不同意时请在意见中要求删去该行。")
                % {"label": line.label}
            )
        elif amount != line.amount:
            cut.append({"line": line_id, "label": line.label, "filed": plain(line.amount), "amount": plain(amount)})
    if faults:
        raise Invalid(*faults)
    return cut


@verb
def reject(*, document_id: int, actor: Person, revision: int, round_n: int, opinion: str) -> Document:
    """End the form for good, with a reason; what it held is freed."""
    document, who = _at_station(document_id, actor, revision, round_n, can_reject, "reject")
    opinion = _opinion(opinion, required=True)
    mine = [step for step in who.my_open_steps if step.mode == StepMode.SIGN]
    act = _act(document, actor, ActKind.REJECT, opinion)
    _decide(mine, act, StepStatus.REJECTED)
    stations.supersede_pending(document)
    noticing.forget_open_turns(document)
    document.turn_down()
    document.decided_at = document.changed_at = clock.now()
    document.save(update_fields=["state", "decided_at", "changed_at"])
    call_effects(document, "reject", actor, act)
    trail.record(
        document,
        "rejected",
        actor,
        content_sha256=act.content_sha256,
        posts=[step.post for step in mine],
        position=mine[0].position,
        opinion=opinion,
    )
    noticing.tell_decided(document, "rejected")
    aftermath.keep_pdf_of(document)
    return document
