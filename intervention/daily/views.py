"""Day logs: the register, one log, a month as evidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.forms import month_choices, month_label, next_month, read_month
from documents.money import quantity_text
from documents.refusals import Invalid, Refused
from intervention import photos
from intervention.acts import offers
from intervention.daily import evidence
from intervention.daily.confirming import confirm_several
from intervention.daily.kinds import DAY_LOGS, narrowed
from intervention.daily.month import Month
from intervention.daily.permissions import CONFIRMERS, can_begin, can_confirm, can_file, can_photograph
from intervention.daily.places import month_for
from intervention.daily.queries import SIZE, as_returned, rewritten_for
from intervention.daily.sheets import line_of, state_of
from intervention.daily.states import OWN, DayLogState, Spot
from intervention.daily.writing import missing
from intervention.models import DayLog
from intervention.permissions import Who, who, who_across
from intervention.views.lists import shared
from intervention.views.records import told
from organization import access, clock

# Of those that the other company rewrites the newest are named above the register.
RETURNED = 20


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Logs by month, spot and state, newest first; POST confirms those that are ticked."""
    context = shared(request, "days")
    sentences: Any = ()
    status = 200
    if request.method == "POST":
        try:
            done = confirm_several(log_ids=_ticked(request), actor=request.user)
        except Refused as refusal:
            sentences, status = refusal.sentences, refusal.status
        else:
            messages.success(request, _("已确认 %(n)d 份日志。") % {"n": len(done)})
            return redirect(request.get_full_path())
    context |= _listed(request, context["project"]) | {"sentences": sentences}
    # They are no rows of the register: what is being written is not the reader's to see, what was filed is.
    returned = rewritten_for(request.user).order_by("-pk")
    returned = returned.filter(project__code=context["project"]) if context["project"] else returned
    context["returned"] = list(returned[:RETURNED])
    return render(request, "intervention/day_logs.html", context, status=status)


def _ticked(request: HttpRequest) -> list[int]:
    """The logs that a page has sent, all of which this person may see. Raises Http404, Invalid."""
    sent = {int(text) for text in request.POST.getlist("log") if text.isascii() and text.isdecimal() and len(text) < 19}
    if not sent:
        raise Invalid(_("请先勾选要确认的日志。"))
    if DayLog.objects.visible_to(request.user).filter(pk__in=sent).count() != len(sent):
        raise Http404
    return sorted(sent)


def _listed(request: HttpRequest, project: str) -> dict[str, Any]:
    """The rows of a page with what each may be done to, and the choices of the filters; nothing in an address is refused."""
    here = clock.today().replace(day=1)
    chosen = _chosen(request)
    logs = narrowed(DAY_LOGS.for_person(request.user), chosen)
    logs = logs.filter(project__code=project) if project else logs
    if not chosen["state"]:
        logs = logs.exclude(state=DayLogState.DROPPED)
    day, _slash, pk = chosen.pop("before").partition("/")
    found = _page(logs, day, pk)
    rows = found[:SIZE]
    query = urlencode({name: value for name, value in {**chosen, "project": project}.items() if value})
    asked = who_across(request.user, {row.project for row in rows})
    posts = {held.post for held in access.memberships(request.user, clock.today())}
    return chosen | {
        "rows": [(row, line_of(row), can_confirm(asked[row.project_id], row) is None) for row in rows],
        "months": _months(here, chosen["month"]),
        "spots": Spot.choices,
        "states": DayLogState.choices,
        "may_begin": can_begin(Who(request.user, frozenset(posts))) is None,
        "may_confirm": bool(posts & set(CONFIRMERS)),
        "page": {
            "newer": query or "first=1" if day else "",
            "older": f"{query}&before={rows[-1].day}/{rows[-1].pk}" if len(found) > SIZE else "",
        },
        "month_of": chosen["month"] or f"{here:%Y-%m}",
    }


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the address says and can be read."""
    chosen = {name: request.GET.get(name, "") for name in ("month", "spot", "state", "before")}
    chosen["month"] = chosen["month"] if read_month(chosen["month"]) else ""
    chosen["spot"] = chosen["spot"] if chosen["spot"] in Spot.values else ""
    chosen["state"] = chosen["state"] if chosen["state"] in DayLogState.values else ""
    return chosen


def _page(logs: Any, day: str, pk: str) -> list[Any]:
    """A page and one row more, by day and key."""
    logs = logs.order_by("-day", "-pk")
    if pk.isascii() and pk.isdecimal() and len(pk) < 19:
        try:
            last = date.fromisoformat(day)
        except ValueError:
            return list(logs[: SIZE + 1])
        logs = logs.filter(Q(day__lt=last) | Q(day=last, pk__lt=int(pk)))
    return list(logs[: SIZE + 1])


def _months(here: date, month: str) -> list[tuple[str, str]]:
    choices = [("", _("全部月份")), *month_choices(here, back=24, ahead=0)]
    if month and month not in dict(choices):
        choices.append((month, month_label(read_month(month))))
    return choices


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A log with what it tells, what can be done, its journal."""
    log = DAY_LOGS.for_person(request.user).filter(pk=pk).first()
    if log is None:
        return _rewritten(request, pk)
    asking = who(request.user, log.project)
    shown = [photo for photo in log.photos.all() if photo.hidden_at is None]
    for photo in shown:
        photo.may_hide = photos.can_hide(asking, DAY_LOGS, photo, log) is None
    fields = [DayLog._meta.get_field(name) for name in (*OWN[log.spot], "note")]
    context = {
        "record": log,
        "told": [(field.verbose_name, _shown(getattr(log, field.name))) for field in fields],
        "offers": offers(DAY_LOGS.verbs, asking, log),
        "photos": shown,
        "may_photograph": can_photograph(asking, log, "") is None,
        "most_photos": photos.MAX,
        "log": told(DAY_LOGS, log),
        "month": f"{log.day:%Y-%m}",
        "lacking": missing(log) if can_file(asking, log) is None else [],
    }
    return render(request, "intervention/day_log.html", context)


