"""Records of every kind: making one, one address for all verbs on it, its journal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.api.errors import read
from documents.refusals import Denied, Refused
from intervention import journal, records
from intervention.asking import asked, sent
from intervention.permissions import who
from intervention.records import RecordKind


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, subject: str) -> HttpResponse:
    """GET asks for a record's place and fields, POST makes it and leads to its page."""
    kind = records.named(subject)
    places = records.places(kind, request.user)
    if not places:
        raise Denied(_("您没有可以登记「%(kind)s」的项目。") % {"kind": kind.label})
    context: dict[str, Any] = {"kind": kind, "places": places}
    if request.method == "GET":
        context["place"] = request.GET.get("place", "")
        return _new(request, context, asked(kind.fields, {}, request.GET.dict()))
    context["place"] = request.POST.get("place", "")
    try:
        project, instalment = records.at(places, context["place"])
        fields = read(kind.fields, sent(kind.fields, request.POST))
        row = kind.begin(actor=request.user, project=project, instalment=instalment, **fields)
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return _new(request, context, asked(kind.fields, request.POST), refusal.status)
    messages.success(request, _("已登记：%(row)s") % {"row": row})
    return redirect(kind.url(row))


def _new(request: HttpRequest, context: dict[str, Any], inputs: list[Any], status: int = 200) -> HttpResponse:
    return render(request, "intervention/new_record.html", context | {"inputs": inputs}, status=status)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, subject: str, pk: int, verb: str) -> HttpResponse:
    """GET asks, POST does. What was typed stays when it is refused. A verb with a page of its own is asked for there."""
    kind = records.named(subject)
    row = get_object_or_404(kind.for_person(request.user), pk=pk)
    if verb not in kind.verbs:
        raise Http404
    found = kind.verbs[verb]
    if found.page is not None:
        return redirect(found.page(row))
    context: dict[str, Any] = {"kind": kind, "record": row, "verb": found, "back": kind.url(row)}
    if request.method == "GET":
        context["denial"] = found.predicate(who(request.user, row.project), row)
        return _page(request, context, asked(found.fields, {}, stored_of(row)))
    try:
        found.perform(row.pk, request.user, sent(found.fields, request.POST))
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return _page(request, context, asked(found.fields, request.POST), refusal.status)
    messages.success(request, f"{row} · {found.done}")
    return redirect(kind.url(row))


@require_GET
def log(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """Everything that was done to a record, newest first."""
    kind = records.named(subject)
    row = get_object_or_404(kind.for_person(request.user), pk=pk)
    context = {"kind": kind, "record": row, "back": kind.url(row), "log": told(kind, row)}
    return render(request, "intervention/record_log.html", context)


def told(kind: RecordKind, row: Any) -> list[tuple[Any, str]]:
    """Events of a record with their words; one query."""
    return [(event, kind.event_text(event)) for event in journal.events_of(row)]


def stored_of(row: Any) -> dict[str, Any]:
    """What a page's inputs begin with: the record's own columns by name."""
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name if not field.is_relation else field.attname)
        found[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def _page(request: HttpRequest, context: dict[str, Any], inputs: list[Any], status: int = 200) -> HttpResponse:
    return render(request, "intervention/act_record.html", context | {"inputs": inputs}, status=status)
