"""Reports over findings as the worker makes them: one row for each person and result."""

from django.db import models

from documents.models import Document, Run
from intervention.models.plan import PlanItem
from organization.models import Person


class ReportRun(Run):
    """The making of one result's report for one person, into a draft of that person's company."""

    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The draft that it was put into, and whether a PDF is among its files.
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, related_name="+")
    on_paper = models.BooleanField(default=True)
    # What was refused, where things had changed since it was asked for.
    said = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "actor"], name="report_run_once_per_person"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="report_run_within_total"),
        ]
