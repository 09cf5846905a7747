"""REST of settlement: applications and the lines they gather."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from documents import presenting
from documents.api import showing
from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField, MonthField
from documents.api.shapes import AmountField, DocumentShape
from documents.refusals import Invalid
from documents.views.entry import editable
from documents.vocabulary import Kind, Side
from organization import access, clock
from settlements import applying, reversing
from settlements.candidates import choices
from settlements.explaining import explanation
from settlements.models import InvoiceKind, Nature
from settlements.queries import application_for

APPLICATION = (Kind.EXPENSE_APPLICATION,)
# What a key of the database can be.
MAX_KEY = 2**63 - 1


class ShareField(serializers.DecimalField):
    """A share in plain notation, 0 to 1 with at most three decimals: never ``1e-2`` or other digits."""

    PLAIN = re.compile(r"[01](\.[0-9]{1,3})?")

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not self.PLAIN.fullmatch(str(data)):
            raise serializers.ValidationError(_("税率请写成 0 到 1 之间的小数，最多三位，如 0.06。"))
        return super().to_internal_value(data)


class ApplicationFields(serializers.Serializer):
    """What an application gathers: project by its code, month, side; the month's own unless ``nature`` says interim."""

    project = CleanCharField(max_length=20, label=gettext_lazy("项目"))
    month = MonthField(label=gettext_lazy("月份"))
    side = serializers.ChoiceField(choices=Side.choices, label=gettext_lazy("入伙前后"))
    nature = serializers.ChoiceField(
        choices=[(nature.value, nature.label) for nature in (Nature.MONTHLY, Nature.INTERIM)],
        required=False,
        default=Nature.MONTHLY.value,
        label=gettext_lazy("性质"),
    )
    note = CleanCharField(required=False, default="", allow_blank=True, max_length=500, label=gettext_lazy("说明"))


class ReversalFields(serializers.Serializer):
    """The confirmed lines to take back, by ``id``; without them every line that is left."""

    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_KEY),
        required=False,
        allow_null=True,
        label=gettext_lazy("明细"),
    )
    reason = CleanCharField(
        required=False, default="", allow_blank=True, max_length=500, label=gettext_lazy("冲销原因")
    )


class ChosenFields(serializers.Serializer):
    """The confirmed lines that stay or come in, by ``id``. What is left out stays as it is: note, invoice, reasons.

    ``tax_rate`` is a share (``"0.06"``); ``reasons`` are texts by the number of the form from which less is applied for. Of a
    reversal, ``keep`` are the lines to take back and ``reason`` says why.
    """

    draft_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, label=gettext_lazy("草稿版本")
    )
    keep = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_KEY), label=gettext_lazy("明细")
    )
    note = CleanCharField(required=False, allow_blank=True, max_length=500, label=gettext_lazy("说明"))
    invoice_kind = serializers.ChoiceField(
        choices=InvoiceKind.choices, required=False, allow_blank=True, label=gettext_lazy("发票种类")
    )
    tax_rate = ShareField(
        max_digits=4,
        decimal_places=3,
        min_value=Decimal(0),
        max_value=Decimal(1),
        required=False,
        allow_null=True,
        label=gettext_lazy("税率"),
    )
    reasons = serializers.DictField(
        child=CleanCharField(allow_blank=True, max_length=200), required=False, label=gettext_lazy("差异原因")
    )
    reason = CleanCharField(required=False, allow_blank=True, max_length=500, label=gettext_lazy("冲销原因"))


class CandidateShape(serializers.Serializer):
    """A confirmed line: held by this application, or free to be taken in. Amounts in 元, ``rate`` a share.

    ``reversed`` says that an approved reversal took it back: such a line comes in only when it is named.
    """

    id = serializers.IntegerField(source="line.pk")
    held = serializers.BooleanField(source="taken")
    reversed = serializers.BooleanField(source="was_reversed")
    form = serializers.CharField(source="line.origin_line.document.number")
    completion = serializers.CharField(source="line.document.number")
    subject = serializers.CharField(source="line.origin_line.subject")
    approved = AmountField(source="line.origin_line.amount")
    earlier = AmountField()
    amount = AmountField(source="line.amount")
    rate = serializers.DecimalField(max_digits=4, decimal_places=3, coerce_to_string=True)


class ReversibleShape(serializers.Serializer):
    """A line of the reversed application: taken back by this one, or left."""

    id = serializers.IntegerField(source="line.completion_line_id")
    held = serializers.BooleanField(source="taken")
    reversed = serializers.SerializerMethodField()
    form = serializers.CharField(source="line.completion_line.origin_line.document.number")
    completion = serializers.CharField(source="line.completion_line.document.number")
    subject = serializers.CharField(source="line.completion_line.origin_line.subject")
    approved = AmountField(source="line.approved")
    earlier = AmountField(source="line.earlier")
    amount = AmountField(source="line.amount")
    rate = serializers.DecimalField(source="line.rate", max_digits=4, decimal_places=3, coerce_to_string=True)

    def get_reversed(self, row: object) -> bool:
        """None of these was taken back before."""
        return False


