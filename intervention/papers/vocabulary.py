"""Closed vocabularies of promises, fee standards and agreements. Pure leaf."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """Where something is published or promised; the last one is told in words."""

    SALES_OFFICE = "sales_office", _("售楼处")
    BROCHURE = "brochure", _("楼书 / 折页")
    OUTDOOR = "outdoor", _("户外广告")
    ONLINE = "online", _("网络 / 公众号")
    SPOKEN = "spoken", _("现场口头说辞")
    SHOW_FLAT = "show_flat", _("样板间")
    CONTRACT = "contract", _("认购 / 买卖合同附件")
    OTHER = "other", _("其他")


class PromiseSubject(TextChoices):
    """What a promise about property management speaks of."""

    STANDARD = "standard", _("服务标准")
    FEE = "fee", _("收费标准")
    FACILITIES = "facilities", _("配套设施")
    SECURITY = "security", _("安全")
    CLUB = "club", _("会所")
    PARKING = "parking", _("停车")
    GREENERY = "greenery", _("绿化保洁")
    REPAIR = "repair", _("维修保养")
    OTHER = "other", _("其他")


class FoundState(TextChoices):
    """Where a promise that was found in use unconfirmed is in its life."""

    IN_USE = "in_use", _("在用未确认")
    CONFIRMED = "confirmed", _("已补确认")
    WITHDRAWN = "withdrawn", _("已停用")


# Moves of a found promise; the state machine and the database's guards read one table.
FOUND_MOVES: tuple[tuple[str, str], ...] = (("in_use", "confirmed"), ("in_use", "withdrawn"))


class FeeUnit(TextChoices):
    """What a fee is charged by."""

    AREA_MONTH = "area_month", _("元/m²·月")
    UNIT_MONTH = "unit_month", _("元/户·月")
    SPACE_MONTH = "space_month", _("元/个·月")
    TIME = "time", _("元/次")
    HOUR = "hour", _("元/小时")
    VOLUME = "volume", _("元/m³")
    POWER = "power", _("元/度")
    YEAR = "year", _("元/年")
