"""Shared staff of a project's month: the splits there are, a new one from a draft's lines, and other shares for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from budgets import grid, shared_lines
from budgets.drafting import LinesRefused, check_rows
from budgets.sharing import read_shares, share_cell
from budgets.splitting import KIND, share_anew, share_lines
from budgets.views.entering import reshaped
from documents import drafting
from documents.forms import month_choices, month_label, next_month, read_month
from documents.models import Document
from documents.refusals import Conflict, Refused
from documents.views import entry
from organization import clock

if TYPE_CHECKING:
    from budgets.models import Split
    from organization.models import Project

SHARE = "share-"


@require_http_methods(["GET", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """The month's splits, and lines of a draft to be split; POST splits them."""
    projects = drafting.draftable_projects(request.user, KIND).order_by("code")
    if request.method == "GET":
        return _page(request, _chosen(request, projects), _month(request.GET.get("month", "")), projects)
    document = entry.editable(request.user, request.POST.get("document", ""), (KIND,))
    places = shared_lines.places_of(request.user, document.project, document.period)
    try:
        split = share_lines(
            document_id=document.pk,
            actor=request.user,
            line_ids=request.POST.getlist("line"),
            shares=read_shares(_typed(request, places), {place.code: place.name for place in places}),
            draft_version=entry.seen_version(request),
        )
    except Refused as refusal:
        return _page(request, document.project, document.period, projects, document, refusal)
    messages.success(request, _("已分摊，各分期的岗位配置表已写入其部分。"))
    return redirect(_address(split.project, split.month))


@require_http_methods(["GET", "POST"])
def shared_split(request: HttpRequest, pk: int) -> HttpResponse:
    """One split: its whole lines and its shares; POST lays them into the forms anew."""
    split = shared_lines.split_for(request.user, pk)
    states = shared_lines.states_of([split])
    if request.method == "GET":
        if states:
            return _split_page(request, states[0])
        messages.warning(request, _("此分摊刚被修改或取消，以下是最新的分摊。"))
        return redirect(_address(split.project, split.month))
    rows = grid.posted_rows(request.POST, [column.key for column in grid.columns_for(KIND) if column.kind != "output"])
    if not states:
        return _overtaken(request, split, rows)
    if "add_row" in request.POST or "remove_row" in request.POST:
        return _split_page(request, states[0], reshaped(request, rows))
    try:
        _share_anew(request, split, rows)
    except Refused as refusal:
        return _split_page(request, states[0], rows, refusal)
    messages.success(request, _("已按新的明细和比例写入各分期的岗位配置表。"))
    return redirect(_address(split.project, split.month))


def _overtaken(request: HttpRequest, split: Split, rows: grid.Rows) -> HttpResponse:
    """Someone else was faster: what was typed stays on the page, beside the split that has taken this one's place."""
    newest = shared_lines.successor_of(split, {row.get("id", "") for row in rows})
    if newest is None:
        sentence = _("此分摊刚被取消：整行已回到一个分期的岗位配置表。您输入的内容仍在本页，请对照后填入该表。")
        return _split_page(request, shared_lines.ended(split), rows, Conflict(sentence))
    sentence = _("此分摊刚被别人修改：上面是最新的分摊，您输入的内容仍在下面，请对照后再确认。")
    return _split_page(request, newest, rows, Conflict(sentence))


def _share_anew(request: HttpRequest, split: Split, rows: grid.Rows) -> None:
    checked = check_rows(KIND, rows)
    places = shared_lines.places_of(request.user, split.project, split.month)
    shares = read_shares(_typed(request, places), {place.code: place.name for place in places})
    share_anew(split_id=split.pk, actor=request.user, shares=shares, rows=checked)


def _typed(request: HttpRequest, places: Iterable[shared_lines.Place]) -> dict[str, str]:
    return {place.code: request.POST.get(f"{SHARE}{place.code}", "") for place in places}


def _chosen(request: HttpRequest, projects: Any) -> Project | None:
    """The project that the address names among those one may draft in, else the only one."""
    code = request.GET.get("project", "").strip()
    rows = list(projects)
    return next((row for row in rows if row.code == code), rows[0] if len(rows) == 1 else None)


def _month(text: str) -> date:
    """The month of the address, else the next one: that is the one being planned (guide 6)."""
    first = read_month(text)
    return first if first and 2000 <= first.year <= 2099 else next_month(clock.today().replace(day=1))


def _address(project: Project, month: date) -> str:
    return f"{reverse('budgets:shared')}?{urlencode({'project': project.code, 'month': f'{month:%Y-%m}'})}"


def _page(
    request: HttpRequest,
    project: Project | None,
    month: date,
    projects: Iterable[Project],
    source: Document | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    months = month_choices(clock.today())
    own = (f"{month:%Y-%m}", month_label(month))
    context: dict[str, Any] = {
        "projects": projects,
        "project": project,
        "month": own[0],
        "label": own[1],
        "months": months if own in months else sorted([*months, own], reverse=True),
        "sentences": refusal.sentences if refusal else (),
    }
    if project is not None:
        context |= _offer(request, project, month, source)
    return render(request, "budgets/shared.html", context, status=refusal.status if refusal else 200)


def _offer(request: HttpRequest, project: Project, month: date, source: Document | None) -> dict[str, Any]:
    """The splits of a month, the drafts whose lines can be split, and the instalments that may bear a share."""
    states = shared_lines.of_month(project, month)
    drafts = shared_lines.drafts_with_lines(request.user, project, month)
    named = request.GET.get("from", "")
    source = source or next((draft for draft in drafts if draft.name == named), drafts[0] if drafts else None)
    places = shared_lines.places_of(request.user, project, month)
    return {
        "states": states,
        "visible": shared_lines.visible_forms(request.user, states),
        "drafts": drafts,
        "source": source,
        "lines": list(source.work_lines.filter(split=None).order_by("position")) if source else [],
        "ticked": request.POST.getlist("line"),
        "places": [(place, request.POST.get(f"{SHARE}{place.code}", "")) for place in places],
        "draft_version": request.POST.get("draft_version") or (source.draft_version if source else ""),
    }


def _split_page(
    request: HttpRequest,
    state: shared_lines.SplitState,
    rows: grid.Rows | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    split = state.split
    stored = [
        row | {"id": line.split_key, "cut": ""}
        for row, line in zip(grid.rows_of(KIND, state.lines), state.lines, strict=True)
    ]
    shares = {bearer.instalment.code: share_cell(bearer.share) for bearer in state.bearers}
    columns = grid.columns_for(KIND)
    faults = refusal.faults if isinstance(refusal, LinesRefused) else ()
    context = {
        "split": split,
        "state": state,
        "visible": shared_lines.visible_forms(request.user, [state]),
        "label": month_label(split.month),
        "back": _address(split.project, split.month),
        "columns": columns,
        "rows": stored if rows is None else rows,
        "errors": grid.errors_by_cell(faults),
        "faults": grid.faults_for_page(columns, faults),
        "sentences": refusal.sentences if refusal and not faults else (),
        "places": [
            (place, request.POST.get(f"{SHARE}{place.code}", shares.get(place.code, "")))
            for place in shared_lines.places_of(request.user, split.project, split.month)
        ],
    }
    return render(request, "budgets/shared_split.html", context, status=refusal.status if refusal else 200)
