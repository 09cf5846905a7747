"""The template of the five phases and the required contents of their results: data, clause by clause (guide 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.vocabulary import Phase, Result
from intervention.vocabulary import Anchor, ItemKind
from organization.posts import Post


class DatedRow(models.Model):
    """What a row of the template says, and a row of a plan takes over when the plan is laid out."""

    kind = models.CharField(_("类别"), max_length=10, choices=ItemKind.choices)
    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("事项"), max_length=120)
    result = models.CharField(_("成果"), max_length=30, choices=Result.choices, null=True, blank=True)
    post = models.CharField(_("责任岗位"), max_length=40, choices=Post.choices)
    clause = models.CharField(_("条款"), max_length=20)
    anchor = models.CharField(_("节点"), max_length=12, choices=Anchor.choices)
    # Added to the anchor: months first, then days; negative is before it.
    months = models.SmallIntegerField(_("月"), default=0)
    days = models.SmallIntegerField(_("天"), default=0)
    # A result that doesn't hold its phase open has a date of its own (《入伙方案》, D11).
    holds = models.BooleanField(_("关闭前须完成"), default=True)
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True


class TemplateItem(DatedRow):
    """A row that every new plan gets. Plans already laid out keep what they took over."""

    key = models.CharField(_("代码"), max_length=40, unique=True)
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase.choices)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("阶段模板")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["phase"], condition=models.Q(kind=ItemKind.START), name="template_phase_starts_once"
            ),
            models.UniqueConstraint(
                fields=["result"], condition=models.Q(kind=ItemKind.RESULT), name="template_result_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=ItemKind.RESULT) | models.Q(result__isnull=False),
                name="template_result_names_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=(ItemKind.START, ItemKind.ACTIVITY)) | models.Q(result=None),
                name="template_activity_names_no_result",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChecklistItem(models.Model):
    """A required content of a result: what its document must say, each with a short text or a page."""

    result = models.CharField(_("成果"), max_length=30, choices=Result.choices)
    position = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("必备内容"), max_length=80)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("成果必备内容")
        ordering = ["result", "position"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["result", "title"], name="checklist_title_once_per_result")]

    def __str__(self) -> str:
        return self.title
