"""A monthly form beside the newest approved one before it, as far as a person may see that one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from budgets.changes import Changes, compare
from documents import presenting
from documents.kinds import Hint
from documents.models import Document
from documents.states import DocumentState
from documents.vocabulary import MONTHLY_KINDS

if TYPE_CHECKING:
    from organization.models import Person

# Asked by the check list and by the panel of one page: read once.
_KEPT = "_since_last_month"


@dataclass(frozen=True, slots=True)
class Since:
    """The earlier form, and what changed since."""

    earlier: Document
    changes: Changes

    @property
    def text(self) -> str:
        """Against which form, and the summary."""
        return _("较 %(month)s %(number)s：%(summary)s") % {
            "month": self.earlier.month,
            "number": self.earlier.name,
            "summary": self.changes.summary,
        }


def since_last(document: Document, person: Person) -> Since | None:
    """What changed since the newest earlier approved form of this kind and instalment that this person sees.

    None where there is none, or the kind is not a monthly one. A fixed number of queries, whatever the lines.
    """
    if document.kind not in MONTHLY_KINDS:
        return None
    asked = (person.pk, document.state, document.revision_n, document.draft_version)
    kept = document.__dict__.get(_KEPT)
    if kept is None or kept[0] != asked:
        kept = document.__dict__[_KEPT] = (asked, _compared(document, person))
    return kept[1]


def _compared(document: Document, person: Person) -> Since | None:
    earlier = (
        Document.objects.visible_to(person)
        .filter(
            kind=document.kind,
            instalment=document.instalment_id,
            period__lt=document.period,
            state=DocumentState.APPROVED,
        )
        .order_by("-period", "-pk")
        .first()
    )
    if earlier is None:
        return None
    now = presenting.shown(document, person).content
    before: Mapping[str, Any] = presenting.content_of(earlier, earlier.revision_n)
    return Since(earlier, compare(document.kind, before["lines"], now["lines"]))


def hints(document: Document, person: Person) -> list[Hint]:
    """The summary for the check list of page and preview; said in words where there is nothing to compare with."""
    if document.kind not in MONTHLY_KINDS:
        return []
    since = since_last(document, person)
    if since is None:
        return [Hint("ok", _("没有更早月份的已批准同类表单，无从比较。"))]
    return [Hint("warn" if since.changes.lines else "ok", since.text)]


def panel(document: Document, person: Person) -> tuple[str, dict[str, Any]] | None:
    """The changed lines alone, for the page."""
    since = since_last(document, person)
    return None if since is None else ("budgets/_changes.html", {"since": since, "changes": since.changes})
