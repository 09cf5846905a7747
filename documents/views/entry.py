"""What the entry pages of all kinds share: who may write, the steps of saving, what stands beside the lines, answers to
autosaving."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import due, kinds, money, papers, verbs
from documents.downloads import attachments_for
from documents.lateness import late_hint, reason_asked_since
from documents.models import Document
from documents.permissions import can_edit, require
from documents.refusals import Conflict, Refused
from documents.standing import standing
from documents.views import showing
from documents.way import news, seen, way

if TYPE_CHECKING:
    from organization.models import Person

View = Callable[..., HttpResponse]


def editable(person: Person, name: str, of_kinds: Collection[str]) -> Document:
    """The working copy that this person may write in. 404 for what they don't see, Denied for what they may not write.

    Conflict for a draft's page that was left open when the form was submitted: it says what became of the draft.
    """
    document = Document.objects.visible_to(person).for_page().get_named(name)
    if document.kind not in of_kinds:
        raise Http404
    if name != document.name and not document.is_editable:
        raise Conflict(
            _("此草稿已提交为 %(number)s（%(state)s），不能再修改；请到该单据查看，您在本页填写的内容没有存入。")
            % {"number": document.number, "state": document.get_state_display()}
        )
    require(can_edit(standing(person, document)))
    return document


class Entry:
    """One request that writes in a working copy, with the steps that all kinds share.

    A kind's own app says what was typed and how it is saved, compared and shown; here stand the steps: a second click is no
    conflict, what was typed is shown again whatever was refused, and a form is submitted only after it was saved.
    """

    kinds: Collection[str] = ()

    def __init__(self, request: HttpRequest, document: Document) -> None:
        self.request, self.document = request, document

    # What a kind's own app says.
    def save(self, document: Document, version: int) -> Document:
        """Write what was typed over the working copy ``version``. Raises ``Refused``; ``Conflict`` for another version."""
        raise NotImplementedError

    def differences(self, now: Document) -> list[tuple[str, str, str]]:
        """Where what was typed says something else than what stands there now: place, mine, theirs."""
        raise NotImplementedError

    def page(
        self, document: Document, *, typed: bool, version: int, refusal: Refused | None = None, **more: Any
    ) -> HttpResponse:
        """The entry page: with what was typed or with what is stored, and with what was refused."""
        raise NotImplementedError

    def values(self, now: Document) -> dict[str, str]:
        """What stands there now, by the names of the page's inputs."""
        raise NotImplementedError

    def faults(self, refusal: Refused) -> list[dict[str, Any]]:
        """Places that a refusal is about, for pages that show it there; none where its sentences say all."""
        return []

    def after(self, document: Document) -> dict[str, Any]:
        """What the page is told of what was just saved, besides figures and time."""
        return {}

    # The steps.
    def reread(self) -> Document:
        """The working copy as it stands now."""
        return editable(self.request.user, self.document.name, self.kinds)

    def saved(self) -> Document:
        """Save; that the very same was saved meanwhile (a second click) is no conflict."""
        try:
            return self.save(self.document, seen_version(self.request))
        except Conflict:
            now = self.reread()
            if self.differences(now):
                raise
            return now

    def answer(self) -> HttpResponse:
        """Save, and submit where that was pressed. Nothing that was typed is lost."""
        try:
            document = self.saved()
        except Conflict as refusal:
            # The other copy is shown beside what was typed: saving again is then a decision, and names the newest version.
            now = self.reread()
            return self.page(
                now, typed=True, version=now.draft_version, refusal=refusal, differences=self.differences(now)
            )
        except Refused as refusal:
            return self.page(self.document, typed=True, version=seen_version(self.request), refusal=refusal)
        if self.request.POST.get("then") == "submit":
            return self._submitted(document)
        messages.success(self.request, _("已保存。"))
        # A reason belongs to the submission and is stored with it: the page that still holds it is not sent away.
        if self.request.POST.get("late_reason", "").strip():
            return self.stored()
        return redirect(kinds.get(document.kind).edit_url(document))

    def autosave(self) -> HttpResponse:
        """Save what the page holds now and answer its script: figures and time, faults by place, or the other copy."""
        try:
            document = self.saved()
        except Conflict as refusal:
            now = self.reread()
            return conflict(now, str(refusal), self.values(now))
        except Refused as refusal:
            if faults := self.faults(refusal):
                return faulty(faults)
            raise
        return saved(self.request, document, **self.after(document))

    def stored(self, refusal: Refused | None = None) -> HttpResponse:
        """The page of what is stored now."""
        now = self.reread()
        return self.page(now, typed=False, version=now.draft_version, refusal=refusal)

    def _submitted(self, document: Document) -> HttpResponse:
        try:
            return submit(self.request, document)
        except Refused as refusal:
            # Saved, but not submitted: why not stands on top of what was saved.
            return self.stored(refusal)


def beside(request: HttpRequest, document: Document) -> dict[str, Any]:
    """Head, last return, expected way with names and reasons, files, and whether it may be submitted and needs a reason."""
    files = attachments_for(document, request.user)
    offers = {offer.verb.name: offer for offer in verbs.available(document, request.user)}
    returned = showing.last_return(document)
    road = way(document, working_copy=True)
    late_since = reason_asked_since(document)
    return {
        "document": document,
        "form_kind": kinds.get(document.kind),
        "returned": returned,
        "deadline": due.deadline_of(document, frozenset()),
        "way": road,
        "way_seen": seen(document, road),
        "attachments": files,
        "papers": papers.checklist(document, files),
        "labels": papers.suggested(document),
        "allowed": {name for name, offer in offers.items() if offer.denial is None},
        "submit": offers.get("submit"),
        "late_since": late_since,
        "late_hint": late_hint(document, late_since),
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


def saved(request: HttpRequest, document: Document, **more: Any) -> JsonResponse:
    """What the page shows after autosaving; the expected way only if it has become another one."""
    return json_answer(
        {
            "saved_at": clock_time(document),
            "draft_version": document.draft_version,
            "amount": money.figures(document.amount),
            "capital": money.rmb_capital(document.amount),
            "errors": [],
            **_way_now(request, document),
            **more,
        }
    )


def _way_now(request: HttpRequest, document: Document) -> dict[str, str]:
    """The panel of the expected way, where the page says which one it shows and it is that one no more."""
    shown = request.POST.get("way_seen", "")
    if not shown:
        return {}
    now, road = news(document, shown)
    if road is None:
        return {"way_seen": now}
    panel = render_to_string("documents/_way.html", {"way": road, "document": document}, request)
    return {"way_seen": now, "way": panel, "told": _("预计签批环节已随填报内容更新。")}


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
