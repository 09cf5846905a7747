"""Monthly assessments: the register, one of them, scoring it and closing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.refusals import Denied, Refused
from documents.vocabulary import Side
from intervention import journal
from intervention.acts import offers
from intervention.assessing.facts import facts_of
from intervention.assessing.forms import NewAssessmentForm, changes_sent, score_lines, scores_sent
from intervention.assessing.kind import KIND, VERBS
from intervention.assessing.opening import open_assessment
from intervention.assessing.permissions import can_score
from intervention.assessing.queries import assessments_for, openable
from intervention.assessing.states import AssessmentState
from intervention.models import Assessment
from intervention.permissions import who
from intervention.records import Stale
from intervention.views.lists import shared
from intervention.views.records import told
from organization import clock

SIZE = 100


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """All assessments that this person may see, the newest month first."""
    context = shared(request, "assessments")
    rows = assessments_for(request.user, context["project"])
    state, side = request.GET.get("state", ""), request.GET.get("side", "")
    if state in AssessmentState.values:
        rows = rows.filter(state=state)
    if side in Side.values:
        rows = rows.filter(side=side)
    found = list(rows[: SIZE + 1])
    context |= {
        "rows": found[:SIZE],
        "more": len(found) > SIZE,
        "may_open": bool(openable(request.user)),
        "states": AssessmentState.choices,
        "state": state,
        "sides": Side.choices,
        "side": side,
    }
    return render(request, "intervention/assessments.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose project, month and side; POST opens the assessment."""
    sides = openable(request.user)
    if not sides:
        raise Denied(_("月度考核由营销小组、客服小组的经办人开展，您不担任该岗位。"))
    initial = {name: request.GET.get(name, "") for name in ("project", "month", "side")}
    form = NewAssessmentForm(request.POST or None, sides=sides, today=clock.today(), initial=initial)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "intervention/new_assessment.html", context, status=status)
    try:
        opened = open_assessment(actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/new_assessment.html", context, status=refusal.status)
    messages.success(request, _("%(assessment)s：已开始考核，请逐项评分。") % {"assessment": opened})
    return redirect("intervention:score_assessment", opened.pk)


def _seen(request: HttpRequest, pk: int) -> Assessment:
    row: Assessment = get_object_or_404(KIND.for_person(request.user), pk=pk)
    return row


@require_GET
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One assessment: points, the month's facts, answer and conclusion, what can be done next, its journal."""
    row = _seen(request, pk)
    return render(request, "intervention/assessment.html", _context(request, row))


def _context(request: HttpRequest, row: Assessment) -> dict[str, Any]:
    asking = who(request.user, row.project)
    return {
        "record": row,
        "kind": KIND,
        "marks": row.marks if can_score(asking, row) is None else row.figure,
        "facts": facts_of(request.user, row),
        "offers": offers(VERBS, asking, row),
        "log": told(KIND, row),
    }


@require_http_methods(["GET", "POST"])
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Item by item, with the month's facts beside; POST saves, and hands in where that was asked for."""
    seen = journal.newest(Assessment, pk)
    row = _seen(request, pk)
    context: dict[str, Any] = {"record": row, "facts": facts_of(request.user, row), "seen": seen}
    context["hand_in"] = VERBS["hand_in"].predicate(who(request.user, row.project), row)
    if request.method == "GET":
        context["denial"] = VERBS["score"].predicate(who(request.user, row.project), row)
        context["lines"] = score_lines(row.scores.all(), {})
        return render(request, "intervention/score_assessment.html", context)
    verb, typed = VERBS["score"], request.POST
    try:
        KIND.perform(verb, row.pk, request.user, scores_sent(row.scores.all(), typed))
        if typed.get("then") == "hand_in":
            verb = VERBS["hand_in"]
            verb.perform(row.pk, request.user, {})
    except Refused as refusal:
        stale = isinstance(refusal, Stale)
        # Where handing in was refused the points are stored, and this person has seen them.
        known = stale or verb.name == "hand_in"
        context["lines"] = score_lines(row.scores.all(), typed, stale=stale)
        context["seen"] = journal.newest(Assessment, pk) if known else typed.get("seen", "")
        context["sentences"] = refusal.sentences
        return render(request, "intervention/score_assessment.html", context, status=refusal.status)
    messages.success(request, f"{row} · {verb.done}")
    return redirect(KIND.url(row))


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The head's conclusion; where the property company objected, points may be changed."""
    seen = journal.newest(Assessment, pk)
    row = _seen(request, pk)
    verb = VERBS["close"]
    context: dict[str, Any] = {"record": row, "verb": verb, "marks": row.marks, "typed": request.POST, "seen": seen}
    context["lines"] = score_lines(row.scores.all(), request.POST, final=True)
    if request.method == "GET":
        context["denial"] = verb.predicate(who(request.user, row.project), row)
        return render(request, "intervention/close_assessment.html", context)
    sent = {
        "conclusion": request.POST.get("conclusion", ""),
        "changes": changes_sent(row.scores.all(), request.POST),
        "seen": request.POST.get("seen"),
    }
    try:
        KIND.perform(verb, row.pk, request.user, sent)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return render(request, "intervention/close_assessment.html", context, status=refusal.status)
    messages.success(request, f"{row} · {verb.done}")
    return redirect(KIND.url(row))
