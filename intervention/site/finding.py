"""Verbs on findings: recorded, handed to 项目部, reported repaired, checked again, closed or dropped (guide 3.1.3, 3.1.4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Blocked, Conflict, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.dates import LAST
from intervention.models import Finding, Visit
from intervention.numbering import allocate
from intervention.permissions import in_use, who
from intervention.planning import wanted
from intervention.site import permissions, telling
from intervention.site.states import FindingState, KeptState
from intervention.site.vocabulary import Area, PhotoRole, Severity, Trade
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

PLACE, PART, TEXT, RESPONSIBLE = 20, 60, 500, 60
_WRITTEN = (
    "area", "building", "floor", "unit", "part", "trade", "severity", "description", "responsible", "due_on",
)  # fmt: skip

_OPTIONAL = ("floor", "unit", "severity", "responsible", "due_on")


@verb
def begin(
    *,
    actor: Person,
    project: Project,
    instalment: Instalment | None,
    visit: int,
    sent_key: str = "",
    **said: Any,
) -> Finding:
    """Record a finding of a visit in the same place. Effects: number, event ``found``. Raises Denied, Invalid, Conflict."""
    require(permissions.can_find(who(actor, project)))
    if (before := journal.sent_before(Finding, actor, sent_key)) is not None:
        return before
    require(in_use(project))
    walked = Visit.objects.select_for_update(of=("self",)).filter(pk=visit, project=project).first()
    if walked is None or walked.instalment_id != (instalment.pk if instalment else None):
        raise Invalid(_("没有这次巡查，或它不属于所填的项目和分期。"))
    if walked.state == KeptState.STRUCK:
        raise Conflict(_("此次巡查已作废，请在有效的巡查中登记问题。"))
    finding = journal.place(Finding(), actor, project, instalment, sent_key)
    finding.visit = walked
    _write(finding, **said)
    finding.number = allocate(project, Finding.subject, "F")
    finding.save(force_insert=True)
    journal.record(finding, "found", actor)
    return finding


@verb
def amend(*, finding_id: int, actor: Person, **said: Any) -> Finding:
    """Correct a finding before it is handed over. Effects: event ``amended``."""
    finding = journal.lock(Finding, finding_id)
    require(permissions.can_amend(who(actor, finding.project), finding))
    _write(finding, **said)
    finding.save(update_fields=[*_WRITTEN])
    journal.record(finding, "amended", actor)
    return finding


@verb
def hand(*, finding_id: int, actor: Person, **said: Any) -> Finding:
    """Give a finding to 项目部, with who should repair it (``responsible``) and until when (``due_on``); what is left out stays
    as the finder wrote it. Effects: event ``handed``; 项目部 is told.
    """
    finding = journal.lock(Finding, finding_id)
    require(permissions.can_hand(who(actor, finding.project), finding))
    responsible, due_on = (said.get(name, getattr(finding, name)) for name in ("responsible", "due_on"))
    _hand(finding, actor, clean_text(responsible, max_length=RESPONSIBLE, label=_("责任单位")), _future(due_on))
    telling.handed(finding.visit, 1, actor)
    return finding


@verb
def hand_all(*, visit_id: int, actor: Person, responsible: str = "", due_on: date | None = None) -> Visit:
    """Give all findings of a visit that wait for it to 项目部 at once; what a finding says of itself already stays, but a date
    that has passed, for which ``due_on`` is taken.

    Effects: event ``handed`` on each, one notice. Raises Denied, Blocked where none waits, or Invalid with the findings whose
    date has passed where there is no other.
    """
    visit = journal.lock(Visit, visit_id)
    require(permissions.can_hand_all(who(actor, visit.project), visit))
    responsible = clean_text(responsible, max_length=RESPONSIBLE, label=_("责任单位"))
    due_on = _future(due_on)
    waiting = list(visit.findings.select_for_update(of=("self",)).filter(state=FindingState.OPEN).order_by("pk"))
    if not waiting:
        raise Blocked(_("此次巡查没有待移交的问题。"))
    late = [finding for finding in waiting if finding.due_on is not None and finding.due_on < clock.today()]
    if late and due_on is None:
        numbers = "、".join(finding.number for finding in late)
        raise Invalid(_("整改期限：%(numbers)s 写明的期限已过，请填写新的整改期限。") % {"numbers": numbers})
    for finding in waiting:
        day = due_on if finding in late else finding.due_on or due_on
        _hand(finding, actor, finding.responsible or responsible, day)
    telling.handed(visit, len(waiting), actor)
    return visit


def _hand(finding: Finding, actor: Person, responsible: str, due_on: date | None) -> None:
    finding.responsible, finding.due_on = responsible, due_on
    finding.hand()
    finding.handed_at = clock.now()
    finding.save(update_fields=["responsible", "due_on", "state", "handed_at"])
    journal.record(finding, "handed", actor, due_on=due_on.isoformat() if due_on else None)


@verb
def fix(*, finding_id: int, actor: Person, note: str = "") -> Finding:
    """项目部 says that it is repaired, in words or with a photograph. Effects: event ``fixed``."""
    finding = journal.lock(Finding, finding_id)
    require(permissions.can_fix(who(actor, finding.project), finding))
    finding.repair = clean_text(note, max_length=TEXT, label=_("整改说明"))
    if not finding.repair and not _shown(finding, uploaded_at__gte=finding.handed_at):
        raise Blocked(_("请填写整改说明，或先上传整改后照片，再报告整改完成。"))
    finding.report_fixed()
    finding.fixed_at, finding.outcome = clock.now(), ""
    finding.save(update_fields=["repair", "outcome", "state", "fixed_at"])
    journal.record(finding, "fixed", actor, reason=finding.repair)
    telling.fixed(finding, actor)
    return finding


@verb
def close(*, finding_id: int, actor: Person, note: str = "") -> Finding:
    """The property company has checked the repair and closes it, in words or with a photograph. Effects: event ``closed``."""
    finding = journal.lock(Finding, finding_id)
    require(permissions.can_close(who(actor, finding.project), finding))
    finding.outcome = clean_text(note, max_length=TEXT, label=_("复查说明"))
    if not finding.outcome and not _shown(finding, uploaded_at__gt=finding.fixed_at):
        raise Blocked(_("请填写复查说明，或先上传复查照片，再销项。"))
    finding.close()
    finding.settled_at = clock.now()
    finding.save(update_fields=["outcome", "state", "settled_at"])
    journal.record(finding, "closed", actor, reason=finding.outcome)
    return finding


@verb
def send_back(*, finding_id: int, actor: Person, reason: str, due_on: date | None = None) -> Finding:
    """复查不合格: back to 项目部 with a reason and perhaps a new date. Effects: event ``sent_back``."""
    finding = journal.lock(Finding, finding_id)
    require(permissions.can_send_back(who(actor, finding.project), finding))
    reason = wanted(reason)
    finding.due_on = _future(due_on) or finding.due_on
    finding.send_back()
    finding.handed_at, finding.fixed_at = clock.now(), None
    # What was not in order stands beside what 项目部 said, on the page and in reports, until it is repaired anew.
    with translation.override("zh-hans"):
        told = {"name": actor.name, "day": clock.today().isoformat(), "reason": reason}
        finding.outcome = (_("复查不合格（%(name)s %(day)s）：%(reason)s") % told)[:TEXT]
    finding.save(update_fields=["due_on", "state", "handed_at", "fixed_at", "outcome"])
    journal.record(finding, "sent_back", actor, reason=reason, due_on=due_on.isoformat() if due_on else None)
    telling.sent_back(finding, actor)
    return finding


@verb
def drop(*, finding_id: int, actor: Person, reason: str) -> Finding:
    """不属质量问题: it needs no repair, for a reason. Effects: event ``dropped``."""
    finding = journal.lock(Finding, finding_id)
    require(permissions.can_drop(who(actor, finding.project), finding))
    finding.outcome = wanted(reason)
    finding.drop()
    finding.settled_at = clock.now()
    finding.save(update_fields=["outcome", "state", "settled_at"])
    journal.record(finding, "dropped", actor, reason=finding.outcome)
    return finding


def _shown(finding: Finding, **when: datetime | None) -> bool:
    """Whether a photograph of this repair was added: since it was handed over, or after 项目部 reported it."""
    return finding.photos.filter(role=PhotoRole.AFTER, hidden_at=None, **when).exists()


def _future(day: date | None) -> date | None:
    if day is not None and day > LAST:
        raise Invalid(_("整改期限：%(day)s 晚于 2099 年，请核对年份。") % {"day": day.isoformat()})
    if day is not None and day < clock.today():
        raise Invalid(_("整改期限：%(day)s 早于今天，请填写今天或以后的日期。") % {"day": day.isoformat()})
    return day


def _write(
    finding: Finding,
    *,
    area: str,
    building: str,
    part: str,
    trade: str,
    description: str,
    **more: Any,
) -> None:
    """Everything that a finder says; what may be left out stays as it is. All faults at once."""
    floor, unit, severity, responsible, due_on = (more.get(name, getattr(finding, name)) for name in _OPTIONAL)
    faults: list[str] = []

    def text(value: str, length: int, label: str, *, needed: bool = False) -> str:
        try:
            value = clean_text(value, max_length=length, label=label)
        except Invalid as refusal:
            faults.extend(refusal.sentences)
            return ""
        if needed and not value:
            faults.append(_("%(label)s：请填写。") % {"label": label})
        return value

    finding.building = text(building, PLACE, _("楼栋"), needed=True)
    finding.floor, finding.unit = text(floor, PLACE, _("楼层")), text(unit, PLACE, _("户"))
    finding.part = text(part, PART, _("部位"), needed=True)
    finding.description = text(description, TEXT, _("问题描述"), needed=True)
    finding.responsible = text(responsible, RESPONSIBLE, _("责任单位"))
    for value, known, label in (
        (area, Area.values, _("范围")), (trade, Trade.values, _("专业")), (severity, Severity.values, _("程度")),
    ):  # fmt: skip
        if value not in known:
            faults.append(_("%(label)s：请选择。") % {"label": label})
    if area == Area.UNIT and not finding.unit:
        faults.append(_("户：户内问题请填写户号，例如 1201；公共部位问题请选择「公共部位」。"))
    if area == Area.PUBLIC and finding.unit:
        faults.append(_("户：公共部位问题不填户号，请清空或改选「户内」。"))
    if faults:
        raise Invalid(*faults)
    finding.area, finding.trade, finding.severity = area, trade, severity
    if due_on != finding.due_on:
        finding.due_on = _future(due_on)
