"""Settlement packs that were made and are kept, and the runs of the worker that make them."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import Document, Run

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


class PackRun(Run):
    """The making of one file of a pack. One row a file."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="pack_runs")
    format = models.CharField(_("格式"), max_length=4, choices=FORMAT_CHOICES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "format"], name="pack_run_once_per_format"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="pack_run_within_total"),
        ]
