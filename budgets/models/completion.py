"""Confirmation of work after it was done (工作量事后确认, 3.2.1 2))."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.work import WorkLine
from documents.fields import MoneyField, QuantityField
from documents.models import Document


class Completion(models.Model):
    """Which approved form is confirmed, for which month."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="completion")
    origin = models.ForeignKey(Document, verbose_name=_("原单"), on_delete=models.PROTECT, related_name="completions")
    month = models.DateField(_("月份"))
    # Submitted at least once and neither rejected nor voided.
    live = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "month"],
                condition=models.Q(live=True),
                name="completion_once_per_form_and_month",
            )
        ]


class CompletionLine(models.Model):
    """What was really done of one approved line: actual quantity and amount in 元."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="completion_lines")
    origin_line = models.ForeignKey(WorkLine, on_delete=models.PROTECT, related_name="completion_lines")
    position = models.PositiveIntegerField(_("序号"))
    quantity = QuantityField(_("实际数量"))
    amount = MoneyField(_("实际金额（元）"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "origin_line"], name="completion_line_once_per_document"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=0, amount__gte=0), name="completion_line_not_negative"
            ),
        ]
