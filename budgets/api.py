"""REST of the work forms: drafting by lines, workbook or copy, and confirming after the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets import confirming
from budgets.columns import LINE_FORMS, columns_of
from budgets.copying import left_out_of_copy
from budgets.drafting import (
    categories_of,
    check_rows,
    copy_last_month,
    import_work_form,
    open_work_form,
    save_lines,
)
from budgets.heads import HEADS
from budgets.rests import rests_for, sums_of
from budgets.workbooks.faults import WorkbookRefused, refused
from documents import drafting, kinds
from documents.api import showing
from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CellField, CleanCharField, MonthField
from documents.api.shapes import AmountField, DocumentShape
from documents.models import Document
from documents.refusals import Invalid
from documents.states import DocumentState
from documents.views.entry import editable
from documents.vocabulary import WORK_KINDS, Kind
from organization import access, clock
from organization.models import Instalment

if TYPE_CHECKING:
    from organization.models import Person


class PlaceFields(serializers.Serializer):
    """What a work form is for: kind, instalment by its code, month."""

    kind = serializers.ChoiceField(choices=Kind.choices, label=gettext_lazy("类型"))
    instalment = CleanCharField(max_length=20, label=gettext_lazy("分期"))
    month = MonthField(label=gettext_lazy("月份"))

    def validate_kind(self, kind: str) -> str:
        """One of the work forms."""
        if kind not in WORK_KINDS or not kinds.is_registered(kind):
            raise serializers.ValidationError(_("没有这种工作表单。"))
        return kind


class LinesField(serializers.ListField):
    """Lines as typed: cells by column key, with the ``id`` that a line had."""

    child = serializers.DictField(child=CellField())


class NewFormFields(PlaceFields):
    """A new work form; computed cells may be left out."""

    lines = LinesField(required=False, default=list, label=gettext_lazy("明细"))


class ImportFields(PlaceFields):
    """A clerk's workbook."""

    file = serializers.FileField(allow_empty_file=True, label=gettext_lazy("文件"))


class LinesFields(serializers.Serializer):
    """The whole line table. ``draft_version`` is the one that was seen; left out, what stands there is overwritten."""

    draft_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, label=gettext_lazy("草稿版本")
    )
    lines = LinesField(label=gettext_lazy("明细"))


class WorkLinesFields(LinesFields):
    """The line table of a work form; without ``note`` the note stays."""

    note = CleanCharField(required=False, allow_blank=True, max_length=500, label=gettext_lazy("说明"))
    head = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=500), required=False, label=gettext_lazy("表头")
    )


class CompletionFields(serializers.Serializer):
    """Which approved form is confirmed, for which month; by default its own."""

    origin = CleanCharField(max_length=50, label=gettext_lazy("原单"))
    month = MonthField(required=False, label=gettext_lazy("月份"))


class ImportedShape(serializers.Serializer):
    """The draft, and what to look at again."""

    document = DocumentShape()
    warnings = serializers.ListField(child=serializers.CharField())


class CopiedShape(DocumentShape):
    """The draft, and what of last month's form it has not taken over."""

    warnings = serializers.ListField(child=serializers.CharField())


class CellFaultShape(serializers.Serializer):
    """A fault of a workbook; ``row`` is the sheet's own, null for a fault of the whole file."""

    sheet = serializers.CharField(allow_null=True)
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    message = serializers.CharField()


class WorkbookRefusedShape(serializers.Serializer):
    """Why nothing of a workbook was taken: every fault."""

    errors = CellFaultShape(many=True)


def _place(person: Person, sent: dict[str, Any]) -> dict[str, Any]:
    """The instalment among those of visible projects; a foreign one is answered like none."""
    projects = access.visible_projects(person, clock.today())
    instalment = Instalment.objects.select_related("project").filter(project__in=projects, code=sent["instalment"])
    found = instalment.first()
    if found is None:
        raise Invalid(_("没有这个分期，请核对编码。"))
    drafting.require_may_draft(person, sent["kind"], found.project)
    return {"kind": sent["kind"], "actor": person, "instalment": found, "month": sent["month"]}


def _titles(kind: Any) -> dict[str, str]:
    """What people call the columns and head fields of a kind."""
    if not isinstance(kind, str) or kind not in LINE_FORMS:
        return {}
    return {field.key: str(field.label) for field in (*HEADS[kind], *columns_of(kind))}


class WorkFormsView(APIView):
    """New work forms."""

    @extend_schema(
        request=NewFormFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="work_forms_create"
    )
    def post(self, request: Request) -> Response:
        """Open a draft, with its lines if they are sent."""
        kind = request.data.get("kind") if isinstance(request.data, Mapping) else None
        sent = read(NewFormFields, request.data, _titles(kind))
        place = _place(request.user, sent)
        categories = categories_of(place["instalment"].project, sent["kind"])
        rows = [row for _id, row in check_rows(sent["kind"], sent["lines"], categories)]
        return showing.answer(open_work_form(**place, rows=rows).name, request.user, status=201)


