"""REST of the three papers: begun for a project, written field by field; agreements by project."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api import showing
from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CellField, CleanCharField
from documents.api.shapes import DocumentShape, ProjectShape
from documents.refusals import Invalid
from documents.states import DocumentState
from documents.views.entry import editable
from intervention.models import FoundPromise
from intervention.papers import queries
from intervention.papers.drafting import open_paper, save_paper
from intervention.papers.forms import PAPERS
from organization import access, clock


class NewPaperFields(serializers.Serializer):
    """A paper of a project; a confirmation may begin from what was found in use."""

    kind = serializers.ChoiceField(choices=[(str(kind), str(kind)) for kind in PAPERS], label=gettext_lazy("类型"))
    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))
    found = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**62, label=gettext_lazy("在用宣传")
    )


class PaperFields(serializers.Serializer):
    """Head fields by name, those not sent stay; ``lines`` and ``covers`` are all of them where they are sent.

    Without ``draft_version`` what stands there is overwritten.
    """

    draft_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, label=gettext_lazy("草稿版本")
    )
    head = serializers.DictField(child=CellField(), required=False, default=dict, label=gettext_lazy("表头"))
    lines = serializers.ListField(
        child=serializers.DictField(child=CellField()),
        required=False,
        allow_null=True,
        max_length=200,
        label=gettext_lazy("明细"),
    )
    covers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62),
        required=False,
        allow_null=True,
        max_length=200,
        label=gettext_lazy("在用宣传"),
    )


class PapersView(APIView):
    """New papers."""

    @extend_schema(request=NewPaperFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="papers_create")
    def post(self, request: Request) -> Response:
        """Open the draft of a confirmation, a review or an agreement's next version."""
        sent = read(NewPaperFields, request.data)
        projects = access.visible_projects(request.user, clock.today())
        project = projects.filter(code=sent["project"]).first()
        if project is None:
            raise Invalid(_("没有这个项目，请核对编码。"))
        found = None
        if sent.get("found"):
            found = FoundPromise.objects.visible_to(request.user).filter(pk=sent["found"]).first()
            if found is None:
                raise Invalid(_("没有这条在用宣传，请核对编号。"))
        document = open_paper(actor=request.user, kind=sent["kind"], project=project, found=found)
        return showing.answer(document.name, request.user, status=201)


class PaperView(APIView):
    """A paper that is being drafted."""

    @extend_schema(request=PaperFields, responses={200: DocumentShape, **VERB_ERRORS}, operation_id="papers_write")
    def put(self, request: Request, reference: str) -> Response:
        """Write head, lines and covered found promises."""
        document = editable(request.user, reference, PAPERS)
        sent = read(PaperFields, request.data)
        save_paper(
            document=document,
            actor=request.user,
            draft_version=sent.get("draft_version"),
            head=sent["head"],
            lines=sent.get("lines"),
            covers=sent.get("covers"),
        )
        return showing.answer(document.name, request.user)


class AgreementVersionShape(serializers.Serializer):
    """An approved version."""

    number = serializers.CharField(source="document.number")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=DocumentState.choices, source="document.state")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    supersedes = serializers.BooleanField()
    commission = serializers.CharField()


class InForceShape(serializers.Serializer):
    """A project's agreement on a day: in force, until when (earlier where a version supersedes it), what follows."""

    project = ProjectShape()
    agreement = AgreementVersionShape(allow_null=True)
    until = serializers.DateField(allow_null=True)
    after = AgreementVersionShape(allow_null=True)
    ends_soon = serializers.BooleanField()


class AgreementFilters(serializers.Serializer):
    """Which project, and on which day (today by default)."""

    project = CleanCharField(max_length=20, required=False, default="", label=gettext_lazy("项目"))
    on = serializers.DateField(required=False, label=gettext_lazy("日期"))


class AgreementsView(APIView):
    """Agreements in force."""

    @extend_schema(
        parameters=[OpenApiParameter("project", str), OpenApiParameter("on", {"type": "string", "format": "date"})],
        responses={200: InForceShape(many=True), **ERRORS},
        operation_id="agreements_list",
    )
    def get(self, request: Request) -> Response:
        """By project, on a day."""
        sent = read(AgreementFilters, request.query_params)
        projects = queries.agreement_projects(request.user, sent["project"])
        if sent["project"] and not projects:
            raise Http404
        approved, on = queries.approved_agreements(projects), sent.get("on") or clock.today()
        rows = [queries.in_force(project, approved.get(project.pk, ()), on) for project in projects]
        return Response(InForceShape(rows, many=True).data)
