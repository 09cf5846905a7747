"""Assessments as a kind of record: its verbs, its REST, its journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.forms import read_month
from documents.refusals import Invalid
from documents.vocabulary import Side
from intervention import records
from intervention.acts import ActNothingFields, ActVerb
from intervention.assessing import answering, closing, permissions, scoring, shapes, telling
from intervention.assessing.opening import open_assessment
from intervention.assessing.states import AssessmentState
from intervention.models import Assessment
from organization.punctuation import listed

if TYPE_CHECKING:
    from django.db.models import QuerySet

KEY = "assessment_id"


def _score_page(row: Assessment) -> str:
    return reverse("intervention:score_assessment", args=[row.pk])


def _close_page(row: Assessment) -> str:
    return reverse("intervention:close_assessment", args=[row.pk])


VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "score",
            gettext_lazy("评分"),
            "pencil",
            "primary",
            shapes.AssessmentScoreFields,
            scoring.score,
            permissions.can_score,
            KEY,
            gettext_lazy("评分已保存"),
            page=_score_page,
        ),
        ActVerb(
            "hand_in",
            gettext_lazy("提交评分"),
            "send",
            "primary",
            ActNothingFields,
            scoring.hand_in,
            permissions.can_hand_in,
            KEY,
            gettext_lazy("评分已提交，等待项目物业经理答复"),
            gettext_lazy("提交后得分和本月事实数据固定下来，由项目物业经理答复一次。"),
        ),
        ActVerb(
            "accept",
            gettext_lazy("认可评分"),
            "check",
            "primary",
            shapes.AssessmentAcceptFields,
            answering.accept,
            permissions.can_answer,
            KEY,
            gettext_lazy("已认可，等待小组负责人办结"),
            gettext_lazy("每次考核只答复一次；认可后得分不再调整。"),
        ),
        ActVerb(
            "object",
            gettext_lazy("提出异议"),
            "message-2",
            "plain",
            shapes.AssessmentObjectionFields,
            answering.object_to,
            permissions.can_answer,
            KEY,
            gettext_lazy("异议已提交，等待小组负责人复核"),
            gettext_lazy("每次考核只答复一次：请写明对哪些项目有异议、依据是什么，由小组负责人复核答复。"),
        ),
        ActVerb(
            "pass_over",
            gettext_lazy("按未答复处理"),
            "clock",
            "plain",
            ActNothingFields,
            answering.pass_over,
            permissions.can_pass_over,
            KEY,
            gettext_lazy("已按未答复处理，可以办结"),
            gettext_lazy("项目物业经理在答复期限内没有答复：按所评得分办结，此后不能再答复。"),
        ),
        ActVerb(
            "close",
            gettext_lazy("办结"),
            "circle-check",
            "primary",
            shapes.AssessmentCloseFields,
            closing.close,
            permissions.can_close,
            KEY,
            gettext_lazy("考核已办结"),
            page=_close_page,
        ),
    )
}


def _filters(rows: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    """``month``, ``side`` and ``state`` narrow the list. Raises Invalid for what is none."""
    if text := parameters.get("month"):
        if (month := read_month(text)) is None:
            raise Invalid(_("请填写月份，例如 2026-12。"))
        rows = rows.filter(month=month)
    for name, values in (("side", Side.values), ("state", AssessmentState.values)):
        if text := parameters.get(name):
            if text not in values:
                raise Invalid(_("%(name)s 只能是：%(values)s。") % {"name": name, "values": listed(values)})
            rows = rows.filter(**{name: text})
    return rows


KIND = records.RecordKind(
    model=Assessment,
    label=gettext_lazy("月度考核"),
    shape=shapes.AssessmentShape,
    fields=shapes.AssessmentFields,
    begin=open_assessment,
    may_begin=permissions.can_open,
    verbs=VERBS,
    url=telling.url_of,
    words=telling.EVENTS,
    related=("handed_in_by", "answered_by", "closed_by"),
    prefetched=("scores",),
    filters=_filters,
)


def register() -> None:
    """Called once while the app starts."""
    records.register(KIND)
