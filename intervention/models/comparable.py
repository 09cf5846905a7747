"""A comparable of the survey of surrounding property management (guide 3.1.1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from documents.fields import MoneyField, QuantityField
from intervention.models.record import Record
from intervention.planning_work.states import ComparableState
from organization.punctuation import bracketed


class Comparable(Record):
    """An estate nearby. ``fee`` is 元/m²·月, ``parking`` 元/个·月, ``distance`` kilometres."""

    subject: ClassVar[str] = "comparable"

    estate = models.CharField(_("小区名称"), max_length=80)
    company = models.CharField(_("物业公司"), max_length=80)
    distance = QuantityField(_("距离（公里）"))
    house_type = models.CharField(_("物业类型"), max_length=40)
    fee = MoneyField(_("物业费（元/m²·月）"))
    parking = MoneyField(_("车位服务费（元/个·月）"), null=True, blank=True)
    level = models.CharField(_("服务等级"), max_length=40)
    source = models.CharField(_("资料来源"), max_length=120)
    surveyed_on = models.DateField(_("调研日期"))
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    state = FSMField(_("状态"), max_length=10, choices=ComparableState.choices, default=ComparableState.COUNTED)

    class Meta(Record.Meta):
        verbose_name = _("周边物业")
        ordering = ["distance", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(fee__gt=0), name="comparable_fee_positive"),
            models.CheckConstraint(
                condition=models.Q(parking=None) | models.Q(parking__gte=0), name="comparable_parking_not_negative"
            ),
            models.CheckConstraint(condition=models.Q(distance__gte=0), name="comparable_distance_not_negative"),
            models.CheckConstraint(condition=models.Q(state__in=ComparableState.values), name="comparable_known_state"),
            models.UniqueConstraint(
                fields=["project", "estate", "house_type"],
                condition=models.Q(state=ComparableState.COUNTED),
                name="comparable_once",
            ),
        ]

    def __str__(self) -> str:
        return bracketed(self.estate, self.house_type)

    @transition(field=state, source=ComparableState.COUNTED, target=ComparableState.LEFT_OUT)
    def leave(self) -> None:
        """Count no longer."""

    @transition(field=state, source=ComparableState.LEFT_OUT, target=ComparableState.COUNTED)
    def come_back(self) -> None:
        """Count again."""
