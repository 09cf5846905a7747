"""The work table, the inbox and search: lists of documents, paged by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from documents import inbox, kinds
from documents.models import Document
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import access, clock

if TYPE_CHECKING:
    from documents.inbox import Page

TAB_LABELS = {
    "to-sign": _("待我审批"),
    "mine": _("我发起的"),
    "done": _("我已审批"),
    "copied": _("抄送我的"),
    "drafts": _("草稿箱"),
    "overdue": _("逾期"),
}
HOME_ROWS = 6


def home(
    request: HttpRequest, template: str = "documents/home.html", more: dict[str, Any] | None = None
) -> HttpResponse:
    """The work table: what waits for me, what came back to me, what is on its way, my projects; a later app fills its blocks."""
    person = request.user
    waiting = _filtered(request, inbox.tab("to-sign", person))
    mine = _filtered(request, inbox.tab("mine", person))
    returned = mine.filter(state__in=(DocumentState.RETURNED, DocumentState.WITHDRAWN))
    moving = mine.filter(state=DocumentState.CIRCULATING)
    shown = {
        name: inbox.page(rows, size=HOME_ROWS).rows
        for name, rows in (("waiting", waiting), ("returned", returned), ("moving", moving))
    }
    context = {
        **shown,
        "note": inbox.note_of(row for rows in shown.values() for row in rows),
        "count_waiting": inbox.capped_count(waiting),
        "count_returned": inbox.capped_count(returned),
        "count_moving": inbox.capped_count(moving),
        "count_drafts": inbox.capped_count(_filtered(request, inbox.tab("drafts", person))),
        "count_overdue": inbox.capped_count(_filtered(request, inbox.tab("overdue", person))),
        "projects": access.visible_projects(person, clock.today()),
        **(more or {}),
    }
    return render(request, template, context)


@require_GET
def inbox_page(request: HttpRequest, tab: str = "to-sign") -> HttpResponse:
    """One tab of the inbox with its filters; counts stop at the cap."""
    if tab not in inbox.TABS:
        raise Http404
    counts = {name: inbox.capped_count(_filtered(request, inbox.tab(name, request.user))) for name in inbox.TABS}
    page = inbox.page(_filtered(request, inbox.tab(tab, request.user)), _after(request))
    context = {
        "tab": tab,
        "tabs": [(name, label, counts[name]) for name, label in TAB_LABELS.items()],
        "rows": page.rows,
        "note": page.note,
        "page": _pager(request, page),
        "kinds": [(form.kind, Kind(form.kind).label) for form in kinds.registered()],
        "filters": _filters(request),
        "query": _query(request),
    }
    return render(request, "documents/inbox.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Documents by number, title, people and pinyin initials, among those that this person may see."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"text": text, "rows": [], "page": {}}
    if text:
        found = Document.objects.visible_to(request.user).for_table().order_by("-pk")
        page = inbox.page(_filtered(request, found), _after(request))
        context |= {"rows": page.rows, "note": page.note, "page": _pager(request, page)}
    return render(request, "documents/search.html", context)


def _filters(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in ("kind", "project", "q")}


def _filtered(request: HttpRequest, rows: QuerySet[Document]) -> QuerySet[Document]:
    """The rows that the filters of the page leave."""
    chosen = _filters(request)
    if chosen["kind"]:
        rows = rows.filter(kind=chosen["kind"])
    if chosen["project"]:
        rows = rows.filter(project__code=chosen["project"])
    return rows.matching(chosen["q"]) if chosen["q"] else rows


def _after(request: HttpRequest) -> int | None:
    after = request.GET.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 19 else None


def _query(request: HttpRequest) -> str:
    """The filters as a query string, to keep them from tab to tab."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in _filters(request).items() if value})
    return query.urlencode()


def _pager(request: HttpRequest, page: Page) -> dict[str, str]:
    """Query strings of the first and the next page."""
    query = _query(request)
    older = f"{query}&after={page.next_key}".lstrip("&") if page.next_key else ""
    return {"newer": (query or "first=1") if "after" in request.GET else "", "older": older}
