"""Models of early intervention."""

from intervention.models.advice import Advice
from intervention.models.assessment import (
    Assessment,
    AssessmentCriterion,
    AssessmentScore,
    GradeBand,
)
from intervention.models.comparable import Comparable
from intervention.models.day_log import DayLog
from intervention.models.guard_post import GuardPost
from intervention.models.meeting import Meeting, MeetingAction
from intervention.models.photo import BEARERS, Photo, PhotoPolicy
from intervention.models.plan import Plan, PlanAnchor, PlanEvent, PlanItem, PlanPhase
from intervention.models.publicity import FoundPromise, Promise, PromiseLine, Publicity, PublicityCover
from intervention.models.record import Record, RecordEvent
from intervention.models.report_run import ReportRun
from intervention.models.result import PhaseResult, ResultEntry
from intervention.models.service import FeeLine, PlanReview, ServiceAgreement
from intervention.models.template import ChecklistItem, TemplateItem
from intervention.models.visit import Finding, RecordCounter, Visit

__all__ = [
    "Advice",
    "Assessment",
    "AssessmentCriterion",
    "AssessmentScore",
    "BEARERS",
    "ChecklistItem",
    "Comparable",
    "DayLog",
    "FeeLine",
    "Finding",
    "FoundPromise",
    "GradeBand",
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
    "PlanReview",
    "Promise",
    "PromiseLine",
    "Publicity",
    "PublicityCover",
    "Record",
    "RecordCounter",
    "RecordEvent",
    "ReportRun",
    "ResultEntry",
    "ServiceAgreement",
    "TemplateItem",
    "Visit",
]
