"""The trend of assessments: table, drawing, workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents.forms import month_choices, read_month
from intervention.assessing.queries import bands_in_force
from intervention.assessing.trend import Trend, grid_of, trend_for
from intervention.assessing.trend_book import trend_book
from intervention.views.lists import shared
from organization import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _trend(request: HttpRequest) -> Trend:
    last = read_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    if not 2001 <= last.year <= 2099:
        last = clock.today().replace(day=1)
    return trend_for(request.user, last, request.GET.get("project", "").strip())


@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """Twelve months of each project and side."""
    found = _trend(request)
    context = shared(request, "trend")
    context |= {
        "trend": found,
        "grid": grid_of(bands_in_force()),
        "months": month_choices(clock.today(), back=24, ahead=0),
        "month": found.months[-1].strftime("%Y-%m"),
    }
    return render(request, "intervention/assessment_trend.html", context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    found = _trend(request)
    answer = HttpResponse(trend_book(found, clock.now()), content_type=XLSX)
    name = f"assessments-{found.months[-1]:%Y-%m}"
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
