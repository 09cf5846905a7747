"""The handover phase's own condition: at least two inspections (guide 3.1.4 至少两次)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.refusals import Blocked
from documents.vocabulary import Phase
from intervention import log
from intervention.conditions import Condition
from intervention.site.queries import inspection_days, plans_counting
from intervention.site.vocabulary import VisitKind
from intervention.states import PhaseState

if TYPE_CHECKING:
    from intervention.models import Plan, PlanPhase, Visit

AT_LEAST = 2


@contextmanager
def still_inspected(visit: Visit) -> Iterator[None]:
    """Round a change of a visit, behind its own lock: an inspection that a closed phase counts on goes on counting.

    Takes the locks of the plans that count it, so that closing takes turns with it. Raises Blocked.
    """
    closed = _closed_over(visit) if visit.kind == VisitKind.INSPECTION else []
    before = [inspection_days(plan) for plan in closed]
    yield
    for plan, n in zip(closed, before, strict=True):
        left = inspection_days(plan)
        if left < min(n, AT_LEAST):
            raise Blocked(
                _(
                    "「%(place)s」的承接查验阶段已关闭，此改动后只剩 %(n)d 次承接查验（至少 %(least)d 次）；"
                    "请先重新打开该阶段，或先登记另一次不同日期的承接查验。"
                )
                % {"place": plan, "n": left, "least": AT_LEAST}
            )


def _closed_over(visit: Visit) -> list[Plan]:
    """The plans that count a visit and whose handover phase is closed, each behind its lock."""
    plans = [log.lock(plan.pk) for plan in plans_counting(visit)]
    return [plan for plan in plans if plan.phases.filter(phase=Phase.HANDOVER, state=PhaseState.CLOSED).exists()]


def inspected_twice(phase: PlanPhase) -> Iterable[Condition]:
    """Inspections on two days at least, in the plan's own place."""
    if phase.phase != Phase.HANDOVER:
        return
    n = inspection_days(phase.plan)
    told = {"n": n, "least": AT_LEAST}
    if n >= AT_LEAST:
        yield Condition(True, _("已登记承接查验 %(n)d 次（至少 %(least)d 次）") % told, {"inspections": n})
    else:
        yield Condition(
            False, _("承接查验至少 %(least)d 次，已登记 %(n)d 次，请在「现场巡查」中登记不同日期的承接查验") % told
        )
