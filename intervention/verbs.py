"""The table of verbs on phases and rows of a plan: page action, button, API route and legality test all walk it (design 12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from documents.api.errors import read
from documents.api.fields import CleanCharField
from documents.permissions import Denial
from intervention import permissions, phasing, planning, ticking

if TYPE_CHECKING:
    from intervention.models import PlanItem, PlanPhase
    from intervention.permissions import Who
    from organization.models import Person


class NothingFields(serializers.Serializer):
    """A verb that needs nothing but its name."""


class PlanStartFields(serializers.Serializer):
    """Why it starts before its planned date; not asked for on or after it."""

    reason = CleanCharField(required=False, allow_blank=True, default="", max_length=500, label=_("原因"))


class PlanReasonFields(serializers.Serializer):
    """A reason that must be given."""

    reason = CleanCharField(max_length=500, label=_("原因"))


class PlanNoteFields(serializers.Serializer):
    """A remark that may be added."""

    note = CleanCharField(required=False, allow_blank=True, default="", max_length=500, label=_("说明"))


class PlanMoveFields(PlanReasonFields):
    """The new date, and why."""

    day = serializers.DateField(label=_("新日期"))


@dataclass(frozen=True)
class PlanVerb:
    """One thing that a person can do with a phase or with a row."""

    name: str
    label: str | Promise
    icon: str
    tone: str
    fields: type[serializers.Serializer]
    function: Callable[..., Any]
    predicate: Callable[[Who, Any], Denial | None]
    # The name under which the function takes the row's key.
    key: str
    # What the person reads when it has worked.
    done: str | Promise
    # What is said above the fields of its page.
    hint: str | Promise = ""

    def perform(self, pk: int, person: Person, data: Any) -> Any:
        """Validate what was sent and do it; the one door of page and API."""
        return self.function(**{self.key: pk}, actor=person, **read(self.fields, data))


PHASE_VERBS: dict[str, PlanVerb] = {
    verb.name: verb
    for verb in (
        PlanVerb(
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
        PlanVerb(
            "close",
            _("关闭阶段"),
            "circle-check",
            "primary",
            NothingFields,
            phasing.close,
            permissions.can_close,
            "phase_id",
            _("阶段已关闭"),
            _("关闭须各项条件都满足；关闭后不再登记工作和提交成果，需要时可重新打开。"),
        ),
        PlanVerb(
            "reopen",
            _("重新打开"),
            "arrow-back-up",
            "plain",
            PlanReasonFields,
            phasing.reopen,
            permissions.can_reopen,
            "phase_id",
            _("阶段已重新打开"),
            _("重新打开后可以补充工作和成果的新版本，原因记入计划日志。"),
        ),
    )
}

ITEM_VERBS: dict[str, PlanVerb] = {
    verb.name: verb
    for verb in (
        PlanVerb(
            "tick",
            _("完成"),
            "check",
            "primary",
            PlanNoteFields,
            ticking.tick,
            permissions.can_tick,
            "item_id",
            _("已登记完成"),
        ),
        PlanVerb(
            "waive",
            _("不适用"),
            "x",
            "plain",
            PlanReasonFields,
            ticking.waive,
            permissions.can_waive,
            "item_id",
            _("已注明不适用"),
            _("注明本项目不需要此项工作的原因；阶段关闭时视同完成。"),
        ),
        PlanVerb(
            "restore",
            _("恢复未完成"),
            "arrow-back-up",
            "plain",
            PlanReasonFields,
            ticking.restore,
            permissions.can_restore,
            "item_id",
            _("已恢复为未完成"),
        ),
        PlanVerb(
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
        PlanVerb(
            "follow",
            _("恢复推算"),
            "history",
            "plain",
            PlanReasonFields,
            planning.follow,
            permissions.can_follow,
            "item_id",
            _("日期已恢复按节点推算"),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb beside a phase or row: possible now, or not and why."""

    verb: PlanVerb
    denial: Denial | None


def offers(table: Mapping[str, PlanVerb], who: Who, row: PlanPhase | PlanItem) -> list[Offer]:
    """Verbs to show: possible ones, and impossible ones that people would look for, with their reason; no query."""
    found = [Offer(verb, verb.predicate(who, row)) for verb in table.values()]
    return [offer for offer in found if offer.denial is None or not offer.denial.hide]
