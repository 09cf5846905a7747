"""Models of early intervention."""

from intervention.models.plan import Plan, PlanAnchor, PlanEvent, PlanItem, PlanPhase
from intervention.models.result import PhaseResult, ResultEntry
from intervention.models.template import ChecklistItem, TemplateItem

__all__ = [
    "ChecklistItem",
    "PhaseResult",
    "Plan",
    "PlanAnchor",
    "PlanEvent",
    "PlanItem",
    "PlanPhase",
    "ResultEntry",
    "TemplateItem",
]
