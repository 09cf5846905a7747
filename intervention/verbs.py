"""The table of verbs on phases and rows of a plan: page action, button, API route and legality test all walk it (design 12)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from documents.api.fields import CleanCharField
from intervention import permissions, phasing, planning, ticking
from intervention.acts import ActNoteFields, ActNothingFields, ActReasonFields, ActVerb


class PlanStartFields(serializers.Serializer):
    """Why it starts before its planned date; not asked for on or after it."""

    reason = CleanCharField(required=False, allow_blank=True, default="", max_length=500, label=_("原因"))


class PlanMoveFields(ActReasonFields):
    """The new date, and why."""

    day = serializers.DateField(label=_("新日期"))


PHASE_VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "start",
            _("启动阶段"),
            "bolt",
            "primary",
            PlanStartFields,
            phasing.start,
            permissions.can_start,
            "phase_id",
            _("阶段已启动"),
            _("启动后可以勾选工作、提交成果，责任岗位会收到通知。早于计划启动日期时须写明原因。"),
        ),
        ActVerb(
            "close",
            _("关闭阶段"),
            "circle-check",
            "primary",
            ActNothingFields,
            phasing.close,
            permissions.can_close,
            "phase_id",
            _("阶段已关闭"),
            _("关闭须各项条件都满足；关闭后不再登记工作和提交成果，需要时可重新打开。"),
        ),
        ActVerb(
            "reopen",
            _("重新打开"),
            "arrow-back-up",
            "plain",
            ActReasonFields,
            phasing.reopen,
            permissions.can_reopen,
            "phase_id",
            _("阶段已重新打开"),
            _("重新打开后可以补充工作和成果的新版本，原因记入计划日志。"),
        ),
    )
}

ITEM_VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "tick",
            _("完成"),
            "check",
            "primary",
            ActNoteFields,
            ticking.tick,
            permissions.can_tick,
            "item_id",
            _("已登记完成"),
        ),
        ActVerb(
            "waive",
            _("不适用"),
            "x",
            "plain",
            ActReasonFields,
            ticking.waive,
            permissions.can_waive,
            "item_id",
            _("已注明不适用"),
            _("注明本项目不需要此项工作的原因；阶段关闭时视同完成。"),
        ),
        ActVerb(
            "restore",
            _("恢复未完成"),
            "arrow-back-up",
            "plain",
            ActReasonFields,
            ticking.restore,
            permissions.can_restore,
            "item_id",
            _("已恢复为未完成"),
        ),
        ActVerb(
            "move",
            _("改期"),
            "calendar",
            "plain",
            PlanMoveFields,
            planning.move,
            permissions.can_move,
            "item_id",
            _("日期已调整"),
            _("调整后的日期不再随节点变动，直到恢复按节点推算；原因和原日期记入计划日志。"),
        ),
        ActVerb(
            "follow",
            _("恢复推算"),
            "history",
            "plain",
            ActReasonFields,
            planning.follow,
            permissions.can_follow,
            "item_id",
            _("日期已恢复按节点推算"),
        ),
    )
}
