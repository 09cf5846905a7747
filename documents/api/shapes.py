"""What the API answers: stable keys, codes beside their words, amounts as text in 元 with two decimals."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.fields import MonthField
from documents.deadlines import DUE, LATE, NEAR
from documents.models import Attachment, Event, Notice, Revision
from documents.states import DocumentState, StepMode, StepStatus
from documents.vocabulary import Kind, Side
from documents.wording import event_text, notice_text
from organization.posts import Post

DUE_STATES = (LATE, NEAR, DUE)


class AmountField(serializers.DecimalField):
    """元, two decimals, no separators, as text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=16, decimal_places=2, coerce_to_string=True, **options)


class ProjectShape(serializers.Serializer):
    """A project or an instalment by its code."""

    code = serializers.CharField()
    name = serializers.CharField()


class HeadShape(serializers.Serializer):
    """What every answer says of a form. ``reference`` is its name in addresses: the number once there is one."""

    reference = serializers.CharField(source="name")
    number = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices)
    kind_label = serializers.CharField(source="get_kind_display")
    title = serializers.CharField()
    project = ProjectShape()
    instalment = ProjectShape(allow_null=True)
    month = MonthField(source="period", allow_null=True)
    side = serializers.ChoiceField(choices=Side.choices, allow_null=True)
    state = serializers.ChoiceField(choices=DocumentState.choices)
    state_label = serializers.CharField(source="get_state_display")
    late = serializers.BooleanField()
    late_reason = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField(source="revision_n")
    round = serializers.IntegerField(source="round_n")
    creator = serializers.CharField(source="creator.name")
    submitted_by = serializers.CharField(source="submitted_by.name", default=None, allow_null=True)
    created_at = serializers.DateTimeField()
    first_submitted_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    changed_at = serializers.DateTimeField()


class ProgressShape(serializers.Serializer):
    """How far a form has come."""

    stations_done = serializers.IntegerField(source="done")
    stations = serializers.IntegerField(source="total")
    current = serializers.CharField(allow_blank=True)


class DatedShape(serializers.Serializer):
    """By when something is awaited of the form, and how it stands to that today: late, near, due; empty without a date."""

    due_on = serializers.DateField(source="deadline.on", default=None, allow_null=True)
    due_state = serializers.ChoiceField(source="deadline.state", choices=DUE_STATES, default="", allow_blank=True)


class RowShape(DatedShape):
    """A form in a list."""

    document = HeadShape()
    amount = AmountField()
    progress = ProgressShape(source="*")


class PageShape(serializers.Serializer):
    """A page of a list, newest first; ``next`` is the ``after`` of the page that follows."""

    results = RowShape(many=True, source="rows")
    next = serializers.IntegerField(source="next_key", allow_null=True)


class StepShape(serializers.Serializer):
    """One post at a station; ``names`` are its holders while it is pending, ``person`` is who acted."""

    post = serializers.ChoiceField(choices=Post.choices)
    post_label = serializers.CharField()
    department = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=StepStatus.choices)
    status_label = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())
    person = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)
    opinion = serializers.CharField(allow_blank=True)
    carried = serializers.BooleanField()
    lay_seconds = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_lay_seconds(self, step: Any) -> int | None:
        """How long the form has lain there."""
        return None if step.lay is None else int(step.lay.total_seconds())


class StationShape(serializers.Serializer):
    """A position on the way: all its posts must sign; ``why`` names reason and clause."""

    position = serializers.IntegerField()
    mode = serializers.ChoiceField(choices=StepMode.choices)
    clause = serializers.CharField()
    why = serializers.CharField()
    steps = StepShape(many=True)


class WayShape(serializers.Serializer):
    """The way of a form; ``expected`` before a (re)submission, ``fault`` where no chain can be built."""

    expected = serializers.BooleanField()
    fault = serializers.CharField(allow_blank=True)
    siblings = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    stations = StationShape(many=True)
    earlier = StepShape(many=True)


class AttachmentShape(serializers.ModelSerializer):
    """A file of a form; its bytes are at ``attachments/{id}/``."""

    uploaded_by = serializers.CharField(source="uploaded_by.name")

    class Meta:
        model = Attachment
        fields = ["id", "name", "size", "media_type", "sha256", "paper", "uploaded_by", "uploaded_at"]


