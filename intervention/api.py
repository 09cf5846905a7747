"""REST of plans: laid out, read, listed by date."""

from __future__ import annotations

from datetime import date

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField, MonthField
from documents.refusals import Invalid
from intervention import queries, templating
from intervention.dates import add_months
from intervention.planning import lay_out
from intervention.shapes import DueItemShape, PlanEventsShape, PlanHeadShape, PlanShape, TemplateShape
from organization import access, clock
from organization.models import Instalment


class PlanPlaceFields(serializers.Serializer):
    """What a plan is for: a project by its code, and an instalment where it is for one alone."""

    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))
    instalment = CleanCharField(max_length=20, required=False, allow_null=True, label=gettext_lazy("分期"))


class ItemFilters(serializers.Serializer):
    """Which rows: ``due`` overdue or near (30 days), or all of a month."""

    due = serializers.ChoiceField(choices=["overdue", "near"], required=False, label=gettext_lazy("期限"))
    month = MonthField(required=False, label=gettext_lazy("月份"))
    project = CleanCharField(max_length=20, required=False, default="", label=gettext_lazy("项目"))


class PlansView(APIView):
    """Plans of the projects that one may see."""

    @extend_schema(responses={200: PlanHeadShape(many=True), **ERRORS}, operation_id="plans_list")
    def get(self, request: Request) -> Response:
        """All of them, by project and instalment."""
        return Response(PlanHeadShape(queries.plans_for(request.user), many=True).data)

    @extend_schema(request=PlanPlaceFields, responses={201: PlanShape, **VERB_ERRORS}, operation_id="plans_create")
    def post(self, request: Request) -> Response:
        """Lay the five phases out from the template."""
        sent = read(PlanPlaceFields, request.data)
        projects = access.visible_projects(request.user, clock.today())
        project = projects.filter(code=sent["project"]).first()
        if project is None:
            raise Invalid(_("没有这个项目，请核对编码。"))
        instalment = None
        if sent.get("instalment"):
            instalment = Instalment.objects.filter(project=project, code=sent["instalment"]).first()
            if instalment is None:
                raise Invalid(_("没有这个分期，请核对编码。"))
        laid = lay_out(actor=request.user, project=project, instalment=instalment)
        return Response(PlanShape(queries.with_rows(queries.plans_for(request.user)).get(pk=laid.pk)).data, status=201)


class PlanView(APIView):
    """One plan."""

    @extend_schema(responses={200: PlanShape, **ERRORS}, operation_id="plans_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        """With phases, rows and anchors."""
        return Response(PlanShape(get_object_or_404(queries.with_rows(queries.plans_for(request.user)), pk=pk)).data)


class LogView(APIView):
    """The log of a plan."""

    @extend_schema(
        parameters=[OpenApiParameter("after", int, required=False)],
        responses={200: PlanEventsShape, **ERRORS},
        operation_id="plans_log",
    )
    def get(self, request: Request, pk: int) -> Response:
        """Newest first, fifty at a time."""
        plan = get_object_or_404(queries.plans_for(request.user), pk=pk)
        text = request.query_params.get("after", "")
        if text and not (text.isascii() and text.isdecimal() and len(text) < 9):
            raise Invalid(_("after 须为上一页给出的序号。"))
        events = queries.events_of(plan, int(text) if text else None, size=51)
        older = events[49].seq if len(events) > 50 else None
        return Response(PlanEventsShape({"results": events[:50], "next": older}).data)


class ItemsView(APIView):
    """Dated rows over all plans that one may see."""

    @extend_schema(
        parameters=[ItemFilters], responses={200: DueItemShape(many=True), **ERRORS}, operation_id="plan_items_list"
    )
    def get(self, request: Request) -> Response:
        """Overdue, near, or of a month (by default this one), in the order of their dates."""
        sent = read(ItemFilters, request.query_params)
        items = queries.items_for(request.user, sent["project"])
        if "due" in sent:
            overdue, near = queries.due(items, clock.today())
            rows = overdue if sent["due"] == "overdue" else near
        else:
            first: date = sent.get("month") or clock.today().replace(day=1)
            rows = items.filter(due_on__gte=first, due_on__lt=add_months(first, 1)).order_by("due_on", "pk")
        return Response(DueItemShape(rows, many=True).data)


class TemplateView(APIView):
    """The template in force."""

    @extend_schema(responses={200: TemplateShape, **ERRORS}, operation_id="plan_template")
    def get(self, request: Request) -> Response:
        """Rows that new plans get, and the required contents of results."""
        return Response(TemplateShape(templating.in_force()).data)
