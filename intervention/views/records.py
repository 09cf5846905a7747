"""Records of every kind: making one, one address for all verbs on it, its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from documents.api.errors import read
from documents.fields import QuantityField
from documents.refusals import Refused
from intervention import journal, records
from intervention.asking import asked, sent
from intervention.permissions import who
from intervention.records import RecordKind
from organization import clock

if TYPE_CHECKING:
    from intervention.acts import ActVerb


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, subject: str) -> HttpResponse:
    """GET asks for a record's place and fields, POST makes it and leads to its page. The page carries the record's key, so a
    double click makes one."""
    kind = records.named(subject)
    places = records.places(kind, request.user)
    given = request.POST if request.method == "POST" else request.GET
    context = _new_context(kind, places, given)
    if request.method == "GET":
        inputs = asked(kind.fields, {}, {**_fresh(), **given.dict()}, context["without"])
        return _new(request, context | {"sent_key": uuid4()}, inputs)
    try:
        project, instalment = records.at(places, request.user, context["place"])
        fields = read(kind.fields, sent(kind.fields, given))
        key = given.get("sent_key", "")
        row = kind.begin(actor=request.user, project=project, instalment=instalment, sent_key=key, **fields)
    except Refused as refusal:
        context |= {"sentences": refusal.sentences, "sent_key": given.get("sent_key", "")}
        return _new(request, context, asked(kind.fields, given, without=context["without"]), refusal.status)
    messages.success(request, _("已登记：%(row)s") % {"row": row})
    return redirect(kind.url(row))


def _new_context(kind: RecordKind, places: list[tuple[Any, Any]], given: Any) -> dict[str, Any]:
    """The places to choose from; of what is chosen first the values and the one that is chosen."""
    choices = dict(kind.fields().fields[kind.turn].choices) if kind.turn else {}
    turn = given.get(kind.turn, "") if kind.turn else ""
    turn = turn if turn in choices else next(iter(choices), "")
    return {
        "kind": kind,
        "places": places,
        "place": given.get("place", ""),
        "turns": choices,
        "turn": turn,
        "without": {kind.turn, *kind.without(turn)} if kind.turn else set(),
        "back": kind.register_url(),
    }


def _fresh() -> dict[str, Any]:
    """Dates of a new record begin with today where nothing else is said."""
    return dict.fromkeys(("day", "proposed_on", "surveyed_on"), clock.today().isoformat())


def _new(request: HttpRequest, context: dict[str, Any], inputs: list[Any], status: int = 200) -> HttpResponse:
    return render(request, "intervention/new_record.html", context | {"inputs": inputs}, status=status)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, subject: str, pk: int, verb: str) -> HttpResponse:
    """GET asks, POST does. What was typed stays when it is refused. A verb with a page of its own is asked for there."""
    kind = records.named(subject)
    seen = journal.newest(kind.model, pk)
    row = get_object_or_404(kind.for_person(request.user), pk=pk)
    if verb not in kind.verbs:
        raise Http404
    found = kind.verbs[verb]
    if found.page is not None:
        return redirect(found.page(row))
    context: dict[str, Any] = {"kind": kind, "record": row, "verb": found, "back": kind.url(row), "seen": seen}
    without = kind.without(getattr(row, kind.turn)) if kind.turn else ()
    if request.method == "GET":
        context["denial"] = found.predicate(who(request.user, row.project), row)
        return _page(request, context, asked(found.fields, {}, stored_for(found, row), without))
    typed = request.POST
    try:
        kind.perform(found, row.pk, request.user, sent(found.fields, typed) | {"seen": typed.get("seen")})
    except Refused as refusal:
        # The copy that was typed from stays the one that was seen, but where the page tells what stands there now.
        stale = isinstance(refusal, records.Stale)
        context |= {"sentences": refusal.sentences, "seen": seen if stale else typed.get("seen", "")}
        stands = stored_for(found, row) if stale else None
        return _page(request, context, asked(found.fields, typed, stands, without), refusal.status)
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


def stored_for(verb: ActVerb, row: Any) -> dict[str, Any]:
    """What the inputs of a verb begin with: all that the record says for an edit, else what the verb names."""
    stored = _stored(row)
    return stored if verb.is_edit else {name: stored[name] for name in verb.begins_with}


def _stored(row: Any) -> dict[str, Any]:
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name if not field.is_relation else field.attname)
        if isinstance(field, QuantityField) and value is not None:
            value = f"{value.normalize():f}"
        found[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def _page(request: HttpRequest, context: dict[str, Any], inputs: list[Any], status: int = 200) -> HttpResponse:
    return render(request, "intervention/act_record.html", context | {"inputs": inputs}, status=status)
