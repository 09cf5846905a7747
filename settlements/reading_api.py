"""REST of what is read about settlement: a month's overview, the ageing list, two months side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, read
from documents.api.fields import CleanCharField, MonthField
from documents.api.shapes import AmountField, HeadShape
from documents.vocabulary import Side
from intervention.assessing.states import AssessmentState
from organization import clock
from settlements.ageing import ageing, bucket_of, chosen_projects
from settlements.comparing import compare
from settlements.overview import month_overview

# Keys of the ageing columns, youngest first.
BUCKET_KEYS = ("running", "days_0_30", "days_31_60", "days_61_90", "days_over_90")


class PlaceFields(serializers.Serializer):
    """A project by its code and a side; left out, all that the person may see."""

    project = CleanCharField(max_length=20, required=False, allow_blank=True, label=gettext_lazy("项目"))
    side = serializers.ChoiceField(
        choices=Side.choices, required=False, allow_blank=True, label=gettext_lazy("入伙前后")
    )


class AgeingFields(PlaceFields):
    """``after`` is the ``next`` of the page before."""

    after = CleanCharField(max_length=40, required=False, label=gettext_lazy("翻页"))


class MonthFields(serializers.Serializer):
    """A month, by default this one, and a project."""

    month = MonthField(required=False, label=gettext_lazy("月份"))
    project = CleanCharField(max_length=20, required=False, allow_blank=True, label=gettext_lazy("项目"))


class CompareFields(serializers.Serializer):
    """A project, two months, a side or both; ``by_subject`` splits categories."""

    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))
    left = MonthField(label=gettext_lazy("较早的月份"))
    right = MonthField(label=gettext_lazy("较晚的月份"))
    side = serializers.ChoiceField(
        choices=Side.choices, required=False, allow_blank=True, label=gettext_lazy("入伙前后")
    )
    by_subject = serializers.BooleanField(required=False, default=False, label=gettext_lazy("按品名"))


class BalanceShape(serializers.Serializer):
    """approved = settled + confirmed_unsettled + unconfirmed + lapsed, in 元.

    ``confirming`` is the part of unconfirmed, ``applied`` the part of confirmed_unsettled, that is on its way.
    """

    approved = AmountField()
    settled = AmountField()
    confirmed_unsettled = AmountField(source="unsettled")
    unconfirmed = AmountField(source="open")
    lapsed = AmountField()
    confirming = AmountField()
    applied = AmountField()


class BucketsShape(serializers.Serializer):
    """Amounts by days since the month ended, in 元; ``running``: the month is not over."""

    def to_representation(self, instance: Any) -> dict[str, str]:
        return {key: AmountField().to_representation(value) for key, value in zip(BUCKET_KEYS, instance, strict=True)}

    def get_fields(self) -> dict[str, Any]:
        return {key: AmountField() for key in BUCKET_KEYS}


class PlaceShape(serializers.Serializer):
    """One side of a project."""

    project = serializers.CharField(source="project.code")
    side = serializers.ChoiceField(choices=Side.choices)
    unconfirmed = BucketsShape(source="open")
    confirmed_unsettled = BucketsShape(source="unsettled")
    balance = BalanceShape()


class AgedShape(serializers.Serializer):
    """A form of which something is left; ``age`` in days since its month ended, negative before."""

    document = HeadShape()
    age = serializers.IntegerField()
    bucket = serializers.SerializerMethodField()
    balance = BalanceShape()

    def get_bucket(self, form: Any) -> str:
        """The column in which its amounts stand."""
        return BUCKET_KEYS[bucket_of(form.document.period, clock.today())]


class AgeingShape(serializers.Serializer):
    """Places and a page of forms, oldest month first."""

    today = serializers.DateField()
    places = PlaceShape(many=True)
    balance = BalanceShape()
    forms = AgedShape(many=True)
    next = serializers.CharField(allow_null=True)


class ChangeShape(serializers.Serializer):
    """Two months in 元; ``percent`` of the left one, null where that is nought."""

    left = AmountField()
    right = AmountField()
    difference = AmountField()
    percent = serializers.DecimalField(max_digits=20, decimal_places=1, allow_null=True)


class ComparedShape(serializers.Serializer):
    """A row of the comparison; ``subject`` is empty unless asked for."""

    kind = serializers.CharField()
    category = serializers.CharField()
    subject = serializers.CharField()
    approved = ChangeShape()
    actual = ChangeShape()


class ComparisonShape(serializers.Serializer):
    """Rows, their sums, and the months without an approved form."""

    rows = ComparedShape(many=True)
    approved = ChangeShape()
    actual = ChangeShape()
    months_without_forms = serializers.ListField(child=MonthField())


class ApplicationStandShape(serializers.Serializer):
    """An application and since when it lies before whom."""

    document = HeadShape()
    amount = AmountField()
    current = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(allow_null=True)


class MonthAssessmentShape(serializers.Serializer):
    """The property company's score of the month: beside the sums, never part of them."""

    id = serializers.IntegerField(source="pk")
    state = serializers.ChoiceField(choices=AssessmentState.choices)
    percent = serializers.SerializerMethodField()
    grade = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "nullable": True, "example": "92.5"})
    def get_percent(self, row: Any) -> str | None:
        """Of a hundred, one decimal; null before it is handed in."""
        return None if row.state == AssessmentState.DRAFT else str(row.marks.percent)

    @extend_schema_field({"type": "string", "nullable": True})
    def get_grade(self, row: Any) -> str | None:
        """Its word; null before it is handed in."""
        return None if row.state == AssessmentState.DRAFT else row.marks.grade


