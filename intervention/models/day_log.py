"""A day's log of the sales office, the show flat or an event: filed by the property company, confirmed by 营销小组 (3.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.fields import QuantityField
from intervention.daily.states import NUMBERS, TOLD, DayLogState, Spot, foreign
from intervention.models.record import Record, RecordQuerySet
from organization.models import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

# More than this on one day is a slip of the finger.
MOST = 100_000


def _only_own(spot: str) -> models.Q:
    """A log of a spot says nothing of the other spots."""
    empty = {name: None if name in NUMBERS else "" for name in foreign(spot)}
    return ~models.Q(spot=spot) | models.Q(**empty)


class DayLogQuerySet(RecordQuerySet):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> QuerySet[Any]:
        """What has been filed, in the projects that a person may see; a draft, one that was returned or one that was dropped is
        the working copy of the company that writes it (design 16)."""
        own = models.Q(created_by__company=person.company_id, created_by__company__isnull=False)
        return super().visible_to(person).filter(own | models.Q(state__in=TOLD))

    def rewritten_for(self, person: Person) -> QuerySet[Any]:
        """Returned logs that another company is rewriting: that it does so is no secret, what it writes is."""
        returned = super().visible_to(person).filter(state=DayLogState.DRAFT).exclude(returned_reason="")
        return returned.exclude(created_by__company=person.company_id)


class DayLog(Record):
    """One spot on one day. Counts are whole numbers, ``hours`` the length of an event in hours."""

    subject: ClassVar[str] = "day_log"

    day = models.DateField(_("日期"))
    spot = models.CharField(_("地点"), max_length=12, choices=Spot.choices)
    state = FSMField(_("状态"), max_length=10, choices=DayLogState.choices, default=DayLogState.DRAFT)
    exchanged = models.CharField(_("与销售人员交流"), max_length=1000, blank=True, default="")
    introductions = models.PositiveIntegerField(_("介绍场次"), null=True, blank=True)
    introduced = models.CharField(_("介绍内容"), max_length=1000, blank=True, default="")
    cleanings = models.PositiveIntegerField(_("清洁次数"), null=True, blank=True)
    goods = models.CharField(_("物品保管"), max_length=1000, blank=True, default="")
    goods_count = models.PositiveIntegerField(_("清点件数"), null=True, blank=True)
    goods_missing = models.CharField(_("短缺或损坏"), max_length=500, blank=True, default="")
    guarding = models.CharField(_("看护情况"), max_length=500, blank=True, default="")
    visitors = models.PositiveIntegerField(_("引导参观人数"), null=True, blank=True)
    event_name = models.CharField(_("活动名称"), max_length=100, blank=True, default="")
    hours = QuantityField(_("支持时长（小时）"), null=True, blank=True)
    people = models.PositiveIntegerField(_("投入人数"), null=True, blank=True)
    work_done = models.CharField(_("支持内容"), max_length=1000, blank=True, default="")
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    returned_reason = models.CharField(_("退回原因"), max_length=500, blank=True, default="")
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    objects = DayLogQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("工作日志")
        ordering = ["-day", "-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["instalment", "day", "spot", "event_name"],
                condition=~models.Q(state=DayLogState.DROPPED),
                name="day_log_once_per_instalment",
            ),
            models.UniqueConstraint(
                fields=["project", "day", "spot", "event_name"],
                condition=models.Q(instalment=None) & ~models.Q(state=DayLogState.DROPPED),
                name="day_log_once_per_project",
            ),
            models.CheckConstraint(condition=models.Q(state__in=DayLogState.values), name="day_log_known_state"),
            *(models.CheckConstraint(condition=_only_own(spot), name=f"day_log_{spot}_tells_its_own") for spot in Spot),
            models.CheckConstraint(
                condition=models.Q(spot__in=Spot.values) & (~models.Q(spot=Spot.EVENT) | ~models.Q(event_name="")),
                name="day_log_event_has_name",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{name: None}) | models.Q(**{f"{name}__lte": MOST}),
                    name=f"day_log_{name}_within_reason",
                )
                for name in ("introductions", "cleanings", "goods_count", "visitors", "people")
            ),
            models.CheckConstraint(
                condition=models.Q(hours=None) | models.Q(hours__gt=0, hours__lte=24), name="day_log_hours_of_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=(DayLogState.FILED, DayLogState.CONFIRMED), filed_at__isnull=False, filed_by__isnull=False
                )
                | models.Q(state__in=(DayLogState.DRAFT, DayLogState.DROPPED), filed_at=None, filed_by=None),
                name="day_log_filed_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(state=DayLogState.CONFIRMED, confirmed_at__isnull=False, confirmed_by__isnull=False)
                | (~models.Q(state=DayLogState.CONFIRMED) & models.Q(confirmed_at=None, confirmed_by=None)),
                name="day_log_confirmed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["project", "day"], name="day_log_by_day")]

    def __str__(self) -> str:
        name = f" {self.event_name}" if self.event_name else ""
        return f"{self.place} {self.day:%Y-%m-%d} {self.get_spot_display()}{name}"

    # Transitions state legality only; who may is asked in daily/permissions.py.
    @transition(field=state, source=DayLogState.DRAFT, target=DayLogState.FILED)
    def hand_in(self) -> None:
        """File."""

    @transition(field=state, source=DayLogState.FILED, target=DayLogState.CONFIRMED)
    def accept(self) -> None:
        """Confirm."""

    @transition(field=state, source=DayLogState.FILED, target=DayLogState.DRAFT)
    def give_back(self) -> None:
        """Return."""

    @transition(field=state, source=DayLogState.DRAFT, target=DayLogState.DROPPED)
    def discard(self) -> None:
        """Drop."""
