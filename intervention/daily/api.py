"""REST of a month's logs: its sums, and attaching its files to a confirmation of work. Logs themselves are records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField
from intervention.daily import evidence
from intervention.daily.month import Month
from intervention.daily.places import month_for
from intervention.daily.sheets import state_of

_INSTALMENT = OpenApiParameter("instalment", str, required=False)


class DayFiguresShape(serializers.Serializer):
    """Sums over logs: times, heads and person-hours."""

    logs = serializers.IntegerField()
    days = serializers.IntegerField()
    introductions = serializers.IntegerField()
    visitors = serializers.IntegerField()
    cleanings = serializers.IntegerField()
    events = serializers.IntegerField()
    people = serializers.IntegerField()
    person_hours = serializers.DecimalField(max_digits=18, decimal_places=3)
    missing = serializers.IntegerField()


class DayEventShape(serializers.Serializer):
    """An event of the month."""

    id = serializers.IntegerField(source="pk")
    day = serializers.DateField()
    event_name = serializers.CharField()
    hours = serializers.DecimalField(max_digits=6, decimal_places=3, allow_null=True)
    people = serializers.IntegerField(allow_null=True)
    work_done = serializers.CharField()
    state = serializers.CharField()


class DayGuardShape(serializers.Serializer):
    """Guards of marketing in the month: posts by name, shifts, heads, and hours × heads."""

    name = serializers.CharField()
    days = serializers.IntegerField()
    shifts = serializers.IntegerField()
    people = serializers.IntegerField()
    hours = serializers.DecimalField(max_digits=12, decimal_places=2)


class DayMonthShape(serializers.Serializer):
    """A month of a project or an instalment: confirmed and filed logs added up, the own company's drafts counted and those that
    the other one rewrites after a return, and the forms to which this person may attach it."""

    code = serializers.CharField()
    confirmed = DayFiguresShape(source="figures")
    filed = DayFiguresShape(source="waiting")
    drafts = serializers.SerializerMethodField()
    rewritten = serializers.IntegerField()
    events = DayEventShape(many=True)
    guards = DayGuardShape(many=True)
    standing = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()

    def get_drafts(self, month: object) -> int:
        """Logs still being written."""
        return len(month.drafts)  # type: ignore[attr-defined]

    def get_standing(self, month: Month) -> str:
        """How far it is confirmed, as its files say: nobody confirms guards. Empty where there is nothing to show."""
        return state_of(month) if month.has_evidence else ""

    def get_documents(self, month: object) -> list[str]:
        """Numbers or references of the forms."""
        return [form.name for form in evidence.takers(self.context["person"], month)[:50]]  # type: ignore[arg-type]


class DayMonthAttachFields(serializers.Serializer):
    """Which form, which files, and under which of the form's names of papers."""

    document = CleanCharField(max_length=40, label=_("单据"))
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=tuple(evidence.TYPES)), allow_empty=False, label=_("文件")
    )
    paper = CleanCharField(max_length=50, required=False, allow_blank=True, default="", label=_("资料名称"))


class DayMonthAttachedShape(serializers.Serializer):
    """The form that has the files now."""

    document = serializers.CharField(source="name")


class DayMonthView(APIView):
    """A month's logs as evidence."""

    @extend_schema(
        parameters=[_INSTALMENT], responses={200: DayMonthShape, **ERRORS}, operation_id="day_months_retrieve"
    )
    def get(self, request: Request, project: str, month: str) -> Response:
        """The sums of a month (``2026-11``), of one instalment where it is named."""
        found = month_for(request.user, project, month, request.query_params.get("instalment", ""))
        return Response(DayMonthShape(found, context={"person": request.user}).data)

    @extend_schema(
        parameters=[_INSTALMENT],
        request=DayMonthAttachFields,
        responses={200: DayMonthAttachedShape, **VERB_ERRORS},
        operation_id="day_months_attach",
    )
    def post(self, request: Request, project: str, month: str) -> Response:
        """Attach the month's PDF, workbook or both to a confirmation of work."""
        found = month_for(request.user, project, month, request.query_params.get("instalment", ""))
        sent = read(DayMonthAttachFields, request.data)
        document = evidence.attach_month(actor=request.user, month=found, **sent)
        return Response(DayMonthAttachedShape(document).data)
