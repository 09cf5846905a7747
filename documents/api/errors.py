"""Errors of the API: one shape for all, ``{"errors": [sentence, …]}``, with the sentences of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from documents.api.parsing import TooLong
from documents.refusals import Invalid, Refused
from organization.reading import sentences, shown
from organization.refusals import OrganizationRefused


class FaultShape(serializers.Serializer):
    """A faulty cell: its line, counted from 1 as in the sentence, and its column's key."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    message = serializers.CharField()


class ErrorsShape(serializers.Serializer):
    """Why nothing was done; ``faults`` where single cells are at fault."""

    errors = serializers.ListField(child=serializers.CharField())
    faults = FaultShape(many=True, required=False)


# What any route may answer beside what it is for; for the schema.
ERRORS = dict.fromkeys((400, 401, 403, 404), ErrorsShape)
VERB_ERRORS = {**ERRORS, 409: ErrorsShape, 413: ErrorsShape}


def refusal(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """Settings name this handler. What it doesn't know is our own fault and goes on to the site's 500."""
    if isinstance(exception, (Refused, OrganizationRefused)):
        return Response(_body(exception), status=exception.status)
    if isinstance(exception, exceptions.PermissionDenied) and str(exception.detail).startswith("CSRF Failed"):
        exception = exceptions.PermissionDenied(_("页面已过期，操作没有执行。请刷新页面后重试。"))
    if isinstance(exception, exceptions.ValidationError):
        return Response({"errors": _flat(exception.detail)}, status=exception.status_code)
    if isinstance(exception, Http404 | exceptions.NotFound):
        # Word for word what an address answers that does not exist (design 16).
        return Response({"errors": [_("页面不存在，或您没有查看权限。")]}, status=status.HTTP_404_NOT_FOUND)
    if isinstance(exception, RequestDataTooBig):
        exception = TooLong(_("发送的内容过大，请分开提交。"))
    if isinstance(exception, exceptions.ParseError):
        exception = exceptions.ParseError(_("请求内容无法解析，请检查 JSON 或表单格式。"))
    response = exception_handler(exception, context)
    if response is not None:
        response.data = {"errors": _flat(response.data)}
    return response


def _body(exception: Refused | OrganizationRefused) -> dict[str, Any]:
    body: dict[str, Any] = {"errors": [shown(sentence) for sentence in exception.sentences]}
    faults = getattr(exception, "faults", None)
    if faults is not None:
        body["faults"] = [{"line": f.index + 1, "column": f.key, "message": shown(f.message)} for f in faults]
    return body


def _flat(detail: Any) -> list[str]:
    """The sentences of REST framework's own refusals."""
    if isinstance(detail, Mapping):
        detail = list(detail.values())
    return [found for inner in detail for found in _flat(inner)] if isinstance(detail, list) else [shown(detail)]


def read(
    fields: type[serializers.Serializer],
    data: Any,
    names: Mapping[str, str] | None = None,
    *,
    partial: bool = False,
) -> dict[str, Any]:
    """What was sent, validated. Raises ``Invalid`` with a sentence per fault; ``names`` are titles of undeclared keys, and a
    ``partial`` change holds what was sent alone."""
    form = fields(data=data, partial=partial)
    if not form.is_valid():
        raise Invalid(*sentences(form, names))
    return dict(form.validated_data)
