"""Categories and subjects of lines, as each property company keeps them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.vocabulary import Kind
from organization.models import Company

# The shelf of 费用科目 (heads of forms) beside those of the kinds' lines.
SUBJECTS = "subject"


class Category(models.Model):
    """A category (类别) that a property company's lines of a kind may have, or a 费用科目 of its forms; without rows the
    guide's own hold."""

    company = models.ForeignKey(
        Company, verbose_name=_("物业公司"), on_delete=models.PROTECT, related_name="categories"
    )
    kind = models.CharField(_("类型"), max_length=30, choices=[*Kind.choices, (SUBJECTS, _("费用科目"))])
    name = models.CharField(_("类别"), max_length=20)
    position = models.PositiveSmallIntegerField(_("序号"), default=0)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("类别")
        ordering = ["kind", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "kind", "name"], name="category_once_per_kind")]

    def __str__(self) -> str:
        return self.name