def _rewritten(request: HttpRequest, pk: int) -> HttpResponse:
    """That a returned log is being rewritten, for the company that returned it: as it was filed, and why it came back. What is
    being written now stays hidden."""
    log = get_object_or_404(rewritten_for(request.user), pk=pk)
    filed, returned = as_returned(log)
    shown = {name: filed.told.get(name) for name in (*OWN[log.spot], "note")}
    context = {
        "record": log,
        "filed": filed,
        "returned": returned,
        "told": [(DayLog._meta.get_field(name).verbose_name, value) for name, value in shown.items()],
    }
    return render(request, "intervention/day_log_rewritten.html", context)


def _shown(value: Any) -> Any:
    return quantity_text(value) if isinstance(value, Decimal) else value


@require_http_methods(["GET", "POST"])
def month(request: HttpRequest, project: str, month: str) -> HttpResponse:
    """A month summed up; POST attaches it to a confirmation of work."""
    shown = month_for(request.user, project, month, request.GET.get("instalment", ""))
    context = _month_context(request, shown)
    if request.method == "GET":
        return render(request, "intervention/day_month.html", context)
    chosen = {
        "document": request.POST.get("document", ""),
        "formats": request.POST.getlist("format"),
        "paper": request.POST.get("paper", ""),
    }
    try:
        document = evidence.attach_month(actor=request.user, month=shown, **chosen)
    except Refused as refusal:
        context |= {"sentences": refusal.sentences, "typed": chosen}
        return render(request, "intervention/day_month.html", context, status=refusal.status)
    messages.success(request, _("已附到 %(document)s。") % {"document": document.name})
    return redirect("documents:document", document.name)


def _month_context(request: HttpRequest, shown: Month) -> dict[str, Any]:
    takers = list(evidence.takers(request.user, shown)[:50])
    code = shown.instalment.code if shown.instalment else ""
    query = f"?{urlencode({'instalment': code})}" if code else ""
    return {
        "month": shown,
        "label": month_label(shown.first),
        "standing": state_of(shown),
        "days": [(day, [(log, line_of(log)) for log in logs]) for day, logs in shown.by_day()],
        "instalments": shown.project.instalments.order_by("code"),
        "instalment": code,
        "query": query,
        "takers": takers,
        "papers": evidence.names_for(takers[0]) if takers else [],
        "previous": f"{next_month(shown.first, -1):%Y-%m}",
        "following": f"{next_month(shown.first):%Y-%m}",
        "may_begin": can_begin(who(request.user, shown.project)) is None,
    }


@require_GET
def month_file(request: HttpRequest, project: str, month: str, file_format: str) -> HttpResponse:
    """The evidence as PDF or workbook."""
    if file_format not in evidence.TYPES:
        raise Http404
    shown = month_for(request.user, project, month, request.GET.get("instalment", ""))
    return as_file(evidence.month_file(shown, file_format), evidence.file_name(shown, file_format))


def as_file(data: bytes, name: str) -> HttpResponse:
    """A file to keep; a PDF opens in place."""
    file_format = name.rpartition(".")[2]
    answer = HttpResponse(data, content_type=evidence.TYPES[file_format])
    way_out = "inline" if file_format == "pdf" else "attachment"
    answer["Content-Disposition"] = f"{way_out}; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
