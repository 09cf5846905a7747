"""Choosing a kind to begin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import kinds
from documents.permissions import post_names
from documents.vocabulary import Kind
from organization import access, clock


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """The forms that this person's posts may draft."""
    posts = {membership.post for membership in access.memberships(request.user, clock.today())}
    offered = [
        {
            "kind": form.kind,
            "label": Kind(form.kind).label,
            "icon": form.icon,
            "url": form.new_url(),
            "submitters": post_names(form.submitters),
        }
        for form in kinds.registered()
        if posts & set(form.may_draft())
    ]
    return render(request, "documents/new.html", {"offered": offered})
