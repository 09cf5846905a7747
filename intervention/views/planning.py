"""A plan and its phases: laid out, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.refusals import Denied, Refused
from documents.vocabulary import Phase
from intervention import conditions
from intervention.acts import offers
from intervention.boards import told
from intervention.drafting import may_begin
from intervention.forms import NewPlanForm
from intervention.models import Plan, PlanPhase
from intervention.papers.queries import agreement_of, alarms_for
from intervention.permissions import LEAD, Who, can_shift, in_use, who
from intervention.planning import lay_out
from intervention.previewing import preview, shift_of
from intervention.queries import events_of, phases_for, plans_for, rows_of, versions_of, with_rows
from intervention.timeline import chart
from intervention.verbs import ITEM_VERBS, PHASE_VERBS
from intervention.vocabulary import ItemKind
from intervention.wording import event_text
from organization import access, clock

if TYPE_CHECKING:
    from organization.models import Instalment, Project


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a project or an instalment, see the dates that it would get; POST lays the plan out."""
    posts = {held.post for held in access.memberships(request.user, clock.today())}
    if not posts & set(LEAD):
        raise Denied(_("编排前期介入计划由营销客服部办理，您不担任该部门的岗位。"))
    projects = access.visible_projects(request.user, clock.today())
    data = request.POST if request.method == "POST" else request.GET
    form = NewPlanForm(data or None, projects=projects)
    if not form.is_valid():
        return _new(request, form, status=400 if request.method == "POST" else 200)
    place = form.place()
    if request.method == "GET":
        denial = in_use(place[0])
        more = {"sentences": (denial.reason,)} if denial else _proposed(request, *place)
        return _new(request, form, **more)
    try:
        laid = lay_out(actor=request.user, project=place[0], instalment=place[1])
    except Refused as refusal:
        return _new(request, form, status=refusal.status, sentences=refusal.sentences, **_proposed(request, *place))
    messages.success(request, _("已编排 %(place)s 的前期介入计划。") % {"place": laid})
    return redirect("intervention:plan", laid.pk)


def _proposed(request: HttpRequest, project: Project, instalment: Instalment | None) -> dict[str, Any]:
    """The dates that a place would get; its plan where it has one, and plans of the project that would overlap with it."""
    plans = list(plans_for(request.user, project.code).prefetch_related("phases"))
    there = next((plan for plan in plans if plan.instalment == instalment), None)
    overlapping = [plan for plan in plans if plan is not there and (plan.instalment is None or instalment is None)]
    return {"there": there, "overlapping": overlapping, "rows": [] if there else preview(project, instalment)}


def _new(request: HttpRequest, form: NewPlanForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "intervention/new_plan.html", {"form": form, **more}, status=status)


def seen_plan(request: HttpRequest, pk: int) -> Plan:
    """A plan that this person may see."""
    return get_object_or_404(with_rows(plans_for(request.user)), pk=pk)


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan: anchors, time line, legal dates, what lags, the newest lines of its log."""
    shown = seen_plan(request, pk)
    drawn = chart([shown], clock.today())
    rows = [row for phase in shown.phases.all() for row in phase.items.all()]
    context = {
        "plan": shown,
        "chart": drawn,
        "anchors": shown.anchors.all(),
        "warnings": told([row for row in rows if row.kind == ItemKind.WARNING], clock.today()),
        "shift": shift_of(shown, items=rows),
        "shift_denial": can_shift(who(request.user, shown.project)),
        "log": [(event, event_text(event)) for event in events_of(shown, size=8)],
        "agreement": agreement_of(request.user, shown.project),
        "alarms": alarms_for(request.user, shown.project.code),
        "today": clock.today(),
    }
    return render(request, "intervention/plan.html", context)


@require_GET
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole log of a plan, a page at a time."""
    shown = get_object_or_404(plans_for(request.user), pk=pk)
    text = request.GET.get("after", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None
    events = events_of(shown, before, size=51)
    older = f"after={events[49].seq}" if len(events) > 50 else ""
    context = {
        "plan": shown,
        "log": [(event, event_text(event)) for event in events[:50]],
        "page": {"newer": "first=1" if before else "", "older": older},
    }
    return render(request, "intervention/log.html", context)


@require_GET
def phase(request: HttpRequest, pk: int, phase: str) -> HttpResponse:
    """A phase: what stands in the way of closing, work, results with their documents, verbs."""
    if phase not in Phase.values:
        raise Http404
    row = get_object_or_404(phases_for(request.user), plan=pk, phase=phase)
    return render(request, "intervention/phase.html", phase_context(request, row))


def _lines(request: HttpRequest, row: PlanPhase, asked: Who) -> list[dict[str, Any]]:
    """The rows of a phase, each with its verbs and the documents that this person may see."""
    items = rows_of(row)
    versions = versions_of(items, request.user)
    return [
        {
            "told": line,
            "kind": line.item.kind,
            "offers": offers(ITEM_VERBS, asked, line.item),
            "versions": versions.get(line.item.pk, []),
            "may_file": may_begin(asked.posts, line.item, versions.get(line.item.pk, [])),
        }
        for line in told(items, clock.today())
    ]


def phase_context(request: HttpRequest, row: PlanPhase) -> dict[str, Any]:
    """What the page of a phase shows; the same number of queries however many rows it has."""
    asked = who(request.user, row.plan.project)
    lines = _lines(request, row, asked)
    events = row.events.select_related("actor", "phase", "item").order_by("-seq")[:12]
    return {
        "plan": row.plan,
        "phase": row,
        "offers": offers(PHASE_VERBS, asked, row),
        "conditions": conditions.of(row),
        "start": next((line for line in lines if line["kind"] == ItemKind.START), None),
        "activities": [line for line in lines if line["kind"] == ItemKind.ACTIVITY],
        "results": [line for line in lines if line["kind"] == ItemKind.RESULT],
        "warnings": [line for line in lines if line["kind"] == ItemKind.WARNING],
        "log": [(event, event_text(event)) for event in events],
        # Promises are made while marketing is supported.
        "alarms": alarms_for(request.user, row.plan.project.code) if row.phase == Phase.MARKETING else None,
        "today": clock.today(),
    }