class CopyView(APIView):
    """New work forms from last month's."""

    @extend_schema(request=PlaceFields, responses={201: CopiedShape, **VERB_ERRORS}, operation_id="work_forms_copy")
    def post(self, request: Request) -> Response:
        """Open a draft with the lines of the newest form of this kind before the month; ``warnings`` say what stayed behind."""
        place = _place(request.user, read(PlaceFields, request.data))
        document = copy_last_month(**place)
        body = showing.answer(document.name, request.user).data
        return Response(body | {"warnings": left_out_of_copy(document)}, status=201)


class ImportView(APIView):
    """New work forms from workbooks."""

    @extend_schema(
        request={"multipart/form-data": ImportFields},
        responses={201: ImportedShape, 400: WorkbookRefusedShape, 403: ERRORS[403], 413: WorkbookRefusedShape},
        operation_id="work_forms_import",
    )
    def post(self, request: Request) -> Response:
        """Open a draft from a workbook, or answer every fault with its row; nothing is stored then."""
        sent = read(ImportFields, request.data)
        place, upload = _place(request.user, sent), sent["file"]
        too_large = upload.size > settings.WORKBOOK_MAX_BYTES
        name = "".join(character for character in upload.name if character.isprintable())
        try:
            if too_large:
                raise refused("size")
            document, warnings = import_work_form(**place, data=upload.read(), name=name)
        except WorkbookRefused as refusal:
            body = {"errors": [error.as_json() for error in refusal.errors]}
            return Response(body, status=413 if too_large else 400)
        body = showing.answer(document.name, request.user).data
        return Response({"document": body, "warnings": warnings}, status=201)


class WorkLinesView(APIView):
    """The lines of a work form."""

    @extend_schema(
        request=WorkLinesFields, responses={200: DocumentShape, **VERB_ERRORS}, operation_id="work_forms_lines"
    )
    def put(self, request: Request, reference: str) -> Response:
        """Write the whole line table of the working copy."""
        document = editable(request.user, reference, WORK_KINDS)
        sent = read(WorkLinesFields, request.data, _titles(document.kind))
        save_lines(
            document=document,
            actor=request.user,
            draft_version=sent.get("draft_version"),
            rows=sent["lines"],
            head=sent.get("head", {}) | ({"note": sent["note"]} if "note" in sent else {}),
        )
        return showing.answer(document.name, request.user)


class RestShape(serializers.Serializer):
    """What became of a line, in 元; ``open`` may still be confirmed or lapse."""

    id = serializers.CharField(source="line.key")
    position = serializers.IntegerField(source="line.position")
    subject = serializers.CharField(source="line.subject")
    approved = AmountField(source="line.amount")
    settled = AmountField(source="line.settled")
    confirmed = AmountField(source="line.confirmed")
    under_way = AmountField(source="pending")
    lapsed = AmountField(source="line.lapsed")
    open = AmountField(source="rest")
    open_quantity = serializers.DecimalField(source="quantity", max_digits=16, decimal_places=3)
    reason = serializers.CharField(source="lapse.reason", default=None, allow_null=True)


class RestSumsShape(serializers.Serializer):
    """approved = settled + confirmed_unsettled + under_way + open + lapsed."""

    approved = AmountField()
    settled = AmountField()
    confirmed_unsettled = AmountField(source="unsettled")
    under_way = AmountField(source="pending")
    open = AmountField(source="rest")
    lapsed = AmountField()


class RestsShape(serializers.Serializer):
    """An approved form, line by line."""

    lines = RestShape(many=True)
    sums = RestSumsShape()


class RestsView(APIView):
    """What is left of an approved work form."""

    @extend_schema(responses={200: RestsShape, **ERRORS}, operation_id="work_forms_rests")
    def get(self, request: Request, reference: str) -> Response:
        """Confirmed, on its way, lapsed, open; none but approved forms have rests."""
        seen = Document.objects.visible_to(request.user).filter(kind__in=WORK_KINDS, state=DocumentState.APPROVED)
        rests = rests_for(request.user, seen.get_named(reference))
        return Response(RestsShape({"lines": rests, "sums": sums_of(rests)}).data)


class CompletionsView(APIView):
    """New confirmations."""

    @extend_schema(
        request=CompletionFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="completions_create"
    )
    def post(self, request: Request) -> Response:
        """Begin the confirmation of an approved work form; its open lines are offered at their full rest."""
        sent = read(CompletionFields, request.data)
        origin = Document.objects.visible_to(request.user).for_page().get_named(sent["origin"])
        document = confirming.open_completion(origin=origin, actor=request.user, month=sent.get("month"))
        return showing.answer(document.name, request.user, status=201)


class ActualsView(APIView):
    """The actual figures of a confirmation."""

    @extend_schema(request=LinesFields, responses={200: DocumentShape, **VERB_ERRORS}, operation_id="completions_lines")
    def put(self, request: Request, reference: str) -> Response:
        """Write actual quantities and amounts: lines by ``id`` with quantity, amount and note."""
        document = editable(request.user, reference, (Kind.WORK_COMPLETION,))
        names = {"quantity": _("实际数量"), "amount": _("实际金额"), "note": _("说明")}
        sent = read(LinesFields, request.data, names)
        confirming.save_completion(
            document=document, actor=request.user, draft_version=sent.get("draft_version"), rows=sent["lines"]
        )
        return showing.answer(document.name, request.user)
