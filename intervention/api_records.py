"""REST of records: for every kind of the registry a list, making one, reading one, and one route a verb."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField
from documents.api.shapes import ProjectShape
from documents.permissions import require
from documents.refusals import Invalid
from intervention import journal, records
from intervention.acts import ActVerb, offers
from intervention.permissions import who
from intervention.records import RecordKind

SIZE = 100


class RecordShape(serializers.Serializer):
    """What the API answers of every record; kinds add their own."""

    id = serializers.IntegerField(source="pk")
    project = ProjectShape()
    instalment = ProjectShape(allow_null=True)
    created_by = serializers.CharField(source="created_by.name")
    created_at = serializers.DateTimeField()


class PlaceFields(serializers.Serializer):
    """Where a new record belongs, and the device's own key: sent again with it, it is the same record."""

    project = CleanCharField(max_length=20, label=_("项目"))
    instalment = CleanCharField(max_length=20, required=False, default="", allow_blank=True, label=_("分期"))
    sent_key = CleanCharField(max_length=36, required=False, default="", allow_blank=True, label=_("设备编号"))


class RecordOfferShape(serializers.Serializer):
    """A verb on a record: possible, or why not."""

    verb = serializers.CharField(source="verb.name")
    label = serializers.CharField(source="verb.label")
    possible = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()

    def get_possible(self, offer: Any) -> bool:
        """Whether it can be done now by the one who asks."""
        return offer.denial is None

    def get_reason(self, offer: Any) -> str:
        """Why not; empty where it can."""
        return offer.denial.reason if offer.denial else ""


def urls() -> list[Any]:
    """Routes of all registered kinds: ``records/<subject>/`` and so on."""
    found = []
    for kind in records.registered():
        base = f"records/{kind.subject}/"
        found += [
            path(base, _list_view(kind), name=f"{kind.subject}_list"),
            path(f"{base}<int:pk>/", _item_view(kind), name=f"{kind.subject}"),
            *(
                path(f"{base}<int:pk>/{verb.name}/", _verb_view(kind, verb), name=f"{kind.subject}_{verb.name}")
                for verb in kind.verbs.values()
            ),
        ]
    return found


def whole(kind: RecordKind, request: Request, pk: int) -> dict[str, Any]:
    """A record as the API answers it, with what can be done next."""
    seen = journal.newest(kind.model, pk)
    row = get_object_or_404(kind.for_person(request.user), pk=pk)
    can = offers(kind.verbs, who(request.user, row.project), row)
    return {**kind.shape(row).data, "seen": seen, "offers": RecordOfferShape(can, many=True).data}


@cache
def _shape(shape: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """With offers, and what is sent back as ``seen`` with a verb; one class for all routes of a kind, so that the schema knows one component."""
    members = {"offers": RecordOfferShape(many=True), "seen": serializers.IntegerField(), "__doc__": shape.__doc__}
    return type(f"Whole{shape.__name__}", (shape,), members)


def _fields(kind: RecordKind) -> type[serializers.Serializer]:
    return type(f"New{kind.shape.__name__}", (PlaceFields, kind.fields), {"__doc__": kind.fields.__doc__})


@cache
def _with_seen(fields: type[serializers.Serializer]) -> type[serializers.Serializer]:
    return type(f"Record{fields.__name__}", (fields, records.SeenFields), {"__doc__": fields.__doc__})


def _list_view(kind: RecordKind) -> Any:
    fields = _fields(kind)
    page = inline_serializer(
        f"{kind.shape.__name__}Page",
        {"results": kind.shape(many=True), "next_before": serializers.IntegerField(allow_null=True)},
    )

    @extend_schema(
        operation_id=f"records_{kind.subject}_list",
        parameters=[OpenApiParameter("project", str), OpenApiParameter("before", int)],
        responses={200: page, **ERRORS},
    )
    def get(self: APIView, request: Request) -> Response:
        """Records that you may see, newest first, 100 at a time; ``before`` is ``next_before`` of the page before."""
        rows = kind.filters(kind.for_person(request.user), request.query_params).order_by("-pk")
        if project := request.query_params.get("project"):
            rows = rows.filter(project__code=project)
        if before := request.query_params.get("before"):
            if not (before.isascii() and before.isdecimal() and len(before) < 19):
                raise Invalid(_("before 应为上一页给出的编号。"))
            rows = rows.filter(pk__lt=int(before))
        found = list(rows[: SIZE + 1])
        more = found[SIZE - 1].pk if len(found) > SIZE else None
        return Response({"results": kind.shape(found[:SIZE], many=True).data, "next_before": more})

    @extend_schema(
        operation_id=f"records_{kind.subject}_create",
        request=fields,
        responses={201: _shape(kind.shape), **VERB_ERRORS},
    )
    def post(self: APIView, request: Request) -> Response:
        """Make one. Sent again with the same ``sent_key`` it answers the record that is there."""
        given = read(fields, request.data)
        project, instalment = records.placed(request.user, given.pop("project"), given.pop("instalment"))
        require(records.denied(kind, request.user, project))
        row = kind.begin(actor=request.user, project=project, instalment=instalment, **given)
        return Response(whole(kind, request, row.pk), status=201)

    return _view(f"{kind.shape.__name__}List", {"get": get, "post": post}, str(kind.shape.__doc__))


def _item_view(kind: RecordKind) -> Any:
    @extend_schema(operation_id=f"records_{kind.subject}_read", responses={200: _shape(kind.shape), **ERRORS})
    def get(self: APIView, request: Request, pk: int) -> Response:
        """One record, with what can be done next."""
        return Response(whole(kind, request, pk))

    return _view(kind.shape.__name__, {"get": get}, str(kind.shape.__doc__))


def _verb_view(kind: RecordKind, verb: ActVerb) -> Any:
    @extend_schema(
        operation_id=f"records_{kind.subject}_{verb.name}",
        request=_with_seen(verb.fields),
        responses={200: _shape(kind.shape), 204: None, **VERB_ERRORS},
    )
    def post(self: APIView, request: Request, pk: int) -> Response:
        """Do it, or answer why not with the sentences of the page; the record as it stands then comes back, or nothing (204)
        where it has become the other company's working copy."""
        row = get_object_or_404(kind.for_person(request.user), pk=pk)
        kind.perform(verb, row.pk, request.user, request.data)
        if not kind.for_person(request.user).filter(pk=pk).exists():
            return Response(status=204)
        return Response(whole(kind, request, pk))

    return _view(f"{kind.shape.__name__}{verb.name.title()}", {"post": post}, str(verb.fields.__doc__))


def _view(name: str, methods: dict[str, Any], doc: str) -> Any:
    return type(f"{name}View", (APIView,), {**methods, "__doc__": doc}).as_view()
