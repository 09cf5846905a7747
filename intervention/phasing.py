"""A phase's life: started, results in, closed, opened again. Results come and go by circulation; ``settle`` follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.texts import clean_text
from intervention import conditions, log, reminding
from intervention.models import PlanPhase
from intervention.permissions import can_close, can_reopen, can_start, who
from intervention.planning import rederive, start_of, wanted
from intervention.queries import is_frozen, results_are_in, with_results
from intervention.replaying import moves_told
from intervention.states import RUNNING, PhaseState
from organization import clock

if TYPE_CHECKING:
    from intervention.previewing import Move
    from organization.models import Person


def phase_behind_lock(phase_id: int) -> PlanPhase:
    """A phase read behind the lock of its plan."""
    plan = log.lock(PlanPhase.objects.values_list("plan", flat=True).get(pk=phase_id))
    phase = PlanPhase.objects.get(pk=phase_id)
    phase.plan = plan
    return phase


def is_early(phase: PlanPhase) -> bool:
    """Whether today is before the planned start, so that starting asks for a reason (guards may come earlier, 3.1.3)."""
    planned = start_of(phase.items.all())
    return planned is None or clock.today() < planned


@verb
def start(*, phase_id: int, actor: Person, reason: str = "") -> PlanPhase:
    """Begin a phase. Before its planned date a reason is asked for and kept; dates are defaults, not locks.

    Effects: event ``started``, and ``results_in`` where all results are there already; the doers are told.
    """
    phase = phase_behind_lock(phase_id)
    require(can_start(who(actor, phase.plan.project), phase))
    reason = clean_text(reason, max_length=500, label=_("原因"))
    early = is_early(phase)
    if early and not reason:
        planned = start_of(phase.items.all())
        raise Invalid(
            _("计划启动日期是 %(date)s，提前启动请填写原因。") % {"date": planned.isoformat()}
            if planned
            else _("计划启动日期尚未确定，现在启动请填写原因。")
        )
    phase.begin()
    phase.started_at = clock.now()
    phase.save(update_fields=["state", "started_at"])
    log.record(phase.plan, "started", actor, phase=phase, reason=reason, early=early)
    reminding.tell_started(phase, actor)
    settle(phase, actor)
    return phase


@verb
def close(*, phase_id: int, actor: Person) -> PlanPhase:
    """Close a phase whose conditions all hold. Raises Blocked with every condition that doesn't.

    Effects: event ``closed`` with the figures of the conditions that have some.
    """
    phase = phase_behind_lock(phase_id)
    require(can_close(who(actor, phase.plan.project), phase))
    asked = conditions.of(phase)
    if lacking := conditions.missing(asked):
        raise Blocked(*lacking)
    phase.end()
    phase.closed_at = clock.now()
    phase.save(update_fields=["state", "closed_at"])
    log.record(phase.plan, "closed", actor, phase=phase, **conditions.figures(asked))
    return phase


@verb
def reopen(*, phase_id: int, actor: Person, reason: str) -> PlanPhase:
    """Open a closed phase again; its dates are reckoned from the anchors of now.

    Effects: events ``reopened`` with every date that moves, before and after, and ``results_in``.
    """
    phase = phase_behind_lock(phase_id)
    require(can_reopen(who(actor, phase.plan.project), phase))
    reason = wanted(reason)
    phase.open_again()
    phase.closed_at = None
    phase.save(update_fields=["state", "closed_at"])
    moves = catch_up(phase)
    titles = [move.item.title for move in moves if not move.kept]
    log.record(phase.plan, "reopened", actor, phase=phase, reason=reason, titles=titles, **moves_told(moves))
    # What was received before is there already, and nobody has submitted anything.
    settle(phase, actor, is_news=False)
    return phase


def catch_up(phase: PlanPhase) -> list[Move]:
    """Rows that are open again follow the anchors that moved while the phase was closed; those that do."""
    rows = list(with_results(phase.items.all()))
    for row in rows:
        row.phase = phase
    return rederive(phase.plan, [row for row in rows if not is_frozen(row)])


def settle(phase: PlanPhase, actor: Person, *, is_news: bool = True) -> None:
    """Let a running phase follow its results: all in, or no longer all in. The caller has locked the plan.

    Effects: event ``results_in`` or ``results_out``; the heads are told that all are in, where it is news."""
    if phase.state not in RUNNING:
        return
    arrived = results_are_in(phase)
    if arrived == (phase.state == PhaseState.SUBMITTED):
        return
    if arrived:
        phase.take_results()
    else:
        phase.lose_results()
    phase.save(update_fields=["state"])
    log.record(phase.plan, "results_in" if arrived else "results_out", actor, phase=phase)
    if arrived and is_news:
        reminding.tell_results_in(phase)
