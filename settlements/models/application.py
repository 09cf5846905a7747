"""物业前期介入费用申请 (3.2.4 2)): the confirmed cost of a month, with commission; interim and reversing ones beside it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.models import CompletionLine
from documents.fields import MoneyField, QuantityField
from documents.models import Document
from documents.vocabulary import Side
from organization.models import Project


class Nature(models.TextChoices):
    """What an application is: the month's own, one filed on its own within the month (guide 6.3), a credit note."""

    MONTHLY = "monthly", _("月度")
    INTERIM = "interim", _("临时")
    REVERSAL = "reversal", _("冲销")


class InvoiceKind(models.TextChoices):
    """The invoice that the property company writes to the developer."""

    SPECIAL = "special", _("增值税专用发票")
    ORDINARY = "ordinary", _("增值税普通发票")


class Layout(models.IntegerChoices):
    """Which content was signed: before tax, rates by line and reasons were kept, or with them."""

    FIRST = 1
    WHOLE = 2


class Application(models.Model):
    """Sums in 元. The document's amount is subtotal and commission together: 价税合计, of which net and tax are parts."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="application")
    # Copied from the document, so that the database can say that a month has one (a guard holds them equal).
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("月份"))
    side = models.CharField(_("入伙前后"), max_length=4, choices=Side.choices)
    nature = models.CharField(_("性质"), max_length=8, choices=Nature.choices, default=Nature.MONTHLY)
    # 0 for the month's own; interim and reversing ones are counted from 1 within project, month and side.
    serial = models.PositiveSmallIntegerField(_("序号"), default=0)
    # Every state but rejected and voided, drafts included.
    live = models.BooleanField(default=True)
    # Approved: its lines count as settled.
    counted = models.BooleanField(default=False)
    reverses = models.ForeignKey(
        Document,
        verbose_name=_("被冲销的申请"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversals",
    )
    layout = models.PositiveSmallIntegerField(choices=Layout.choices, default=Layout.WHOLE)
    # A share, e.g. 0.100; from the policy in force (3.2.1 3), D3). Lines keep the rate that was theirs.
    rate = QuantityField(_("佣金比例"))
    subtotal = MoneyField(_("实际费用（元）"), default=0)
    commission = MoneyField(_("管理者佣金（元）"), default=0)
    invoice_kind = models.CharField(_("发票种类"), max_length=8, choices=InvoiceKind.choices, blank=True, default="")
    # A share, e.g. 0.060. Without it there is neither net nor tax.
    tax_rate = QuantityField(_("税率"), null=True, blank=True)
    net = MoneyField(_("不含税金额（元）"), null=True, blank=True)
    tax = MoneyField(_("税额（元）"), null=True, blank=True)
    # Why an application is reversed.
    reason = models.CharField(_("冲销原因"), max_length=500, blank=True, default="")
    note = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="application_rate_is_a_share"),
            models.CheckConstraint(
                condition=Q(tax_rate=None) | Q(tax_rate__gte=0, tax_rate__lte=1), name="application_tax_rate_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(net=None, tax=None)
                | Q(net__isnull=False, tax__isnull=False, net=F("subtotal") + F("commission") - F("tax")),
                name="application_net_and_tax_are_its_total",
            ),
            models.CheckConstraint(
                condition=Q(nature=Nature.MONTHLY, serial=0, reverses=None)
                | Q(nature=Nature.INTERIM, serial__gte=1, reverses=None)
                | Q(nature=Nature.REVERSAL, serial__gte=1, reverses__isnull=False),
                name="application_nature_and_number",
            ),
            # Below zero only where an approved one is taken back (guide 5).
            models.CheckConstraint(
                condition=Q(reverses=None, subtotal__gte=0, commission__gte=0)
                | Q(reverses__isnull=False, subtotal__lte=0, commission__lte=0),
                name="application_negative_when_reversing",
            ),
            models.UniqueConstraint(
                fields=["project", "month", "side"],
                condition=Q(nature=Nature.MONTHLY, live=True),
                name="application_once_a_month_and_side",
            ),
            models.UniqueConstraint(
                fields=["project", "month", "side", "nature", "serial"],
                condition=Q(live=True),
                name="application_number_once",
            ),
            # Each reversal is reckoned from what the ones before it left; so they come one after the other.
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(live=True, counted=False), name="application_one_reversal_at_a_time"
            ),
        ]

    @property
    def total(self):  # type: ignore[no-untyped-def]
        """价税合计 in 元."""
        return self.subtotal + self.commission


class ApplicationLine(models.Model):
    """A confirmed line held by an application: in every state but rejected and voided, drafts included.

    A line of a reversing application points at the line that it takes back and carries its amount with the sign turned.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="application_lines")
    completion_line = models.ForeignKey(CompletionLine, on_delete=models.PROTECT, related_name="application_lines")
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversals")
    position = models.PositiveIntegerField(_("序号"))
    # Copied from the confirmation: approved plan and actual, in 元.
    approved = MoneyField(_("批准金额（元）"))
    # Applied for before on the same approved line: by earlier applications, and by lines of this one above it.
    earlier = MoneyField(_("此前申请（元）"), default=0)
    amount = MoneyField(_("实际金额（元）"))
    # The commission rate of this line: a share, 0 where it carries none.
    rate = QuantityField(_("佣金比例"), default=0)
    # Freed when its application is rejected or voided, and when an approved reversal takes it back.
    live = models.BooleanField(default=True)

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["completion_line"],
                condition=Q(live=True, reverses=None),
                name="line_in_one_live_application",
            ),
            models.UniqueConstraint(fields=["reverses"], condition=Q(live=True), name="line_reversed_once"),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gte=0) | Q(reverses__isnull=False, amount__lt=0),
                name="application_line_sign",
            ),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="application_line_rate_is_a_share"),
        ]


class ApplicationOrigin(models.Model):
    """A form from which an application takes lines: the whole form's figures in 元, and why less is applied for."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="application_origins")
    origin = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    approved = MoneyField(_("批准金额（元）"))
    earlier = MoneyField(_("此前申请（元）"))
    amount = MoneyField(_("本次实际（元）"))
    reason = models.CharField(_("差异原因"), max_length=200, blank=True, default="")

    class Meta:
        ordering = ["document", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "origin"], name="application_origin_once"),
        ]

    @property
    def rest(self):  # type: ignore[no-untyped-def]
        """Approved and applied for neither before nor now, in 元."""
        return self.approved - self.earlier - self.amount
