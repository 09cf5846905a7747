"""Refusals that no view has caught become a page with the right status and the same sentences; what no database can hold is
nowhere asked for."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

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
    """PostgreSQL refuses to compare a text with NUL: nothing is called so, and no page is filtered by it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The API checks names and parameters itself and tells the faulty one.
        if not request.path_info.startswith("/api/"):
            if "\0" in request.path_info:
                raise Http404
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest("NUL")
        return self.get_response(request)
