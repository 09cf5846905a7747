"""入伙后服务方案及收费标准审查 with its fee lines, and 物业服务前期介入协议 with its versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.fields import MoneyField
from documents.models import Document
from intervention.papers.vocabulary import FeeUnit
from organization.models import Project


class PlanReview(models.Model):
    """The head of a review of the service plan and fee standard after move-in. A draft may be incomplete."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="plan_review")
    summary = models.CharField(_("服务方案概要"), max_length=2000, blank=True, default="")
    valid_from = models.DateField(_("执行起始日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True, default="")

    class Meta:
        default_permissions = ()


class FeeLine(models.Model):
    """A fee of the standard: for what, by which unit, at what price in 元."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="fee_lines")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField(_("序号"))
    subject = models.CharField(_("房屋类型 / 收费对象"), max_length=60, blank=True, default="")
    unit = models.CharField(_("计费单位"), max_length=12, choices=FeeUnit.choices, blank=True, default="")
    price = MoneyField(_("单价（元）"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering = ["document", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="fee_line_once_per_document"),
            models.CheckConstraint(
                condition=models.Q(price=None) | models.Q(price__gt=0), name="fee_line_price_above_zero"
            ),
        ]


class ServiceAgreement(models.Model):
    """A version of a project's agreement. In force on a day is the newest approved version that has begun, until its end."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="agreement")
    # The document's project again, for the constraint below.
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    predecessor = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="next_agreements"
    )
    # Begins while the version before still runs, which then ends the day before.
    supersedes = models.BooleanField(_("取代上一版"), default=False)
    subject = models.CharField(_("协议名称"), max_length=60, blank=True, default="")
    scope = models.CharField(_("服务内容和范围"), max_length=2000, blank=True, default="")
    payment_terms = models.CharField(_("付款约定"), max_length=1000, blank=True, default="")
    commission = models.CharField(_("佣金约定"), max_length=200, blank=True, default="")
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("到期日期"), null=True, blank=True)
    note = models.CharField(_("版本说明"), max_length=500, blank=True, default="")
    # Submitted at least once and neither rejected nor voided.
    live = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], condition=models.Q(live=True), name="agreement_once_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, predecessor=None, supersedes=False)
                | models.Q(version__gte=2, predecessor__isnull=False),
                name="agreement_names_its_predecessor",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="agreement_ends_after_it_begins",
            ),
        ]
