"""Notices of logs: filed ones to those who confirm, returned ones to whoever filed; and the journal's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.noticing import tell
from intervention.daily.permissions import CONFIRMERS
from intervention.daily.states import Spot
from organization import access, clock

if TYPE_CHECKING:
    from intervention.models import DayLog
    from organization.models import Person


def _log(parameters: dict[str, Any]) -> dict[str, Any]:
    what = " ".join(filter(None, (str(Spot(parameters["spot"]).label), parameters["event"])))
    return {**parameters, "what": what}


NOTICES = {
    "log.filed": lambda p: _("%(place)s %(day)s %(what)s的日志已提交，请确认") % _log(p),
    "log.returned": lambda p: _("%(place)s %(day)s %(what)s的日志已退回：%(reason)s") % _log(p),
}
SUBJECTS = {code: lambda p: (p["place"], p["day"], str(_log(p)["what"])) for code in NOTICES}
WORDS = {
    "begun": gettext_lazy("已登记"),
    "edited": gettext_lazy("已修改"),
    "dropped": gettext_lazy("已作废"),
    "filed": gettext_lazy("已提交确认"),
    "confirmed": gettext_lazy("已确认"),
    "returned": gettext_lazy("已退回"),
}


def log_url(log: DayLog) -> str:
    """The page of a log."""
    return reverse("intervention:day_log", args=[log.pk])


def tell_filed(log: DayLog, actor: Person) -> None:
    """Tell those who confirm."""
    _say(access.people_of(log.project, CONFIRMERS, besides=actor), "log.filed", log)


def tell_returned(log: DayLog, filer: Person | None, actor: Person) -> None:
    """Tell whoever filed it."""
    if filer is not None and filer.pk != actor.pk:
        _say([filer], "log.returned", log, reason=log.returned_reason)


def _say(people: Iterable[Person], code: str, log: DayLog, **more: str) -> None:
    which = {"place": str(log.place), "day": log.day.isoformat(), "spot": log.spot, "event": log.event_name}
    tell(people, None, code, f"{code}:{log.pk}:{clock.now().isoformat()}", url=log_url(log), **which, **more)
