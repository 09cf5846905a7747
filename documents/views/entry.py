"""What the entry pages of all kinds share: who may write, what stands beside the lines, answers to autosaving."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import kinds, money, papers, verbs
from documents.downloads import attachments_for
from documents.lateness import reason_asked_since
from documents.models import Document
from documents.permissions import can_edit, require
from documents.refusals import Refused
from documents.standing import standing
from documents.views import showing
from documents.way import way

if TYPE_CHECKING:
    from organization.models import Person

View = Callable[..., HttpResponse]


def editable(person: Person, name: str, of_kinds: Collection[str]) -> Document:
    """The working copy that this person may write in. 404 for what they don't see, Denied for what they may not write."""
    document = Document.objects.visible_to(person).for_page().get_named(name)
    if document.kind not in of_kinds:
        raise Http404
    require(can_edit(standing(person, document)))
    return document


def beside(request: HttpRequest, document: Document) -> dict[str, Any]:
    """Head, last return, expected way with names and reasons, files, and whether it may be submitted and needs a reason."""
    files = attachments_for(document, request.user)
    offers = {offer.verb.name: offer for offer in verbs.available(document, request.user)}
    returned = showing.last_return(document)
    return {
        "document": document,
        "form_kind": kinds.get(document.kind),
        "returned": returned,
        "way": way(document, working_copy=True),
        "attachments": files,
        "papers": papers.checklist(document, files),
        "labels": papers.suggested(document),
        "allowed": {name for name, offer in offers.items() if offer.denial is None},
        "submit": offers.get("submit"),
        "late_since": reason_asked_since(document),
        "late_reason": request.POST.get("late_reason", ""),
        "saved_at": clock_time(document),
        "next": request.path,
    }


def clock_time(document: Document) -> str:
    """When the working copy was last saved: ``14:32``."""
    return timezone.localtime(document.changed_at).strftime("%H:%M")


def seen_version(request: HttpRequest) -> int:
    """The working copy that was on the screen. A page that doesn't say has seen none: it never overwrites."""
    text = request.POST.get("draft_version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def submit(request: HttpRequest, document: Document) -> HttpResponse:
    """Submit what was just saved, and on to its page."""
    sent = {"draft_version": document.draft_version, "late_reason": request.POST.get("late_reason", "")}
    done = verbs.perform("submit", document, request.user, sent)
    messages.success(request, f"{done.name if done else document.name} {verbs.VERBS['submit'].done}")
    return redirect("documents:document", (done or document).name)


def json_answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON in which Chinese stays readable."""
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def saved(document: Document, **more: Any) -> JsonResponse:
    """What the page shows after autosaving."""
    return json_answer(
        {
            "saved_at": clock_time(document),
            "draft_version": document.draft_version,
            "amount": money.figures(document.amount),
            "capital": money.rmb_capital(document.amount),
            "errors": [],
            **more,
        }
    )


def conflict(document: Document, sentence: str, values: dict[str, str]) -> JsonResponse:
    """Someone saved meanwhile: what stands there now, input by input; what was typed stays in the page."""
    shown = {"sentence": sentence, "draft_version": document.draft_version, "values": values}
    return json_answer({"conflict": shown}, 409)


def faulty(faults: list[dict[str, Any]]) -> JsonResponse:
    """Cells that cannot be stored, each with its sentence."""
    sentence = _("有 %(n)d 处需要改正，尚未保存；您填写的内容已暂存在本机。") % {"n": len(faults)}
    return json_answer({"detail": sentence, "errors": faults}, 400)


def in_json(view: View) -> View:
    """Answer refusals as JSON with the same sentences."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return json_answer({"detail": str(refusal)}, refusal.status)

    return inner
