"""The plan of a project or instalment: its phases, their dated rows, and the log of every act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.vocabulary import Phase
from intervention.models.template import DatedRow
from intervention.states import PhaseState
from intervention.vocabulary import Anchor, ItemKind, ItemState
from organization.models import Instalment, Person, Project
from organization.queries import projects_for

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PlanQuerySet(models.QuerySet["Plan"]):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> PlanQuerySet:
        """Plans of the projects that this person may see; an administrator keeps them all, as projects."""
        projects: QuerySet[Project] = projects_for(person)
        return self.filter(project__in=projects)


class Plan(models.Model):
    """Early intervention of a whole project, or of one instalment where ``instalment`` is set."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="plans")
    instalment = models.ForeignKey(
        Instalment, verbose_name=_("分期"), on_delete=models.PROTECT, null=True, blank=True, related_name="plans"
    )
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("前期介入计划")
        ordering = ["project__code", "instalment__code", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["instalment"], name="plan_once_per_instalment"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(instalment=None), name="plan_once_per_project"
            ),
        ]

    def __str__(self) -> str:
        return str(self.instalment or self.project)

    @property
    def code(self) -> str:
        """The code of the instalment or project that it is for."""
        return self.instalment.code if self.instalment else self.project.code


class PlanAnchor(models.Model):
    """The date of an anchor as the plan reckons with it; the one in the organization may have moved on since."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="anchors")
    anchor = models.CharField(_("节点"), max_length=12, choices=Anchor.choices)
    day = models.DateField(_("日期"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["plan", "anchor"], name="plan_anchor_once")]


class PlanPhase(models.Model):
    """One of the five phases of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="phases")
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase.choices)
    position = models.PositiveSmallIntegerField()
    state = FSMField(_("状态"), max_length=12, choices=PhaseState.choices, default=PhaseState.PLANNED)
    started_at = models.DateTimeField(_("启动时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("阶段")
        ordering = ["plan", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["plan", "phase"], name="phase_once_per_plan"),
            models.CheckConstraint(condition=models.Q(state__in=PhaseState.values), name="phase_known_state"),
            models.CheckConstraint(
                condition=models.Q(state=PhaseState.PLANNED, started_at=None)
                | (~models.Q(state=PhaseState.PLANNED) & models.Q(started_at__isnull=False)),
                name="phase_started_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state=PhaseState.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=PhaseState.CLOSED) & models.Q(closed_at=None)),
                name="phase_closed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.get_phase_display()}"

    # Transitions state legality only; who may is asked in permissions.py, whether it is ready in conditions.py.
    @transition(field=state, source=PhaseState.PLANNED, target=PhaseState.ACTIVE)
    def begin(self) -> None:
        """Start."""

    @transition(field=state, source=PhaseState.ACTIVE, target=PhaseState.SUBMITTED)
    def take_results(self) -> None:
        """The last result has been submitted."""

    @transition(field=state, source=PhaseState.SUBMITTED, target=PhaseState.ACTIVE)
    def lose_results(self) -> None:
        """A result came back."""

    @transition(field=state, source=PhaseState.SUBMITTED, target=PhaseState.CLOSED)
    def end(self) -> None:
        """Close."""

    @transition(field=state, source=PhaseState.CLOSED, target=PhaseState.ACTIVE)
    def open_again(self) -> None:
        """Re-open."""


class PlanItem(DatedRow):
    """A dated row of a phase: its start, an activity, a result or a legal date, as the template said when it was laid out."""

    phase = models.ForeignKey(PlanPhase, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=40)
    due_on = models.DateField(_("日期"), null=True, blank=True)
    # The anchor's date that ``due_on`` was reckoned from; of rows that are over it stays what it was then.
    anchored_on = models.DateField(null=True, blank=True)
    # Changed by a person with a reason: a moved anchor leaves it alone.
    by_hand = models.BooleanField(_("人工调整"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=ItemState.choices, default=ItemState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("计划事项")
        ordering = ["phase", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["phase", "key"], name="plan_item_once_per_phase"),
            models.UniqueConstraint(
                fields=["phase", "result"], condition=models.Q(kind=ItemKind.RESULT), name="plan_result_once_per_phase"
            ),
            models.CheckConstraint(
                condition=models.Q(by_hand=False) | models.Q(due_on__isnull=False), name="plan_item_by_hand_has_date"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ItemState.OPEN, settled_at=None, settled_by=None)
                | models.Q(
                    state__in=(ItemState.DONE, ItemState.WAIVED),
                    kind=ItemKind.ACTIVITY,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="plan_item_settled_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="plan_item_by_date")]

    def __str__(self) -> str:
        return self.title


class PlanEvent(models.Model):
    """What was done to a plan, by whom (nobody: an upgrade), when and why. Append-only, each hashed with the one before."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=20)
    phase = models.ForeignKey(PlanPhase, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    parameters = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["plan", "seq"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["plan", "seq"], name="plan_event_seq_once")]
