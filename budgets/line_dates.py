"""Dates of service lines against the month of their form. Reads only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from budgets.columns import columns_of
from documents.forms import next_month
from documents.sheets import CellKind

if TYPE_CHECKING:
    from budgets.columns import CheckedRow
    from budgets.models import WorkLine
    from documents.models import Document


def _date_keys(kind: str) -> list[str]:
    return [column.key for column in columns_of(kind) if column.kind == CellKind.DATE]


def blockers(document: Document) -> list[str]:
    """Lines whose days do not touch the form's month: side, number and 事后补报 all follow from that month (guide 3, 4)."""
    if not _date_keys(document.kind):
        return []
    faults = ((line, _fault(line, document)) for line in document.work_lines.order_by("position"))
    return [
        _("第 %(n)d 行 %(subject)s：%(fault)s") % {"n": line.position, "subject": line.subject, "fault": fault}
        for line, fault in faults
        if fault
    ]


def _fault(line: WorkLine, document: Document) -> str:
    start, end, month = line.starts_on, line.ends_on, document.period
    if start is None or end is None:
        return _("还没有填写开始日期和结束日期，请填写后再提交。")
    if start < next_month(month) and end >= month:
        return ""
    return _("%(start)s 至 %(end)s 不在本单月份 %(month)s 内，请改正日期；其他月份的工作请在该月份另填一单。") % {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "month": document.month,
    }


def without_dates(kind: str, row: CheckedRow) -> CheckedRow:
    """A line for another month: nobody has planned on which days of it.

    Days moved along from last month would stand on a signed form although nobody chose them, and where they are over
    already they would make an honest plan a 事后补报.
    """
    return replace(row, cells=row.cells | dict.fromkeys(_date_keys(kind)))
