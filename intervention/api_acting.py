"""REST of acts: the verbs on phases and rows, moved anchors, results."""

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

from documents.api import showing
from documents.api.errors import ERRORS, VERB_ERRORS, read
from documents.api.fields import CleanCharField
from documents.api.shapes import DocumentShape
from documents.refusals import Invalid
from documents.views.entry import editable
from documents.vocabulary import Kind
from intervention import conditions, queries
from intervention.acts import ActNothingFields, ActVerb, offers
from intervention.dates import FIRST, LAST
from intervention.drafting import PAGE, TEXT, open_result, save_result
from intervention.models import PlanPhase
from intervention.permissions import who
from intervention.planning import adopt
from intervention.previewing import Changes, seal_of, shifts_of, stored_dates
from intervention.shapes import PhaseDetailShape, ShiftShape
from intervention.shifting import change_anchors
from intervention.verbs import PHASE_VERBS
from organization.models import Project
from organization.places import ANCHORS, INSTALMENT_DATES
from organization.punctuation import listed
from organization.queries import projects_for


class ActView(APIView):
    """Doing one verb; the table says which."""

    verb: ActVerb

    def act(self, request: Request, pk: int, phase_id: int) -> Response:
        """Do it, or answer why not with the sentences of the page; the phase as it stands then comes back."""
        self.verb.perform(pk, request.user, request.data)
        return Response(PhaseDetailShape(detail(request, phase_id)).data)


def detail(request: Request, phase_id: int) -> PlanPhase:
    """A phase with its rows, conditions and offers."""
    phase = queries.phases_for(request.user).get(pk=phase_id)
    rows = queries.rows_of(phase)
    phase.conditions = conditions.of(phase)
    phase._prefetched_objects_cache = {"items": rows}
    phase.offers = offers(PHASE_VERBS, who(request.user, phase.plan.project), phase)
    return phase


def phase_view(verb: ActVerb) -> Any:
    """The view of one verb on phases, with its own schema."""

    def post(self: ActView, request: Request, pk: int) -> Response:
        return self.act(request, pk, get_object_or_404(queries.phases_for(request.user), pk=pk).pk)

    return _view(verb, post, f"plan_phases_{verb.name}")


def item_view(verb: ActVerb) -> Any:
    """The view of one verb on rows, with its own schema."""

    def post(self: ActView, request: Request, pk: int) -> Response:
        return self.act(request, pk, get_object_or_404(queries.items_for(request.user), pk=pk).phase_id)

    return _view(verb, post, f"plan_items_{verb.name}")


def _view(verb: ActVerb, post: Any, operation: str) -> Any:
    post.__doc__ = ActView.act.__doc__
    body = None if verb.fields is ActNothingFields else verb.fields
    described = extend_schema(
        operation_id=operation, summary=verb.name, request=body, responses={200: PhaseDetailShape, **VERB_ERRORS}
    )(post)
    members = {"verb": verb, "__doc__": str(verb.fields.__doc__), "post": described}
    return type(f"Plan{verb.name.title()}View", (ActView,), members).as_view()


