"""Design advice from use and management, and the proposal of the management model (guide 3.1.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.fields import MoneyField
from intervention.models.record import Record
from intervention.planning_work.states import TAKEN, AdviceState, Topic
from organization.models import Person

FIRST_WORDS = 30
ANSWERED = (AdviceState.ADOPTED, AdviceState.DECLINED, AdviceState.DONE)


class Advice(Record):
    """One suggestion to 设计管理部. ``estimate`` (元) is what the property company expects to be saved, ``saved`` what the
    reviewer of the design recognises."""

    subject: ClassVar[str] = "advice"

    number = models.CharField(_("编号"), max_length=40, unique=True)
    topic = models.CharField(_("类别"), max_length=10, choices=Topic.choices)
    drawing = models.CharField(_("图纸编号 / 部位"), max_length=120)
    suggestion = models.CharField(_("建议内容"), max_length=1000)
    reason = models.CharField(_("理由（使用与管理）"), max_length=1000)
    proposed_by = models.CharField(_("提出人"), max_length=50)
    proposed_on = models.DateField(_("提出日期"))
    estimate = MoneyField(_("预计节省（元）"), null=True, blank=True)
    risk = models.CharField(_("可避免的风险"), max_length=500, blank=True, default="")
    state = FSMField(_("状态"), max_length=10, choices=AdviceState.choices, default=AdviceState.OPEN)
    answer = models.CharField(_("答复"), max_length=1000, blank=True, default="")
    saved = MoneyField(_("核定节省（元）"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("落实时间"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("项目细节建议")
        ordering = ["pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(state__in=AdviceState.values), name="advice_known_state"),
            models.CheckConstraint(condition=models.Q(topic__in=Topic.values), name="advice_known_topic"),
            models.CheckConstraint(
                condition=models.Q(estimate=None) | models.Q(estimate__gte=0), name="advice_estimate_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(saved=None) | models.Q(saved__gte=0, state__in=TAKEN), name="advice_saved_when_taken"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ANSWERED, answered_at__isnull=False, answered_by__isnull=False)
                | (~models.Q(state__in=ANSWERED) & models.Q(answered_at=None, answered_by=None)),
                name="advice_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AdviceState.DECLINED) | ~models.Q(answer=""), name="advice_declined_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(state=AdviceState.DONE, done_at__isnull=False)
                | (~models.Q(state=AdviceState.DONE) & models.Q(done_at=None)),
                name="advice_done_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.headline}"

    @property
    def headline(self) -> str:
        """What it is called: its drawing or part; what is on none by its first words."""
        return self.drawing or Truncator(self.suggestion).chars(FIRST_WORDS, truncate="…")

    # Transitions state legality only; who may is asked in planning_work/permissions.py.
    @transition(field=state, source=AdviceState.OPEN, target=AdviceState.ADOPTED)
    def take(self) -> None:
        """Adopt."""

    @transition(field=state, source=AdviceState.OPEN, target=AdviceState.DECLINED)
    def refuse(self) -> None:
        """Decline."""

    @transition(field=state, source=AdviceState.OPEN, target=AdviceState.WITHDRAWN)
    def take_back(self) -> None:
        """Withdraw."""

    @transition(field=state, source=AdviceState.ADOPTED, target=AdviceState.DONE)
    def carry_out(self) -> None:
        """Seen carried out."""
