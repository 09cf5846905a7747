"""Design advice, the survey of the surroundings, and both as files; a plan printed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_GET

from documents.rendering import pdf, xlsx
from documents.sheets import MAX_ROWS
from documents.vocabulary import Phase
from intervention.acts import offers
from intervention.daily.views import as_file
from intervention.permissions import Who, who
from intervention.planning_work.figures import survey_of
from intervention.planning_work.kinds import ADVICE, SURVEY
from intervention.planning_work.permissions import can_advise, can_survey
from intervention.planning_work.plan_sheet import plan_printout, plan_title
from intervention.planning_work.queries import SIZE, advice_for, comparables_of, sums_of
from intervention.planning_work.sheets import advice_printout, survey_printout
from intervention.planning_work.states import AdviceState, Topic
from intervention.queries import plans_for, with_rows
from intervention.views.lists import shared
from intervention.views.records import told
from organization import access, clock
from organization.queries import projects_for

FORMATS = ("pdf", "xlsx")
FILTERS = ("topic", "state", "text")


@require_GET
def advice_list(request: HttpRequest) -> HttpResponse:
    """The register: what became of each piece of advice, what was saved in all."""
    context = shared(request, "advice")
    chosen = {name: request.GET.get(name, "").strip() for name in FILTERS}
    rows = advice_for(request.user, context["project"], chosen)
    before = request.GET.get("before", "")
    is_later = before.isascii() and before.isdecimal() and len(before) < 19
    found = list((rows.filter(pk__lt=int(before)) if is_later else rows)[: SIZE + 1])
    query = urlencode({name: value for name, value in {**chosen, "project": context["project"]}.items() if value})
    posts = frozenset(held.post for held in access.memberships(request.user, clock.today()))
    context |= chosen | {
        "rows": found[:SIZE],
        "sums": sums_of(rows),
        "topics": Topic.choices,
        "states": AdviceState.choices,
        "query": query,
        "may_begin": can_advise(Who(request.user, posts)) is None,
        "page": {
            "newer": (query or "first=1") if is_later else "",
            "older": f"{query}&before={found[SIZE - 1].pk}" if len(found) > SIZE else "",
        },
    }
    return render(request, "intervention/advice_list.html", context)


@require_GET
def advice(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of advice with its answer, what can be done, its journal."""
    row = get_object_or_404(ADVICE.for_person(request.user), pk=pk)
    can = offers(ADVICE.verbs, who(request.user, row.project), row)
    return render(request, "intervention/advice.html", {"record": row, "offers": can, "log": told(ADVICE, row)})


@require_GET
def survey(request: HttpRequest) -> HttpResponse:
    """The survey of a project, by default of the first: figures, bars, rows with what can be done to each."""
    context = shared(request, "survey")
    projects = projects_for(request.user).order_by("code")
    code = context["project"]
    project = projects.filter(code=code).first() if "\0" not in code else None
    if project is None and code:
        raise Http404
    project = project or projects.first()
    asked = who(request.user, project) if project else Who(request.user, frozenset())
    found = survey_of(comparables_of(request.user, project) if project else [])
    context |= {
        "shown": project,
        "project": project.code if project else "",
        "survey": found,
        "rows": [(bar, offers(SURVEY.verbs, asked, bar.row)) for bar in found.bars],
        "may_begin": can_survey(asked) is None,
    }
    return render(request, "intervention/survey.html", context)


@require_GET
def register_file(request: HttpRequest, register: str, project: str, file_format: str) -> HttpResponse:
    """The register of advice or the survey of a project as PDF or workbook; advice narrowed as on the page."""
    found = projects_for(request.user).select_related("property_company").filter(code=project.replace("\0", ""))
    place = get_object_or_404(found)
    if register == "advice":
        chosen = {name: request.GET.get(name, "").strip() for name in FILTERS}
        paper = advice_printout(
            place, list(advice_for(request.user, place.code, chosen).order_by("pk")[: MAX_ROWS + 1])
        )
    elif register == "survey":
        paper = survey_printout(place, survey_of(comparables_of(request.user, place)))
    else:
        raise Http404
    return _printed(paper, f"{paper.title} {place.code}", file_format)


@require_GET
def plan_file(request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
    """A plan, or one phase of it (``phase``), as PDF or workbook."""
    phase = request.GET.get("phase", "")
    if phase and phase not in Phase.values:
        raise Http404
    plan = get_object_or_404(with_rows(plans_for(request.user)), pk=pk)
    phases = [row for row in plan.phases.all() if phase in ("", row.phase)]
    paper = plan_printout(plan, phases, clock.today(), clock.now(), phase)
    with translation.override("zh-hans"):
        name = f"{plan_title(phase)} {plan.code}"
    return _printed(paper, name, file_format)


def _printed(paper: Any, name: str, file_format: str) -> HttpResponse:
    if file_format not in FORMATS:
        raise Http404
    data = pdf.render_now(paper) if file_format == "pdf" else xlsx.workbook_bytes([(paper.number, paper)])
    return as_file(data, f"{name}.{file_format}")
