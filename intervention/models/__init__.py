"""Models of early intervention."""

from intervention.models.advice import Advice
from intervention.models.comparable import Comparable
from intervention.models.day_log import DayLog
from intervention.models.photo import BEARERS, Photo, PhotoPolicy
from intervention.models.plan import Plan, PlanAnchor, PlanEvent, PlanItem, PlanPhase
from intervention.models.record import Record, RecordEvent
from intervention.models.result import PhaseResult, ResultEntry
from intervention.models.template import ChecklistItem, TemplateItem
from intervention.models.visit import Finding, RecordCounter, Visit

__all__ = [
    "BEARERS",
    "Advice",
    "ChecklistItem",
    "Comparable",
    "DayLog",
    "Finding",
    "PhaseResult",
    "Photo",
    "PhotoPolicy",
    "Plan",
    "PlanAnchor",
    "PlanEvent",
    "PlanItem",
    "PlanPhase",
    "Record",
    "RecordCounter",
    "RecordEvent",
    "ResultEntry",
    "TemplateItem",
    "Visit",
]
