"""The trail: append-only events, each hashed with the one before, and the daily seal over all heads."""

from django.db import models

from documents.models.document import Document
from organization.models import Person


class Event(models.Model):
    """One thing that happened to a document."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["document", "seq"]
        constraints = [models.UniqueConstraint(fields=["document", "seq"], name="event_seq_once_per_document")]


class Seal(models.Model):
    """The hash over the newest event of every document on a day, chained to the seal before.

    ``trails`` says by name how far the further trails went (``documents.sealed``); it is empty in seals older than that.
    """

    day = models.DateField(unique=True)
    documents = models.PositiveIntegerField()
    last_event = models.PositiveBigIntegerField()
    heads_sha256 = models.CharField(max_length=64)
    trails = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
