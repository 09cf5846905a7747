"""What the rows share that stand for something a worker makes: asked for, taken up, told how far it is, ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """The making of something, as its page shows it. One row a thing: asking again takes the same row (documents/runs.py)."""

    class Status(models.TextChoices):
        """Where the run stands."""

        WAITING = "waiting", _("排队")
        RUNNING = "running", _("生成中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")

    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    # How far it is: the stage's own count.
    stage = models.CharField(max_length=12, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Why it failed, as a code that is worded on reading.
    error = models.CharField(max_length=12, blank=True, default="")
    # Whose the run is: a worker that finds another claim has been given up and stops.
    claim = models.CharField(max_length=32, blank=True, default="")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    # When something was last heard of it.
    heard_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
