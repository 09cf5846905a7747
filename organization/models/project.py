"""Projects, their instalments and the record of contact."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models.company import Company, Department

CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{0,19}$", _("编码只能用大写字母、数字和连字符，最多 20 位。"))


class Project(models.Model):
    """A residential project of a city company, with the anchor dates of the five phases (guide 2)."""

    code = models.CharField(_("编码"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("名称"), max_length=100)
    developer = models.ForeignKey(
        Company, verbose_name=_("地产城市公司"), on_delete=models.PROTECT, related_name="developed_projects"
    )
    property_company = models.ForeignKey(
        Company, verbose_name=_("物业公司"), on_delete=models.PROTECT, related_name="managed_projects"
    )
    region = models.ForeignKey(
        Company,
        verbose_name=_("区域"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="regional_projects",
    )
    positioning_on = models.DateField(_("项目定位启动"), null=True, blank=True)
    sales_office_opens_on = models.DateField(_("售楼处开放"), null=True, blank=True)
    completion_acceptance_on = models.DateField(_("竣工验收"), null=True, blank=True)
    mass_move_in_on = models.DateField(_("集中入住"), null=True, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("项目")
        ordering = ["code"]
        permissions = [("access_project", _("可查看项目"))]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Instalment(models.Model):
    """One delivery batch (分期 = 交付批次) with anchors of its own. Its move-in date decides which group reviews (guide 4)."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="instalments")
    code = models.CharField(_("编码"), max_length=20, unique=True, validators=[CODE])
    name = models.CharField(_("名称"), max_length=50)
    # Empty: as the project. A later batch may have an opening and an acceptance of its own.
    sales_office_opens_on = models.DateField(_("售楼处开放"), null=True, blank=True)
    completion_acceptance_on = models.DateField(_("竣工验收"), null=True, blank=True)
    planned_move_in_on = models.DateField(_("计划入伙"), null=True, blank=True)
    announced_move_in_on = models.DateField(_("入住通知书所载入伙日"), null=True, blank=True)
    actual_move_in_on = models.DateField(_("实际入伙"), null=True, blank=True)

    class Meta:
        verbose_name = _("分期")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="instalment_name_once_per_project")]

    def __str__(self) -> str:
        return f"{self.project.name}{self.name}"

    @property
    def move_in_on(self) -> date | None:
        """The move-in date that counts (D4): the actual one, else the announced one; a planned date does not."""
        return self.actual_move_in_on or self.announced_move_in_on


class Phase(models.TextChoices):
    """The five phases of early intervention (guide 2)."""

    PLANNING = "planning", _("项目规划")
    MARKETING = "marketing", _("营销配合")
    ENGINEERING = "engineering", _("工程配合")
    HANDOVER = "handover", _("承接查验")
    MOVE_IN = "move_in", _("集中入住")


class PhaseContact(models.Model):
    """When and between which departments the two sides made contact for a phase (3.2.2 1))."""

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="contacts")
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase.choices)
    contacted_on = models.DateField(_("对接日期"))
    developer_department = models.ForeignKey(
        Department, verbose_name=_("地产部门"), on_delete=models.PROTECT, related_name="+"
    )
    property_department = models.ForeignKey(
        Department, verbose_name=_("物业部门"), on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("对接记录")
        ordering = ["project", "contacted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.project} · {self.get_phase_display()}"
