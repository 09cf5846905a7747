"""Meetings of the site, and what they decided to do (guide 3.1.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from intervention.models.record import Record
from intervention.site.states import ActionState, KeptState
from intervention.site.vocabulary import MeetingKind
from organization import clock


class Meeting(Record):
    """工程例会 or 现场工作协调会: when, where, who was there, what was decided."""

    subject = "meeting"

    kind = models.CharField(_("类别"), max_length=14, choices=MeetingKind.choices)
    day = models.DateField(_("日期"))
    where = models.CharField(_("地点"), max_length=60)
    attendance = models.CharField(_("参加人员"), max_length=1000)
    decisions = models.CharField(_("会议决定"), max_length=2000, blank=True, default="")
    state = FSMField(_("状态"), max_length=8, choices=KeptState.choices, default=KeptState.KEPT)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("现场会议")
        ordering = ["-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(kind__in=MeetingKind.values), name="meeting_known_kind"),
            models.CheckConstraint(condition=models.Q(state__in=KeptState.values), name="meeting_known_state"),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="meeting_by_project")]

    def __str__(self) -> str:
        return f"{self.place} {self.day:%Y-%m-%d} {self.get_kind_display()}"

    @transition(field=state, source=KeptState.KEPT, target=KeptState.STRUCK)
    def strike(self) -> None:
        """Entered by mistake."""


class MeetingAction(Record):
    """Something that a meeting decided to do: who does it, until when, and how it ended."""

    subject = "meeting_action"

    meeting = models.ForeignKey(Meeting, verbose_name=_("会议"), on_delete=models.PROTECT, related_name="actions")
    text = models.CharField(_("事项"), max_length=300)
    doer = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    state = FSMField(_("状态"), max_length=8, choices=ActionState.choices, default=ActionState.OPEN)
    outcome = models.CharField(_("办理结果"), max_length=500, blank=True, default="")
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("会议事项")
        ordering = ["pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(state__in=ActionState.values), name="meeting_action_known_state"),
            models.CheckConstraint(
                condition=models.Q(state=ActionState.OPEN, settled_at=None)
                | (~models.Q(state=ActionState.OPEN) & models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="meeting_action_settled_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 30 else f"{self.text[:29]}…"

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been done before today."""
        return self.state == ActionState.OPEN and self.due_on is not None and self.due_on < clock.today()

    @transition(field=state, source=ActionState.OPEN, target=ActionState.DONE)
    def finish(self) -> None:
        """Done."""

    @transition(field=state, source=ActionState.OPEN, target=ActionState.DROPPED)
    def drop(self) -> None:
        """Not needed any more."""
