"""Lists: the forms that a person may see, the inbox, notices. Paged by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents import inbox
from documents.api.errors import ERRORS, read
from documents.api.fields import CleanCharField, MonthField
from documents.api.shapes import NoticeShape, NoticesShape, PageShape
from documents.models import Document
from documents.states import DocumentState
from documents.vocabulary import Kind
from organization import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

LARGEST_KEY = 2**63 - 1


class AfterFields(serializers.Serializer):
    """Where a page begins: the ``next`` of the page before."""

    after = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY, label=_("起点"))


class FilterFields(AfterFields):
    """Filters of a list of forms; ``text`` finds numbers, titles, people and pinyin initials."""

    kind = serializers.ChoiceField(choices=Kind.choices, required=False, label=_("类型"))
    project = CleanCharField(max_length=20, required=False, label=_("项目"))
    state = serializers.ChoiceField(choices=DocumentState.choices, required=False, label=_("状态"))
    month = MonthField(required=False, label=_("月份"))
    text = CleanCharField(max_length=100, required=False, allow_blank=True, label=_("关键词"))


_LOOKUPS = {"kind": "kind", "project": "project__code", "state": "state", "month": "period"}


def _page(rows: QuerySet[Document], request: Request) -> Response:
    chosen = read(FilterFields, request.query_params)
    rows = rows.filter(**{_LOOKUPS[name]: value for name, value in chosen.items() if name in _LOOKUPS})
    if chosen.get("text"):
        rows = rows.matching(chosen["text"])
    return Response(PageShape(inbox.page(rows, chosen.get("after"))).data)


class DocumentsView(APIView):
    """Every form that the person who asks may see."""

    @extend_schema(parameters=[FilterFields], responses={200: PageShape, **ERRORS}, operation_id="documents_list")
    def get(self, request: Request) -> Response:
        """A page of forms, newest first."""
        return _page(Document.objects.visible_to(request.user).for_table().order_by("-pk"), request)


class InboxView(APIView):
    """The tabs of the inbox."""

    @extend_schema(
        parameters=[FilterFields, OpenApiParameter("tab", str, "path", enum=inbox.TABS)],
        responses={200: PageShape, **ERRORS},
        operation_id="inbox_list",
    )
    def get(self, request: Request, tab: str) -> Response:
        """A page of one tab, newest first."""
        if tab not in inbox.TABS:
            raise Http404
        return _page(inbox.tab(tab, request.user), request)


NOTICES = 50


class NoticesView(APIView):
    """One's own notices."""

    @extend_schema(parameters=[AfterFields], responses={200: NoticesShape, **ERRORS}, operation_id="notices_list")
    def get(self, request: Request) -> Response:
        """A page of notices, newest first."""
        rows: Any = request.user.notices.select_related("document")
        after = read(AfterFields, request.query_params).get("after")
        if after is not None:
            rows = rows.filter(pk__lt=after)
        found = list(rows[: NOTICES + 1])
        shown = found[:NOTICES]
        page = {
            "results": shown,
            "next": shown[-1].pk if len(found) > NOTICES else None,
            "unread": request.user.notices.filter(read_at=None).exists(),
        }
        return Response(NoticesShape(page).data)


class ReadAllView(APIView):
    """Marking notices as read."""

    @extend_schema(request=None, responses={204: None, **ERRORS}, operation_id="notices_read_all")
    def post(self, request: Request) -> Response:
        """Mark all of one's notices as read."""
        request.user.notices.filter(read_at=None).update(read_at=clock.now())
        return Response(status=204)


class ReadView(APIView):
    """Marking one notice as read."""

    @extend_schema(request=None, responses={200: NoticeShape, **ERRORS}, operation_id="notices_read")
    def post(self, request: Request, pk: int) -> Response:
        """Mark one notice as read; again changes nothing."""
        notice = get_object_or_404(request.user.notices.select_related("document"), pk=pk)
        if notice.read_at is None:
            notice.read_at = clock.now()
            notice.save(update_fields=["read_at"])
        return Response(NoticeShape(notice).data)
