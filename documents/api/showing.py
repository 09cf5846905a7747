"""One form: head, lines, way, files, what can be done; its submissions and its trail."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents import due, papers, presenting, verbs
from documents.api.errors import ERRORS, read
from documents.api.lists import AfterFields
from documents.api.shapes import DocumentShape, RevisionShape, TrailShape
from documents.downloads import attachments_for, events_for
from documents.models import Document
from documents.views.showing import last_return, related
from documents.way import way

if TYPE_CHECKING:
    from organization.models import Person

EVENTS = 100


def answer(reference: str, person: Person, *, status: int = 200) -> Response:
    """A form as this person may see it now; 404 like what does not exist."""
    document = Document.objects.visible_to(person).for_page().get_named(reference)
    return Response(body(document, person), status=status)


def body(document: Document, person: Person) -> dict[str, Any]:
    """The answer's data for a document that is visible to the person."""
    seen = presenting.shown(document, person)
    act = last_return(document)
    files = attachments_for(document, person)
    road = way(document, working_copy=seen.is_working_copy)
    data: dict[str, Any] = DocumentShape(
        {
            "document": document,
            "amount": Decimal(seen.content["amount"]),
            "is_working_copy": seen.is_working_copy,
            "draft_version": document.draft_version if seen.is_working_copy else None,
            "head": seen.content["head"],
            "lines": seen.content["lines"],
            "totals": seen.sheet.totals,
            "attachments": files,
            "papers": papers.checklist(document, files),
            "offers": verbs.available(document, person),
            "related": related(document, person),
            "proposals": act.proposals if act else [],
            "way": road,
            "deadline": due.deadline_of(document, road.open_posts),
        }
    ).data
    return data


class DocumentView(APIView):
    """One form."""

    @extend_schema(responses={200: DocumentShape, **ERRORS}, operation_id="documents_show")
    def get(self, request: Request, reference: str) -> Response:
        """Head, lines, way, files, and the verbs that are possible now."""
        return answer(reference, request.user)


class RevisionView(APIView):
    """A submission of a form."""

    @extend_schema(responses={200: RevisionShape, **ERRORS}, operation_id="documents_revision")
    def get(self, request: Request, reference: str, n: int) -> Response:
        """What was signed: canonical content, facts of routing, hash."""
        document = Document.objects.visible_to(request.user).get_named(reference)
        revision = get_object_or_404(document.revisions.select_related("submitted_by"), n=n)
        return Response(RevisionShape(revision).data)


class TrailView(APIView):
    """The trail of a form."""

    @extend_schema(parameters=[AfterFields], responses={200: TrailShape, **ERRORS}, operation_id="documents_trail")
    def get(self, request: Request, reference: str) -> Response:
        """Events in their order; ``after`` is a ``seq``."""
        document = Document.objects.visible_to(request.user).get_named(reference)
        after = read(AfterFields, request.query_params).get("after", 0)
        found = list(events_for(document, request.user).filter(seq__gt=after)[: EVENTS + 1])
        shown = found[:EVENTS]
        more = len(found) > EVENTS
        return Response(TrailShape({"results": shown, "next": shown[-1].seq if more else None}).data)
