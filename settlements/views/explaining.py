"""How an application came to its figures, on one page to print and to redo by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import presenting
from settlements.explaining import explanation
from settlements.queries import application_for


@require_GET
def explained(request: HttpRequest, name: str) -> HttpResponse:
    """For whoever sees the application: of what was submitted, to its drafting side of the working copy."""
    document = application_for(request.user, name)
    seen = presenting.shown(document, request.user)
    context = {"document": document, "shown": seen, "explanation": explanation(seen.content)}
    return render(request, "settlements/explained.html", context)