class AnchorsFields(serializers.Serializer):
    """Moving dates: ``seen`` from the preview. With ``project`` or ``instalments`` the anchors themselves are written first."""

    seen = CleanCharField(max_length=16, required=False, default="", allow_blank=True, label=gettext_lazy("预览"))
    reason = CleanCharField(
        max_length=200, required=False, default="", allow_blank=True, label=gettext_lazy("变动原因")
    )
    project = serializers.DictField(
        child=serializers.DateField(allow_null=True), required=False, default=dict, label=gettext_lazy("项目")
    )
    instalments = serializers.DictField(
        child=serializers.DictField(child=serializers.DateField(allow_null=True)),
        required=False,
        default=dict,
        label=gettext_lazy("分期"),
    )

    def validate_project(self, dates: dict[str, Any]) -> dict[str, Any]:
        """The project's anchors by their names."""
        return _known(dates, ANCHORS)

    def validate_instalments(self, places: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Dates by the instalment's code; its own opening or acceptance null: as the project."""
        return {code: _known(dates, INSTALMENT_DATES) for code, dates in places.items()}


def _known(dates: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if unknown := sorted(set(dates) - set(names)):
        raise serializers.ValidationError(_("没有这个日期：%(names)s。") % {"names": listed(unknown)})
    if any(day is not None and not FIRST <= day <= LAST for day in dates.values()):
        raise serializers.ValidationError(_("日期须在 2000 年至 2099 年之间。"))
    return dates


class ShiftView(APIView):
    """What moved anchors do to the plans of a project."""

    def project(self, request: Request, code: str) -> Project:
        """A project that this person may see."""
        return get_object_or_404(projects_for(request.user), code=code)

    @extend_schema(responses={200: ShiftShape, **ERRORS}, operation_id="plan_shift_preview")
    def get(self, request: Request, code: str) -> Response:
        """What moves under the anchors of now."""
        return _shown(self.project(request, code))

    @extend_schema(
        request=AnchorsFields, responses={200: ShiftShape, **VERB_ERRORS}, operation_id="plan_shift_preview_with"
    )
    def put(self, request: Request, code: str) -> Response:
        """What would move under other anchors; nothing is stored."""
        project = self.project(request, code)
        return _shown(project, _changed(project, read(AnchorsFields, request.data)))

    @extend_schema(request=AnchorsFields, responses={200: ShiftShape, **VERB_ERRORS}, operation_id="plan_shift_move")
    def post(self, request: Request, code: str) -> Response:
        """Move what was shown, in one act."""
        project, sent = self.project(request, code), read(AnchorsFields, request.data)
        changed = _changed(project, sent)
        if sent["project"] or sent["instalments"]:
            change_anchors(
                project=project, actor=request.user, changed=changed, reason=sent["reason"], seen=sent["seen"]
            )
        else:
            adopt(project=project, actor=request.user, seen=sent["seen"])
        return _shown(Project.objects.get(pk=project.pk))


def _shown(project: Project, changed: Changes | None = None) -> Response:
    shifts = shifts_of(project, changed)
    return Response(ShiftShape({"seen": seal_of(shifts, stored_dates(project, changed)), "plans": shifts}).data)


def _changed(project: Project, sent: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sent dates by place, those that differ; an instalment of another project is none."""
    rows = {f"instalment:{row.code}": row for row in project.instalments.all()} | {f"project:{project.code}": project}
    wanted = {f"instalment:{code}": dates for code, dates in sent["instalments"].items()}
    wanted[f"project:{project.code}"] = sent["project"]
    if unknown := sorted(set(wanted) - set(rows)):
        raise Invalid(_("没有这个分期：%(codes)s。") % {"codes": listed(unknown)})
    found = {
        place: {name: day for name, day in dates.items() if getattr(rows[place], name) != day}
        for place, dates in wanted.items()
    }
    return {place: dates for place, dates in found.items() if dates}


class NewResultFields(serializers.Serializer):
    """A result of a plan by its row, and what is new in this version."""

    item = serializers.IntegerField(min_value=1, label=gettext_lazy("成果"))
    note = CleanCharField(required=False, default="", allow_blank=True, max_length=500, label=gettext_lazy("版本说明"))


class EntryFields(serializers.Serializer):
    """A required content: a short text, the page, or both."""

    key = CleanCharField(max_length=12, label=gettext_lazy("内容"))
    text = CleanCharField(required=False, default="", allow_blank=True, max_length=TEXT, label=gettext_lazy("要点"))
    page = CleanCharField(required=False, default="", allow_blank=True, max_length=PAGE, label=gettext_lazy("所在页码"))


class EntriesFields(serializers.Serializer):
    """Contents by key; those not sent stay. Without ``draft_version`` what stands there is overwritten."""

    draft_version = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, label=gettext_lazy("草稿版本")
    )
    entries = EntryFields(many=True, label=gettext_lazy("必备内容"))
    note = CleanCharField(required=False, allow_blank=True, max_length=500, label=gettext_lazy("版本说明"))


class ResultsView(APIView):
    """New results."""

    @extend_schema(
        request=NewResultFields, responses={201: DocumentShape, **VERB_ERRORS}, operation_id="phase_results_create"
    )
    def post(self, request: Request) -> Response:
        """Open the draft of a result, or of its next version."""
        sent = read(NewResultFields, request.data)
        item = queries.items_for(request.user).filter(pk=sent["item"]).first()
        if item is None:
            raise Invalid(_("没有这项成果。"))
        document = open_result(actor=request.user, item=item, note=sent["note"])
        return showing.answer(document.name, request.user, status=201)


class EntriesView(APIView):
    """Required contents of a result that is being drafted."""

    @extend_schema(
        request=EntriesFields, responses={200: DocumentShape, **VERB_ERRORS}, operation_id="phase_results_entries"
    )
    def put(self, request: Request, reference: str) -> Response:
        """Write contents and version note."""
        document = editable(request.user, reference, (Kind.PHASE_RESULT,))
        sent = read(EntriesFields, request.data)
        save_result(
            document=document,
            actor=request.user,
            draft_version=sent.get("draft_version"),
            entries={entry["key"]: entry for entry in sent["entries"]},
            note=sent.get("note"),
        )
        return showing.answer(document.name, request.user)
