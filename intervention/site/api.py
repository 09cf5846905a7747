"""REST of reports over findings; visits, findings and their verbs are routes of the registry of records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api import showing
from documents.api.errors import VERB_ERRORS, read
from documents.api.shapes import DocumentShape
from intervention.site import queries, reporting


class SiteReportFields(serializers.Serializer):
    """Which result: the row of its plan."""

    item = serializers.IntegerField(min_value=1, max_value=2**62, label=_("成果"))


class ReportsView(APIView):
    """Reports produced from findings."""

    @extend_schema(
        request=SiteReportFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="site_reports_create"
    )
    def post(self, request: Request) -> Response:
        """Produce a report; the result's draft that it was put into comes back."""
        item = queries.report_item(request.user, read(SiteReportFields, request.data)["item"])
        made = reporting.produce(actor=request.user, item=item)
        return showing.answer(made.document.name, request.user, status=201)
