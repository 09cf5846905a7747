"""Companies and departments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.posts import Camp


class Company(models.Model):
    """One of the legal persons that work together: developer, property company or the developer's region."""

    code = models.SlugField(_("编码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=100, unique=True)
    camp = models.CharField(_("一方"), max_length=10, choices=Camp.choices)

    class Meta:
        verbose_name = _("公司")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of a company: it asks for work (需求部门) and has leaders over it."""

    company = models.ForeignKey(Company, verbose_name=_("公司"), on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(_("名称"), max_length=50)
    # 营销客服部 leads early intervention (guide 1); sundries of the sales office go to the leader over it.
    is_lead = models.BooleanField(_("主导部门"), default=False)

    class Meta:
        verbose_name = _("部门")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="department_name_once_per_company")]

    def __str__(self) -> str:
        return self.name
