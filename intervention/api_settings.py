"""REST of the settings of early intervention: the template's rows, required contents, checklist and grades, the rule of photographs.

Administrators only, asked before anything is looked up. What is left out of a change stays as it is.
"""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, read
from documents.api.fields import CleanCharField
from documents.vocabulary import Phase, Result, Side
from intervention import photos, templating
from intervention.assessing import keeping
from intervention.assessing.queries import bands_in_force, criteria
from intervention.assessing.shapes import BandShape, CriterionShape
from intervention.models import AssessmentCriterion, ChecklistItem, TemplateItem
from intervention.shapes import ContentShape, TemplateItemShape
from intervention.vocabulary import Anchor, ItemKind
from organization.api import require
from organization.models import Company, Project
from organization.permissions import can_administer
from organization.posts import Camp, Post
from organization.queries import projects_for

KINDS = [(kind.value, kind.label) for kind in ItemKind if kind != ItemKind.START]


class SettingsView(APIView):
    """A route for administrators."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask before anything is looked up, so that absent and present rows answer alike."""
        super().initial(request, *args, **kwargs)
        require(can_administer(request.user))


class PhaseRowFields(serializers.Serializer):
    """Who does a row of the template, when, and whether new plans get it."""

    post = serializers.ChoiceField(choices=Post.choices, label=_("责任岗位"))
    anchor = serializers.ChoiceField(choices=Anchor.choices, label=_("节点"))
    months = serializers.IntegerField(min_value=-60, max_value=60, label=_("月（负数为之前）"))
    days = serializers.IntegerField(min_value=-366, max_value=366, label=_("天（负数为之前）"))
    note = CleanCharField(max_length=templating.NOTE, allow_blank=True, label=_("说明"))
    is_active = serializers.BooleanField(label=_("新计划使用此项"))


class NewPhaseRowFields(serializers.Serializer):
    """A row more."""

    phase = serializers.ChoiceField(choices=Phase.choices, label=_("阶段"))
    kind = serializers.ChoiceField(choices=KINDS, label=_("类别"))
    title = CleanCharField(max_length=templating.ROW_TITLE, label=_("事项"))
    clause = CleanCharField(max_length=templating.CLAUSE, label=_("条款"))
    post = serializers.ChoiceField(choices=Post.choices, label=_("责任岗位"))
    anchor = serializers.ChoiceField(choices=Anchor.choices, label=_("节点"))
    months = serializers.IntegerField(min_value=-60, max_value=60, default=0, label=_("月（负数为之前）"))
    days = serializers.IntegerField(min_value=-366, max_value=366, default=0, label=_("天（负数为之前）"))
    result = serializers.ChoiceField(
        choices=Result.choices, allow_blank=True, required=False, default="", label=_("成果")
    )
    note = CleanCharField(max_length=templating.NOTE, allow_blank=True, required=False, default="", label=_("说明"))


class PhaseRowShape(TemplateItemShape):
    """A row of the template, in use or not."""

    id = serializers.IntegerField()
    is_active = serializers.BooleanField()


class PhaseRowsView(SettingsView):
    """The template."""

    @extend_schema(responses={200: PhaseRowShape(many=True), **ERRORS}, operation_id="phase_rows_list")
    def get(self, request: Request) -> Response:
        """Every row, those out of use included."""
        return Response(PhaseRowShape(templating.rows(), many=True).data)

    @extend_schema(
        request=NewPhaseRowFields, responses={201: PhaseRowShape, **ERRORS}, operation_id="phase_rows_create"
    )
    def post(self, request: Request) -> Response:
        """Add a row; plans laid out stay as they are."""
        row = templating.add_row(actor=request.user, **read(NewPhaseRowFields, request.data))
        return Response(PhaseRowShape(row).data, 201)


class PhaseRowView(SettingsView):
    """One row."""

    @extend_schema(request=PhaseRowFields, responses={200: PhaseRowShape, **ERRORS}, operation_id="phase_rows_change")
    def patch(self, request: Request, pk: int) -> Response:
        """Change it for plans that are laid out from now on."""
        row = get_object_or_404(TemplateItem, pk=pk)
        changed = templating.edit_row(actor=request.user, row=row, **read(PhaseRowFields, request.data, partial=True))
        return Response(PhaseRowShape(changed).data)


class NewContentFields(serializers.Serializer):
    """A required content more."""

    result = serializers.ChoiceField(choices=Result.choices, label=_("成果"))
    title = CleanCharField(max_length=templating.TITLE, label=_("必备内容"))


class ContentFields(serializers.Serializer):
    """Its words, as long as no result has used it, and whether new drafts get it."""

    title = CleanCharField(max_length=templating.TITLE, label=_("必备内容"))
    is_active = serializers.BooleanField(label=_("启用"))


class KeptContentShape(ContentShape):
    """A required content, in use or not."""

    id = serializers.IntegerField()
    is_active = serializers.BooleanField()


class ContentsView(SettingsView):
    """Required contents of results."""

    @extend_schema(responses={200: KeptContentShape(many=True), **ERRORS}, operation_id="contents_list")
    def get(self, request: Request) -> Response:
        """All, those out of use included."""
        return Response(KeptContentShape(templating.contents(), many=True).data)

    @extend_schema(
        request=NewContentFields, responses={201: KeptContentShape, **ERRORS}, operation_id="contents_create"
    )
    def post(self, request: Request) -> Response:
        """Require another content."""
        row = templating.add_content(actor=request.user, **read(NewContentFields, request.data))
        return Response(KeptContentShape(row).data, 201)


