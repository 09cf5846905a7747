"""Notices of promises and agreements in words: code and parameters are kept, the sentence is made on reading."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intervention.papers.queries import Standing

NOTICES = {
    "promise.found": lambda p: _("%(place)s %(where)s：有在用宣传未经物业公司确认「%(what)s」，%(by)s登记") % p,
    "promise.unconfirmed": lambda p: _("%(place)s：宣传承诺已到使用日期 %(day)s，尚未取得物业公司确认") % p,
    "agreement.ends": lambda p: _("%(place)s：前期介入协议第 %(n)s 版将于 %(day)s 到期，请起草下一版") % p,
    "agreement.ended": lambda p: _("%(place)s：前期介入协议已于 %(day)s 到期，目前没有生效的协议") % p,
}
SUBJECTS = {code: lambda p: (p["place"], p.get("where", "")) for code in NOTICES}


# How a promise of the register stands, in words.
STANDINGS = {
    Standing.CONFIRMED: gettext_lazy("已确认"),
    Standing.WAITING: gettext_lazy("确认中"),
    Standing.UNCONFIRMED: gettext_lazy("未确认已到使用日期"),
    Standing.EXPIRED: gettext_lazy("已确认，使用期已过"),
    Standing.REFUSED: gettext_lazy("未获确认，不得使用"),
}
