"""The verbs: one route each, made by walking ``VERBS``, so the schema shows every verb's own fields."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents import verbs
from documents.api import showing
from documents.api.errors import VERB_ERRORS
from documents.api.shapes import DocumentShape
from documents.models import Document
from documents.verbs import FileFields, NoFields, Verb


class VerbView(APIView):
    """Doing one verb; the table says which."""

    verb: Verb

    def post(self, request: Request, reference: str) -> Response:
        """Do it, or answer why not with the sentences of the page. The form as it stands then comes back."""
        document = Document.objects.visible_to(request.user).get_named(reference)
        outcome = verbs.perform(self.verb.name, document, request.user, request.data)
        if outcome is None:
            return Response(status=204)
        return showing.answer(outcome.name, request.user)


def view_of(verb: Verb) -> Any:
    """The view of one verb with its own schema."""
    members: dict[str, Any] = {"verb": verb, "__doc__": str(verb.fields.__doc__), "post": _described(verb)}
    return type(f"{verb.name.title().replace('_', '')}View", (VerbView,), members).as_view()


def _described(verb: Verb) -> Any:
    def post(self: VerbView, request: Request, reference: str) -> Response:
        return VerbView.post(self, request, reference)

    post.__doc__ = VerbView.post.__doc__
    body: Any = None if verb.fields is NoFields else verb.fields
    return extend_schema(
        operation_id=f"documents_{verb.name}",
        summary=verb.name,
        request={"multipart/form-data": body} if verb.fields is FileFields else body,
        responses={204: None, **VERB_ERRORS} if verb.name == "discard" else {200: DocumentShape, **VERB_ERRORS},
    )(post)
