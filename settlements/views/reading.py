"""Reading what was settled and what was not: the ageing list, two months side by side; on pages and as workbooks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents.forms import month_choices, month_label, next_month, read_month
from documents.vocabulary import Side
from organization import clock
from settlements.ageing import BUCKETS, ageing, bucket_labels, chosen_projects
from settlements.ageing_book import ageing_book
from settlements.comparing import compare, first_with_work
from settlements.comparing_book import comparing_book

if TYPE_CHECKING:
    from organization.models import Project

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEARS = range(2000, 2100)


def _projects(request: HttpRequest) -> dict[int, Project]:
    """Projects asked for; one that the person may not see is answered like one that isn't there."""
    found = chosen_projects(request.user, request.GET.get("project", "").strip())
    if found is None:
        raise Http404
    return found


def _side(request: HttpRequest) -> str:
    side = request.GET.get("side", "")
    return side if side in Side.values else ""


def _query(**parts: str) -> str:
    return urlencode({name: value for name, value in parts.items() if value})


def _workbook(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


@require_GET
def aged(request: HttpRequest) -> HttpResponse:
    """Approved and not confirmed, confirmed and not settled: by project and side, then form by form, oldest first."""
    projects, side = _projects(request), _side(request)
    project, after = request.GET.get("project", "").strip(), request.GET.get("after", "").strip()
    found = ageing(request.user, projects, side, after)
    here = _query(project=project, side=side)
    context = {
        "found": found,
        "labels": bucket_labels(),
        "width": len(BUCKETS) + 1,
        "project": project,
        "side": side,
        "sides": Side.choices,
        "export": here,
        "page": {"newer": (here or "first=1") if after else "", "older": _older(found.older, project, side)},
    }
    return render(request, "settlements/ageing.html", context)


def _older(key: str, project: str, side: str) -> str:
    return _query(project=project, side=side, after=key) if key else ""


@require_GET
def aged_export(request: HttpRequest) -> HttpResponse:
    """The whole list as a workbook."""
    found = ageing(request.user, _projects(request), _side(request), size=None)
    return _workbook(ageing_book(found, clock.now()), f"ageing-{found.today:%Y-%m-%d}")


@require_GET
def compared(request: HttpRequest) -> HttpResponse:
    """Two months of a project, by default the last two that are over."""
    chosen = _compared(request)
    comparison = compare(request.user, **chosen) if chosen["project"] else None
    context = {
        "found": comparison,
        "place": chosen["project"],
        "project": chosen["project"].code if chosen["project"] else "",
        "side": chosen["side"],
        "sides": Side.choices,
        "by_subject": chosen["by_subject"],
        "months": month_choices(clock.today(), back=24, ahead=0, shown=(chosen["left"], chosen["right"])),
        "left": f"{chosen['left']:%Y-%m}",
        "right": f"{chosen['right']:%Y-%m}",
        "left_label": month_label(chosen["left"]),
        "right_label": month_label(chosen["right"]),
        "empty": [month_label(month) for month in comparison.empty] if comparison else [],
        "export": _compared_query(chosen),
    }
    return render(request, "settlements/compare.html", context)


@require_GET
def compared_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    chosen = _compared(request)
    if chosen["project"] is None:
        raise Http404
    left, right = chosen["left"], chosen["right"]
    title = _("%(project)s %(left)s 与 %(right)s 对比") % {
        "project": chosen["project"].name,
        "left": month_label(left),
        "right": month_label(right),
    }
    data = comparing_book(compare(request.user, **chosen), title, clock.now())
    return _workbook(data, f"compare-{left:%Y-%m}-{right:%Y-%m}")


def _compared(request: HttpRequest) -> dict[str, Any]:
    """What is compared; what an address says badly is replaced by the default."""
    projects = _projects(request)
    last = next_month(clock.today().replace(day=1), -1)
    return {
        "project": first_with_work(request.user, projects),
        "left": _month(request, "left", next_month(last, -1)),
        "right": _month(request, "right", last),
        "side": _side(request),
        "by_subject": request.GET.get("by") == "subject",
    }


def _month(request: HttpRequest, name: str, default: date) -> date:
    first = read_month(request.GET.get(name, ""))
    return first if first and first.year in YEARS else default


def _compared_query(chosen: dict[str, Any]) -> str:
    return _query(
        project=chosen["project"].code if chosen["project"] else "",
        side=chosen["side"],
        left=f"{chosen['left']:%Y-%m}",
        right=f"{chosen['right']:%Y-%m}",
        by="subject" if chosen["by_subject"] else "",
    )
