"""Notices of one person: read, followed, marked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from documents.wording import notice_parts
from organization import clock

PAGE = 30


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first, by key."""
    rows = request.user.notices.select_related("document")
    after = request.GET.get("after", "")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    shown = [(notice, *notice_parts(notice)) for notice in found[:PAGE]]
    older = f"after={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    page = {"newer": "" if not after else "first=1", "older": older}
    unread = request.user.notices.filter(read_at=None).exists()
    return render(request, "documents/notices.html", {"notices": shown, "page": page, "unread": unread})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    request.user.notices.filter(read_at=None).update(read_at=clock.now())
    return redirect("documents:notices")


@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = get_object_or_404(request.user.notices, pk=pk)
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    if notice.document is not None:
        return redirect("documents:document", notice.document.name)
    safe = url_has_allowed_host_and_scheme(notice.url, None)
    return redirect(notice.url if notice.url and safe else "documents:notices")
