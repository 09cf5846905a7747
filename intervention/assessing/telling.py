"""Notices of assessments, and the journal's codes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.noticing import tell
from documents.vocabulary import Side
from intervention.assessing.permissions import ANSWERING, HEADS
from intervention.assessing.states import Answer
from organization import access

if TYPE_CHECKING:
    from datetime import date

    from intervention.models import Assessment
    from organization.models import Person


def _said(parameters: dict[str, Any]) -> dict[str, Any]:
    return {**parameters, "side": Side(parameters["side"]).label}


NOTICES = {
    "assessment.handed_in": lambda p: _("%(place)s %(month)s %(side)s 考核 %(percent)s 分，请答复") % _said(p),
    "assessment.accepted": lambda p: _("%(place)s %(month)s %(side)s 考核物业已认可，请办结") % _said(p),
    "assessment.objected": lambda p: _("%(place)s %(month)s %(side)s 考核物业有异议，请复核办结") % _said(p),
    "assessment.silent": lambda p: _("%(place)s %(month)s %(side)s 考核期限内未答复，已按所评得分处理") % _said(p),
    "assessment.waiting": lambda p: _("%(place)s %(month)s %(side)s 考核请于 %(day)s 前答复") % _said(p),
    "assessment.unanswered": lambda p: (
        _("%(place)s %(month)s %(side)s 考核逾期未答复，可按未答复处理并办结") % _said(p)
    ),
    "assessment.closed": lambda p: _("%(place)s %(month)s %(side)s 考核已办结：%(percent)s 分") % _said(p),
}
SUBJECTS = {code: lambda p: (p["place"], p["month"], str(_said(p)["side"])) for code in NOTICES}

EVENTS = {
    "opened": gettext_lazy("已开始考核"),
    "scored": gettext_lazy("已评分"),
    "handed_in": gettext_lazy("已提交评分，待物业答复"),
    "accepted": gettext_lazy("已认可评分"),
    "objected": gettext_lazy("已提出异议"),
    "silent": gettext_lazy("期限内未答复，按所评得分处理"),
    "closed": gettext_lazy("已办结考核"),
}


def url_of(row: Assessment) -> str:
    """The page of an assessment."""
    return reverse("intervention:assessment", args=[row.pk])


def tell_handed_in(row: Assessment) -> None:
    """Tell those who answer for the property company."""
    _say(row, "handed_in", _holders(row, ANSWERING))


def tell_answered(row: Assessment) -> None:
    """Tell those who close it, or those who were passed over. Who handed it in is told what was objected to, and that nobody
    answered; to close what was accepted is asked of those alone who can."""
    people = _holders(row, ANSWERING if row.answer == Answer.SILENT else HEADS[Side(row.side)]) | _handler(row)
    if row.answer == Answer.ACCEPTED and row.handed_in_by_id is not None:
        del people[row.handed_in_by_id]
    _say(row, str(row.answer), people)


def tell_closed(row: Assessment) -> None:
    """Tell both sides how it ended."""
    _say(row, "closed", _holders(row, ANSWERING) | _handler(row))


def tell_waiting(row: Assessment, last: date) -> None:
    """Tell those who answer by when they do."""
    _say(row, "waiting", _holders(row, ANSWERING), day=last.isoformat())


def tell_unanswered(row: Assessment) -> None:
    """Tell those who close it that nobody answered."""
    _say(row, "unanswered", _holders(row, HEADS[Side(row.side)]))


def _handler(row: Assessment) -> dict[int, Person]:
    return {row.handed_in_by.pk: row.handed_in_by} if row.handed_in_by else {}


def _holders(row: Assessment, post: str) -> dict[int, Person]:
    return {person.pk: person for person in access.people_of(row.project, (post,))}


def _say(row: Assessment, code: str, people: dict[int, Person], **more: str) -> None:
    marks = row.marks
    tell(
        people.values(),
        None,
        f"assessment.{code}",
        f"assessment:{code}:{row.pk}",
        url=url_of(row),
        place=row.project.name,
        month=row.month.strftime("%Y-%m"),
        side=row.side,
        percent=str(marks.percent) if marks else "",
        **more,
    )
