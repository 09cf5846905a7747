"""REST of categories and 费用科目: the lists that clerks choose from, and keeping them (administrators)."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets import categorising
from budgets.drafting import categories_of
from budgets.models import Category
from documents.api.errors import ERRORS, read
from documents.api.fields import CleanCharField
from organization.api import require
from organization.permissions import can_administer
from organization.queries import projects_for


class CategoryFilters(serializers.Serializer):
    """Whose list, by a project of the company."""

    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))


class CategoryListShape(serializers.Serializer):
    """What may be chosen: ``kind`` is a kind of form whose lines have a category, or ``subject`` for 费用科目."""

    kind = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())


class NewCategoryFields(serializers.Serializer):
    """A name more at the end of a list."""

    company = CleanCharField(max_length=20, label=gettext_lazy("物业公司"))
    kind = serializers.ChoiceField(choices=(), label=gettext_lazy("类型"))
    name = CleanCharField(max_length=categorising.NAME_LENGTH, label=gettext_lazy("类别"))

    def get_fields(self) -> dict[str, Any]:
        """The kinds that have a list."""
        fields = super().get_fields()
        fields["kind"].choices = categorising.kinds_with_categories()
        return fields


class CategoryShape(serializers.ModelSerializer):
    """A row of a list."""

    class Meta:
        model = Category
        fields = ("id", "kind", "name", "position", "is_active")


class CategoryNameFields(serializers.Serializer):
    """Another name, for ``rename``; the other verbs need nothing."""

    name = CleanCharField(max_length=categorising.NAME_LENGTH, required=False, default="", label=gettext_lazy("类别"))


class CategoriesView(APIView):
    """The lists of a project's property company."""

    @extend_schema(
        parameters=[CategoryFilters],
        responses={200: CategoryListShape(many=True), **ERRORS},
        operation_id="categories_list",
    )
    def get(self, request: Request) -> Response:
        """What lines and heads of a project's forms may name."""
        code = read(CategoryFilters, request.query_params)["project"]
        project = get_object_or_404(projects_for(request.user), code=code)
        rows = [
            {"kind": kind, "names": categories_of(project, kind) or categorising.guide_categories(kind)}
            for kind in categorising.kinds_with_categories()
        ]
        return Response(CategoryListShape(rows, many=True).data)

    @extend_schema(
        request=NewCategoryFields, responses={201: CategoryShape, **ERRORS}, operation_id="categories_create"
    )
    def post(self, request: Request) -> Response:
        """Add a name. Administrators only."""
        require(can_administer(request.user))
        sent = read(NewCategoryFields, request.data)
        company = get_object_or_404(categorising.property_companies(), code=sent["company"])
        row = categorising.add_category(actor=request.user, company=company, kind=sent["kind"], name=sent["name"])
        return Response(CategoryShape(row).data, 201)


class CategoryView(APIView):
    """One row."""

    @extend_schema(
        request=CategoryNameFields, responses={200: CategoryShape, **ERRORS}, operation_id="categories_change"
    )
    def post(self, request: Request, pk: int, verb: str) -> Response:
        """``rename``, ``up``, ``down``, ``activate`` or ``deactivate``. Administrators only."""
        require(can_administer(request.user))
        if verb not in categorising.VERBS:
            raise Http404
        row = get_object_or_404(Category, pk=pk)
        name = read(CategoryNameFields, request.data)["name"]
        return Response(CategoryShape(categorising.perform(verb, row, request.user, name)).data)
