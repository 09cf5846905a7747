"""What the API takes and answers of assessments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.fields import CellField, CleanCharField, MonthField
from documents.vocabulary import Side
from intervention.api_records import RecordShape
from intervention.assessing.answering import TEXT
from intervention.assessing.scoring import REMARK
from intervention.assessing.states import Answer, AssessmentState

_LARGEST = 2**63 - 1


class PointsShape(serializers.DecimalField):
    """Points with one decimal, as text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=5, decimal_places=1, coerce_to_string=True, **options)


class AssessmentFields(serializers.Serializer):
    """Which month is assessed, on which side."""

    month = MonthField(label=_("考核月份"))
    side = serializers.ChoiceField(choices=Side.choices, label=_("入伙前后"))


class AssessmentItemFields(serializers.Serializer):
    """Points of one item; ``waived`` where there is nothing to score this month."""

    item = serializers.IntegerField(min_value=1, max_value=_LARGEST, label=_("考核项目"))
    points = CellField(required=False, label=_("得分"))
    waived = serializers.BooleanField(required=False, default=False, label=_("本月不适用"))
    remark = CleanCharField(required=False, allow_blank=True, default="", max_length=REMARK, label=_("扣分说明"))


class AssessmentScoreFields(serializers.Serializer):
    """Points item by item; those not sent stay as they are."""

    scores = AssessmentItemFields(many=True, label=_("得分"))


class AssessmentObjectionFields(serializers.Serializer):
    """To what the property company objects, and why."""

    text = CleanCharField(max_length=TEXT, label=_("异议内容和理由"))


class AssessmentAcceptFields(serializers.Serializer):
    """A remark that may be added."""

    note = CleanCharField(required=False, allow_blank=True, default="", max_length=TEXT, label=_("说明"))


class AssessmentChangeFields(serializers.Serializer):
    """Points that count instead of the handler's, and why."""

    item = serializers.IntegerField(min_value=1, max_value=_LARGEST, label=_("考核项目"))
    points = CellField(required=False, label=_("调整后得分"))
    reason = CleanCharField(required=False, allow_blank=True, default="", max_length=REMARK, label=_("调整原因"))


class AssessmentCloseFields(serializers.Serializer):
    """The answer to an objection, and points that are changed."""

    conclusion = CleanCharField(required=False, allow_blank=True, default="", max_length=TEXT, label=_("办结意见"))
    changes = AssessmentChangeFields(many=True, required=False, label=_("调整得分"))


class AssessmentItemShape(serializers.Serializer):
    """An item as the checklist said when the assessment was opened. ``final`` counts instead of ``points``."""

    item = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    basis = serializers.CharField()
    maximum = PointsShape()
    points = PointsShape(allow_null=True)
    waived = serializers.BooleanField(source="is_waived")
    remark = serializers.CharField()
    final = PointsShape(allow_null=True)
    final_reason = serializers.CharField()


class AssessmentShape(RecordShape):
    """The property company's month as a group scores it. ``facts`` are figures as the scorer saw them when handing in."""

    month = MonthField()
    side = serializers.ChoiceField(choices=Side.choices)
    state = serializers.ChoiceField(choices=AssessmentState.choices)
    state_label = serializers.CharField(source="get_state_display")
    points = PointsShape(source="figure.points", default=None, allow_null=True)
    maximum = PointsShape(source="figure.maximum", default=None, allow_null=True)
    percent = PointsShape(source="figure.percent", default=None, allow_null=True)
    grade = serializers.CharField(source="figure.grade", default=None, allow_null=True)
    scores = AssessmentItemShape(many=True, source="scores.all")
    facts = serializers.SerializerMethodField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.ChoiceField(choices=Answer.choices, allow_blank=True)
    answer_text = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    conclusion = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}, "nullable": True})
    def get_facts(self, row: Any) -> dict[str, int] | None:
        """Figures by what is counted; null before it is handed in."""
        return None if row.facts is None else {code: fact["count"] for code, fact in row.facts.items()}


class FactDocumentShape(serializers.Serializer):
    """A document behind a figure, and how many times it counts."""

    reference = serializers.CharField()
    title = serializers.CharField()
    times = serializers.IntegerField()


class FactItemShape(serializers.Serializer):
    """A row of the plan behind a figure, and the date that was missed."""

    item = serializers.IntegerField()
    title = serializers.CharField()
    due_on = serializers.DateField()


class FactShape(serializers.Serializer):
    """A figure of the month, with what you may see of what is behind it."""

    code = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()
    documents = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()

    @extend_schema_field(FactDocumentShape(many=True))
    def get_documents(self, fact: Any) -> list[dict[str, Any]]:
        """Documents by name."""
        return [{"reference": row.name, "title": row.title, "times": times} for row, times in fact.documents]

    @extend_schema_field(FactItemShape(many=True))
    def get_items(self, fact: Any) -> list[dict[str, Any]]:
        """Rows of the plan."""
        return [{"item": row.pk, "title": row.title, "due_on": day} for row, day in fact.items]


class CriterionShape(serializers.Serializer):
    """An item of the checklist in force; ``side`` and ``company`` are empty where it is for all."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    basis = serializers.CharField()
    points = PointsShape()
    side = serializers.ChoiceField(choices=Side.choices, allow_blank=True)
    company = serializers.CharField(source="company.name", default="")


class BandShape(serializers.Serializer):
    """From which percent on a score is called what."""

    start = serializers.IntegerField()
    word = serializers.CharField()


class ChecklistShape(serializers.Serializer):
    """The checklist and the grades in force."""

    criteria = CriterionShape(many=True)
    bands = BandShape(many=True)


class TrendPointShape(serializers.Serializer):
    """A month of one project and side; ``percent`` is null while it is not handed in."""

    month = MonthField()
    assessment = serializers.IntegerField(source="row.pk", default=None, allow_null=True)
    state = serializers.ChoiceField(choices=AssessmentState.choices, source="row.state", default=None, allow_null=True)
    percent = PointsShape(source="marks.percent", default=None, allow_null=True)
    grade = serializers.CharField(source="marks.grade", default=None, allow_null=True)


class TrendLineShape(serializers.Serializer):
    """Twelve months of one project and side."""

    project = serializers.CharField(source="project.code")
    side = serializers.ChoiceField(choices=Side.choices)
    months = TrendPointShape(many=True, source="points")
