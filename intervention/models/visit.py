"""Visits of the building site and what is found on them (guide 3.1.3, 3.1.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from intervention.models.record import Record
from intervention.site.states import AWAITING_REPAIR, FindingState, KeptState
from intervention.site.vocabulary import Area, Severity, Trade, VisitKind
from organization import clock
from organization.models import Project


class RecordCounter(models.Model):
    """The last number given to a kind of record in a project and year; its row is locked while a number is given."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["project", "subject", "year"], name="record_counter_once")]


class Visit(Record):
    """巡查: a walk over the site on a day, by trades, with those who took part."""

    subject = "visit"

    day = models.DateField(_("日期"))
    kind = models.CharField(_("类别"), max_length=10, choices=VisitKind.choices)
    # Codes of ``Trade`` in their order.
    trades = models.JSONField(_("专业"), default=list)
    participants = models.CharField(_("参加人员"), max_length=300)
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")
    state = FSMField(_("状态"), max_length=8, choices=KeptState.choices, default=KeptState.KEPT)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("现场巡查")
        ordering = ["-day", "-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(kind__in=VisitKind.values), name="visit_known_kind"),
            models.CheckConstraint(condition=models.Q(state__in=KeptState.values), name="visit_known_state"),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="visit_by_project"),
            models.Index(fields=["project", "instalment", "kind", "day"], name="visit_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.day:%Y-%m-%d} {self.get_kind_display()}"

    @property
    def trade_names(self) -> list[str]:
        """The trades in words."""
        return [str(Trade(code).label) for code in self.trades]

    @transition(field=state, source=KeptState.KEPT, target=KeptState.STRUCK)
    def strike(self) -> None:
        """Entered by mistake."""


class Finding(Record):
    """A fault found on a visit: where, of which trade, how bad; handed to 项目部, repaired, checked again."""

    subject = "finding"

    visit = models.ForeignKey(Visit, verbose_name=_("巡查"), on_delete=models.PROTECT, related_name="findings")
    number = models.CharField(_("编号"), max_length=40, unique=True)
    area = models.CharField(_("范围"), max_length=8, choices=Area.choices)
    building = models.CharField(_("楼栋"), max_length=20)
    floor = models.CharField(_("楼层"), max_length=20, blank=True, default="")
    unit = models.CharField(_("户"), max_length=20, blank=True, default="")
    part = models.CharField(_("部位"), max_length=60)
    trade = models.CharField(_("专业"), max_length=16, choices=Trade.choices)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity.choices, default=Severity.MINOR)
    description = models.CharField(_("问题描述"), max_length=500)
    responsible = models.CharField(_("责任单位"), max_length=60, blank=True, default="")
    due_on = models.DateField(_("整改期限"), null=True, blank=True)
    state = FSMField(_("状态"), max_length=8, choices=FindingState.choices, default=FindingState.OPEN)
    # What 项目部 said of the newest repair, and what was said when it was closed or dropped.
    repair = models.CharField(_("整改说明"), max_length=500, blank=True, default="")
    outcome = models.CharField(_("复查说明"), max_length=500, blank=True, default="")
    handed_at = models.DateTimeField(_("移交时间"), null=True, blank=True)
    fixed_at = models.DateTimeField(_("整改完成时间"), null=True, blank=True)
    settled_at = models.DateTimeField(_("销项时间"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("现场问题")
        ordering = ["-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(area__in=Area.values), name="finding_known_area"),
            models.CheckConstraint(condition=models.Q(trade__in=Trade.values), name="finding_known_trade"),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="finding_known_severity"),
            models.CheckConstraint(condition=models.Q(state__in=FindingState.values), name="finding_known_state"),
            models.CheckConstraint(
                condition=models.Q(area=Area.PUBLIC, unit="") | (models.Q(area=Area.UNIT) & ~models.Q(unit="")),
                name="finding_unit_where_in_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(FindingState.CLOSED, FindingState.DROPPED), settled_at__isnull=False)
                | (~models.Q(state__in=(FindingState.CLOSED, FindingState.DROPPED)) & models.Q(settled_at=None)),
                name="finding_settled_has_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(FindingState.HANDED, FindingState.FIXED, FindingState.CLOSED))
                | models.Q(handed_at__isnull=False),
                name="finding_handed_has_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(FindingState.FIXED, FindingState.CLOSED))
                | models.Q(fixed_at__isnull=False),
                name="finding_fixed_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="finding_by_project"),
            models.Index(fields=["project", "state", "-id"], name="finding_by_state"),
            models.Index(fields=["project", "building", "-id"], name="finding_by_building"),
            models.Index(fields=["project", "trade", "-id"], name="finding_by_trade"),
            models.Index(
                fields=["project", "due_on"],
                condition=models.Q(state__in=AWAITING_REPAIR, due_on__isnull=False),
                name="finding_awaiting_by_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def where(self) -> str:
        """Building, floor, unit and part in one line."""
        return " · ".join(filter(None, (self.building, self.floor, self.unit, self.part)))

    @property
    def is_overdue(self) -> bool:
        """Whether its repair should have been reported before today."""
        return self.state in AWAITING_REPAIR and self.due_on is not None and self.due_on < clock.today()

    # Transitions state legality only; who may is asked in site/permissions.py.
    @transition(field=state, source=FindingState.OPEN, target=FindingState.HANDED)
    def hand(self) -> None:
        """Give it to 项目部."""

    @transition(field=state, source=FindingState.HANDED, target=FindingState.FIXED)
    def report_fixed(self) -> None:
        """项目部 says that it is repaired."""

    @transition(field=state, source=FindingState.FIXED, target=FindingState.CLOSED)
    def close(self) -> None:
        """Checked again and in order."""

    @transition(field=state, source=FindingState.FIXED, target=FindingState.HANDED)
    def send_back(self) -> None:
        """Checked again and not in order."""

    @transition(field=state, source=(FindingState.OPEN, FindingState.HANDED), target=FindingState.DROPPED)
    def drop(self) -> None:
        """No fault of quality."""
