"""Guards on the site by day (guide 3.1.2, 3.1.3)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from intervention.models.record import Record
from intervention.site.states import KeptState
from intervention.site.vocabulary import GuardPhase, Shift

DAY = 24 * 60


class GuardPost(Record):
    """A post that was stood on a day: where, which shift, how many, from when until when."""

    subject = "guard_post"

    phase = models.CharField(_("阶段"), max_length=12, choices=GuardPhase.choices)
    day = models.DateField(_("日期"))
    name = models.CharField(_("岗位"), max_length=40)
    shift = models.CharField(_("班次"), max_length=8, choices=Shift.choices)
    heads = models.PositiveSmallIntegerField(_("人数"))
    from_time = models.TimeField(_("上岗"))
    to_time = models.TimeField(_("下岗"))
    # How long each of them stood; written with the two times, so that a month can be summed up by the database.
    minutes = models.PositiveSmallIntegerField()
    note = models.CharField(_("说明"), max_length=300, blank=True, default="")
    state = FSMField(_("状态"), max_length=8, choices=KeptState.choices, default=KeptState.KEPT)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("值守岗位")
        ordering = ["-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=models.Q(phase__in=GuardPhase.values), name="guard_post_known_phase"),
            models.CheckConstraint(condition=models.Q(shift__in=Shift.values), name="guard_post_known_shift"),
            models.CheckConstraint(condition=models.Q(state__in=KeptState.values), name="guard_post_known_state"),
            models.CheckConstraint(condition=models.Q(heads__gte=1, heads__lte=99), name="guard_post_has_heads"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1, minutes__lte=DAY), name="guard_post_within_day"),
            models.UniqueConstraint(
                fields=["instalment", "day", "phase", "name", "shift"],
                condition=models.Q(state=KeptState.KEPT, instalment__isnull=False),
                name="guard_post_once_per_instalment",
            ),
            models.UniqueConstraint(
                fields=["project", "day", "phase", "name", "shift"],
                condition=models.Q(state=KeptState.KEPT, instalment=None),
                name="guard_post_once_per_project",
            ),
        ]
        indexes = [models.Index(fields=["project", "day"], name="guard_post_by_day")]

    # The last day of the entry that made this one and those after it, while it is told; stored nowhere.
    told_until: date | None = None

    def __str__(self) -> str:
        until = f" – {self.told_until:%Y-%m-%d}" if self.told_until and self.told_until != self.day else ""
        return f"{self.day:%Y-%m-%d}{until} {self.name} {self.get_shift_display()}"

    @transition(field=state, source=KeptState.KEPT, target=KeptState.STRUCK)
    def strike(self) -> None:
        """Entered by mistake."""
