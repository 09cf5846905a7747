"""REST of assessments beside their records: the month's facts, the trend, the checklist in force."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, read
from documents.api.fields import CleanCharField, MonthField
from intervention.assessing.facts import facts_of
from intervention.assessing.kind import KIND
from intervention.assessing.queries import bands_in_force, criteria
from intervention.assessing.shapes import ChecklistShape, FactShape, TrendLineShape
from intervention.assessing.trend import trend_for
from organization import clock


class TrendFilters(serializers.Serializer):
    """The last of the twelve months (by default this one), and a project."""

    month = MonthField(required=False, label=gettext_lazy("月份"))
    project = CleanCharField(max_length=20, required=False, default="", label=gettext_lazy("项目"))


class FactsView(APIView):
    """What the month's papers tell beside the score."""

    @extend_schema(responses={200: FactShape(many=True), **ERRORS}, operation_id="assessment_facts")
    def get(self, request: Request, pk: int) -> Response:
        """Today's while it is a draft, then as the scorer saw them when handing in; documents as you may see them."""
        row = get_object_or_404(KIND.for_person(request.user), pk=pk)
        return Response(FactShape(facts_of(request.user, row), many=True).data)


class TrendView(APIView):
    """Percents by month."""

    @extend_schema(
        parameters=[TrendFilters],
        responses={200: TrendLineShape(many=True), **ERRORS},
        operation_id="assessment_trend",
    )
    def get(self, request: Request) -> Response:
        """Twelve months of each project and side that you may see."""
        sent = read(TrendFilters, request.query_params)
        last = sent.get("month") or clock.today().replace(day=1)
        return Response(TrendLineShape(trend_for(request.user, last, sent["project"]).lines, many=True).data)


class ChecklistView(APIView):
    """The checklist in force."""

    @extend_schema(responses={200: ChecklistShape, **ERRORS}, operation_id="assessment_checklist")
    def get(self, request: Request) -> Response:
        """Items that new assessments get, and the grades."""
        bands = [{"start": start, "word": word} for start, word in bands_in_force()]
        return Response(ChecklistShape({"criteria": criteria().filter(is_active=True), "bands": bands}).data)
