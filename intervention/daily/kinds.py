"""The register of day logs: fields, verbs, filters; pages of verbs, REST and journal are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from documents.api.fields import CleanCharField
from documents.forms import next_month, read_month
from documents.refusals import Invalid
from intervention import records
from intervention.acts import ActNoteFields, ActNothingFields, ActReasonFields, ActVerb
from intervention.api_records import RecordShape
from intervention.daily import confirming, permissions, writing
from intervention.daily.states import DayLogState, Spot, foreign
from intervention.daily.telling import WORDS, log_url
from intervention.models import DayLog
from intervention.models.day_log import MOST
from intervention.photos import WORDS as PHOTO_WORDS
from intervention.records import RecordKind

if TYPE_CHECKING:
    from django.db.models import QuerySet


# How a page marks what an event's log must say: at once, or before it is filed.
_NEEDED, _LATER = {"needed": True}, {"later": True}


def _text(length: int, label: Any, help_text: Any = "", **more: Any) -> CleanCharField:
    # Without a default: what a program leaves out of a correction stays as it is.
    return CleanCharField(max_length=length, required=False, allow_blank=True, label=label, help_text=help_text, **more)


def _count(label: Any, help_text: Any = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=MOST, required=False, allow_null=True, label=label, help_text=help_text, **more
    )


class DayLogFields(serializers.Serializer):
    """What a log tells; of another spot's fields it has none."""

    day = serializers.DateField(label=gettext_lazy("日期"))
    exchanged = _text(1000, gettext_lazy("与销售人员交流"), gettext_lazy("交流了什么、销售人员反馈了什么问题"))
    introductions = _count(gettext_lazy("介绍场次"), gettext_lazy("向客户介绍物业服务和会所的场次"))
    introduced = _text(1000, gettext_lazy("介绍内容"))
    cleanings = _count(gettext_lazy("清洁次数"))
    goods = _text(1000, gettext_lazy("物品保管"), gettext_lazy("清点了哪些物品、存放在哪里"))
    goods_count = _count(gettext_lazy("清点件数"))
    goods_missing = _text(500, gettext_lazy("短缺或损坏"), gettext_lazy("没有就留空；填写后汇总表会列出"))
    guarding = _text(500, gettext_lazy("看护情况"))
    visitors = _count(gettext_lazy("引导参观人数"))
    event_name = _text(100, gettext_lazy("活动名称"), style=_NEEDED)
    hours = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        required=False,
        allow_null=True,
        label=gettext_lazy("支持时长（小时）"),
        help_text=gettext_lazy("每人支持的小时数，例如 4 或 3.5"),
        style=_LATER,
    )
    people = _count(gettext_lazy("投入人数"), style=_LATER)
    work_done = _text(1000, gettext_lazy("支持内容"), style=_LATER)
    note = _text(500, gettext_lazy("备注"))


class NewDayLogFields(DayLogFields):
    """A day and a spot, and what the log tells."""

    spot = serializers.ChoiceField(choices=Spot.choices, label=gettext_lazy("地点"))


class DayLogShape(RecordShape):
    """A day's log."""

    day = serializers.DateField()
    spot = serializers.ChoiceField(choices=Spot.choices)
    state = serializers.ChoiceField(choices=DayLogState.choices)
    exchanged = serializers.CharField()
    introductions = serializers.IntegerField(allow_null=True)
    introduced = serializers.CharField()
    cleanings = serializers.IntegerField(allow_null=True)
    goods = serializers.CharField()
    goods_count = serializers.IntegerField(allow_null=True)
    goods_missing = serializers.CharField()
    guarding = serializers.CharField()
    visitors = serializers.IntegerField(allow_null=True)
    event_name = serializers.CharField()
    hours = serializers.DecimalField(max_digits=6, decimal_places=3, allow_null=True)
    people = serializers.IntegerField(allow_null=True)
    work_done = serializers.CharField()
    note = serializers.CharField()
    returned_reason = serializers.CharField()
    filed_by = serializers.CharField(source="filed_by.name", default=None, allow_null=True)
    filed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by = serializers.CharField(source="confirmed_by.name", default=None, allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "file", gettext_lazy("提交确认"), "send", "primary", ActNothingFields, writing.file_log, permissions.can_file,
            "log_id", gettext_lazy("日志已提交"), gettext_lazy("提交后由营销小组经办人确认；确认之前内容不能再改，需要改请对方退回。"),
        ),
        ActVerb(
            "edit", gettext_lazy("修改"), "pencil", "plain", DayLogFields, writing.edit, permissions.can_edit,
            "log_id", gettext_lazy("日志已修改"), is_edit=True,
        ),
        ActVerb(
            "confirm", gettext_lazy("确认"), "circle-check", "primary", ActNoteFields, confirming.confirm,
            permissions.can_confirm, "log_id", gettext_lazy("日志已确认"),
            gettext_lazy("确认后日志不能再改，计入当月汇总并可用作工作量事后确认的凭证。"),
        ),
        ActVerb(
            "return", gettext_lazy("退回"), "arrow-back-up", "plain", ActReasonFields, confirming.send_back,
            permissions.can_return, "log_id", gettext_lazy("日志已退回"), gettext_lazy("写明哪里不对、要补什么，提交人改后再报。"),
        ),
        ActVerb(
            "drop", gettext_lazy("作废"), "trash", "plain", ActReasonFields, writing.drop, permissions.can_drop,
            "log_id", gettext_lazy("日志已作废"), gettext_lazy("登记错的日志作废后留痕，当天可重新登记。"),
        ),
    )
}  # fmt: skip


def narrowed(logs: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    """A list narrowed by ``month``, ``instalment``, ``spot`` and ``state``. Raises Invalid for what can't be read."""
    if month := parameters.get("month", ""):
        first = read_month(month)
        if first is None:
            raise Invalid(_("请填写月份，例如 2026-12。"))
        logs = logs.filter(day__gte=first, day__lt=next_month(first))
    if instalment := parameters.get("instalment", ""):
        logs = logs.filter(instalment__code=instalment)
    return records.chosen(logs, parameters, spot=Spot.values, state=DayLogState.values)


DAY_LOGS = RecordKind(
    model=DayLog,
    label=gettext_lazy("工作日志"),
    shape=DayLogShape,
    fields=NewDayLogFields,
    begin=writing.begin,
    may_begin=permissions.can_begin,
    verbs=VERBS,
    url=log_url,
    words={**WORDS, **PHOTO_WORDS},
    related=("filed_by", "confirmed_by"),
    prefetched=("photos__uploaded_by",),
    filters=narrowed,
    may_photograph=permissions.can_photograph,
    photo_roles=("",),
    turn="spot",
    without=foreign,
    register_url=lambda: reverse("intervention:day_logs"),
)
