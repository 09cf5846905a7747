"""阶段成果: which result of which phase a document is, in which version, and what it says of each required content."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from intervention.models.plan import PlanItem


class PhaseResult(models.Model):
    """The head of a result's document."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="phase_result")
    item = models.ForeignKey(PlanItem, verbose_name=_("成果"), on_delete=models.PROTECT, related_name="versions")
    # 第2版: a new document after the approval of the one before; what a return asks for is a revision of the same document.
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    predecessor = models.ForeignKey(
        Document,
        verbose_name=_("上一版"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="next_versions",
    )
    note = models.CharField(_("版本说明"), max_length=500, blank=True, default="")
    # Submitted at least once and neither rejected nor voided.
    live = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["item", "version"], condition=models.Q(live=True), name="result_once_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, predecessor=None) | models.Q(version__gte=2, predecessor__isnull=False),
                name="result_names_its_predecessor",
            ),
        ]


class ResultEntry(models.Model):
    """What a result says of one required content: a short text, the page where it stands, or both."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="result_entries")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("必备内容"), max_length=80)
    text = models.CharField(_("要点"), max_length=500, blank=True, default="")
    page = models.CharField(_("所在页码"), max_length=30, blank=True, default="")

    class Meta:
        ordering = ["document", "position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="result_entry_once_per_document")]
