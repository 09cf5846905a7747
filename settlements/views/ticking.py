"""Lines that are ticked on an entry page: which ones were sent, and where two windows have ticked differently."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from budgets.models import CompletionLine

# Place, mine, theirs.
Difference = tuple[str, str, str]


def kept_keys(request: HttpRequest) -> set[int]:
    """Keys of the ticked lines; what is no key is left out."""
    return {int(key) for key in request.POST.getlist("keep") if key.isascii() and key.isdecimal() and len(key) < 19}


def ticked(rows: Iterable[tuple[CompletionLine, bool, bool]], keep: Collection[int]) -> list[Difference]:
    """Lines that stand otherwise than they were sent, and ticked ones that are not to be had any more.

    A row is a line, whether it was ticked, and whether the stored copy says something else.
    """
    rows = list(rows)
    words = {True: _("列入"), False: _("未列入")}
    found = [
        (
            _("%(number)s 第%(n)d项 %(subject)s")
            % {
                "number": line.origin_line.document.number,
                "n": line.origin_line.position,
                "subject": line.origin_line.subject,
            },
            words[taken],
            words[not taken],
        )
        for line, taken, moved in rows
        if moved
    ]
    if gone := len(set(keep) - {line.pk for line, _taken, _moved in rows}):
        found.append((_("已不在清单中的 %(n)d 行") % {"n": gone}, words[True], _("已不能列入")))
    return found


def told(label: str, mine: str, theirs: str) -> list[Difference]:
    """A text that stands otherwise than it was typed."""
    return [(label, mine.strip(), theirs)] if mine.strip() != theirs else []
