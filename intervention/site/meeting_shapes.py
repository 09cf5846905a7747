"""What the API answers and takes of meetings, their actions and guard posts; pages ask for the same fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from intervention.api_records import RecordShape
from intervention.site import guarding
from intervention.site import meeting as verbs
from intervention.site.shapes import day_field, typed
from intervention.site.states import ActionState, KeptState
from intervention.site.vocabulary import GuardPhase, MeetingKind, Shift


class MeetingActionShape(RecordShape):
    """Something that a meeting decided to do."""

    meeting = serializers.IntegerField(source="meeting_id")
    text = serializers.CharField()
    doer = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(choices=ActionState.choices)
    overdue = serializers.BooleanField(source="is_overdue")
    outcome = serializers.CharField(allow_blank=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class MeetingShape(RecordShape):
    """A meeting with what it decided to do."""

    kind = serializers.ChoiceField(choices=MeetingKind.choices)
    day = serializers.DateField()
    where = serializers.CharField()
    attendance = serializers.CharField()
    decisions = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=KeptState.choices)
    actions = MeetingActionShape(many=True, source="actions.all")


class MeetingFields(serializers.Serializer):
    """A meeting: which, when, where, who was there, what was decided."""

    kind = serializers.ChoiceField(choices=MeetingKind.choices, label=_("类别"))
    day = serializers.DateField(label=_("日期"))
    where = typed(verbs.WHERE, _("地点"), needed=True)
    attendance = typed(
        verbs.ATTENDANCE, _("参加人员"), needed=True, help_text=_("一行一个单位，例如「项目部：钱工、孙工」。")
    )
    decisions = typed(verbs.DECISIONS, _("会议决定"))


class MeetingActionAmendFields(serializers.Serializer):
    """What is to be done, by whom, until when."""

    text = typed(verbs.TEXT, _("事项"), needed=True)
    doer = typed(verbs.DOER, _("责任人"), needed=True)
    due_on = day_field(_("期限"))


class MeetingActionFields(MeetingActionAmendFields):
    """Something that a meeting decided to do."""

    meeting = serializers.IntegerField(min_value=1, max_value=2**62, label=_("会议"))


class MeetingActionFinishFields(serializers.Serializer):
    """How it was done."""

    note = typed(verbs.OUTCOME, _("办理结果"), needed=True)


class GuardPostShape(RecordShape):
    """A guard post of a day."""

    phase = serializers.ChoiceField(choices=GuardPhase.choices)
    day = serializers.DateField()
    name = serializers.CharField()
    shift = serializers.ChoiceField(choices=Shift.choices)
    heads = serializers.IntegerField()
    from_time = serializers.TimeField(format="%H:%M")
    to_time = serializers.TimeField(format="%H:%M")
    minutes = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=KeptState.choices)


class GuardPostFields(serializers.Serializer):
    """A post that was stood: when, where, how many, from when until when."""

    phase = serializers.ChoiceField(choices=GuardPhase.choices, label=_("阶段"))
    day = serializers.DateField(label=_("日期"))
    name = typed(guarding.NAME, _("岗位"), needed=True, help_text=_("例如 1号门岗。"))
    shift = serializers.ChoiceField(choices=Shift.choices, label=_("班次"))
    heads = serializers.IntegerField(min_value=1, max_value=guarding.MOST, label=_("人数"))
    from_time = serializers.TimeField(label=_("上岗"))
    to_time = serializers.TimeField(label=_("下岗"), help_text=_("不晚于上岗时间的，视为次日。"))
    note = typed(guarding.NOTE, _("说明"))


class NewGuardPostFields(GuardPostFields):
    """A post that was stood on one day, or on every day until another one of the same month."""

    day = serializers.DateField(label=_("日期（自）"))
    until = day_field(_("至"), help_text=_("同一岗位连续多日时填写，限同一个月；每天各登记一条。只有一天可不填。"))

    def get_fields(self) -> dict[str, serializers.Field]:
        """The second date stands beside the first."""
        fields = super().get_fields()
        order = ["phase", "day", "until", *(name for name in fields if name not in ("phase", "day", "until"))]
        return {name: fields[name] for name in order}
