"""Verbs on visits of the site (guide 3.1.3, 3.1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.circulation.transactions import verb
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.dates import FIRST
from intervention.models import Visit
from intervention.permissions import in_use, who
from intervention.planning import wanted
from intervention.site.inspecting import still_inspected
from intervention.site.permissions import can_amend_visit, can_strike_visit, can_visit
from intervention.site.states import FindingState
from intervention.site.vocabulary import Trade, VisitKind
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

PEOPLE, NOTE = 300, 500


@verb
def begin(
    *,
    actor: Person,
    project: Project,
    instalment: Instalment | None,
    day: date,
    kind: str,
    trades: Iterable[str],
    participants: str,
    note: str = "",
    sent_key: str = "",
) -> Visit:
    """Record a visit. Effects: event ``visited``. Raises Denied, or Invalid for a day that has not come yet."""
    require(can_visit(who(actor, project)))
    if (before := journal.sent_before(Visit, actor, sent_key)) is not None:
        return before
    require(in_use(project))
    visit = journal.place(Visit(), actor, project, instalment, sent_key)
    _write(visit, day=day, kind=kind, trades=trades, participants=participants, note=note)
    visit.save(force_insert=True)
    journal.record(visit, "visited", actor)
    return visit


@verb
def amend(*, visit_id: int, actor: Person, **said: Any) -> Visit:
    """Correct day, kind, trades, people or note. Effects: event ``amended``. Raises Blocked while a closed phase counts on it."""
    visit = journal.lock(Visit, visit_id)
    require(can_amend_visit(who(actor, visit.project), visit))
    with still_inspected(visit):
        _write(visit, **said)
        visit.save(update_fields=["day", "kind", "trades", "participants", "note"])
    journal.record(visit, "amended", actor)
    return visit


@verb
def strike(*, visit_id: int, actor: Person, reason: str) -> Visit:
    """Strike a visit entered by mistake; it no longer counts. Effects: event ``struck``. Raises Blocked while findings
    hang on it, or a closed phase counts on it."""
    visit = journal.lock(Visit, visit_id)
    require(can_strike_visit(who(actor, visit.project), visit))
    reason = wanted(reason)
    if n := visit.findings.exclude(state=FindingState.DROPPED).count():
        raise Blocked(_("此次巡查登记了 %(n)d 个问题，不能作废；请先把误登的问题注明「不属质量问题」。") % {"n": n})
    with still_inspected(visit):
        visit.strike()
        visit.save(update_fields=["state"])
    journal.record(visit, "struck", actor, reason=reason)
    return visit


def past_day(day: date, label: str) -> date:
    """A day that has come, not before 2000."""
    if not FIRST <= day <= clock.today():
        raise Invalid(
            _("%(label)s：%(day)s 不在 2000 年至今天之间，请填写实际日期。") % {"label": label, "day": day.isoformat()}
        )
    return day


def _write(
    visit: Visit, *, day: date, kind: str, trades: Iterable[str], participants: str, note: str | None = None
) -> None:
    """Put on a visit what was said; a note that was left out stays."""
    visit.day = past_day(day, _("日期"))
    if kind not in VisitKind.values:
        raise Invalid(_("没有这种巡查。"))
    chosen = set(trades)
    if not chosen or chosen - set(Trade.values):
        raise Invalid(_("专业：请至少选择一项。"))
    visit.kind, visit.trades = kind, [code for code in Trade.values if code in chosen]
    visit.participants = clean_text(participants, max_length=PEOPLE, label=_("参加人员"))
    if not visit.participants:
        raise Invalid(_("参加人员：请填写，多人以顿号分隔。"))
    if note is not None:
        visit.note = clean_text(note, max_length=NOTE, label=_("说明"))
