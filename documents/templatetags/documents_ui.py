"""What pages of forms need beyond ``ui``: states, amounts, capitals, the line grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents import filetypes, grids, money, wording
from documents.deadlines import DUE, LATE, NEAR, Deadline
from documents.states import DocumentState, StepStatus
from documents.vocabulary import Kind
from organization import clock

register = template.Library()

# Colour and icon of a state; the word is its label. A state is always all three.
_STATES = {
    DocumentState.DRAFT: ("", "pencil"),
    DocumentState.CIRCULATING: ("info", "clock"),
    DocumentState.RETURNED: ("warn", "arrow-back-up"),
    DocumentState.WITHDRAWN: ("", "arrow-back-up"),
    DocumentState.APPROVED: ("ok", "circle-check"),
    DocumentState.REJECTED: ("bad", "x"),
    DocumentState.VOIDED: ("", "trash"),
}
_STEPS = {
    StepStatus.WAITING: ("", "clock"),
    StepStatus.OPEN: ("info", "clock"),
    StepStatus.SIGNED: ("ok", "circle-check"),
    StepStatus.RETURNED: ("bad", "arrow-back-up"),
    StepStatus.REJECTED: ("bad", "x"),
    StepStatus.SUPERSEDED: ("", "history"),
    StepStatus.SKIPPED: ("", "chevron-right"),
}

# Red is for what is late alone.
_DEADLINES = {
    LATE: ("bad", "alert-triangle", gettext_lazy("逾期")),
    NEAR: ("warn", "clock", gettext_lazy("临近")),
    DUE: ("", "calendar", gettext_lazy("截止")),
}


@register.inclusion_tag("components/state.html")
def state_tag(state: str, more: str = "") -> dict[str, Any]:
    """A document's state as colour, icon and word."""
    tone, icon_name = _STATES[DocumentState(state)]
    return {"tone": tone, "icon_name": icon_name, "word": DocumentState(state).label, "more": more}


@register.inclusion_tag("components/state.html")
def step_tag(status: str, label: str = "") -> dict[str, Any]:
    """A station's status as colour, icon and word."""
    tone, icon_name = _STEPS[StepStatus(status)]
    return {"tone": tone, "icon_name": icon_name, "word": label or StepStatus(status).label, "more": ""}


@register.inclusion_tag("components/deadline.html")
def deadline_tag(deadline: Deadline | None) -> dict[str, Any]:
    """How a form stands to its date as colour, icon and word; nothing without a date."""
    tone, icon_name, word = _DEADLINES[deadline.state] if deadline else ("", "", "")
    this_year = deadline is not None and deadline.on.year == clock.today().year
    return {"deadline": deadline, "tone": tone, "icon_name": icon_name, "word": word, "short": this_year}


@register.filter
def deadline_text(deadline: Deadline) -> str:
    """The date in a sentence, with the working days left."""
    return wording.deadline_text(deadline)


@register.filter
def month_date_text(deadline: Deadline) -> str:
    """A month's date in a sentence, where no single form is spoken of."""
    return wording.month_date_text(deadline)


@register.filter
def kind_label(kind: str) -> str:
    """The form's title in the guide's words."""
    return str(Kind(kind).label)


@register.filter
def figures(amount: Any) -> str:
    """``21,658.50``; texts pass as they are."""
    return money.figures(amount) if isinstance(amount, Decimal) else str(amount or "")


@register.filter
def yuan(amount: Any) -> str:
    """``¥21,658.50``, ``-¥21,658.50`` for what is taken back, a dash for kinds without money."""
    return "—" if amount is None else money.yuan_text(Decimal(amount))


@register.filter
def quantity(number: Decimal) -> str:
    """A quantity without trailing zeros: ``2.5``."""
    return money.quantity_text(number)


@register.filter
def capital(amount: Decimal) -> str:
    """The amount as banks write it, with 人民币 in front."""
    return f"人民币{money.rmb_capital(amount)}"


@register.filter
def duration(span: timedelta | None) -> str:
    """How long a form lay at a station: ``1 天 6 小时``."""
    if span is None:
        return ""
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        text = ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
        return text + (" " + ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours} if hours else "")
    if hours:
        return ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes} if minutes else _("不到 1 分钟")


@register.filter
def heading(label: str) -> str:
    """A column's label that breaks before its unit in brackets and nowhere inside it."""
    name, bracket, unit = str(label).partition("（")
    return format_html('{}<span class="nowrap">{}</span>', name, bracket + unit) if bracket else name


@register.filter
def times(count: int) -> range:
    """To repeat something in a template."""
    return range(max(int(count or 0), 0))


@register.filter
def file_icon(media_type: str) -> str:
    """The icon of an attachment."""
    if media_type.startswith("image/"):
        return "photo"
    return "file-spreadsheet" if "spreadsheet" in media_type or "excel" in media_type else "file-text"


@register.filter
def file_size(size: int) -> str:
    """A file's size: ``1.2 MB``."""
    return filetypes.size_text(size)


@register.simple_tag
def grid_rows(
    columns: Sequence[grids.GridColumn], rows: Sequence[Mapping[str, object]], errors: grids.Errors | None = None
) -> list[grids.GridRow]:
    """Lines of the grid with their inputs."""
    return grids.prepare(columns, rows, errors or None)


@register.simple_tag
def grid_blank(columns: Sequence[grids.GridColumn]) -> grids.GridRow:
    """The pattern of a new line."""
    return grids.blank(columns)
