"""Notices of design advice, addresses of the registers, and the journals' words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.noticing import tell
from intervention.planning_work.permissions import ANSWERERS
from organization import access

if TYPE_CHECKING:
    from intervention.models import Advice, Comparable
    from organization.models import Person

NOTICES = {
    "advice.new": lambda p: _("%(place)s新建议 %(number)s：%(drawing)s，请答复") % p,
    "advice.adopted": lambda p: _("%(place)s建议 %(number)s（%(drawing)s）已采纳") % p,
    "advice.declined": lambda p: _("%(place)s建议 %(number)s（%(drawing)s）未采纳，原因见答复") % p,
}
SUBJECTS = {code: lambda p: (p["place"], p["number"]) for code in NOTICES}
ADVICE_WORDS = {
    "advised": gettext_lazy("已提出建议"),
    "reworded": gettext_lazy("已修改"),
    "withdrawn": gettext_lazy("已撤回"),
    "adopted": gettext_lazy("已采纳"),
    "declined": gettext_lazy("已答复不采纳"),
    "done": gettext_lazy("已登记落实"),
}
SURVEY_WORDS = {
    "surveyed": gettext_lazy("已登记"),
    "corrected": gettext_lazy("已修改"),
    "left_out": gettext_lazy("已剔除"),
    "counted": gettext_lazy("已恢复计入"),
}


def advice_url(advice: Advice) -> str:
    """The page of one piece of advice."""
    return reverse("intervention:advice", args=[advice.pk])


def comparable_url(row: Comparable) -> str:
    """The survey of its project, at its row."""
    return f"{reverse('intervention:survey')}?project={row.project.code}#row-{row.pk}"


def tell_advised(advice: Advice, actor: Person) -> None:
    """Tell 设计管理部."""
    people = access.people_of(advice.project, ANSWERERS, besides=actor)
    tell(people, None, "advice.new", f"advice.new:{advice.pk}", url=advice_url(advice), **_which(advice))


def tell_answered(advice: Advice, code: str, actor: Person) -> None:
    """Tell the maker."""
    if advice.created_by_id != actor.pk:
        key = f"advice.{code}:{advice.pk}"
        tell([advice.created_by], None, f"advice.{code}", key, url=advice_url(advice), **_which(advice))


def _which(advice: Advice) -> dict[str, str]:
    return {"place": str(advice.place), "number": advice.number, "drawing": advice.headline}
