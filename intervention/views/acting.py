"""One address for all verbs on phases and rows: GET asks, POST does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from documents.refusals import Refused
from intervention import conditions
from intervention.acts import ActVerb
from intervention.models import PlanPhase
from intervention.permissions import who
from intervention.phasing import is_early
from intervention.previewing import doubts_of
from intervention.queries import items_for, phases_for
from intervention.verbs import ITEM_VERBS, PHASE_VERBS


def named(table: Mapping[str, ActVerb], verb: str) -> ActVerb:
    """A verb of a table; 404 for what is none."""
    if verb not in table:
        raise Http404
    return table[verb]


@require_http_methods(["GET", "POST"])
def phase(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Start, close, re-open."""
    row = get_object_or_404(phases_for(request.user), pk=pk)
    found = named(PHASE_VERBS, verb)
    context = {
        "phase": row,
        "early": verb == "start" and is_early(row),
        "conditions": conditions.of(row) if verb == "close" else (),
    }
    return _answer(request, found, row, row, context)


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Tick off, waive, restore, move, follow the anchor again."""
    found = named(ITEM_VERBS, verb)
    row = get_object_or_404(items_for(request.user), pk=pk)
    return _answer(request, found, row, row.phase, {"item": row, "phase": row.phase})


def _answer(request: HttpRequest, verb: ActVerb, row: Any, phase: PlanPhase, context: dict[str, Any]) -> HttpResponse:
    back = reverse("intervention:phase", args=[phase.plan_id, phase.phase])
    context |= {"verb": verb, "plan": phase.plan, "back": back, "typed": request.POST}
    if request.method == "GET":
        context["denial"] = verb.predicate(who(request.user, phase.plan.project), row)
        return render(request, "intervention/act.html", context)
    sent = {key: value for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    try:
        verb.perform(row.pk, request.user, sent)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/act.html", context, status=refusal.status)
    messages.success(request, f"{row} · {verb.done}")
    if verb.name == "move":
        for doubt in doubts_of(row):
            messages.warning(request, doubt)
    return redirect(back)
