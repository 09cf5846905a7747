"""The working calendar: which days differ from Monday to Friday, and for which years that is known (guide 6.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.models.person import Person


class CalendarYear(models.Model):
    """A year whose holidays and make-up working days are known; any other year counts Monday to Friday."""

    year = models.PositiveSmallIntegerField(_("年份"), unique=True)
    source = models.CharField(_("来源"), max_length=200)
    imported_at = models.DateTimeField(_("导入时间"))
    # None: by the migration or on the server's command line.
    imported_by = models.ForeignKey(
        Person, verbose_name=_("导入人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["year"]
        constraints = [
            models.CheckConstraint(
                name="calendar_year_has_four_digits", condition=models.Q(year__gte=1000, year__lte=9999)
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A public holiday, weekends within it included, or a make-up working day (调休上班) on a weekend."""

    year = models.ForeignKey(CalendarYear, verbose_name=_("年份"), on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=50)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
