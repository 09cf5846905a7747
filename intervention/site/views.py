"""Pages of the site: visits with their findings, the register of findings, one finding."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.forms import month_choices, month_label, read_month
from documents.refusals import Refused
from intervention import photos
from intervention.acts import offers
from intervention.asking import asked
from intervention.permissions import in_use, who, who_across
from intervention.site import permissions, queries, report_runs, shapes
from intervention.site.registered import FINDINGS, VISITS
from intervention.site.registered_meetings import ACTIONS, GUARD_POSTS, MEETINGS
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
    tally = queries.tally(findings)
    context = {
        "record": row,
        # Handing over is offered while something waits for it.
        "offers": [one for one in offers(VISITS.verbs, asking, row) if one.verb.name != "hand" or tally["open"]],
        "may_find": row.state == KeptState.KEPT and (permissions.can_find(asking) or in_use(row.project)) is None,
        "inputs": asked(shapes.FindingAmendFields, {}),
        "tally": tally,
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
        "most_photos": photos.MAX,
    }
    return render(request, "intervention/site/finding.html", context)


@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """Which reports can be produced, of how many findings, and how far they are; POST asks the worker for one."""
    if request.method == "GET":
        return _reports(request)
    try:
        report_runs.start(actor=request.user, item=queries.report_item(request.user, request.POST.get("item")))
    except Refused as refusal:
        return _reports(request, refusal.status, refusal.sentences)
    chosen = urlencode({name: value for name, value in request.GET.items() if name == "project"})
    return redirect(f"{reverse('intervention:site_reports')}{'?' if chosen else ''}{chosen}")


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a report is, as the page asks every second."""
    item = get_object_or_404(queries.reportable(request.user), pk=pk)
    if not request.htmx:
        return redirect("intervention:site_reports")
    state = report_runs.state_of(request.user, item)
    return render(request, "intervention/site/_report.html", {"item": item, "report": state})


def _reports(request: HttpRequest, status: int = 200, sentences: Any = ()) -> HttpResponse:
    context = register(request, "findings", permissions.WALKERS) | {"sentences": sentences}
    lines = queries.report_lines(request.user, context["project"])
    states = report_runs.states_of(request.user, [line["item"] for line in lines])
    context["lines"] = [line | {"report": states[line["item"].pk]} for line in lines]
    return render(request, "intervention/site/reports.html", context, status=status)


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings, newest entry first, with what is still to be done."""
    context = register(request, "meetings", permissions.WALKERS)
    rows = MEETINGS.for_person(request.user).prefetch_related(None)
    if context["project"]:
        rows = rows.filter(project__code=context["project"])
    found, page = page_of(request, queries.with_action_counts(rows))
    return render(request, "intervention/site/meetings.html", context | {"rows": found, "page": page})


@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting: who was there, what was decided, what is to be done and by whom, its journal."""
    row = get_object_or_404(MEETINGS.for_person(request.user), pk=pk)
    asking = who(request.user, row.project)
    context = {
        "record": row,
        "offers": offers(MEETINGS.verbs, asking, row),
        "actions": [(action, offers(ACTIONS.verbs, asking, action)) for action in row.actions.all()],
        "log": told(MEETINGS, row),
    }
    return render(request, "intervention/site/meeting.html", context)


@require_GET
def guard_posts(request: HttpRequest) -> HttpResponse:
    """A month's guard posts, and their sum."""
    context = register(request, "guard_posts", permissions.WALKERS)
    first = read_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    rows = queries.month_of(GUARD_POSTS.for_person(request.user), f"{first:%Y-%m}")
    if context["project"]:
        rows = rows.filter(project__code=context["project"])
    found, page = page_of(request, rows)
    held = who_across(request.user, {row.project for row in found})
    context |= {
        "rows": [(row, offers(GUARD_POSTS.verbs, held[row.project_id], row)) for row in found],
        "page": page,
        "sums": queries.month_sums(rows),
        "months": month_choices(clock.today(), back=24, ahead=0),
        "month": f"{first:%Y-%m}",
        "label": month_label(first),
    }
    return render(request, "intervention/site/guard_posts.html", context)
