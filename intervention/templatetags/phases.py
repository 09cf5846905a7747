"""States of phases and rows as colour, icon and word."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.states import DocumentState
from documents.templatetags import documents_ui
from intervention.assessing.marks import plain
from intervention.assessing.states import AssessmentState
from intervention.states import PhaseState
from intervention.vocabulary import Anchor, ItemKind, ItemState
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.boards import Told

register = template.Library()

_PHASES = {
    PhaseState.PLANNED: ("", "clock"),
    PhaseState.ACTIVE: ("info", "bolt"),
    PhaseState.SUBMITTED: ("warn", "send"),
    PhaseState.CLOSED: ("ok", "circle-check"),
}


@register.inclusion_tag("components/state.html")
def phase_tag(state: str) -> dict[str, Any]:
    """A phase's state."""
    tone, icon_name = _PHASES[PhaseState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": PhaseState(state).label, "more": ""}


_ASSESSMENTS = {
    AssessmentState.DRAFT: ("", "pencil"),
    AssessmentState.SCORED: ("info", "send"),
    AssessmentState.ANSWERED: ("warn", "clock"),
    AssessmentState.CLOSED: ("ok", "circle-check"),
}


@register.inclusion_tag("components/state.html")
def assessment_tag(state: str) -> dict[str, Any]:
    """An assessment's state."""
    tone, icon_name = _ASSESSMENTS[AssessmentState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": AssessmentState(state).label, "more": ""}


@register.filter
def points(number: Decimal | None) -> str:
    """Points without a needless decimal."""
    return plain(number)


@register.inclusion_tag("components/state.html")
def result_tag(state: str) -> dict[str, Any]:
    """A result's state, as the phases speak of it: what its receiver has signed is received."""
    tag = documents_ui.state_tag(state)
    return tag | {"word": _("已接收")} if state == DocumentState.APPROVED else tag


@register.inclusion_tag("components/state.html")
def told_tag(row: Told) -> dict[str, Any]:
    """How a row stands: settled, on its way, overdue, near or open."""
    tone, icon_name, word = _told(row)
    return {"tone": tone, "icon_name": icon_name, "word": word, "more": ""}


def told_text(row: Told) -> str:
    """How a row stands, in words."""
    return _told(row)[2]


def _told(row: Told) -> tuple[str, str, str]:
    item = row.item
    if item.state == ItemState.WAIVED:
        return "", "x", _("不适用")
    if row.settled:
        words = {
            ItemKind.ACTIVITY: _("已完成"),
            ItemKind.RESULT: _("已接收"),
            ItemKind.START: _("已启动"),
            ItemKind.WARNING: _("已满足"),
        }
        return "ok", "circle-check", words[ItemKind(item.kind)]
    if row.waits:
        return "info", "clock", str(DocumentState.CIRCULATING.label)
    if item.due_on is None:
        return "", "help", _("日期未定")
    if row.overdue:
        return "bad", "alert-triangle", ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", row.late) % {"n": row.late}
    if row.days < 0:
        # Not owed: of a phase that nobody has begun its start is late, not its work.
        return "", "clock", _("待阶段启动")
    if row.days == 0:
        return "warn", "clock", _("今天到期")
    if row.days <= 30:
        return "warn", "clock", ngettext("还有 %(n)d 天", "还有 %(n)d 天", row.days) % {"n": row.days}
    return "", "calendar", _("未到期")


@register.filter
def post_label(post: str) -> str:
    """A post in words."""
    return str(Post(post).label)


@register.filter
def rule(item: Any) -> str:
    """When a row falls due, in words: 集中入住（入伙）前 6 个月."""
    parts = []
    if item.months:
        n = abs(item.months)
        parts.append(ngettext("%(n)d 个月", "%(n)d 个月", n) % {"n": n})
    if item.days:
        n = abs(item.days)
        parts.append(ngettext("%(n)d 天", "%(n)d 天", n) % {"n": n})
    anchor = Anchor(item.anchor).label
    if not parts:
        return _("%(anchor)s当日") % {"anchor": anchor}
    span = {"anchor": anchor, "span": " ".join(parts)}
    before = item.months < 0 or (item.months == 0 and item.days < 0)
    return _("%(anchor)s前 %(span)s") % span if before else _("%(anchor)s后 %(span)s") % span
