"""Agreements by project: which is in force, when it ends, its versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents import drafting
from documents.states import DECIDED
from documents.vocabulary import Kind
from intervention.papers import queries
from intervention.views.lists import shared
from organization import clock


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Every project that this person may see agreements of, in a constant number of queries."""
    context = shared(request, "agreements")
    projects = queries.agreement_projects(request.user, context["project"])
    approved = queries.approved_agreements(projects)
    versions = queries.versions_for(request.user, projects)
    places = drafting.places_to_draft(request.user, Kind.SERVICE_AGREEMENT)
    rows = [
        {
            "standing": queries.in_force(project, approved.get(project.pk, ()), clock.today()),
            "versions": versions.get(project.pk, []),
            "may_draft": (None in places or project.pk in places)
            and all(row.document.state in DECIDED for row in versions.get(project.pk, ())),
        }
        for project in projects
    ]
    return render(request, "intervention/papers/agreements.html", context | {"rows": rows})
