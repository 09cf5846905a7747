"""Notices and events in words: code and parameters are kept, the sentence is made on reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.deadlines import LATE, NEAR, Purpose
from documents.guide import of_guide
from documents.money import yuan_text
from documents.permissions import post_names
from documents.states import ReturnMode
from documents.vocabulary import Kind, Side
from organization.punctuation import in_brackets, listed, with_commas

if TYPE_CHECKING:
    from documents.deadlines import Deadline
    from documents.models import Event, Notice

Words = Callable[[dict[str, Any]], str]
Subject = Callable[[dict[str, Any]], Iterable[str]]
_more: dict[str, Words] = {}
_subjects: dict[str, Subject] = {}


def add_notices(words: Mapping[str, Words], subjects: Mapping[str, Subject]) -> None:
    """Make a later app's notices readable: a function of the parameters per code, and the words of the sentence that name
    what it is about; called from its ``ready()``."""
    _more.update(words)
    _subjects.update(subjects)


def _return_target(parameters: dict[str, Any]) -> str:
    if parameters.get("to"):
        return _("第 %(n)s 环节") % {"n": parameters["to"]}
    if parameters.get("mode") == ReturnMode.BACK_TO_ME:
        return _("提交人（修改后直接回到退回人）")
    return _("提交人（修改后重新走流程）")


def event_text(event: Event) -> str:
    """One line of the trail."""
    p = event.parameters
    posts = post_names(p.get("posts", []))
    match event.code:
        case "submitted":
            text = _("第 %(n)s 次提交") % {"n": p["revision"]}
            return text + _("；事后补报：%(reason)s") % {"reason": p["late"]} if p.get("late") else text
        case "resubmitted":
            text = _("重新提交，为第 %(n)s 次提交") % {"n": p["revision"]}
            if p.get("taken_over"):
                text += _("，采纳了核减金额")
            if p.get("carried"):
                text += _("，保留已有签字 %(n)s 个") % {"n": p["carried"]}
            return text
        case "signed":
            return _("已同意（%(posts)s）") % {"posts": posts}
        case "gave_opinion":
            return _("已出具意见（%(posts)s）") % {"posts": posts}
        case "covered":
            return _("同一人兼任，同时记为「%(post)s」的签字") % {"post": post_names([p["post"]])}
        case "returned":
            return _("已退回给%(target)s（%(posts)s）") % {"target": _return_target(p), "posts": posts}
        case "rejected":
            return _("已否决（%(posts)s）") % {"posts": posts}
        case "withdrawn":
            return _("已撤回")
        case "voided":
            return _("已作废：%(reason)s") % {"reason": p["reason"]}
        case "approved":
            return _("全部环节已签，通过")
        case "attached":
            return _("已补充附件：%(name)s") % {"name": p["name"]}
        case "detached":
            return _("已移除附件：%(name)s") % {"name": p["name"]}
        case "labelled" if p["paper"]:
            return _("附件 %(name)s 标注为「%(paper)s」") % {"name": p["name"], "paper": of_guide(p["paper"])}
        case "labelled":
            return _("附件 %(name)s 不再标注为「%(was)s」") % {"name": p["name"], "was": of_guide(p["was"])}
        case "lapsed":
            return _("第 %(lines)s 行余量 %(amount)s 失效：%(reason)s") % {
                "lines": listed(line["position"] for line in p["lines"]),
                "amount": amount_text(Decimal(p["amount"])),
                "reason": p["reason"],
            }
        case "commented":
            return _("留言：%(text)s") % {"text": p["text"]}
        case "downloaded":
            return _("已下载：%(what)s") % {"what": p["what"]}
    return event.code


def notice_text(notice: Notice) -> str:
    """One notice as a sentence; the document's title stands beside it."""
    p = notice.parameters
    match notice.code:
        case "turn.open":
            return _("待您审批（%(post)s）") % {"post": post_names([p["post"]])}
        case "returned":
            return _("被%(by)s退回：%(opinion)s") % {"by": p["by"], "opinion": p["opinion"]}
        case "approved":
            return _("已通过")
        case "rejected":
            return _("已被否决")
        case "voided":
            return _("已作废")
        case "copied":
            return _("抄送给您")
        case "due":
            return _("%(date)s，请尽快处理") % {"date": _date_text(p)}
        case "due.missing":
            what = {
                "place": p["place"],
                "month": p["month"],
                "side": in_brackets(Side(p["side"]).label) if p["side"] else "",
                "kinds": listed(Kind(kind).label for kind in p["kinds"]),
                "date": _date_text(p),
            }
            return _("%(place)s %(month)s %(side)s尚未提交：%(kinds)s。%(date)s") % what
        case "lapsed":
            return _("%(by)s声明余量 %(amount)s 失效：%(reason)s") % {
                "by": p["by"],
                "amount": amount_text(Decimal(p["amount"])),
                "reason": p["reason"],
            }
    if notice.code.startswith("appointment."):
        place = p.get("project") or _("本公司全部项目")
        what = {"person": p["person"], "post": post_names([p["post"]]), "place": place}
        if notice.code == "appointment.ended":
            return _("%(person)s不再担任「%(post)s」（%(place)s）") % what
        return _("%(person)s被任命为「%(post)s」（%(place)s）") % what
    return _more[notice.code](p) if notice.code in _more else notice.code


def notice_parts(notice: Notice) -> tuple[str, str, str]:
    """The sentence of a notice about no document as it stands before, in and behind its link; one whose subject is not known has
    no link in it."""
    text = notice_text(notice)
    if notice.document_id or not notice.url or notice.code not in _subjects:
        return text, "", ""
    found = [
        (text.find(word), len(word)) for word in _subjects[notice.code](notice.parameters) if word and word in text
    ]
    if not found:
        return "", text, ""
    start, end = min(at for at, _length in found), max(at + length for at, length in found)
    return text[:start], text[start:end], text[end:]


def _date_text(p: dict[str, Any]) -> str:
    """The date of a reminder, and the working days that were left when it was written."""
    what = _("截止 %(on)s %(purpose)s") % {"on": p["on"], "purpose": Purpose(p["purpose"]).label}
    return with_commas((what, time_left_text(NEAR, p["days"])))


def deadline_text(deadline: Deadline) -> str:
    """``截止 2026-12-31 送达经办 · 还剩 5 个工作日``."""
    what = _("截止 %(on)s %(purpose)s") % {"on": deadline.on.isoformat(), "purpose": deadline.purpose.label}
    return f"{what} · {time_left_text(deadline.state, deadline.days_left)}"


def month_date_text(deadline: Deadline) -> str:
    """A month's date where no single form is spoken of: what is past is no reproach."""
    if deadline.state != LATE:
        return deadline_text(deadline)
    what = {"on": deadline.on.isoformat(), "purpose": deadline.purpose.label}
    return _("截止 %(on)s %(purpose)s · 已过") % what


def time_left_text(state: str, days: int) -> str:
    """Working days that are left, or past."""
    if state == LATE:
        return _("已逾期 %(n)d 个工作日") % {"n": -days} if days else _("已逾期")
    return _("还剩 %(n)d 个工作日") % {"n": days} if days else _("今天截止")


def amount_text(amount: Any) -> str:
    """An amount with its sign of currency."""
    return yuan_text(Decimal(amount))
