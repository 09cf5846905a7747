"""REST of the organization: a token for programs, who I am, my projects."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from organization import access, clock
from organization.forms import LoginForm
from organization.models import Instalment, Person, Project
from organization.posts import Post
from organization.queries import projects_for, projects_with_instalments


class LoginSerializer(serializers.Serializer):
    """User name and password."""

    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    """The key to send as ``Authorization: Token <key>``."""

    token = serializers.CharField()


class MembershipSerializer(serializers.Serializer):
    """A post held now; ``project`` null: in all projects of one's company."""

    post = serializers.ChoiceField(choices=Post.choices)
    project = serializers.IntegerField(source="project_id", allow_null=True)
    department = serializers.IntegerField(source="department_id", allow_null=True)


class MeSerializer(serializers.ModelSerializer):
    """The person who asks."""

    company = serializers.CharField(source="company.name", default=None)
    posts = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ["id", "username", "name", "company", "language", "is_administrator", "posts"]

    @extend_schema(responses=MembershipSerializer(many=True))
    def get_posts(self, person: Person) -> list[dict[str, Any]]:
        """Posts in force today."""
        return MembershipSerializer(access.memberships(person, clock.today()), many=True).data


class InstalmentSerializer(serializers.ModelSerializer):
    """A delivery batch with its move-in dates."""

    class Meta:
        model = Instalment
        fields = ["id", "code", "name", "planned_move_in_on", "announced_move_in_on", "actual_move_in_on"]


class ProjectSerializer(serializers.ModelSerializer):
    """A project with its instalments."""

    developer = serializers.CharField(source="developer.name")
    property_company = serializers.CharField(source="property_company.name")
    instalments = InstalmentSerializer(many=True)

    class Meta:
        model = Project
        fields = ["id", "code", "name", "developer", "property_company", "is_active", "instalments"]


class TokenView(APIView):
    """Log-in of programs: under the same lock-out as the page, and as silent about who exists."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=LoginSerializer, responses=TokenSerializer)
    @method_decorator(sensitive_variables("password"))
    def post(self, request: Request) -> Response:
        """Give a token for user name and password."""
        form = LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        person = authenticate(request._request, **form.validated_data)
        if person is None:
            return Response({"errors": [str(LoginForm.error_messages["invalid_login"])]}, status=400)
        if person.must_change_password:
            raise PermissionDenied(_("请先在网页上登录并修改初始密码。"))
        token, _made = Token.objects.get_or_create(user=person)
        return Response({"token": token.key})


class MeView(APIView):
    """The person who asks."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who I am and which posts I hold."""
        return Response(MeSerializer(request.user).data)


class ProjectsView(ListAPIView):
    """Projects that the person who asks may see, with their instalments."""

    serializer_class = ProjectSerializer

    def get_queryset(self) -> Any:
        return projects_with_instalments(projects_for(self.request.user))
