"""Notices: rows of the same transaction; a worker sends them (design 20)."""

from django.db import models

from documents.models.document import Document
from organization.models import Person


class Notice(models.Model):
    """A message to one person: code and parameters, worded on reading."""

    recipient = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    code = models.CharField(max_length=30)
    parameters = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    dedup_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
            models.Index(fields=["id"], condition=models.Q(mailed_at=None), name="notice_to_mail"),
        ]
