"""Staff shared by instalments of a project in a month (guide 4): by which shares, once for all forms that carry parts."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.sharing import WHOLE
from organization.models import Instalment, Person, Project


class Split(models.Model):
    """One sharing of lines over instalments. Written once: other shares or lines are another split, to which the lines move.

    So a rejected or voided form keeps the shares that its parts were reckoned with.
    """

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="splits")
    month = models.DateField(_("月份"), help_text=_("当月第一天"))
    created_by = models.ForeignKey(Person, verbose_name=_("分摊人"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("分摊时间"))

    class Meta:
        verbose_name = _("共用人员分摊")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="split_month_is_first_of_month"),
        ]


class SplitShare(models.Model):
    """An instalment's share, in hundredths of a per cent; those of a split sum to 10000."""

    split = models.ForeignKey(Split, on_delete=models.PROTECT, related_name="shares")
    instalment = models.ForeignKey(Instalment, verbose_name=_("分期"), on_delete=models.PROTECT, related_name="+")
    share = models.PositiveSmallIntegerField(_("分摊比例"), validators=[MinValueValidator(1), MaxValueValidator(WHOLE)])

    class Meta:
        ordering = ["split", "instalment__code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["split", "instalment"], name="split_share_once_per_instalment"),
            models.CheckConstraint(
                condition=models.Q(share__gte=1, share__lte=WHOLE), name="split_share_up_to_the_whole"
            ),
        ]
