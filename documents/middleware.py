"""Refusals that no view has caught become a page with the right status and the same sentences."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
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
