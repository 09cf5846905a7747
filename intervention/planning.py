"""Laying a plan out from the template, and moving its dates: one by hand with a reason, or all that follow a moved anchor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Blocked, Conflict, Invalid
from documents.texts import clean_text
from documents.vocabulary import Phase
from intervention import anchors, log
from intervention.dates import FIRST, LAST, day_text, derive
from intervention.models import Plan, PlanAnchor, PlanItem, PlanPhase, TemplateItem
from intervention.permissions import can_follow, can_move, can_plan, can_shift, in_use, who
from intervention.previewing import Move, Shift, Stored, day_texts, row_of, seal_of, shifts_of
from intervention.queries import with_results
from intervention.replaying import moves_told, row_told
from intervention.vocabulary import Anchor, ItemKind
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project


def is_date(day: date | None) -> bool:
    """Whether a date is one that a plan may hold."""
    return day is None or FIRST <= day <= LAST


@verb
def lay_out(*, actor: Person, project: Project, instalment: Instalment | None = None) -> Plan:
    """Give a project or an instalment its five phases from the template in force, with dates reckoned from the anchors.

    Effects: event ``laid_out`` with anchors and rows. Raises Denied, or Blocked where there is a plan already.
    """
    require(can_plan(who(actor, project)))
    require(in_use(project))
    if instalment is not None and instalment.project_id != project.pk:
        raise Invalid(
            _("分期「%(code)s」不属于项目「%(project)s」。") % {"code": instalment.code, "project": project.name}
        )
    plan = Plan(project=project, instalment=instalment, created_by=actor, created_at=clock.now())
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise Blocked(_("「%(place)s」已有前期介入计划，请在原计划上调整。") % {"place": plan}) from error
    days = anchors.current(plan)
    PlanAnchor.objects.bulk_create(PlanAnchor(plan=plan, anchor=anchor, day=days[anchor]) for anchor in Anchor)
    phases = {
        phase: PlanPhase.objects.create(plan=plan, phase=phase, position=n) for n, phase in enumerate(Phase, start=1)
    }
    PlanItem.objects.bulk_create(
        row_of(row, phases[Phase(row.phase)], days[row.anchor]) for row in TemplateItem.objects.filter(is_active=True)
    )
    rows = PlanItem.objects.filter(phase__plan=plan).select_related("phase").order_by("pk")
    log.record(plan, "laid_out", actor, anchors=day_texts(days), rows=[row_told(row) for row in rows])
    return plan


def item_behind_lock(item_id: int) -> PlanItem:
    """A row read behind the lock of its plan, with what its result has reached."""
    plan_id = PlanItem.objects.values_list("phase__plan", flat=True).get(pk=item_id)
    plan = log.lock(plan_id)
    item = with_results(PlanItem.objects.select_related("phase", "settled_by")).get(pk=item_id)
    item.phase.plan = plan
    return item


@verb
def move(*, item_id: int, actor: Person, day: date, reason: str) -> PlanItem:
    """Change one date by hand; it then stays until someone lets it follow its anchor again. Effects: event ``moved``."""
    item = item_behind_lock(item_id)
    plan = item.phase.plan
    require(can_move(who(actor, plan.project), item))
    reason = wanted(reason)
    if not is_date(day):
        raise Invalid(_("日期须在 2000 年至 2099 年之间。"))
    if day == item.due_on:
        raise Invalid(_("日期没有变化。"))
    if day < clock.today():
        raise Invalid(_("新日期 %(day)s 已过，请填今天或以后的日期。") % {"day": day.isoformat()})
    before = item.due_on
    item.due_on, item.by_hand = day, True
    item.save(update_fields=["due_on", "by_hand"])
    log.record(
        plan, "moved", actor, phase=item.phase, item=item, reason=reason, before=day_text(before), after=day_text(day)
    )
    return item


@verb
def follow(*, item_id: int, actor: Person, reason: str) -> PlanItem:
    """Let a date that was changed by hand follow its anchor again. Effects: event ``followed``."""
    item = item_behind_lock(item_id)
    plan = item.phase.plan
    require(can_follow(who(actor, plan.project), item))
    reason = wanted(reason)
    before, item.by_hand = item.due_on, False
    item.save(update_fields=["by_hand"])
    rederive(plan, [item])
    log.record(
        plan,
        "followed",
        actor,
        phase=item.phase,
        item=item,
        reason=reason,
        before=day_text(before),
        after=day_text(item.due_on),
    )
    return item


def wanted(reason: str) -> str:
    """A reason, which must be given."""
    reason = clean_text(reason, max_length=500, label=_("原因"))
    if not reason:
        raise Invalid(_("请填写原因。"))
    return reason


def rederive(plan: Plan, items: Iterable[PlanItem]) -> list[Move]:
    """Reckon rows from the plan's anchors anew; those changed by hand only remember the anchor. The caller has locked the plan."""
    days = dict(plan.anchors.values_list("anchor", "day"))
    moves = []
    for item in items:
        day = days[item.anchor]
        after = item.due_on if item.by_hand else derive(day, item.months, item.days)
        if (item.anchored_on, item.due_on) == (day, after):
            continue
        moves.append(Move(item, item.due_on, after, kept=item.by_hand))
        item.anchored_on, item.due_on = day, after
        item.save(update_fields=["anchored_on", "due_on"])
    return moves


@verb
def adopt(*, project: Project, actor: Person, seen: str) -> list[Shift]:
    """Let every plan of a project follow the anchors in one act; ``seen`` is the seal of what was shown.

    Effects: event ``adopted`` per plan with anchors and rows, before and after. Raises Conflict when something has changed
    since it was shown, Invalid when there is nothing to do.
    """
    require(can_shift(who(actor, project)))
    return follow_anchors(project, actor, seen)


def follow_anchors(
    project: Project, actor: Person, seen: str, reason: str = "", stored: Stored | None = None
) -> list[Shift]:
    """The body of ``adopt``, behind the locks of the project's plans in the order of their keys.

    ``stored``: the dates that were just written over, as they stood; then it is no fault where no plan moves, and the plans
    follow only where this person may move them (else their heads are told that they lag).
    """
    for pk in project.plans.order_by("pk").values_list("pk", flat=True):
        log.lock(pk)
    shifts = shifts_of(project)
    if not shifts and stored is None:
        raise Invalid(_("各计划已按现有节点日期推算，没有需要调整的日期。"))
    if seal_of(shifts, stored or ()) != seen:
        raise Conflict(_("节点或计划日期在您查看之后又有变化，请核对最新的前后对照再确认。"))
    if stored is not None and can_shift(who(actor, project)) is not None:
        return []
    for shift in shifts:
        _follow(shift, actor, reason)
    return shifts


def _follow(shift: Shift, actor: Person, reason: str) -> None:
    for anchor, _before, after in shift.changed:
        PlanAnchor.objects.filter(plan=shift.plan, anchor=anchor).update(day=after)
    rederive(shift.plan, [move.item for move in shift.moves])
    log.record(
        shift.plan,
        "adopted",
        actor,
        reason=reason,
        anchors={anchor: [day_text(before), day_text(after)] for anchor, before, after in shift.changed},
        **moves_told(shift.moves),
    )


def start_of(items: Iterable[PlanItem]) -> date | None:
    """The planned start among the rows of a phase."""
    return next((item.due_on for item in items if item.kind == ItemKind.START), None)
