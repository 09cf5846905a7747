"""The page behind the QR code on paper: number, amount and state, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from documents.queries import by_check_code


@never_cache
@require_GET
def verify(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Without log-in: whether a paper's number and check code belong together, and how the form stands."""
    document = by_check_code(number, code)
    status = 200 if document else 404
    return render(request, "documents/verify.html", {"document": document, "number": number}, status=status)
