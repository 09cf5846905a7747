"""What records of the field have in common – findings, days of a log, meetings, advice … – and the journal of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models import Instalment, Person, Project
from organization.queries import projects_for

if TYPE_CHECKING:
    from django.db.models import QuerySet


class RecordQuerySet(models.QuerySet["Record"]):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> RecordQuerySet:
        """Records of the projects that this person may see."""
        projects: QuerySet[Project] = projects_for(person)
        return self.filter(project__in=projects)


class Record(models.Model):
    """A record of a project, or of one instalment where ``instalment`` is set; it is written by verbs alone."""

    # Its name in the journal and in addresses.
    subject: ClassVar[str] = ""
    # Related names of rows that belong to it and are told with it (photographs are, of whatever bears them), and columns that
    # the journal doesn't tell.
    parts: ClassVar[tuple[str, ...]] = ()
    untold: ClassVar[tuple[str, ...]] = ()

    project = models.ForeignKey(Project, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="+")
    instalment = models.ForeignKey(
        Instalment, verbose_name=_("分期"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(Person, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("登记时间"))
    # The device's own key: what is sent again after a lost connection is the same record.
    sent_key = models.CharField(max_length=36, null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["created_by", "sent_key"], name="%(class)s_sent_once")]

    @classmethod
    def journal_name(cls) -> str:
        """Its name in the journal."""
        return cls.subject

    @property
    def place(self) -> Instalment | Project:
        """The instalment, or the project where it is of the whole of it."""
        return self.instalment or self.project


class RecordEvent(models.Model):
    """What was done to a record, by whom, when and why, and what the record said afterwards. Append-only, hash-chained."""

    subject = models.CharField(max_length=20)
    key = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    parameters = models.JSONField(default=dict)
    # The record after it, column by column and part by part.
    told = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["subject", "key", "seq"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["subject", "key", "seq"], name="record_event_seq_once")]
