"""REST of packs: POST asks the worker, GET tells how far it is, the files answer 409 with a sentence until they are made."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, ErrorsShape, read
from documents.api.fields import CleanCharField, MonthField
from documents.api.files import FileView
from settlements.packs import months, runs
from settlements.packs.making import FORMATS, require_approved
from settlements.packs.months import MonthPacks
from settlements.packs.standing import DONE, FAILED, NONE, RUNNING, WAITING, pack_state
from settlements.queries import application_for
from settlements.views import packing

STATES = (NONE, WAITING, RUNNING, DONE, FAILED)
NOT_YET = {409: ErrorsShape}


class PackFileShape(serializers.Serializer):
    """One file of a pack. ``done`` of ``total`` is the count of the stage that ``sentence`` names; ``size`` in bytes."""

    format = serializers.ChoiceField(choices=list(FORMATS))
    state = serializers.ChoiceField(choices=STATES)
    sentence = serializers.CharField()
    percent = serializers.IntegerField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    size = serializers.IntegerField()


class PackShape(serializers.Serializer):
    """An application's pack."""

    number = serializers.CharField(source="name")
    files = PackFileShape(many=True)


class MonthPacksShape(serializers.Serializer):
    """The packs of a month that one may see. ``obstacle`` says why there can be no zip, else it is empty."""

    month = serializers.DateField(format="%Y-%m")
    files = serializers.IntegerField()
    made = serializers.IntegerField()
    percent = serializers.IntegerField()
    size = serializers.IntegerField()
    obstacle = serializers.CharField()
    packs = PackShape(many=True)


class MonthFields(serializers.Serializer):
    """Which packs: the month, and a project by its code."""

    month = MonthField(label=_("月份"))
    project = CleanCharField(required=False, default="", allow_blank=True, max_length=20, label=_("项目"))


CHOICE = [OpenApiParameter("month", str, required=True, description="2026-12"), OpenApiParameter("project", str)]


class PackStateView(APIView):
    """The pack of an approved application."""

    @extend_schema(responses={200: PackShape, **VERB_ERRORS}, operation_id="applications_pack_state")
    def get(self, request: Request, reference: str) -> Response:
        """How far it is."""
        document = application_for(request.user, reference)
        require_approved(document)
        return Response(PackShape(pack_state(document)).data)

    @extend_schema(request=None, responses={202: PackShape, **VERB_ERRORS}, operation_id="applications_pack_start")
    def post(self, request: Request, reference: str) -> Response:
        """Ask the worker for it. Asking again while it is on its way changes nothing; what has failed is tried again."""
        document = application_for(request.user, reference)
        runs.start(document)
        return Response(PackShape(pack_state(document)).data, status=202)


class PackFileView(FileView):
    """A file of the pack."""

    @extend_schema(
        parameters=[OpenApiParameter("file_format", str, "path", enum=list(FORMATS))],
        responses={**{(200, kind): OpenApiTypes.BINARY for kind in FORMATS.values()}, **ERRORS, **NOT_YET},
        operation_id="applications_pack",
    )
    def get(self, request: Request, reference: str, file_format: str) -> HttpResponse:
        """The kept bytes: the same on every download. 409 with a sentence while they are not made."""
        return packing.download(request._request, reference, file_format)


class MonthPacksView(APIView):
    """All packs of a month that one may see."""

    @extend_schema(parameters=CHOICE, responses={200: MonthPacksShape, **ERRORS}, operation_id="packs_state")
    def get(self, request: Request) -> Response:
        """How far they are."""
        return Response(MonthPacksShape(_packs(request)).data)

    @extend_schema(
        parameters=CHOICE, request=None, responses={202: MonthPacksShape, **VERB_ERRORS}, operation_id="packs_start"
    )
    def post(self, request: Request) -> Response:
        """Ask the worker for those that are missing."""
        months.start(_packs(request))
        return Response(MonthPacksShape(_packs(request)).data, status=202)


class MonthZipView(FileView):
    """All packs of a month as one file."""

    @extend_schema(
        parameters=CHOICE,
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **ERRORS, **NOT_YET},
        operation_id="packs_zip",
    )
    def get(self, request: Request) -> HttpResponse:
        """PDF and workbook of each approved application; 409 with a sentence while one is not made."""
        _chosen(request)
        return packing.month_zip(request._request)


def _chosen(request: Request) -> dict[str, Any]:
    return read(MonthFields, request.query_params)


def _packs(request: Request) -> MonthPacks:
    chosen = _chosen(request)
    return months.month_packs(request.user, chosen["month"], chosen["project"])
