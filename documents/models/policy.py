"""Sign-off policies, closed months and number counters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.vocabulary import Kind
from organization.models import Project


class Policy(models.Model):
    """One published version of the sign-off rules; immutable. Version 1 is the guide."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    name = models.CharField(_("名称"), max_length=80)
    valid_from = models.DateField(_("生效日"))
    rules = models.JSONField()
    # commission_rate (text, e.g. "0.10"), copies by kind and switches; see documents/policies.py.
    settings = models.JSONField(default=dict)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("签批制度")
        ordering = ["version"]

    def __str__(self) -> str:
        return f"v{self.version} {self.name}"


class Period(models.Model):
    """A month of a project: submitting shares it, closing takes it alone (design 11)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="periods")
    month = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "month"], name="period_once_per_project")]


class Counter(models.Model):
    """The last number given out, per project, kind and month: gapless, because the row is locked."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    month = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind", "month"], name="counter_once")]
