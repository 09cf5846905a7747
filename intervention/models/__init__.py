"""Models of early intervention."""

from intervention.models.assessment import (
    Assessment,
    AssessmentCriterion,
    AssessmentScore,
    GradeBand,
)
from intervention.models.plan import Plan, PlanAnchor, PlanEvent, PlanItem, PlanPhase
from intervention.models.publicity import FoundPromise, Promise, PromiseLine, Publicity, PublicityCover
from intervention.models.record import Record, RecordEvent
from intervention.models.result import PhaseResult, ResultEntry
from intervention.models.service import FeeLine, PlanReview, ServiceAgreement
from intervention.models.template import ChecklistItem, TemplateItem

__all__ = [
    "Assessment",
    "AssessmentCriterion",
    "AssessmentScore",
    "ChecklistItem",
    "FeeLine",
    "FoundPromise",
    "GradeBand",
    "PhaseResult",
    "Plan",
    "PlanAnchor",
    "PlanEvent",
    "PlanItem",
    "PlanPhase",
    "Record",
    "RecordEvent",
    "PlanReview",
    "Promise",
    "PromiseLine",
    "Publicity",
    "PublicityCover",
    "ResultEntry",
    "ServiceAgreement",
    "TemplateItem",
]
