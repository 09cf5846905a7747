"""REST of photographs: several at once onto a record, their bytes, hiding a wrong one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField
from intervention import photos, records
from intervention.acts import ActReasonFields
from intervention.models import Photo
from intervention.photo_shapes import PhotoShape
from intervention.records import RecordKind
from intervention.site.vocabulary import PhotoRole
from intervention.views.photos import served


class PhotoFields(serializers.Serializer):
    """Files under ``file``, one or many; the device's own keys in their order."""

    role = serializers.ChoiceField(
        choices=PhotoRole.choices, required=False, default="", allow_blank=True, label=_("用途")
    )
    file = serializers.ListField(child=serializers.FileField(allow_empty_file=True), label=_("照片"), allow_empty=False)
    sent_key = serializers.ListField(
        child=CleanCharField(max_length=36, allow_blank=True), required=False, default=list, label=_("设备编号")
    )


class PhotosShape(serializers.Serializer):
    """The photographs as they are stored."""

    photos = PhotoShape(many=True)


def urls() -> list[Any]:
    """Routes of photographs; one for every kind of record that carries them."""
    found = [
        path(f"records/{kind.subject}/<int:pk>/photos/", _upload_view(kind), name=f"{kind.subject}_photos")
        for kind in records.registered()
        if kind.may_photograph is not None
    ]
    return [
        *found,
        path("photos/<int:pk>/hide/", HideView.as_view(), name="photo_hide"),
        path("photos/<int:pk>/<str:copy>/", PhotoView.as_view(), name="photo"),
    ]


def _upload_view(kind: RecordKind) -> Any:
    @extend_schema(
        operation_id=f"records_{kind.subject}_photos",
        request={"multipart/form-data": PhotoFields},
        responses={201: PhotosShape, **VERB_ERRORS},
    )
    def post(self: APIView, request: Request, pk: int) -> Response:
        """Store photographs, all or none. Sent again with the same keys they are answered and not stored twice."""
        row = get_object_or_404(kind.for_person(request.user), pk=pk)
        # Without a body there is no form to read.
        sent = request.data if isinstance(request.data, QueryDict) else QueryDict()
        keys, role = sent.getlist("sent_key"), sent.get("role", "")
        given = read(PhotoFields, {"file": request.FILES.getlist("file"), "sent_key": keys, "role": role})
        stored = photos.add(
            subject=kind.subject,
            pk=row.pk,
            actor=request.user,
            uploads=given["file"],
            role=given["role"],
            sent_keys=given["sent_key"],
        )
        return Response({"photos": PhotoShape(stored, many=True).data}, status=201)

    members = {"post": post, "parser_classes": [MultiPartParser, FormParser], "__doc__": PhotoFields.__doc__}
    return type(f"{kind.shape.__name__}PhotosView", (APIView,), members).as_view()


class PhotoView(APIView):
    """A photograph's bytes."""

    @extend_schema(operation_id="photos_read", responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **ERRORS})
    def get(self, request: Request, pk: int, copy: str) -> HttpResponse:
        """The ``full`` picture or the ``small`` one."""
        return served(request, pk, copy)


class HideView(APIView):
    """Hiding a wrong photograph."""

    @extend_schema(operation_id="photos_hide", request=ActReasonFields, responses={204: None, **VERB_ERRORS})
    def post(self, request: Request, pk: int) -> Response:
        """Hide it with a reason; its bytes stay."""
        photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
        photos.hide(photo_id=photo.pk, actor=request.user, **read(ActReasonFields, request.data))
        return Response(status=204)
