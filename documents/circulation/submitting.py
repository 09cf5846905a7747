"""Submit, submit again, and take a reviewer's cut over."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from documents import kinds, noticing, numbering, papers, policies, routing, trail
from documents.canonical import canonical_json, sha256_data, sha256_text
from documents.circulation import stations
from documents.circulation.transactions import call_effects, call_locks, constraint_of, lock, share_period, verb
from documents.facts import amount_fault
from documents.lateness import begun_on
from documents.models import Act, Document, Editor, Revision, Step
from documents.permissions import can_submit, can_take_over, last_return, require
from documents.refusals import Blocked, Conflict, LateReasonNeeded
from documents.revisions import facts_json, facts_of, full_content, siblings
from documents.routing import RoutingError
from documents.searching import search_text
from documents.standing import Standing, current_steps, standing
from documents.states import ReturnMode, StepStatus
from documents.texts import clean_text
from organization import clock
from organization.models import Project

if TYPE_CHECKING:
    from documents.routing import Station
    from organization.models import Person


@verb
def submit(*, document_id: int, actor: Person, draft_version: int | None = None, late_reason: str = "") -> Document:
    """Put a form into circulation: number, revision, chain and notices, or every reason why not.

    ``draft_version`` is the working copy that the actor saw; ``late_reason`` is asked for when the work has begun already. The first submission fixes policy, side and number; amounts
    are routed anew each time (design 2). Raises Denied, Conflict or Blocked with all sentences; nothing is stored then.
    """
    document = lock(document_id)
    who = standing(actor, document)
    require(can_submit(who))
    if draft_version is not None and draft_version != document.draft_version:
        raise Conflict(_("此单在您打开之后被修改过，请核对最新内容后再提交。"))
    return put_into_circulation(document, who, late_reason=late_reason)


@verb
def take_over(*, document_id: int, actor: Person) -> Document:
    """Take the proposed amounts of the last return over and submit again, in one act (design 6)."""
    document = lock(document_id)
    who = standing(actor, document)
    require(can_take_over(who))
    act = last_return(who)
    assert act is not None  # can_take_over has seen it
    proposals = {item["line"]: Decimal(item["amount"]) for item in act.proposals}
    form = kinds.get(document.kind)
    if gone := set(proposals) - {line.id for line in form.cut_lines(document)}:
        raise Conflict(_("有 %(n)d 行被提出核减而您已删去，不能一键采纳；请核对后直接重新提交。") % {"n": len(gone)})
    form.cut(document, proposals)
    Editor.objects.get_or_create(document=document, person=actor)
    document.amount = form.amount(document)
    document.draft_version += 1
    document.save(update_fields=["amount", "draft_version"])
    return put_into_circulation(document, who, taken_over=True)


def submitting_post(who: Standing) -> str:
    """The post under which a person submits: the first of the kind's that they hold."""
    return next(post for post in kinds.get(who.document.kind).submitters if post in who.posts)


def put_into_circulation(
    document: Document, who: Standing, *, taken_over: bool = False, late_reason: str = ""
) -> Document:
    """The body of a submission, behind the document's lock."""
    actor, post = who.person, submitting_post(who)
    share_period(document)
    call_locks(document, "submit")
    first = not document.is_submitted
    if first:
        _fix(document)
        _mark_late(document, late_reason)
    document.amount = kinds.get(document.kind).amount(document)
    rules = policies.rules_of(document.policy)
    _lock_siblings(document, rules)
    together = siblings(document, rules)
    if blockers := _blockers(document, actor):
        raise Blocked(*blockers)
    facts = facts_of(document, together)
    try:
        chain = policies.chain_for(document.policy, facts, post)
    except RoutingError as error:
        raise Blocked(str(error)) from error
    if vacancies := stations.vacancies(document, chain, actor):
        raise Blocked(*vacancies)
    before = None if first else document.revisions.get(n=document.revision_n)
    old_steps = [] if first else current_steps(document)
    return_act = None if first else _return_of(document)
    try:
        with transaction.atomic():
            _enter(document, actor, first)
    except IntegrityError as error:
        raise _clash(document, error) from error
    revision = _revise(document, actor, facts_json(facts, together))
    carried = _carry(document, old_steps, return_act, before, revision, chain)
    _lay_stations(document, chain, carried)
    call_effects(document, "submit", actor)
    trail.record(
        document,
        "submitted" if first else "resubmitted",
        actor,
        content_sha256=revision.sha256,
        revision=revision.n,
        facts_sha256=sha256_data(revision.facts),
        post=post,
        taken_over=taken_over,
        carried=len(carried),
        **({"late": document.late_reason} if first and document.late else {}),
    )
    noticing.copy_to(
        document,
        [*kinds.get(document.kind).copies(document), *policies.copies_of(document.policy, document.kind, post)],
    )
    stations.advance(document, actor)
    return document


def _fix(document: Document) -> None:
    """What the first submission fixes for good: policy and side; the working copy follows the policy."""
    form = kinds.get(document.kind)
    try:
        document.policy = policies.in_force(clock.today())
    except RoutingError as error:
        raise Blocked(str(error)) from error
    document.side = form.side(document)
    form.prepare(document)