class ContentView(SettingsView):
    """One content."""

    @extend_schema(request=ContentFields, responses={200: KeptContentShape, **ERRORS}, operation_id="contents_change")
    def patch(self, request: Request, pk: int) -> Response:
        """Word it otherwise, or require it no longer, or again."""
        row = get_object_or_404(ChecklistItem, pk=pk)
        sent = read(ContentFields, request.data, partial=True)
        if "title" in sent:
            row = templating.rename_content(actor=request.user, row=row, title=sent["title"])
        if "is_active" in sent:
            row = templating.switch_content(actor=request.user, row=row, active=sent["is_active"])
        return Response(KeptContentShape(row).data)


class CriterionFields(serializers.Serializer):
    """An item of the checklist; ``company`` by its code, empty for all."""

    title = CleanCharField(max_length=keeping.TITLE, label=_("考核项目"))
    basis = CleanCharField(max_length=keeping.BASIS, label=_("依据和标准"))
    points = serializers.DecimalField(max_digits=4, decimal_places=1, label=_("满分"))
    side = serializers.ChoiceField(choices=Side.choices, allow_blank=True, required=False, label=_("入伙前后"))
    company = CleanCharField(max_length=20, allow_blank=True, required=False, label=_("物业公司"))

    def validate_company(self, code: str) -> Company | None:
        """A property company."""
        companies = Company.objects.filter(camp=Camp.PROPERTY)
        return get_object_or_404(companies, code=code) if code else None


class CriterionChangeFields(CriterionFields):
    """What of an item may change."""

    is_active = serializers.BooleanField(label=_("启用"))


class KeptCriterionShape(CriterionShape):
    """An item of the checklist, in use or not."""

    id = serializers.IntegerField()
    is_active = serializers.BooleanField()


class CriteriaView(SettingsView):
    """The checklist of assessments."""

    @extend_schema(responses={200: KeptCriterionShape(many=True), **ERRORS}, operation_id="criteria_list")
    def get(self, request: Request) -> Response:
        """All items, those out of use included."""
        return Response(KeptCriterionShape(criteria(), many=True).data)

    @extend_schema(
        request=CriterionFields, responses={201: KeptCriterionShape, **ERRORS}, operation_id="criteria_create"
    )
    def post(self, request: Request) -> Response:
        """Add an item for assessments opened from now on."""
        row = keeping.add_criterion(actor=request.user, **read(CriterionFields, request.data))
        return Response(KeptCriterionShape(row).data, 201)


class CriterionView(SettingsView):
    """One item."""

    @extend_schema(
        request=CriterionChangeFields, responses={200: KeptCriterionShape, **ERRORS}, operation_id="criteria_change"
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change it for assessments opened from now on."""
        row = get_object_or_404(AssessmentCriterion, pk=pk)
        sent = read(CriterionChangeFields, request.data, partial=True)
        return Response(KeptCriterionShape(keeping.edit_criterion(actor=request.user, row=row, **sent)).data)


class GradeFields(serializers.Serializer):
    """From which percent on a score is called what."""

    start = serializers.IntegerField(min_value=0, max_value=100, label=_("起（%）"))
    word = CleanCharField(max_length=keeping.WORD, label=_("等级"))


class GradesFields(serializers.Serializer):
    """All grades; the lowest begins at 0."""

    bands = serializers.ListField(child=GradeFields(), min_length=1, max_length=20, label=_("等级"))


class GradesView(SettingsView):
    """The grades of assessments."""

    @extend_schema(request=GradesFields, responses={200: BandShape(many=True), **ERRORS}, operation_id="grades_save")
    def put(self, request: Request) -> Response:
        """The grades as a whole, for assessments opened from now on."""
        sent = read(GradesFields, request.data)["bands"]
        keeping.save_bands(actor=request.user, bands=[(band["start"], band["word"]) for band in sent])
        return Response([{"start": start, "word": word} for start, word in bands_in_force()])


class PhotoRuleFields(serializers.Serializer):
    """A project's rule."""

    project = CleanCharField(max_length=20, label=_("项目"))
    keeps_position = serializers.BooleanField(label=_("保留拍摄位置"))


class PhotoRulesView(SettingsView):
    """Whether photographs keep the position where they were taken."""

    @extend_schema(responses={200: PhotoRuleFields(many=True), **ERRORS}, operation_id="photo_rules_list")
    def get(self, request: Request) -> Response:
        """Every project's rule."""
        keeping_ones = photos.projects_keeping()
        rows = [(project.code, project.pk in keeping_ones) for project in self._projects(request)]
        return Response([{"project": code, "keeps_position": keeps} for code, keeps in rows])

    @extend_schema(request=PhotoRuleFields, responses={200: PhotoRuleFields, **ERRORS}, operation_id="photo_rules_save")
    def put(self, request: Request) -> Response:
        """Change one; photographs that are there stay as they are."""
        sent = read(PhotoRuleFields, request.data)
        project: Project = get_object_or_404(self._projects(request), code=sent["project"])
        photos.set_policy(actor=request.user, project=project, keeps_position=sent["keeps_position"])
        return Response(sent)

    def _projects(self, request: Request) -> Any:
        return projects_for(request.user).order_by("code")
