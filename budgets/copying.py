"""What a copy of last month has not taken over. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.columns import CheckedRow
from budgets.shared_lines import posts_text
from budgets.stored_lines import checked_lines

if TYPE_CHECKING:
    from documents.models import Document


def left_out_of_copy(document: Document) -> list[str]:
    """Lines that stayed behind: parts of shared staff belong to that month's split, others break a rule of today."""
    source = document.work_form.copied_from
    return [] if source is None else [*_shared(source), *_faulty(source)]


def _shared(source: Document) -> list[str]:
    posts = list(source.work_lines.exclude(split=None).order_by("position").values_list("subject", flat=True))
    if not posts:
        return []
    return [
        ngettext(
            "上月的 %(n)d 行共用人员分摊（%(posts)s）没有复制，请整行填入后在「共用人员分摊」页按本月比例分摊。",
            "上月的 %(n)d 行共用人员分摊（%(posts)s）没有复制，请整行填入后在「共用人员分摊」页按本月比例分摊。",
            len(posts),
        )
        % {"n": len(posts), "posts": posts_text(posts)}
    ]


def _faulty(source: Document) -> list[str]:
    return [
        _("%(number)s 第 %(n)d 行 %(subject)s 没有复制：%(faults)s改正后请重新填入。")
        % {
            "number": source.name,
            "n": line.position,
            "subject": line.subject,
            "faults": "".join(error.message for error in row),
        }
        for line, row in checked_lines(source)
        if not isinstance(row, CheckedRow)
    ]