class SideShape(serializers.Serializer):
    """One side of a project's month, in 元; ``free`` is confirmed and in no application."""

    side = serializers.ChoiceField(choices=Side.choices, source="of.side")
    approved = AmountField(source="figures.approved")
    confirmed = AmountField(source="figures.confirmed")
    in_application = AmountField(source="figures.held")
    settled = AmountField(source="figures.settled")
    lapsed = AmountField(source="figures.lapsed")
    free = AmountField(source="of.free_amount")
    applications = ApplicationStandShape(source="rows", many=True)
    warning = serializers.CharField(allow_blank=True)
    assessment = MonthAssessmentShape(allow_null=True)


class ProjectMonthShape(serializers.Serializer):
    """Both sides of a project's month."""

    project = serializers.CharField(source="project.code")
    sides = SideShape(many=True)


class AgeingView(APIView):
    """What is not yet confirmed or not yet settled."""

    @extend_schema(parameters=[AgeingFields], responses={200: AgeingShape, **ERRORS}, operation_id="settlements_ageing")
    def get(self, request: Request) -> Response:
        """By project and side in columns of age, and a page of forms."""
        asked = read(AgeingFields, request.query_params)
        projects = chosen_projects(request.user, asked.get("project", ""))
        if projects is None:
            raise Http404
        found = ageing(request.user, projects, asked.get("side", ""), asked.get("after", ""))
        body = {name: getattr(found, name) for name in ("today", "places", "balance", "forms")}
        return Response(AgeingShape({**body, "next": found.older or None}).data)


class CompareView(APIView):
    """Two months side by side."""

    @extend_schema(
        parameters=[CompareFields], responses={200: ComparisonShape, **ERRORS}, operation_id="settlements_compare"
    )
    def get(self, request: Request) -> Response:
        """By kind of form and category, approved and actual."""
        asked = read(CompareFields, request.query_params)
        projects = chosen_projects(request.user, asked["project"])
        if projects is None:
            raise Http404
        asked["project"] = next(iter(projects.values()))
        found = compare(request.user, **asked)
        body = {
            "rows": [row for group in found.groups for row in group.rows],
            "approved": found.approved,
            "actual": found.actual,
            "months_without_forms": found.empty,
        }
        return Response(ComparisonShape(body).data)


class MonthsView(APIView):
    """A month's settlement."""

    @extend_schema(
        parameters=[MonthFields],
        responses={200: ProjectMonthShape(many=True), **ERRORS},
        operation_id="settlements_month",
    )
    def get(self, request: Request) -> Response:
        """Both sides of each project: figures, applications, what should have been begun."""
        asked = read(MonthFields, request.query_params)
        month = asked.get("month") or clock.today().replace(day=1)
        board = month_overview(request.user, month, asked.get("project", ""))
        return Response(ProjectMonthShape(board, many=True).data)
