"""Notices of ``tick``: an assessment whose days for an answer end soon, or have ended."""

from __future__ import annotations

from datetime import timedelta

from intervention.assessing import telling
from intervention.assessing.permissions import ANSWER_DAYS, answer_by
from intervention.assessing.states import AssessmentState
from intervention.models import Assessment
from organization import clock
from organization.working_days import Calendar

# Working days before the last one on which the property company is reminded.
AHEAD = 2


def remind() -> int:
    """Tell 项目物业经理 by when to answer, and the group's 负责人 that nobody did; how many. Each is told once (its key)."""
    waiting = Assessment.objects.filter(state=AssessmentState.SCORED, project__is_active=True)
    rows = list(waiting.select_related("project").prefetch_related("scores").order_by("pk"))
    today, told = clock.today(), 0
    calendar = Calendar(today - timedelta(days=3 * ANSWER_DAYS), today + timedelta(days=3 * ANSWER_DAYS))
    for row in rows:
        last = answer_by(row)
        if today > last:
            telling.tell_unanswered(row)
        elif today >= calendar.before(last, AHEAD):
            telling.tell_waiting(row, last)
        else:
            continue
        told += 1
    return told
