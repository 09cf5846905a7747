"""Settlement packs that were made and are kept, and the runs of the worker that make them."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import Document

FORMAT_CHOICES = [("pdf", "PDF"), ("xlsx", "Excel")]


def pack_path(pack: "Pack", filename: str) -> str:
    """A server-made path."""
    return f"packs/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class Pack(models.Model):
    """One file of an approved application's pack: the PDF or the workbook, the same bytes on every download."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="packs")
    format = models.CharField(_("格式"), max_length=4, choices=FORMAT_CHOICES)
    file = models.FileField(upload_to=pack_path, max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "format"], name="pack_once_per_format")]


class PackRun(models.Model):
    """The making of one file of a pack, as its page shows it. One row a file: asking again takes the same row."""

    class Status(models.TextChoices):
        """Where the run stands."""

        WAITING = "waiting", _("排队")
        RUNNING = "running", _("生成中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="pack_runs")
    format = models.CharField(_("格式"), max_length=4, choices=FORMAT_CHOICES)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    # How far it is: the stage's own count.
    stage = models.CharField(max_length=12, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Why it failed, as a code that is worded on reading.
    error = models.CharField(max_length=12, blank=True, default="")
    # Whose the run is: a worker that finds another claim has been given up and stops.
    claim = models.CharField(max_length=32, blank=True, default="")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    # When something was last heard of it.
    heard_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "format"], name="pack_run_once_per_format"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="pack_run_within_total"),
        ]
