"""The payload of the seven work forms: a head and lines of quantity × price."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.split import Split
from budgets.sharing import WHOLE
from documents.fields import MoneyField, QuantityField
from documents.models import Document


def new_key() -> str:
    """A name for a line that stays the same over revisions, so that two of them can be compared cell by cell."""
    return secrets.token_hex(6)


class WorkForm(models.Model):
    """What a work form says beside its lines, and where its lines came from."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="work_form")
    note = models.CharField(_("说明"), max_length=500, blank=True)
    # Head fields of the special and unplanned forms (budgets.heads says which kind has which).
    department_name = models.CharField(_("需求部门"), max_length=50, blank=True, default="")
    contact = models.CharField(_("联系人"), max_length=50, blank=True, default="")
    requested_on = models.DateField(_("提出日期"), null=True, blank=True)
    urgency = models.CharField(_("紧急程度"), max_length=10, blank=True, default="")
    subject = models.CharField(_("费用科目"), max_length=50, blank=True, default="")
    supplier = models.CharField(_("供应商"), max_length=100, blank=True, default="")
    reason = models.CharField(_("代购理由"), max_length=500, blank=True, default="")
    source_name = models.CharField(_("导入文件"), max_length=200, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    copied_from = models.ForeignKey(
        Document, verbose_name=_("复制自"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class WorkLine(models.Model):
    """A line of a work form. Amount in 元, tax included: quantity × price half up, or less where a reviewer cut it.

    A line of shared staff says the whole person's figures; its amount is the instalment's part of them (guide 4).
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="work_lines")
    key = models.CharField(max_length=12, default=new_key)
    position = models.PositiveIntegerField(_("序号"))
    category = models.CharField(_("类别"), max_length=20, blank=True)
    department_name = models.CharField(_("部门"), max_length=50, blank=True)
    subject = models.CharField(_("品名"), max_length=200)
    specification = models.CharField(_("规格型号"), max_length=200, blank=True)
    description = models.CharField(_("用途"), max_length=500, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    quantity = QuantityField(_("数量"))
    price = MoneyField(_("单价（元）"))
    amount = MoneyField(_("金额（元）"))
    # The amount a reviewer proposed and the submitter took over (核减); empty otherwise.
    cut_to = MoneyField(_("核定金额（元）"), null=True, blank=True)
    remark = models.CharField(_("备注"), max_length=500, blank=True)
    # Staffing: price is the sum of these per head.
    wage = MoneyField(_("工资（元/人）"), null=True, blank=True)
    social_insurance = MoneyField(_("社保（元/人）"), null=True, blank=True)
    benefits = MoneyField(_("福利（元/人）"), null=True, blank=True)
    other_cost = MoneyField(_("其他（元/人）"), null=True, blank=True)
    # Service: quantity is people × days.
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    people = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    days = QuantityField(_("天数"), null=True, blank=True)
    # Shared staff: the split, the line's name over all instalments, this one's share in hundredths of a per cent.
    split = models.ForeignKey(
        Split, verbose_name=_("共用人员分摊"), on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    split_key = models.CharField(max_length=12, blank=True, default="")
    share = models.PositiveSmallIntegerField(_("分摊比例"), null=True, blank=True)
    # Counters: written by verbs alone, each in the transaction of what it counts.
    confirmed_quantity = QuantityField(_("已确认数量"), default=0)
    confirmed = MoneyField(_("已确认（元）"), default=0)
    settled = MoneyField(_("已结算（元）"), default=0)
    lapsed = MoneyField(_("已失效（元）"), default=0)

    # Columns that live on after approval.
    COUNTERS = ("confirmed_quantity", "confirmed", "settled", "lapsed")

    class Meta:
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="work_line_key_once_per_document"),
            models.CheckConstraint(
                condition=models.Q(amount__gte="0.01", amount__lte="99999999999.99"), name="work_line_amount_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, price__gt=0), name="work_line_quantity_and_price"
            ),
            models.CheckConstraint(
                condition=models.Q(cut_to=None) | models.Q(amount=models.F("cut_to")),
                name="work_line_cut_is_its_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(settled__gte=0, settled__lte=models.F("confirmed")),
                name="work_line_settled_within_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    confirmed__gte=0, lapsed__gte=0, confirmed__lte=models.F("amount") - models.F("lapsed")
                ),
                name="work_line_confirmed_within_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_quantity__gte=0, confirmed_quantity__lte=models.F("quantity")),
                name="work_line_confirmed_quantity_within_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(split=None, split_key="", share=None)
                | (models.Q(split__isnull=False, share__gte=1, share__lt=WHOLE) & ~models.Q(split_key="")),
                name="work_line_part_has_split_and_share",
            ),
            models.UniqueConstraint(
                fields=["document", "split", "split_key"],
                condition=models.Q(split__isnull=False),
                name="work_line_part_once_per_form",
            ),
        ]
        indexes = [
            # What is not wholly confirmed or not wholly settled: few lines among many, asked by the ageing page.
            models.Index(
                fields=["document"],
                condition=models.Q(confirmed__lt=models.F("amount") - models.F("lapsed"))
                | models.Q(settled__lt=models.F("confirmed")),
                name="work_line_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.subject}"

    @property
    def is_prorated(self) -> bool:
        """Whether a part of the quantity is a part of the amount, and not that many times the price.

        A reviewer's cut lowers each unit alike, and a part of shared staff is a part of each unit.
        """
        return self.cut_to is not None or self.share is not None