class ProductShape(serializers.Serializer):
    """Base × rate with all its digits."""

    rate = serializers.CharField(source="percent")
    base = AmountField()
    product = serializers.CharField(source="digits")


class ReckoningShape(serializers.Serializer):
    """From bases to tax: exact products, their sum, rounded once; total ÷ (1 + tax rate), rounded."""

    products = ProductShape(many=True)
    product_sum = serializers.CharField()
    subtotal = AmountField(source="amounts.subtotal")
    commission = AmountField(source="amounts.commission")
    total = AmountField(source="amounts.total")
    divisor = serializers.CharField()
    quotient = serializers.CharField()
    net = AmountField(source="amounts.net", allow_null=True)
    tax = AmountField(source="amounts.tax", allow_null=True)


class ExplanationShape(serializers.Serializer):
    """How an application came to its figures; of a reversal, the two reckonings whose difference it is."""

    subtotal = AmountField(source="amounts.subtotal")
    commission = AmountField(source="amounts.commission")
    total = AmountField(source="amounts.total")
    net = AmountField(source="amounts.net", allow_null=True)
    tax = AmountField(source="amounts.tax", allow_null=True)
    own = ReckoningShape()
    before = ReckoningShape(allow_null=True)
    after = ReckoningShape(allow_null=True)


class ApplicationsView(APIView):
    """New applications."""

    @extend_schema(
        request=ApplicationFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="applications_create"
    )
    def post(self, request: Request) -> Response:
        """Open an application with every line that it may take: the month's own, or an interim one."""
        sent = read(ApplicationFields, request.data)
        code = sent.pop("project")
        project = access.visible_projects(request.user, clock.today()).filter(code=code).first()
        if project is None:
            raise Invalid(_("没有这个项目，请核对编码。"))
        document = applying.open_application(actor=request.user, project=project, **sent)
        return showing.answer(document.name, request.user, status=201)


class ReversalsView(APIView):
    """Reversals of an approved application."""

    @extend_schema(
        request=ReversalFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="applications_reverse"
    )
    def post(self, request: Request, reference: str) -> Response:
        """Begin a reversal of some lines or of all that are left."""
        document = application_for(request.user, reference)
        sent = read(ReversalFields, request.data)
        reversal = reversing.open_reversal(
            original=document, actor=request.user, lines=sent.get("lines"), reason=sent["reason"]
        )
        return showing.answer(reversal.name, request.user, status=201)


class ExplainedView(APIView):
    """The figures of an application, step by step."""

    @extend_schema(responses={200: ExplanationShape, **ERRORS}, operation_id="applications_explained")
    def get(self, request: Request, reference: str) -> Response:
        """Of what was submitted; to its drafting side of the working copy."""
        document = application_for(request.user, reference)
        return Response(ExplanationShape(explanation(presenting.shown(document, request.user).content)).data)


class ApplicationLinesView(APIView):
    """The lines of an application that is being drafted."""

    @extend_schema(responses={200: CandidateShape(many=True), **ERRORS}, operation_id="applications_candidates")
    def get(self, request: Request, reference: str) -> Response:
        """Lines that it holds and lines that it could take in; of a reversal, lines that it takes back or could."""
        document = editable(request.user, reference, APPLICATION)
        if document.application.nature == Nature.REVERSAL:
            return Response(ReversibleShape(reversing.reversibles(document), many=True).data)
        return Response(CandidateShape(choices(document), many=True).data)

    @extend_schema(
        request=ChosenFields, responses={200: DocumentShape, **VERB_ERRORS}, operation_id="applications_lines"
    )
    def put(self, request: Request, reference: str) -> Response:
        """Keep the named lines, drop the others, take in newly named free ones; set invoice and reasons."""
        document = editable(request.user, reference, APPLICATION)
        sent = read(ChosenFields, request.data)
        common = {
            "document": document,
            "actor": request.user,
            "draft_version": sent.get("draft_version"),
            "keep": set(sent["keep"]),
            "note": sent.get("note"),
        }
        if document.application.nature == Nature.REVERSAL:
            reversing.choose_reversed(**common, reason=sent.get("reason"))
        else:
            terms = {name: sent[name] for name in ("invoice_kind", "tax_rate") if name in sent}
            applying.choose_lines(**common, terms=terms or None, reasons=sent.get("reasons"))
        return showing.answer(document.name, request.user)