def _mark_late(document: Document, reason: str) -> None:
    """事前审批 instead of 事后追认 (D12): a first submission from the day its work begins needs a reason and stays marked."""
    begins = begun_on(document)
    if begins is None:
        return
    words = kinds.get(document.kind).late_words(begins)
    if policies.setting(document.policy, "late_submission") == "refuse":
        raise Blocked(words.refused)
    reason = clean_text(reason, max_length=500, label=_("补报原因"))
    if not reason:
        raise LateReasonNeeded(words.wanted)
    document.late, document.late_reason = True, reason


def _blockers(document: Document, actor: Person) -> list[str]:
    """Everything that stands in the way, from all parts of the kind; then the range of amounts (guide 5)."""
    found = [sentence for part in kinds.parts(document.kind) for sentence in part.blockers(document, "submit", actor)]
    found += papers.missing_sentences(document)
    form = kinds.get(document.kind)
    fault = (
        "" if found else amount_fault(document.kind, form.routed_amount(document), form.facts(document).get("nature"))
    )
    return [*found, fault] if fault else found


def _lock_siblings(document: Document, rules: tuple[routing.Rule, ...]) -> None:
    """Two forms that belong together and are submitted at once must see each other in their sum."""
    if any(rule.kind == document.kind and (rule.amount_from or rule.amount_over) for rule in rules):
        Project.objects.select_for_update(no_key=True).get(pk=document.project_id)


def _return_of(document: Document) -> Act | None:
    return Act.objects.filter(document=document, revision_n=document.revision_n, return_to=0).order_by("-pk").first()


def _enter(document: Document, actor: Person, first: bool) -> None:
    now = clock.now()
    if first:
        document.number = numbering.allocate(document)
        document.first_submitted_at = now
    document.enter_circulation()
    document.submitted_by = actor
    document.submitted_at = document.changed_at = now
    document.revision_n += 1
    document.round_n = 1
    document.search_text = search_text(document)
    document.save()


def _clash(document: Document, error: IntegrityError) -> Exception:
    if "monthly_form_once" not in constraint_of(error) and "documents_document.kind" not in str(error):
        return error
    other = (
        Document.objects.filter(
            kind=document.kind, instalment=document.instalment, period=document.period, number__isnull=False
        )
        .exclude(pk=document.pk)
        .exclude(state__in=("rejected", "voided"))
        .first()
    )
    return Blocked(
        _("%(month)s已提交过本表：%(number)s；一个分期一个月只能有一份，请在原单上处理。")
        % {
            "month": document.period.strftime(_("%Y年%m月")) if document.period else "",
            "number": other.number if other else "",
        }
    )


def _revise(document: Document, actor: Person, facts: dict[str, Any]) -> Revision:
    text = canonical_json(full_content(document))
    return Revision.objects.create(
        document=document,
        n=document.revision_n,
        content=text,
        sha256=sha256_text(text),
        amount=document.amount,
        facts=facts,
        submitted_by=actor,
        submitted_at=clock.now(),
    )


def _carry(
    document: Document,
    old_steps: list[Step],
    return_act: Act | None,
    before: Revision | None,
    revision: Revision,
    chain: tuple[Station, ...],
) -> list[Step]:
    """Signatures that stay valid: only when the returner asked to have it straight back, nothing material and no routing
    fact changed, and the chain is the same (design 7)."""
    if return_act is None or before is None or return_act.return_mode != ReturnMode.BACK_TO_ME:
        return []
    if _material(document, before) != _material(document, revision) or before.facts != revision.facts:
        return []
    if [(step.position, step.post, step.mode) for step in old_steps] != [
        (station.position, post, station.mode) for station in chain for post in station.posts
    ]:
        return []
    carried = [step for step in old_steps if step.status == StepStatus.SIGNED]
    # Nobody's signature counts on what they wrote in afterwards, or submit now (design 5).
    barred = {document.submitted_by_id, *Editor.objects.filter(document=document).values_list("person_id", flat=True)}
    return [] if any(step.act and step.act.person_id in barred for step in carried) else carried


def _material(document: Document, revision: Revision) -> Any:
    import json

    return kinds.get(document.kind).material(json.loads(revision.content))


def _lay_stations(document: Document, chain: tuple[Station, ...], carried: list[Step]) -> None:
    kept = {(step.position, step.post): step for step in carried}
    rows = []
    for station in chain:
        for post in station.posts:
            old = kept.get((station.position, post))
            rows.append(
                Step(
                    document=document,
                    project=document.project,
                    kind=document.kind,
                    revision_n=document.revision_n,
                    round_n=document.round_n,
                    position=station.position,
                    post=post,
                    department=stations.department_for(document, post),
                    mode=station.mode,
                    clause=station.clause,
                    reason=station.reason,
                    status=StepStatus.SIGNED if old else StepStatus.WAITING,
                    act=old.act if old else None,
                    carried_from=old,
                    opened_at=old.opened_at if old else None,
                )
            )
    Step.objects.bulk_create(rows)
