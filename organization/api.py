"""REST of the organization: a token for programs, who I am, my projects, the working calendar."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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

from organization import access, calendars, clock
from organization.forms import LoginForm
from organization.models import CalendarYear, Instalment, Person, Project
from organization.permissions import can_administer
from organization.places import ANCHORS, INSTALMENT_DATES
from organization.posts import Post
from organization.queries import projects_for, projects_with_instalments
from organization.reading import sentences
from organization.refusals import OrganizationRefused, require


class LoginSerializer(serializers.Serializer):
    """User name and password."""

    username = serializers.CharField(max_length=60, label=gettext_lazy("用户名"))
    password = serializers.CharField(max_length=128, trim_whitespace=False, label=gettext_lazy("密码"))


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
    """A delivery batch with its dates; an opening or acceptance that is null is the project's."""

    class Meta:
        model = Instalment
        fields = ["id", "code", "name", *INSTALMENT_DATES]


class ProjectSerializer(serializers.ModelSerializer):
    """A project with its instalments."""

    developer = serializers.CharField(source="developer.name")
    property_company = serializers.CharField(source="property_company.name")
    instalments = InstalmentSerializer(many=True)

    class Meta:
        model = Project
        fields = ["id", "code", "name", "developer", "property_company", "is_active", *ANCHORS, "instalments"]


class CalendarDayShape(serializers.Serializer):
    """A public holiday, or a weekend day that is worked."""

    day = serializers.DateField()
    is_working = serializers.BooleanField()
    name = serializers.CharField()


class CalendarYearShape(serializers.Serializer):
    """A year that is known; every other one counts Monday to Friday."""

    year = serializers.IntegerField()
    source = serializers.CharField()
    imported_at = serializers.DateTimeField()
    imported_by = serializers.CharField(source="imported_by.name", default=None, allow_null=True)
    days = CalendarDayShape(many=True, source="days.all")


class CalendarShape(serializers.Serializer):
    """The years that are known, and those needed now of which nothing is known."""

    years = CalendarYearShape(many=True)
    missing = serializers.ListField(child=serializers.IntegerField())


class ImportCalendarFields(serializers.Serializer):
    """Lines ``日期,类型,名称``; each year given replaces what was known of it."""

    text = serializers.CharField(label=gettext_lazy("内容"), trim_whitespace=False)
    source = serializers.CharField(
        label=gettext_lazy("来源"), max_length=200, required=False, default="", allow_blank=True
    )


class TokenView(APIView):
    """Log-in of programs: under the same lock-out as the page, and as silent about who exists."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=LoginSerializer, responses=TokenSerializer)
    @method_decorator(sensitive_variables("password"))
    def post(self, request: Request) -> Response:
        """Give a token for user name and password."""
        form = LoginSerializer(data=request.data)
        if not form.is_valid():
            raise OrganizationRefused(*sentences(form))
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


class CalendarView(APIView):
    """The working calendar."""

    @extend_schema(responses=CalendarShape, operation_id="calendar_show")
    def get(self, request: Request) -> Response:
        """Every known year with its days."""
        return _answer()

    @extend_schema(request=ImportCalendarFields, responses=CalendarShape, operation_id="calendar_import")
    def post(self, request: Request) -> Response:
        """Take years over; every fault is told by line, and then nothing changes. Administrators only."""
        require(can_administer(request.user))
        form = ImportCalendarFields(data=request.data)
        if not form.is_valid():
            raise OrganizationRefused(*sentences(form))
        sent: dict[str, Any] = form.validated_data
        calendars.import_calendar(actor=request.user, data=sent["text"], source=sent["source"])
        return _answer()


def _answer() -> Response:
    rows = CalendarYear.objects.select_related("imported_by").prefetch_related("days")
    return Response(CalendarShape({"years": rows, "missing": calendars.missing_years()}).data)
