"""Appointments: the truth about who holds which post where, and the grants derived from it."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from organization.models.company import Department
from organization.models.person import Person
from organization.models.project import Project
from organization.posts import DEPARTMENT_POSTS, Post


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date, post and place."""

    def active(self, on: date) -> "AppointmentQuerySet":
        """Appointments in force on a date, of people who may log in."""
        return self.filter(
            models.Q(ends_on=None) | models.Q(ends_on__gte=on), starts_on__lte=on, person__is_active=True
        )


class Appointment(models.Model):
    """A person holds a post, in one project or company-wide, from a date to a date (both included).

    A last day before the first says that the appointment was taken back on the day it began; a guard allows that one day.
    """

    person = models.ForeignKey(Person, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(_("岗位"), max_length=40, choices=Post.choices)
    project = models.ForeignKey(
        Project,
        verbose_name=_("项目"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text=_("空白表示本公司全部项目"),
    )
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"), null=True, blank=True)
    created_at = models.DateTimeField(_("登记时间"))
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任命")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(post__in=DEPARTMENT_POSTS) | models.Q(department__isnull=False),
                name="department_post_names_its_department",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="appointment_by_person"),
            models.Index(fields=["post", "project"], name="appointment_by_post"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_post_display()}"


class ProjectGrant(UserObjectPermissionBase):
    """guardian's grant of a project, derived from appointments by ``organization.access`` and by nothing else.

    A grant stands for every appointment row whatever its dates; the dates are tested on reading.
    """

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("项目权限")
        unique_together = ["user", "permission", "content_object"]


class AppointmentEvent(models.Model):
    """Append-only, hash-chained trail of appointments (design 17)."""

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=30)
    parameters = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("任命留痕")
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.code}"
