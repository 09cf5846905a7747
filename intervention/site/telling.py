"""Notices of the site: what was handed to 项目部, what it reports repaired, what came back from checking again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.noticing import tell
from intervention.site.permissions import REPAIRERS, WALKERS
from organization import access, clock

if TYPE_CHECKING:
    from intervention.models import Finding, Visit
    from organization.models import Person

NOTICES = {
    "site.handed": lambda p: _("%(place)s %(day)s 巡查的 %(n)d 个问题已移交项目部整改") % p,
    "site.fixed": lambda p: _("问题 %(number)s 已报告整改完成，请复查") % p,
    "site.sent_back": lambda p: _("问题 %(number)s 复查不合格，请继续整改") % p,
    "site.overdue": lambda p: _("%(place)s 有 %(n)d 个问题应于 %(day)s 前整改，尚未报告完成") % p,
    "site.undone": lambda p: _("%(place)s 有 %(n)d 个会议事项应于 %(day)s 前办结，尚未办结") % p,
}
SUBJECTS = {
    "site.handed": lambda p: (p["place"], p["day"]),
    "site.fixed": lambda p: (p["number"],),
    "site.sent_back": lambda p: (p["number"],),
    "site.overdue": lambda p: (p["place"],),
    "site.undone": lambda p: (p["place"],),
}


def handed(visit: Visit, n: int, actor: Person) -> None:
    """Tell 项目部 how many findings of a visit are theirs now."""
    url = reverse("intervention:visit", args=[visit.pk])
    key = f"site.handed:{visit.pk}:{clock.now().isoformat()}"
    people = access.people_of(visit.project, REPAIRERS, besides=actor)
    tell(people, None, "site.handed", key, url=url, place=str(visit.place), day=visit.day.isoformat(), n=n)


def fixed(finding: Finding, actor: Person) -> None:
    """Tell those who check again."""
    _say(finding, "site.fixed", WALKERS, actor)


def sent_back(finding: Finding, actor: Person) -> None:
    """Tell 项目部 that the repair was not in order."""
    _say(finding, "site.sent_back", REPAIRERS, actor)


def _say(finding: Finding, code: str, posts: Iterable[str], actor: Person) -> None:
    url = reverse("intervention:finding", args=[finding.pk])
    key = f"{code}:{finding.pk}:{clock.now().isoformat()}"
    tell(access.people_of(finding.project, posts, besides=actor), None, code, key, url=url, number=finding.number)
