"""What the API answers of plans: stable keys, codes beside their words, dates as ISO."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.shapes import ProjectShape
from documents.vocabulary import Phase, Result
from intervention.models import PlanEvent
from intervention.states import PhaseState
from intervention.timeline import is_overdue, is_settled
from intervention.vocabulary import Anchor, ItemKind, ItemState
from intervention.wording import event_text
from organization import clock
from organization.posts import Post


class PlanHeadShape(serializers.Serializer):
    """Which plan: of a project, or of one instalment."""

    id = serializers.IntegerField(source="pk")
    project = ProjectShape()
    instalment = ProjectShape(allow_null=True)


class ItemShape(serializers.Serializer):
    """A dated row. ``settled``: done, waived, received or begun; ``overdue``: past its date and not settled."""

    id = serializers.IntegerField(source="pk")
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    title = serializers.CharField()
    result = serializers.ChoiceField(choices=Result.choices, allow_null=True)
    post = serializers.ChoiceField(choices=Post.choices)
    clause = serializers.CharField()
    anchor = serializers.ChoiceField(choices=Anchor.choices)
    months = serializers.IntegerField()
    days = serializers.IntegerField()
    holds = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)
    by_hand = serializers.BooleanField()
    state = serializers.ChoiceField(choices=ItemState.choices)
    settled = serializers.SerializerMethodField()
    overdue = serializers.SerializerMethodField()
    settled_by = serializers.CharField(source="settled_by.name", default=None, allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_settled(self, item: Any) -> bool:
        """Whether nothing is left to do."""
        return is_settled(item)

    def get_overdue(self, item: Any) -> bool:
        """Whether it is past its date."""
        return is_overdue(item, clock.today())


class DueItemShape(ItemShape):
    """A row in a list over plans."""

    phase = serializers.ChoiceField(choices=Phase.choices, source="phase.phase")
    plan = PlanHeadShape(source="phase.plan")


class PhaseShape(serializers.Serializer):
    """A phase with its rows."""

    id = serializers.IntegerField(source="pk")
    phase = serializers.ChoiceField(choices=Phase.choices)
    state = serializers.ChoiceField(choices=PhaseState.choices)
    started_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    items = ItemShape(many=True, source="items.all")


class AnchorShape(serializers.Serializer):
    """A date that the plan reckons with."""

    anchor = serializers.ChoiceField(choices=Anchor.choices)
    day = serializers.DateField(allow_null=True)


class PlanShape(PlanHeadShape):
    """A plan with its phases, rows and anchors."""

    anchors = AnchorShape(many=True, source="anchors.all")
    phases = PhaseShape(many=True, source="phases.all")


class ConditionShape(serializers.Serializer):
    """A condition of closing."""

    holds = serializers.BooleanField()
    text = serializers.CharField()


class PlanOfferShape(serializers.Serializer):
    """A verb beside a phase or row: possible now, or not and why."""

    verb = serializers.CharField(source="verb.name")
    label = serializers.CharField(source="verb.label")
    possible = serializers.SerializerMethodField()
    reason = serializers.CharField(source="denial.reason", default="", allow_blank=True)

    def get_possible(self, offer: Any) -> bool:
        """Whether it may be done now."""
        return offer.denial is None


class PhaseDetailShape(PhaseShape):
    """A phase after an act, with its conditions and what the person may do."""

    conditions = ConditionShape(many=True)
    offers = PlanOfferShape(many=True)


class PlanEventShape(serializers.ModelSerializer):
    """A line of a plan's log."""

    # Nobody's: written by an upgrade.
    actor = serializers.CharField(source="actor.name", default=None, allow_null=True)
    phase = serializers.CharField(source="phase.phase", default=None, allow_null=True)
    item = serializers.IntegerField(source="item_id", allow_null=True)
    text = serializers.SerializerMethodField()

    class Meta:
        model = PlanEvent
        fields = ["seq", "at", "actor", "code", "phase", "item", "text", "reason", "parameters"]

    def get_text(self, event: PlanEvent) -> str:
        """The event in words."""
        return event_text(event)


class PlanEventsShape(serializers.Serializer):
    """A page of the log, newest first; ``next`` is the ``after`` of the page that follows."""

    results = PlanEventShape(many=True)
    next = serializers.IntegerField(allow_null=True)


class MoveShape(serializers.Serializer):
    """What a moved anchor does to a row; ``kept``: changed by hand, stays. ``past``: the new date has gone by;
    ``starts_on``: its phase would begin only then, after the row is due."""

    item = serializers.IntegerField(source="item.pk")
    title = serializers.CharField(source="item.title")
    phase = serializers.CharField(source="item.phase.phase")
    before = serializers.DateField(allow_null=True)
    after = serializers.DateField(allow_null=True)
    kept = serializers.BooleanField()
    past = serializers.BooleanField()
    starts_on = serializers.DateField(allow_null=True)


class PlanShiftShape(serializers.Serializer):
    """What moved anchors do to one plan; ``stranded`` rows stay while their phase comes to begin after them."""

    plan = PlanHeadShape()
    anchors = serializers.SerializerMethodField()
    moves = MoveShape(many=True)
    stranded = MoveShape(many=True)
    disorder = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"type": "array", "items": {"type": "string"}}})
    def get_disorder(self, shift: Any) -> list[list[str]]:
        """Pairs of anchors of which the first one lies after the second one."""
        return [[str(first), str(second)] for first, second in shift.disorder]

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_anchors(self, shift: Any) -> list[dict[str, Any]]:
        """Anchors with the plan's date and the one of now."""
        return [{"anchor": str(anchor), "before": old, "after": new} for anchor, old, new in shift.changed]


class ShiftShape(serializers.Serializer):
    """What would move. ``seen`` is sent back to move exactly this."""

    seen = serializers.CharField()
    plans = PlanShiftShape(many=True)


class TemplateItemShape(serializers.Serializer):
    """A row that new plans get."""

    key = serializers.CharField()
    phase = serializers.ChoiceField(choices=Phase.choices)
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    title = serializers.CharField()
    result = serializers.ChoiceField(choices=Result.choices, allow_null=True)
    post = serializers.ChoiceField(choices=Post.choices)
    clause = serializers.CharField()
    anchor = serializers.ChoiceField(choices=Anchor.choices)
    months = serializers.IntegerField()
    days = serializers.IntegerField()
    holds = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class ContentShape(serializers.Serializer):
    """A required content of a result."""

    result = serializers.ChoiceField(choices=Result.choices)
    title = serializers.CharField()


class TemplateShape(serializers.Serializer):
    """The template in force and the required contents of results."""

    items = TemplateItemShape(many=True)
    contents = ContentShape(many=True)
