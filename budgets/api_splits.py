"""REST of shared staff: splitting lines of a draft over instalments, reading a split, laying it into its forms anew."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets import shared_lines
from budgets.api import LinesField
from budgets.columns import columns_of
from budgets.drafting import check_rows
from budgets.models import Split
from budgets.sharing import percent, read_shares
from budgets.sheets import as_text
from budgets.splitting import KIND, share_anew, share_lines
from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CellField, CleanCharField, MonthField
from documents.api.shapes import AmountField, ProjectShape
from documents.money import plain
from documents.refusals import Conflict
from documents.states import DocumentState
from documents.views.entry import editable
from organization.models import Person


class ShareFields(serializers.Serializer):
    """An instalment's share in per cent, at most two decimals."""

    instalment = CleanCharField(max_length=20, label=gettext_lazy("分期"))
    share = CellField(label=gettext_lazy("分摊比例"))


class SharesFields(serializers.Serializer):
    """Shares that sum to 100 %."""

    shares = ShareFields(many=True, max_length=100, label=gettext_lazy("分摊比例"))

    def validate_shares(self, shares: list[dict[str, Any]]) -> dict[str, Any]:
        """By instalment; one that is named twice is no sharing."""
        found = {row["instalment"]: row["share"] for row in shares}
        if len(found) < len(shares):
            raise serializers.ValidationError(gettext_lazy("同一个分期只能填一次。"))
        return found


class NewSplitFields(SharesFields):
    """Lines of a draft by their ``id``. ``draft_version`` is the one that was seen."""

    document = CleanCharField(max_length=50, label=gettext_lazy("单据"))
    lines = serializers.ListField(child=CleanCharField(max_length=12), max_length=5000, label=gettext_lazy("明细"))
    draft_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, label=gettext_lazy("草稿版本")
    )


class ChangedSplitFields(SharesFields):
    """Other shares; ``lines`` are whole lines with the ``id`` that they have in the split, left out they stay."""

    lines = LinesField(required=False, label=gettext_lazy("明细"))


class BearerShape(serializers.Serializer):
    """What an instalment bears; ``document`` is its form, null where there is none or it may not be seen."""

    instalment = ProjectShape()
    share = serializers.SerializerMethodField()
    amount = AmountField()
    document = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DecimalField(max_digits=5, decimal_places=2))
    def get_share(self, bearer: shared_lines.Bearer) -> str:
        """In per cent."""
        return plain(percent(bearer.share))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_document(self, bearer: shared_lines.Bearer) -> str | None:
        """Its name in addresses."""
        seen = bearer.form is not None and bearer.form.pk in self.context["visible"]
        return bearer.form.name if bearer.form is not None and seen else None

    @extend_schema_field(serializers.ChoiceField(choices=DocumentState.choices, allow_null=True))
    def get_state(self, bearer: shared_lines.Bearer) -> str | None:
        """Null where there is no form or it may not be seen."""
        return bearer.form.state if bearer.form is not None and bearer.form.pk in self.context["visible"] else None


class SplitShape(serializers.Serializer):
    """A split as its live forms carry it; ``lines`` are whole lines, ``whole`` is their sum."""

    id = serializers.IntegerField(source="split.pk")
    project = ProjectShape(source="split.project")
    month = MonthField(source="split.month")
    created_by = serializers.CharField(source="split.created_by.name")
    created_at = serializers.DateTimeField(source="split.created_at")
    whole = AmountField()
    shares = BearerShape(many=True, source="bearers")
    lines = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_lines(self, state: shared_lines.SplitState) -> list[dict[str, Any]]:
        """Cells by column key."""
        return [
            {
                "id": line.split_key,
                **{column.key: as_text(getattr(line, column.key)) for column in columns_of(KIND)},
                "amount": plain(shared_lines.whole_amount(line)),
            }
            for line in state.lines
        ]


def _answer(split: Split, person: Person, *, status: int = 200) -> Response:
    states = shared_lines.states_of([split])
    if not states:
        raise Conflict(gettext_lazy("此分摊刚被修改或取消，请在「共用人员分摊」页查看最新内容。"))
    context = {"visible": shared_lines.visible_forms(person, states)}
    return Response(SplitShape(states[0], context=context).data, status=status)


def _shares(split_or_form: Any, person: Person, month: Any, typed: dict[str, Any]) -> dict[str, int]:
    places = shared_lines.places_of(person, split_or_form.project, month)
    return read_shares(typed, {place.code: place.name for place in places})


class SplitsView(APIView):
    """New splits of shared staff."""

    @extend_schema(request=NewSplitFields, responses={201: SplitShape, **VERB_ERRORS}, operation_id="splits_create")
    def post(self, request: Request) -> Response:
        """Split lines of a staffing plan's working copy over instalments: each one's form of the month gets its part."""
        sent = read(NewSplitFields, request.data)
        document = editable(request.user, sent["document"], (KIND,))
        split = share_lines(
            document_id=document.pk,
            actor=request.user,
            line_ids=sent["lines"],
            shares=_shares(document, request.user, document.period, sent["shares"]),
            draft_version=sent.get("draft_version"),
        )
        return _answer(split, request.user, status=201)


class SplitView(APIView):
    """One split."""

    @extend_schema(responses={200: SplitShape, **ERRORS, 409: VERB_ERRORS[409]}, operation_id="splits_read")
    def get(self, request: Request, pk: int) -> Response:
        """Shares, parts, forms and whole lines; 409 once other shares or lines have taken its place."""
        return _answer(shared_lines.split_for(request.user, pk), request.user)

    @extend_schema(
        request=ChangedSplitFields, responses={200: SplitShape, 204: None, **VERB_ERRORS}, operation_id="splits_change"
    )
    def put(self, request: Request, pk: int) -> Response:
        """Lay other shares or lines into all its forms, or make missing forms; 204 when one instalment took it all back."""
        split = shared_lines.split_for(request.user, pk)
        sent = read(ChangedSplitFields, request.data)
        rows = check_rows(KIND, sent["lines"]) if "lines" in sent else None
        shares = _shares(split, request.user, split.month, sent["shares"])
        made = share_anew(split_id=split.pk, actor=request.user, shares=shares, rows=rows)
        return Response(status=204) if made is None else _answer(made, request.user)
