"""Photographs of records: two re-encoded copies each, written once; a wrong one is hidden with a reason, never deleted."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from intervention.models.day_log import DayLog
from intervention.models.visit import Finding
from intervention.site.vocabulary import PhotoRole
from organization.models import Person, Project
from organization.queries import projects_for

if TYPE_CHECKING:
    from django.db.models import QuerySet


def photo_path(photo: Photo | None, filename: str) -> str:
    """A server-made path: nothing of the person's file name reaches the disk."""
    return f"photos/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> PhotoQuerySet:
        """Photographs of the projects that this person may see, those of a day log with their log; hidden ones are nobody's."""
        projects: QuerySet[Project] = projects_for(person)
        shown = models.Q(day_log=None) | models.Q(day_log__in=DayLog.objects.visible_to(person))
        return self.filter(shown, project__in=projects, hidden_at=None)


# The records that carry photographs: each has its own column here, named like the record's subject.
BEARERS = ("finding", "day_log")


def _one_bearer() -> models.Q:
    """Exactly one of the columns is set."""
    found = models.Q()
    for name in BEARERS:
        found |= models.Q(**{f"{other}__isnull": other != name for other in BEARERS})
    return found


class Photo(models.Model):
    """A photograph of one record. ``small`` is for lists; the hash is of the stored bytes of ``file``."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="photos")
    day_log = models.ForeignKey(DayLog, on_delete=models.PROTECT, null=True, blank=True, related_name="photos")
    role = models.CharField(_("用途"), max_length=8, choices=PhotoRole.choices, blank=True, default="")
    file = models.FileField(upload_to=photo_path, max_length=120)
    small = models.FileField(upload_to=photo_path, max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # What the camera said, if it said anything.
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)
    has_position = models.BooleanField(_("含拍摄位置"), default=False)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    # The device's own key: what is sent again after a lost connection is the same photograph.
    sent_key = models.CharField(max_length=36, null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(_("原因"), max_length=500, blank=True, default="")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("照片")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=_one_bearer(), name="photo_of_one_record"),
            models.UniqueConstraint(fields=["uploaded_by", "sent_key"], name="photo_sent_once"),
            models.CheckConstraint(
                condition=models.Q(hidden_at=None, hidden_by=None, hidden_reason="")
                | (models.Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~models.Q(hidden_reason="")),
                name="photo_hidden_by_someone_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('照片')} {self.pk}"

    @property
    def is_of_recheck(self) -> bool:
        """Whether it shows that the property company looked at a repair again: 项目部 shows the repair itself."""
        if self.role != PhotoRole.AFTER or self.finding is None:
            return False
        return self.uploaded_by.company_id == self.finding.project.property_company_id

    @property
    def shows(self) -> str:
        """What it shows, in words."""
        return str(_("复查")) if self.is_of_recheck else str(self.get_role_display())

    @property
    def bearer(self) -> str:
        """The subject of the record that it belongs to."""
        return next(name for name in BEARERS if getattr(self, f"{name}_id") is not None)


class PhotoPolicy(models.Model):
    """Whether photographs of a project keep the position where they were taken; without a row it is removed."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="+")
    keeps_position = models.BooleanField(_("保留拍摄位置"), default=False)

    class Meta:
        default_permissions = ()
