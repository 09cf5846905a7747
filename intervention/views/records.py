"""Records of every kind: making one, one address for all verbs on it, its journal."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.api.errors import read
from documents.permissions import require
from documents.refusals import Refused
from intervention import journal, records
from intervention.asking import asked, sent
from intervention.permissions import who
from intervention.records import RecordKind
from organization import clock


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, subject: str) -> HttpResponse:
    """Make a record of a kind. Sent twice by a double click or an old tab, it is one record: the page carries its key."""
    kind = records.named(subject)
    places = records.places(kind, request.user)
    given = request.POST if request.method == "POST" else request.GET
    context = _new_context(kind, places, given)
    if request.method == "GET":
        inputs = asked(kind.fields, {}, {**_fresh(), **given.dict()}, context["without"])
        return _page(request, context | {"sent_key": uuid4()}, inputs, template="new_record")
    try:
        code, _colon, instalment = given.get("place", "").partition(":")
        project, part = records.placed(request.user, code, instalment)
        require(records.denied(kind, request.user, project))
        fields = read(kind.fields, sent(kind.fields, given))
        key = given.get("sent_key", "")[:36]
        row = kind.begin(actor=request.user, project=project, instalment=part, sent_key=key, **fields)
    except Refused as refusal:
        context |= {"sentences": refusal.sentences, "sent_key": given.get("sent_key", "")}
        inputs = asked(kind.fields, given, without=context["without"])
        return _page(request, context, inputs, refusal.status, "new_record")
    messages.success(request, _("已登记：%(record)s") % {"record": row})
    return redirect(kind.url(row))


def _new_context(kind: RecordKind, places: list[tuple[str, str]], given: Any) -> dict[str, Any]:
    """The places to choose from, and of what is chosen first the values and the one that is chosen."""
    choices = dict(kind.fields().fields[kind.turn].choices) if kind.turn else {}
    turn = given.get(kind.turn, "") if kind.turn else ""
    turn = turn if turn in choices else next(iter(choices), "")
    without = {kind.turn, *kind.without(turn)} if kind.turn else set()
    place = given.get("place") or ":".join(filter(None, (given.get("project", ""), given.get("instalment", ""))))
    return {
        "kind": kind,
        "places": places,
        "place": place or (places[0][0] if len({code.partition(":")[0] for code, _name in places}) == 1 else ""),
        "turns": choices,
        "turn": turn,
        "without": without,
        "back": kind.register_url(),
    }


def _fresh() -> dict[str, Any]:
    """What the inputs of a new record begin with where nothing else is said: dates with today."""
    return dict.fromkeys(("day", "proposed_on", "surveyed_on"), clock.today().isoformat())


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, subject: str, pk: int, verb: str) -> HttpResponse:
    """GET asks, POST does. What was typed stays when it is refused."""
    kind = records.named(subject)
    row = get_object_or_404(kind.for_person(request.user), pk=pk)
    if verb not in kind.verbs:
        raise Http404
    found = kind.verbs[verb]
    context: dict[str, Any] = {"kind": kind, "record": row, "verb": found, "back": kind.url(row)}
    without = kind.without(getattr(row, kind.turn)) if kind.turn else ()
    if request.method == "GET":
        context["denial"] = found.predicate(who(request.user, row.project), row)
        return _page(request, context, asked(found.fields, {}, stored_of(row), without))
    try:
        found.perform(row.pk, request.user, sent(found.fields, request.POST))
    except Refused as refusal:
        context["sentences"] = refusal.sentences
        return _page(request, context, asked(found.fields, request.POST, without=without), refusal.status)
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


def _page(
    request: HttpRequest, context: dict[str, Any], inputs: list[Any], status: int = 200, template: str = "act_record"
) -> HttpResponse:
    return render(request, f"intervention/{template}.html", context | {"inputs": inputs}, status=status)
