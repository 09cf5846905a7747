"""Settings: the working calendar by year, and its import. Administrators only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organization import calendars
from organization.calendar_text import BYTES
from organization.refusals import OrganizationRefused
from organization.views.answering import administrators_only


@require_http_methods(["GET", "POST"])
@administrators_only
def calendar(request: HttpRequest) -> HttpResponse:
    """Every known year with its holidays, what is missing; POST takes years over from a file or from pasted lines."""
    if request.method == "GET":
        return _page(request)
    upload = request.FILES.get("file")
    typed = {name: request.POST.get(name, "") for name in ("text", "source")}
    try:
        taken = calendars.import_calendar(
            actor=request.user,
            # One byte more than may be sent tells that it is too much.
            data=upload.read(BYTES + 1) if upload else typed["text"],
            source=typed["source"] or (upload.name if upload else ""),
        )
    except OrganizationRefused as refusal:
        return _page(request, refusal, typed)
    messages.success(request, _("已导入 %(years)s 年。") % {"years": "、".join(str(year) for year in taken)})
    return redirect("organization:calendar")


def _page(
    request: HttpRequest, refusal: OrganizationRefused | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    years = calendars.years()
    context = {
        "years": years,
        "missing": [year.number for year in reversed(years) if year.kept is None],
        "sentences": refusal.sentences if refusal else (),
        "typed": typed or {},
    }
    return render(request, "organization/calendar.html", context, status=refusal.status if refusal else 200)