class PaperShape(serializers.Serializer):
    """A paper without which the form cannot be submitted, and whether a file is marked as it."""

    name = serializers.CharField()
    present = serializers.BooleanField(source="is_present")


class OfferShape(serializers.Serializer):
    """A verb beside a form: possible now, or not and why."""

    verb = serializers.CharField(source="verb.name")
    label = serializers.CharField(source="verb.label")
    possible = serializers.SerializerMethodField()
    reason = serializers.CharField(source="denial.reason", default="", allow_blank=True)

    def get_possible(self, offer: Any) -> bool:
        """Whether it may be done now."""
        return offer.denial is None


class TotalShape(serializers.Serializer):
    """A figure under the lines: an amount in 元, or a rate as a share."""

    key = serializers.CharField()
    label = serializers.CharField()
    value = serializers.SerializerMethodField()

    def get_value(self, total: Any) -> str:
        """Text: two decimals for money, plain for a share."""
        return f"{total.value:.2f}" if total.kind == "money" else f"{total.value.normalize():f}"


class RelatedShape(serializers.Serializer):
    """Another form that it hangs together with."""

    label = serializers.CharField()
    reference = serializers.CharField(source="document.name")
    kind = serializers.ChoiceField(choices=Kind.choices, source="document.kind")


class CutShape(serializers.Serializer):
    """An amount proposed by the reviewer who returned the form (核减)."""

    line = serializers.CharField()
    label = serializers.CharField()
    filed = serializers.CharField()
    amount = serializers.CharField()


class DocumentShape(DatedShape):
    """A form as the person who asks may see it: the working copy for its drafting side, else the last submission.

    ``draft_version`` is the working copy's, to be sent back when it is written or submitted; null for other readers.
    """

    document = HeadShape()
    amount = AmountField()
    is_working_copy = serializers.BooleanField()
    draft_version = serializers.IntegerField(allow_null=True)
    head = serializers.DictField()
    lines = serializers.ListField(child=serializers.DictField())
    totals = TotalShape(many=True)
    way = WayShape()
    attachments = AttachmentShape(many=True)
    papers = PaperShape(many=True)
    offers = OfferShape(many=True)
    related = RelatedShape(many=True)
    proposals = CutShape(many=True)


class RevisionShape(serializers.ModelSerializer):
    """A submission as it was signed, with its hash."""

    content = serializers.SerializerMethodField()
    facts = serializers.DictField()
    amount = AmountField()
    submitted_by = serializers.CharField(source="submitted_by.name")

    class Meta:
        model = Revision
        fields = ["n", "sha256", "amount", "facts", "content", "submitted_by", "submitted_at"]

    @extend_schema_field(serializers.DictField())
    def get_content(self, revision: Revision) -> Any:
        """Head and lines."""
        return json.loads(revision.content)


class EventShape(serializers.ModelSerializer):
    """A line of the trail, hashed with the one before."""

    actor = serializers.CharField(source="actor.name", default=None, allow_null=True)
    text = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = ["seq", "at", "actor", "code", "text", "content_sha256", "previous_hash", "hash"]

    def get_text(self, event: Event) -> str:
        """The event in words."""
        return event_text(event)


class TrailShape(serializers.Serializer):
    """Events in their order; ``next`` is the ``after`` of the page that follows."""

    results = EventShape(many=True)
    next = serializers.IntegerField(allow_null=True)


class NoticeShape(serializers.ModelSerializer):
    """A notice to the person who asks."""

    text = serializers.SerializerMethodField()
    document = serializers.CharField(source="document.name", default=None, allow_null=True)

    class Meta:
        model = Notice
        fields = ["id", "code", "text", "document", "created_at", "read_at"]

    def get_text(self, notice: Notice) -> str:
        """The notice as a sentence."""
        return notice_text(notice)


class NoticesShape(serializers.Serializer):
    """A page of notices, newest first."""

    results = NoticeShape(many=True)
    next = serializers.IntegerField(allow_null=True)
    unread = serializers.BooleanField()
