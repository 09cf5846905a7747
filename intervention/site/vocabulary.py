"""Closed vocabularies of the building site: visits, findings, meetings, guard posts. Pure leaf."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitKind(TextChoices):
    """Why somebody walks the site: a patrol of the works (3.1.3), or an inspection for taking over (3.1.4)."""

    PATROL = "patrol", _("工程巡查")
    INSPECTION = "inspection", _("承接查验")


class Trade(TextChoices):
    """专业: who of the works has to do with a finding."""

    CIVIL = "civil", _("土建")
    WATERPROOFING = "waterproofing", _("防水")
    OPENINGS = "openings", _("门窗")
    PLUMBING = "plumbing", _("给排水")
    ELECTRICAL = "electrical", _("电气")
    FIRE = "fire", _("消防")
    LIFTS = "lifts", _("电梯")
    LOW_VOLTAGE = "low_voltage", _("弱电")
    LANDSCAPE = "landscape", _("景观")
    OTHER = "other", _("其他")


class Area(TextChoices):
    """Whether a finding lies in one household's unit or in what all share."""

    UNIT = "unit", _("户内")
    PUBLIC = "public", _("公共部位")


class Severity(TextChoices):
    """How bad a finding is."""

    MINOR = "minor", _("一般")
    MAJOR = "major", _("较重")
    GRAVE = "grave", _("严重")


class PhotoRole(TextChoices):
    """What a photograph shows of its record."""

    BEFORE = "before", _("整改前")
    AFTER = "after", _("整改后")
