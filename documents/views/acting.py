"""One address for all verbs: GET asks (the page behind each dialogue, works without JavaScript), POST does."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from rest_framework import serializers

from documents import verbs
from documents.models import Document
from documents.refusals import Refused
from documents.views import onward, showing

# Field names of proposed amounts: cut-<line id>.
CUT = "cut-"


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Ask for or do one verb on a form that this person may see."""
    if verb not in verbs.VERBS:
        raise Http404
    document = Document.objects.visible_to(request.user).for_page().get_named(ref)
    if request.method == "GET":
        return _ask(request, document, verb)
    try:
        outcome = verbs.perform(verb, document, request.user, typed(request, verb))
    except Refused as refusal:
        return _refused(request, ref, verb, refusal)
    messages.success(request, f"{document.name} {verbs.VERBS[verb].done}")
    return redirect(_next(request, outcome if verb != "discard" else None, verb))


def _ask(request: HttpRequest, document: Document, verb: str) -> HttpResponse:
    context = showing.page(request.user, document)
    context["offer"] = next((offer for offer in context["asking"] if offer.verb.name == verb), None)
    if context["offer"] is None:
        raise Http404
    context["verb"] = context["offer"].verb
    return render(request, "documents/act.html", context)


def _refused(request: HttpRequest, ref: str, verb: str, refusal: Refused) -> HttpResponse:
    """The page again with the sentences on top; nothing that was typed is lost."""
    document = Document.objects.visible_to(request.user).for_page().get_named(ref)
    context = showing.page(request.user, document, typed=_kept(request))
    context |= {"sentences": refusal.sentences, "refused_verb": verb}
    return render(request, "documents/document.html", context, status=refusal.status)


def typed(request: HttpRequest, verb: str) -> dict[str, Any]:
    """What was sent, in the shape of the verb's fields."""
    data: dict[str, Any] = {
        key: value
        for key, value in request.POST.items()
        if key not in {"csrfmiddlewaretoken", "next", onward.ASKED} and not key.startswith(CUT)
    }
    # Ticked boxes: none ticked is an empty list, never the field left out.
    for name, field in verbs.VERBS[verb].fields().fields.items():
        if isinstance(field, serializers.ListField):
            data[name] = request.POST.getlist(name)
    cuts = {key[len(CUT) :]: value for key, value in request.POST.items() if key.startswith(CUT) and value.strip()}
    if cuts:
        data["proposals"] = [{"line": line, "amount": _plain(value)} for line, value in cuts.items()]
    if "file" in request.FILES:
        data["file"] = request.FILES["file"]
    return data


def _plain(amount: str) -> str:
    """An amount as people type and paste it, without separators and signs; whether it is one the verb's fields say."""
    text = unicodedata.normalize("NFKC", amount)
    return "".join(char for char in text if not char.isspace() and char not in ",¥元")


def _kept(request: HttpRequest) -> dict[str, Any]:
    kept: dict[str, Any] = dict(request.POST.items())
    kept["lines"] = request.POST.getlist("lines")
    kept["cuts"] = {key[len(CUT) :]: value for key, value in request.POST.items() if key.startswith(CUT)}
    return kept


def _next(request: HttpRequest, document: Document | None, verb: str) -> str:
    """Back to where the verb was offered, else to the form; after a decision on to the next form that waits."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    if document is None:
        return reverse("documents:inbox_tab", args=["drafts"])
    if verb in onward.DECIDING:
        return onward.address(request, document)
    return reverse("documents:document", args=[document.name])
