"""REST of the register of promises and of those found in use unconfirmed."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField
from documents.api.shapes import ProjectShape
from documents.refusals import Invalid
from documents.states import DocumentState
from intervention.models import FoundPromise
from intervention.papers import queries
from intervention.papers.finding import PLACE, REASON, WORDING, record_found, withdraw_found
from intervention.papers.vocabulary import Channel, FoundState, PromiseSubject
from organization import access, clock


class PromiseFilters(serializers.Serializer):
    """Words, project, channel; ``after`` is the ``id`` of the last row of the page before."""

    q = CleanCharField(max_length=100, required=False, default="", allow_blank=True, label=gettext_lazy("关键词"))
    project = CleanCharField(max_length=20, required=False, default="", allow_blank=True, label=gettext_lazy("项目"))
    channel = serializers.ChoiceField(
        choices=Channel.choices, required=False, default="", allow_blank=True, label=gettext_lazy("渠道")
    )
    after = serializers.IntegerField(required=False, min_value=1, max_value=2**62, label=gettext_lazy("起点"))

    def chosen(self, sent: dict[str, Any]) -> dict[str, str]:
        """As the reads take them."""
        return {"text": sent["q"], "project": sent["project"], "channel": sent["channel"]}


class RegisterFilters(PromiseFilters):
    """How a promise stands."""

    status = serializers.ChoiceField(
        choices=[(str(value), str(value)) for value in queries.Standing],
        required=False,
        default="",
        allow_blank=True,
        label=gettext_lazy("状态"),
    )


class FoundFilters(PromiseFilters):
    """What became of a found promise."""

    status = serializers.ChoiceField(
        choices=FoundState.choices, required=False, default="", allow_blank=True, label=gettext_lazy("状态")
    )


class PromiseShape(serializers.Serializer):
    """A promise as it was last submitted, with its confirmation and how it stands today."""

    id = serializers.IntegerField(source="pk")
    project = ProjectShape(source="document.project")
    subject = serializers.ChoiceField(choices=PromiseSubject.choices)
    wording = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    channel_note = serializers.CharField()
    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)
    confirmation = serializers.CharField(source="document.number")
    state = serializers.ChoiceField(choices=DocumentState.choices, source="document.state")
    standing = serializers.SerializerMethodField()

    def get_standing(self, promise: Any) -> str:
        """confirmed, expired, waiting, unconfirmed (its first day of use has come) or refused."""
        return str(queries.standing_of(promise, clock.today()))


class PromisesShape(serializers.Serializer):
    """A page of the register, newest first; ``next`` is the ``after`` of the page that follows."""

    results = PromiseShape(many=True)
    next = serializers.IntegerField(allow_null=True)
    found_promises = serializers.IntegerField(help_text="How many found promises the same filters find.")


class FoundShape(serializers.Serializer):
    """A promise found in use unconfirmed, and what became of it."""

    id = serializers.IntegerField(source="pk")
    project = ProjectShape()
    channel = serializers.ChoiceField(choices=Channel.choices)
    place = serializers.CharField()
    subject = serializers.ChoiceField(choices=PromiseSubject.choices)
    wording = serializers.CharField()
    since_on = serializers.DateField()
    found_state = serializers.ChoiceField(choices=FoundState.choices, source="state")
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()
    settled_by = serializers.CharField(source="settled_by.name", default=None, allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    confirmation = serializers.CharField(source="confirmation.number", default=None, allow_null=True)
    reason = serializers.CharField()


class FoundPageShape(serializers.Serializer):
    """A page of found promises, newest first."""

    results = FoundShape(many=True)
    next = serializers.IntegerField(allow_null=True)
    promises = serializers.IntegerField(help_text="How many promises of the register the same filters find.")


class NewFoundFields(serializers.Serializer):
    """What is in use: where, since when, in which words."""

    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))
    channel = serializers.ChoiceField(choices=Channel.choices, label=gettext_lazy("渠道"))
    place = CleanCharField(max_length=PLACE, label=gettext_lazy("位置"))
    subject = serializers.ChoiceField(choices=PromiseSubject.choices, label=gettext_lazy("承诺事项"))
    wording = CleanCharField(max_length=WORDING, label=gettext_lazy("承诺表述"))
    since_on = serializers.DateField(label=gettext_lazy("开始使用日期"))


class WithdrawFields(serializers.Serializer):
    """How it was taken out of use."""

    reason = CleanCharField(max_length=REASON, label=gettext_lazy("停用说明"))


def _page(rows: Any, after: int | None) -> dict[str, Any]:
    found = list((rows.filter(pk__lt=after) if after else rows)[: queries.PAGE + 1])
    more = len(found) > queries.PAGE
    found = found[: queries.PAGE]
    return {"results": found, "next": found[-1].pk if more else None}


class PromisesView(APIView):
    """The register of promises."""

    @extend_schema(parameters=[RegisterFilters], responses={200: PromisesShape, **ERRORS}, operation_id="promises_list")
    def get(self, request: Request) -> Response:
        """Every promise that was submitted, fifty at a time."""
        sent = read(RegisterFilters, request.query_params)
        chosen = RegisterFilters().chosen(sent)
        rows = queries.promises_for(request.user, **chosen, standing=sent["status"])
        others, _status = queries.matching(request.user, status=sent["status"], found=False, **chosen)
        return Response(PromisesShape(_page(rows, sent.get("after")) | {"found_promises": others}).data)


class FoundPromisesView(APIView):
    """Promises found in use unconfirmed."""

    @extend_schema(
        parameters=[FoundFilters], responses={200: FoundPageShape, **ERRORS}, operation_id="found_promises_list"
    )
    def get(self, request: Request) -> Response:
        """Newest first, fifty at a time."""
        sent = read(FoundFilters, request.query_params)
        chosen = FoundFilters().chosen(sent)
        rows = queries.found_for(request.user, **chosen, state=sent["status"])
        others, _status = queries.matching(request.user, status=sent["status"], found=True, **chosen)
        return Response(FoundPageShape(_page(rows, sent.get("after")) | {"promises": others}).data)

    @extend_schema(
        request=NewFoundFields, responses={201: FoundShape, **VERB_ERRORS}, operation_id="found_promises_create"
    )
    def post(self, request: Request) -> Response:
        """Record one."""
        sent = read(NewFoundFields, request.data)
        projects = access.visible_projects(request.user, clock.today())
        project = projects.filter(code=sent.pop("project")).first()
        if project is None:
            raise Invalid(_("没有这个项目，请核对编码。"))
        return Response(FoundShape(record_found(actor=request.user, project=project, **sent)).data, status=201)


class WithdrawView(APIView):
    """Taking a found promise out of use."""

    @extend_schema(
        request=WithdrawFields, responses={200: FoundShape, **VERB_ERRORS}, operation_id="found_promises_withdraw"
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say that it is used no more, and why."""
        found = get_object_or_404(FoundPromise.objects.visible_to(request.user), pk=pk)
        sent = read(WithdrawFields, request.data)
        return Response(FoundShape(withdraw_found(found_id=found.pk, actor=request.user, reason=sent["reason"])).data)
