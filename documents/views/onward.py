"""Where a person goes on after deciding: the next form that waits for them, or back to the inbox when there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from documents import inbox

if TYPE_CHECKING:
    from django.http import HttpRequest

    from documents.models import Document
    from organization.models import Person

# After these the person has done with a form.
DECIDING = ("sign", "opinion", "return", "reject")
# What the address of the answer page and the button of a phone say.
ASKED = "onward"


@dataclass(frozen=True, slots=True)
class Onward:
    """The form that comes next, and how many wait in all, counted to the inbox's cap."""

    document: Document | None
    count: int

    @property
    def waiting(self) -> str:
        """``12``, or ``1000+``."""
        return f"{inbox.CAP}+" if self.count > inbox.CAP else str(self.count)


def next_for(person: Person, left: Document) -> Onward:
    """What waits for a person who leaves a form: the one below it in the inbox, from its end on again from the top."""
    waiting = inbox.tab("to-sign", person)
    below = waiting.filter(pk__lt=left.pk).first()
    return Onward(below or waiting.exclude(pk=left.pk).first(), inbox.capped_count(waiting.exclude(pk=left.pk)))


def address(request: HttpRequest, left: Document) -> str:
    """The page after a decision: the form with the offer of the next one; from a phone the next form itself.

    A narrow page says so when it is sent (``static/js/actions.js``); without script the offer is shown there too.
    """
    if request.POST.get(ASKED) != "1":
        return f"{resolve_url('documents:document', left.name)}?{ASKED}=1"
    following = next_for(request.user, left)
    if following.document is None:
        messages.info(request, _("待您审批的单据已全部处理。"))
        return resolve_url("documents:inbox")
    messages.info(request, _("下一张，还有 %(n)s 张待您审批。") % {"n": following.waiting})
    return resolve_url("documents:document", following.document.name)
