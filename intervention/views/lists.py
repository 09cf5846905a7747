"""All plans at a glance: time line, board by phase and state, a month's dates, what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents.forms import month_choices, month_label, read_month
from intervention.boards import board_of, days_of, told
from intervention.permissions import LEAD
from intervention.queries import due as due_rows
from intervention.queries import items_for, of_posts, plans_for, with_rows
from intervention.timeline import chart, months_around
from organization import access, clock


def shared(request: HttpRequest, tab: str) -> dict[str, Any]:
    """What the four lists share: the tab, the project chosen, whether this person may lay plans out."""
    posts = {held.post for held in access.memberships(request.user, clock.today())}
    return {
        "tab": tab,
        "project": request.GET.get("project", "").strip(),
        "may_plan": bool(posts & set(LEAD)) and not request.user.is_administrator,
        "today": clock.today(),
    }


@require_GET
def timeline(request: HttpRequest) -> HttpResponse:
    """Every plan's phases on one scale."""
    context = shared(request, "timeline")
    plans = with_rows(plans_for(request.user, context["project"]))
    return render(request, "intervention/timeline.html", context | {"chart": chart(plans, clock.today())})


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Phases by what they are and how they stand."""
    context = shared(request, "board")
    lines = chart(with_rows(plans_for(request.user, context["project"])), clock.today())
    return render(request, "intervention/board.html", context | {"rows": board_of(lines)})


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A month's dates, day by day."""
    context = shared(request, "calendar")
    first = read_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    previous, following = months_around(first)
    items = items_for(request.user, context["project"]).filter(due_on__gte=first, due_on__lt=following)
    context |= {
        "label": month_label(first),
        "month": _month(first),
        "months": month_choices(clock.today(), back=36, shown=(first,)),
        "previous": _month(previous),
        "following": _month(following),
        "days": days_of(items, clock.today()),
    }
    return render(request, "intervention/calendar.html", context)


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """Overdue, and due within 30 days: of all posts, or of one's own (``posts=mine``), as the work table counts them."""
    context = shared(request, "due") | {"mine": request.GET.get("posts") == "mine"}
    items = items_for(request.user, context["project"])
    if context["mine"]:
        items = of_posts(items, access.memberships(request.user, clock.today()))
    overdue, near = due_rows(items, clock.today())
    context |= {"overdue": told(overdue, clock.today()), "near": told(near, clock.today())}
    return render(request, "intervention/due.html", context)


def _month(first: date) -> str:
    return first.strftime("%Y-%m")
