"""REST of settlement: applications and the lines they gather."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api import showing
from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField, MonthField
from documents.api.shapes import AmountField, DocumentShape
from documents.refusals import Invalid
from documents.views.entry import editable
from documents.vocabulary import Kind, Side
from organization import access, clock
from settlements import applying
from settlements.queries import choices

APPLICATION = (Kind.EXPENSE_APPLICATION,)


class ApplicationFields(serializers.Serializer):
    """What an application gathers: project by its code, month, side."""

    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))
    month = MonthField(label=gettext_lazy("月份"))
    side = serializers.ChoiceField(choices=Side.choices, label=gettext_lazy("入伙前后"))
    note = CleanCharField(required=False, default="", allow_blank=True, max_length=500, label=gettext_lazy("说明"))


class ChosenFields(serializers.Serializer):
    """The confirmed lines that stay or come in, by ``id``; without ``note`` the note stays."""

    draft_version = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    keep = serializers.ListField(child=serializers.IntegerField(min_value=1), label=gettext_lazy("明细"))
    note = CleanCharField(required=False, allow_blank=True, max_length=500, label=gettext_lazy("说明"))


class CandidateShape(serializers.Serializer):
    """A confirmed line: held by this application, or free to be taken in. Amounts in 元."""

    id = serializers.IntegerField(source="line.pk")
    held = serializers.BooleanField(source="taken")
    form = serializers.CharField(source="line.origin_line.document.number")
    completion = serializers.CharField(source="line.document.number")
    subject = serializers.CharField(source="line.origin_line.subject")
    approved = AmountField(source="line.origin_line.amount")
    amount = AmountField(source="line.amount")


class ApplicationsView(APIView):
    """New applications."""

    @extend_schema(
        request=ApplicationFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="applications_create"
    )
    def post(self, request: Request) -> Response:
        """Open an application with every line that can be settled."""
        sent = read(ApplicationFields, request.data)
        code = sent.pop("project")
        project = access.visible_projects(request.user, clock.today()).filter(code=code).first()
        if project is None:
            raise Invalid(_("没有这个项目，请核对编码。"))
        document = applying.open_application(actor=request.user, project=project, **sent)
        return showing.answer(document.name, request.user, status=201)


class ApplicationLinesView(APIView):
    """The lines of an application that is being drafted."""

    @extend_schema(responses={200: CandidateShape(many=True), **ERRORS}, operation_id="applications_candidates")
    def get(self, request: Request, reference: str) -> Response:
        """Lines that it holds and lines that it could take in."""
        document = editable(request.user, reference, APPLICATION)
        return Response(CandidateShape(choices(document), many=True).data)

    @extend_schema(
        request=ChosenFields, responses={200: DocumentShape, **VERB_ERRORS}, operation_id="applications_lines"
    )
    def put(self, request: Request, reference: str) -> Response:
        """Keep the named lines, drop the others, take in newly named free ones."""
        document = editable(request.user, reference, APPLICATION)
        sent = read(ChosenFields, request.data)
        applying.choose_lines(
            document=document,
            actor=request.user,
            draft_version=sent.get("draft_version"),
            keep=set(sent["keep"]),
            note=sent.get("note", document.application.note),
        )
        return showing.answer(document.name, request.user)
