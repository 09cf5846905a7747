"""REST of reports over findings; visits, findings and their verbs are routes of the registry of records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.models import Run
from intervention.site import queries, report_runs


class SiteReportFields(serializers.Serializer):
    """Which result: the row of its plan."""

    item = serializers.IntegerField(min_value=1, max_value=2**62, label=_("成果"))


class SiteReportShape(serializers.Serializer):
    """A report that you may produce: of how many findings, and how far the one that you asked for is."""

    item = serializers.IntegerField(source="line.item.pk")
    result = serializers.CharField(source="line.item.result")
    place = serializers.CharField(source="line.item.phase.plan")
    findings = serializers.IntegerField(source="line.n")
    state = serializers.ChoiceField(choices=["none", *Run.Status.values], source="report.state")
    sentence = serializers.CharField(source="report.sentence")
    document = serializers.CharField(source="report.document")
    has_pdf = serializers.BooleanField(source="report.on_paper")


class ReportsView(APIView):
    """Reports produced from findings."""

    @extend_schema(responses={200: SiteReportShape(many=True), **ERRORS}, operation_id="site_reports_list")
    def get(self, request: Request) -> Response:
        """Which you may produce; ``state`` and ``document`` tell of the one that you asked for last."""
        lines = queries.report_lines(request.user)
        states = report_runs.states_of(request.user, [line["item"] for line in lines])
        rows = [{"line": line, "report": states[line["item"].pk]} for line in lines]
        return Response(SiteReportShape(rows, many=True).data)

    @extend_schema(
        request=SiteReportFields, responses={202: SiteReportShape, **VERB_ERRORS}, operation_id="site_reports_create"
    )
    def post(self, request: Request) -> Response:
        """Ask the worker for a report; ``document`` names the result's draft once it is there."""
        item = queries.report_item(request.user, read(SiteReportFields, request.data)["item"])
        state = report_runs.start(actor=request.user, item=item)
        line = queries.counted([item])[0]
        return Response(SiteReportShape({"line": line, "report": state}).data, 202)
