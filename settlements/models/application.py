"""物业前期介入费用申请 (3.2.4 2)): the confirmed cost of a month, with commission."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models import CompletionLine
from documents.fields import MoneyField, QuantityField
from documents.models import Document


class Application(models.Model):
    """Sum and commission in 元; the document's amount is both together."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="application")
    # A share, e.g. 0.100; from the policy in force (3.2.1 3), D3).
    rate = QuantityField(_("佣金比例"))
    subtotal = MoneyField(_("实际费用（元）"), default=0)
    commission = MoneyField(_("管理者佣金（元）"), default=0)
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=1), name="application_rate_is_a_share")
        ]


class ApplicationLine(models.Model):
    """A confirmed line held by an application: in every state but rejected and voided, drafts included."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="application_lines")
    completion_line = models.ForeignKey(CompletionLine, on_delete=models.PROTECT, related_name="application_lines")
    position = models.PositiveIntegerField(_("序号"))
    # Copied from the confirmation: approved plan and actual, in 元.
    approved = MoneyField(_("批准金额（元）"))
    amount = MoneyField(_("实际金额（元）"))
    live = models.BooleanField(default=True)

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["completion_line"], condition=models.Q(live=True), name="line_in_one_live_application"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="application_line_not_negative"),
        ]
