"""The rest of an approved line that will not be done and is given up (guide 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.work import WorkLine
from documents.fields import MoneyField, QuantityField
from organization.models import Person


class Lapse(models.Model):
    """Who gave up the rest of a line, when and why; amount in 元. Never changed, never taken back.

    The whole rest lapses at once, so a line has one at most.
    """

    line = models.ForeignKey(WorkLine, on_delete=models.PROTECT, related_name="lapses")
    amount = MoneyField(_("失效金额（元）"))
    quantity = QuantityField(_("失效数量"))
    reason = models.CharField(_("原因"), max_length=500)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], name="line_lapses_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte="0.01", quantity__gte=0), name="lapse_is_of_something"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="lapse_has_a_reason"),
        ]
