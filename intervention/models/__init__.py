"""Models of early intervention."""

from intervention.models.advice import Advice
from intervention.models.comparable import Comparable
from intervention.models.day_log import DayLog
from intervention.models.plan import Plan, PlanAnchor, PlanEvent, PlanItem, PlanPhase
from intervention.models.record import Record, RecordEvent
from intervention.models.result import PhaseResult, ResultEntry
from intervention.models.template import ChecklistItem, TemplateItem

__all__ = [
    "Advice",
    "ChecklistItem",
    "Comparable",
    "DayLog",
    "PhaseResult",
    "Plan",
    "PlanAnchor",
    "PlanEvent",
    "PlanItem",
    "PlanPhase",
    "Record",
    "RecordEvent",
    "ResultEntry",
    "TemplateItem",
]
