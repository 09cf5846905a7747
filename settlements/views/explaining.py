"""How an application came to its figures, on one page to print and to redo by hand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import presenting
from documents.models import Document
from documents.vocabulary import Kind
from settlements.explaining import explanation


@require_GET
def explained(request: HttpRequest, name: str) -> HttpResponse:
    """For whoever sees the application: of what was submitted, to its drafting side of the working copy."""
    document = Document.objects.visible_to(request.user).for_page().get_named(name)
    if document.kind != Kind.EXPENSE_APPLICATION:
        raise Http404
    seen = presenting.shown(document, request.user)
    context = {"document": document, "shown": seen, "explanation": explanation(seen.content)}
    return render(request, "settlements/explained.html", context)
