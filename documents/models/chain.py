"""Stations and what people did at them (design 4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document
from documents.states import ActKind, StepMode, StepStatus
from documents.vocabulary import Kind
from organization.models import Department, Person, Project
from organization.posts import Post


class Act(models.Model):
    """One decision of one person on one round of one revision; append-only."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="acts")
    revision_n = models.PositiveIntegerField()
    round_n = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=ActKind.choices)
    opinion = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    # A return: to which position (0 is the submitter), how it comes back, and amounts proposed by line.
    return_to = models.PositiveIntegerField(null=True, blank=True)
    return_mode = models.CharField(max_length=12, blank=True)
    proposals = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "revision_n", "round_n", "person"], name="one_act_per_person_and_round"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=(ActKind.SIGN, ActKind.OPINION)) | ~models.Q(opinion=""),
                name="return_and_rejection_give_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["person", "-document"], name="act_by_person")]


class Step(models.Model):
    """One post at one station of one round. Steps of one position open together."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="steps")
    # Copied keys: the inbox reads steps alone.
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    revision_n = models.PositiveIntegerField()
    round_n = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    post = models.CharField(max_length=40, choices=Post.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=10, choices=StepMode.choices, default=StepMode.SIGN)
    status = models.CharField(max_length=12, choices=StepStatus.choices, default=StepStatus.WAITING)
    clause = models.CharField(max_length=60)
    reason = models.JSONField(default=dict)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["revision_n", "round_n", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "revision_n", "round_n", "position", "post"], name="one_step_per_post_and_position"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=(StepStatus.SIGNED, StepStatus.RETURNED, StepStatus.REJECTED))
                | models.Q(act__isnull=False),
                name="decided_step_has_its_act",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=(StepStatus.WAITING, StepStatus.OPEN)) | models.Q(act=None),
                name="pending_step_has_no_act",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "project", "-id"], condition=models.Q(status="open"), name="step_open_in_project"
            ),
            models.Index(
                fields=["post", "-id"], include=["project"], condition=models.Q(status="open"), name="step_open_by_post"
            ),
            models.Index(fields=["document", "status"], name="step_by_document"),
        ]


class Copy(models.Model):
    """Someone who is copied (抄送) on a form."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="copies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copies")
    post = models.CharField(max_length=40, choices=Post.choices)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["document", "person"], name="copied_once_per_document")]
        indexes = [models.Index(fields=["person", "-document"], name="copy_by_person")]
