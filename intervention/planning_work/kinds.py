"""The registers of design advice and of the survey: fields, verbs, filters; pages of verbs, REST and journals come from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from documents.api.fields import CleanCharField
from documents.verbs import PlainAmountField
from intervention import records
from intervention.acts import ActNoteFields, ActReasonFields, ActVerb
from intervention.api_records import RecordShape
from intervention.models import Advice, Comparable
from intervention.planning_work import advising, permissions, surveying
from intervention.planning_work.states import AdviceState, ComparableState, Topic
from intervention.planning_work.telling import ADVICE_WORDS, SURVEY_WORDS, advice_url, comparable_url
from intervention.records import RecordKind

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _text(length: int, label: Any, help_text: Any = "", *, required: bool = True) -> CleanCharField:
    if required:
        return CleanCharField(max_length=length, label=label, help_text=help_text)
    # Without a default: what a program leaves out of a correction stays as it is.
    return CleanCharField(max_length=length, required=False, allow_blank=True, label=label, help_text=help_text)


def _amount(label: Any, help_text: Any = "") -> PlainAmountField:
    return PlainAmountField(
        max_digits=13,
        decimal_places=2,
        min_value=0,
        required=False,
        allow_null=True,
        label=label,
        help_text=help_text,
    )


class AdviceFields(serializers.Serializer):
    """A suggestion: what it concerns, why, who had it, what it may save (元) or avoid."""

    topic = serializers.ChoiceField(choices=Topic.choices, label=gettext_lazy("类别"))
    drawing = _text(
        120,
        gettext_lazy("图纸编号 / 部位"),
        gettext_lazy("例如 建施-03 地下车库入口；管理模式建议不填"),
        required=False,
    )
    suggestion = _text(1000, gettext_lazy("建议内容"))
    reason = _text(1000, gettext_lazy("理由（使用与管理）"))
    proposed_by = _text(50, gettext_lazy("提出人"), gettext_lazy("不填就是登记人"), required=False)
    proposed_on = serializers.DateField(label=gettext_lazy("提出日期"))
    estimate = _amount(gettext_lazy("预计节省（元）"))
    risk = _text(500, gettext_lazy("可避免的风险"), required=False)


class AdoptFields(serializers.Serializer):
    """The answer, and what is recognised as saved (元)."""

    answer = _text(1000, gettext_lazy("答复"), required=False)
    saved = _amount(gettext_lazy("核定节省（元）"), gettext_lazy("说得出金额时填写，计入节省合计"))


class AdviceShape(RecordShape):
    """A piece of advice with its answer."""

    number = serializers.CharField()
    topic = serializers.ChoiceField(choices=Topic.choices)
    drawing = serializers.CharField()
    suggestion = serializers.CharField()
    reason = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_on = serializers.DateField()
    estimate = serializers.DecimalField(max_digits=13, decimal_places=2, allow_null=True)
    risk = serializers.CharField()
    state = serializers.ChoiceField(choices=AdviceState.choices)
    answer = serializers.CharField()
    saved = serializers.DecimalField(max_digits=13, decimal_places=2, allow_null=True)
    answered_by = serializers.CharField(source="answered_by.name", default=None, allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class ComparableFields(serializers.Serializer):
    """An estate nearby: fee in 元/m²·月, parking in 元/个·月, distance in km."""

    estate = _text(80, gettext_lazy("小区名称"))
    company = _text(80, gettext_lazy("物业公司"))
    distance = serializers.DecimalField(
        max_digits=6,
        decimal_places=3,
        min_value=0,
        label=gettext_lazy("距离（公里）"),
        help_text=gettext_lazy("例如 1.2"),
    )
    house_type = _text(40, gettext_lazy("物业类型"), gettext_lazy("例如 高层住宅、洋房、别墅"))
    fee = PlainAmountField(
        max_digits=7,
        decimal_places=2,
        label=gettext_lazy("物业费（元/m²·月）"),
        help_text=gettext_lazy("两位小数，例如 2.80"),
    )
    parking = _amount(gettext_lazy("车位服务费（元/个·月）"))
    level = _text(40, gettext_lazy("服务等级"), gettext_lazy("例如 二级、准四级"))
    source = _text(120, gettext_lazy("资料来源"), gettext_lazy("例如 现场公示牌、业主访谈、政府备案"))
    surveyed_on = serializers.DateField(label=gettext_lazy("调研日期"))
    note = _text(500, gettext_lazy("备注"), required=False)


class ComparableShape(RecordShape):
    """A comparable of the survey."""

    estate = serializers.CharField()
    company = serializers.CharField()
    distance = serializers.DecimalField(max_digits=9, decimal_places=3)
    house_type = serializers.CharField()
    fee = serializers.DecimalField(max_digits=13, decimal_places=2)
    parking = serializers.DecimalField(max_digits=13, decimal_places=2, allow_null=True)
    level = serializers.CharField()
    source = serializers.CharField()
    surveyed_on = serializers.DateField()
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=ComparableState.choices)


ADVICE_VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "adopt", gettext_lazy("采纳"), "check", "primary", AdoptFields, advising.adopt, permissions.can_adopt,
            "advice_id", gettext_lazy("建议已采纳"), gettext_lazy("采纳后由设计管理部落实到图纸，落实后再登记“已落实”。"),
        ),
        ActVerb(
            "decline", gettext_lazy("不采纳"), "x", "plain", ActReasonFields, advising.decline, permissions.can_decline,
            "advice_id", gettext_lazy("已答复不采纳"), gettext_lazy("写明不采纳的原因，提出人会收到通知。"),
        ),
        ActVerb(
            "finish", gettext_lazy("登记落实"), "circle-check", "primary", ActNoteFields, advising.finish,
            permissions.can_finish, "advice_id", gettext_lazy("已登记落实"), gettext_lazy("在图纸或现场看到建议已落实后登记，说明写在哪里看到的。"),
        ),
        ActVerb(
            "edit", gettext_lazy("修改"), "pencil", "plain", AdviceFields, advising.reword, permissions.can_edit_advice,
            "advice_id", gettext_lazy("建议已修改"), is_edit=True,
        ),
        ActVerb(
            "withdraw", gettext_lazy("撤回"), "arrow-back-up", "plain", ActReasonFields, advising.withdraw,
            permissions.can_withdraw, "advice_id", gettext_lazy("建议已撤回"),
        ),
    )
}  # fmt: skip

SURVEY_VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "edit", gettext_lazy("修改"), "pencil", "plain", ComparableFields, surveying.correct,
            permissions.can_edit_comparable, "comparable_id", gettext_lazy("已修改"), is_edit=True,
        ),
        ActVerb(
            "leave", gettext_lazy("剔除"), "x", "plain", ActReasonFields, surveying.leave_out, permissions.can_leave_out,
            "comparable_id", gettext_lazy("已剔除，不再计入均价"), gettext_lazy("资料失实或不可比的项目剔除后留痕，不计入均价和图表。"),
        ),
        ActVerb(
            "count", gettext_lazy("恢复计入"), "arrow-back-up", "plain", ActReasonFields, surveying.bring_back,
            permissions.can_bring_back, "comparable_id", gettext_lazy("已恢复计入"),
        ),
    )
}  # fmt: skip


def narrowed_advice(rows: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    """Narrowed by ``topic``, ``state`` and ``text`` (number, drawing, suggestion). Raises Invalid for what can't be read."""
    rows = records.chosen(rows, parameters, topic=Topic.values, state=AdviceState.values)
    for word in parameters.get("text", "").replace("\0", " ").split()[:5]:
        rows = rows.filter(Q(number__icontains=word) | Q(drawing__icontains=word) | Q(suggestion__icontains=word))
    return rows


def narrowed_survey(rows: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    """Narrowed by ``state``. Raises Invalid for what can't be read."""
    return records.chosen(rows, parameters, state=ComparableState.values)


ADVICE = RecordKind(
    model=Advice,
    label=gettext_lazy("设计建议"),
    shape=AdviceShape,
    fields=AdviceFields,
    begin=advising.advise,
    may_begin=permissions.can_advise,
    verbs=ADVICE_VERBS,
    url=advice_url,
    words=ADVICE_WORDS,
    related=("answered_by",),
    filters=narrowed_advice,
    register_url=lambda: reverse("intervention:advice_list"),
)
SURVEY = RecordKind(
    model=Comparable,
    label=gettext_lazy("周边物业"),
    shape=ComparableShape,
    fields=ComparableFields,
    begin=surveying.survey,
    may_begin=permissions.can_survey,
    verbs=SURVEY_VERBS,
    url=comparable_url,
    words=SURVEY_WORDS,
    filters=narrowed_survey,
    register_url=lambda: reverse("intervention:survey"),
)
