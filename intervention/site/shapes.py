"""What the API answers and takes of visits and findings; pages ask for the same fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.fields import CleanCharField
from intervention.acts import ActReasonFields
from intervention.api_records import RecordShape
from intervention.photo_shapes import PhotoShape
from intervention.site.finding import PART, PLACE, RESPONSIBLE, TEXT
from intervention.site.states import FindingState, KeptState
from intervention.site.visiting import NOTE, PEOPLE
from intervention.site.vocabulary import Area, Severity, Trade, VisitKind


def typed(length: int, label: Any, *, needed: bool = False, **more: Any) -> CleanCharField:
    """A text field; what a program leaves out of one that may stay empty has no default: in a correction it stays as it is."""
    if not needed:
        more |= {"required": False, "allow_blank": True}
    return CleanCharField(max_length=length, label=label, **more)


def day_field(label: Any, **more: Any) -> serializers.DateField:
    """A date that may be left out, and then stays as it is."""
    return serializers.DateField(label=label, required=False, allow_null=True, **more)


class VisitShape(RecordShape):
    """A visit of the site."""

    day = serializers.DateField()
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    trades = serializers.ListField(child=serializers.ChoiceField(choices=Trade.choices))
    participants = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=KeptState.choices)


class VisitFields(serializers.Serializer):
    """A visit: when, why, of which trades, with whom."""

    day = serializers.DateField(label=_("日期"))
    kind = serializers.ChoiceField(choices=VisitKind.choices, label=_("类别"))
    trades = serializers.MultipleChoiceField(choices=Trade.choices, label=_("专业"), allow_empty=False)
    participants = typed(PEOPLE, _("参加人员"), needed=True, help_text=_("多人以顿号分隔。"))
    note = typed(NOTE, _("说明"))


class FindingShape(RecordShape):
    """A finding with its photographs."""

    visit = serializers.IntegerField(source="visit_id")
    number = serializers.CharField()
    area = serializers.ChoiceField(choices=Area.choices)
    building = serializers.CharField()
    floor = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    part = serializers.CharField()
    trade = serializers.ChoiceField(choices=Trade.choices)
    severity = serializers.ChoiceField(choices=Severity.choices)
    description = serializers.CharField()
    responsible = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(choices=FindingState.choices)
    overdue = serializers.BooleanField(source="is_overdue")
    repair = serializers.CharField(allow_blank=True)
    outcome = serializers.CharField(allow_blank=True)
    handed_at = serializers.DateTimeField(allow_null=True)
    fixed_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    photos = serializers.SerializerMethodField()

    @extend_schema_field(PhotoShape(many=True))
    def get_photos(self, finding: Any) -> Any:
        """Those that are shown."""
        return PhotoShape([photo for photo in finding.photos.all() if photo.hidden_at is None], many=True).data


class FindingAmendFields(serializers.Serializer):
    """What a finding says: where, of which trade, how bad, what."""

    area = serializers.ChoiceField(choices=Area.choices, label=_("范围"))
    building = typed(PLACE, _("楼栋"), needed=True)
    floor = typed(PLACE, _("楼层"))
    unit = typed(PLACE, _("户"))
    part = typed(PART, _("部位"), needed=True)
    trade = serializers.ChoiceField(choices=Trade.choices, label=_("专业"))
    severity = serializers.ChoiceField(
        choices=Severity.choices, label=_("程度"), required=False, initial=Severity.MINOR
    )
    description = typed(TEXT, _("问题描述"), needed=True)
    responsible = typed(RESPONSIBLE, _("责任单位"))
    due_on = day_field(_("整改期限"))


class FindingFields(FindingAmendFields):
    """A finding of a visit."""

    visit = serializers.IntegerField(min_value=1, max_value=2**62, label=_("巡查"))


class FindingHandFields(serializers.Serializer):
    """Who should repair it, and until when."""

    responsible = typed(RESPONSIBLE, _("责任单位"))
    due_on = day_field(_("整改期限"))


class FindingFixFields(serializers.Serializer):
    """What was repaired; a photograph may say it instead."""

    note = typed(TEXT, _("整改说明"))


class FindingCloseFields(serializers.Serializer):
    """How the repair was found; a photograph may say it instead."""

    note = typed(TEXT, _("复查说明"))


class FindingSendBackFields(ActReasonFields):
    """Why it is not in order, and a new date."""

    due_on = day_field(_("新的整改期限"))
