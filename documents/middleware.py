"""Refusals that no view has caught become a page with the right status and the same sentences; what no database can hold is
nowhere asked for."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from documents.refusals import Refused
from organization.refusals import OrganizationRefused


class RefusalMiddleware:
    """Turn ``Refused`` into an answer a person can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, (Refused, OrganizationRefused)):
            return render(
                request,
                "errors/refused.html",
                {"sentences": exception.sentences, "status": exception.status},
                status=exception.status,
            )
        return None


# The greatest key that a row can have, in both databases.
MAX_KEY = 2**63 - 1


class KeyMiddleware:
    """A number in an address that no row can have as its key names nothing: not found, whatever the view would ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if any(isinstance(value, int) and value > MAX_KEY for value in kwargs.values()):
            raise Http404


class NulMiddleware:
    """PostgreSQL refuses to compare a text with NUL: nothing is called so, and nothing is filtered by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named, filtered = "\0" in request.path_info, "%00" in request.META.get("QUERY_STRING", "")
        if not (named or filtered):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            sentence = (
                _("页面不存在，或您没有查看权限。") if named else _("查询条件含有不可见的控制字符，请删去后重新查询。")
            )
            answer = {"errors": [sentence]}
            return JsonResponse(
                answer,
                status=404 if named else 400,
                json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
            )
        raise Http404 if named else BadRequest("NUL")
