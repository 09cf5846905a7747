"""Pages of the site: visits with their findings, the register of findings, one finding."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from intervention import photos
from intervention.acts import offers
from intervention.asking import asked
from intervention.permissions import who
from intervention.site import permissions, queries, shapes
from intervention.site.registered import FINDINGS, VISITS
from intervention.site.states import KeptState
from intervention.site.vocabulary import PhotoRole
from intervention.views.lists import shared
from intervention.views.records import told
from organization import access, clock

SIZE = 50


def page_of(request: HttpRequest, rows: Any) -> tuple[list[Any], dict[str, str]]:
    """A page of records by key, newest first, and the query strings of its neighbours."""
    text = request.GET.get("before", "")
    rows = rows.order_by("-pk")
    if text.isascii() and text.isdecimal() and len(text) < 19:
        rows = rows.filter(pk__lt=int(text))
    found = list(rows[: SIZE + 1])
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    older = urlencode(kept | {"before": found[SIZE - 1].pk}) if len(found) > SIZE else ""
    return found[:SIZE], {"newer": (urlencode(kept) or "first=1") if text else "", "older": older}


def register(request: HttpRequest, tab: str, posts: tuple[str, ...]) -> dict[str, Any]:
    """What the registers share: tab, project, and whether this person may record something."""
    held = {row.post for row in access.memberships(request.user, clock.today())}
    return shared(request, tab) | {"may_record": bool(held & set(posts)) and not request.user.is_administrator}


@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """Visits, newest entry first, with how many findings each has."""
    context = register(request, "visits", permissions.WALKERS)
    rows = queries.with_counts(VISITS.for_person(request.user))
    if context["project"]:
        rows = rows.filter(project__code=context["project"])
    found, page = page_of(request, rows)
    return render(request, "intervention/site/visits.html", context | {"rows": found, "page": page})


@require_GET
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit: what was found, entry of more, its journal."""
    row = get_object_or_404(VISITS.for_person(request.user), pk=pk)
    asking = who(request.user, row.project)
    findings = FINDINGS.for_person(request.user).filter(visit=row)
    found, page = page_of(request, findings)
    context = {
        "record": row,
        "offers": offers(VISITS.verbs, asking, row),
        "may_find": row.state == KeptState.KEPT and permissions.can_find(asking) is None,
        "inputs": asked(shapes.FindingAmendFields, {}),
        "tally": queries.tally(findings),
        "rows": found,
        "page": page,
        "log": told(VISITS, row),
        "most_photos": photos.MAX,
    }
    return render(request, "intervention/site/visit.html", context)


@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """The register of findings: filters, states counted, a page by key."""
    context = register(request, "findings", permissions.WALKERS)
    rows = FINDINGS.for_person(request.user)
    if context["project"]:
        rows = rows.filter(project__code=context["project"])
    narrowed = queries.narrowed(rows, request.GET)
    found, page = page_of(request, narrowed)
    context |= {
        "rows": found,
        "page": page,
        "choices": queries.choices(),
        "filters": {name: request.GET.get(name, "").strip() for name in queries.FILTERS},
        "filtered": any(request.GET.get(name, "").strip() for name in queries.FILTERS),
        "tally": queries.tally(rows),
    }
    return render(request, "intervention/site/findings.html", context)


@require_GET
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding: where and what, photographs before and after, what can be done, its journal."""
    row = get_object_or_404(FINDINGS.for_person(request.user), pk=pk)
    asking = who(request.user, row.project)
    shown = [photo for photo in row.photos.all() if photo.hidden_at is None]
    for photo in shown:
        photo.may_hide = photos.can_hide(asking, FINDINGS, photo, row) is None
    roles = photos.roles_for(asking, FINDINGS, row)
    context = {
        "record": row,
        "offers": offers(FINDINGS.verbs, asking, row),
        "sides": [(role, [photo for photo in shown if photo.role == role], role.value in roles) for role in PhotoRole],
        "hidden": len(row.photos.all()) - len(shown),
        "log": told(FINDINGS, row),
    }
    return render(request, "intervention/site/finding.html", context)
