"""Models of early intervention."""

from intervention.models.guard_post import GuardPost
from intervention.models.meeting import Meeting, MeetingAction
from intervention.models.photo import BEARERS, Photo, PhotoPolicy
from intervention.models.plan import Plan, PlanAnchor, PlanEvent, PlanItem, PlanPhase
from intervention.models.record import Record, RecordEvent
from intervention.models.result import PhaseResult, ResultEntry
from intervention.models.template import ChecklistItem, TemplateItem
from intervention.models.visit import Finding, RecordCounter, Visit

__all__ = [
    "BEARERS",
    "ChecklistItem",
    "Finding",
    "GuardPost",
    "Meeting",
    "MeetingAction",
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
