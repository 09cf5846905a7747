"""The handover phase's own condition: at least two inspections (guide 3.1.4 至少两次)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.vocabulary import Phase
from intervention.conditions import Condition
from intervention.site.queries import inspection_days

if TYPE_CHECKING:
    from intervention.models import PlanPhase

AT_LEAST = 2


def inspected_twice(phase: PlanPhase) -> Iterable[Condition]:
    """Inspections on two days at least, in the plan's own place."""
    if phase.phase != Phase.HANDOVER:
        return
    n = inspection_days(phase.plan)
    told = {"n": n, "least": AT_LEAST}
    if n >= AT_LEAST:
        yield Condition(True, _("已登记承接查验 %(n)d 次（至少 %(least)d 次）") % told)
    else:
        yield Condition(
            False, _("承接查验至少 %(least)d 次，已登记 %(n)d 次，请在「现场巡查」中登记不同日期的承接查验") % told
        )
