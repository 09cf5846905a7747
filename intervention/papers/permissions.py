"""Who records promises found in use and who takes them out of use: predicates that answer ``None`` or a ``Denial``.

The developer publishes, so taking out of use is for its marketing group to tell; finding is for both sides (guide 3.1.2). That
a confirmation covers one is said by the confirmation's own chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.permissions import Denial
from intervention.papers.vocabulary import FoundState
from intervention.permissions import lacks
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import FoundPromise
    from intervention.permissions import Who

FINDERS = (Post.MARKETING_HANDLER, Post.MARKETING_HEAD, Post.PROPERTY_PROJECT_MANAGER)
WITHDRAWERS = (Post.MARKETING_HANDLER, Post.MARKETING_HEAD)


def can_record_found(who: Who) -> Denial | None:
    """Record a promise that is in use and that nobody confirmed."""
    return lacks(who, FINDERS, _("登记在用未确认的宣传"))


def can_withdraw_found(who: Who, found: FoundPromise) -> Denial | None:
    """Say that it is used no more."""
    if denial := lacks(who, WITHDRAWERS, _("登记停用")):
        return denial
    if found.state != FoundState.IN_USE:
        return Denial(_("此项%(state)s，不能再登记停用。") % {"state": found.get_state_display()}, hide=True)
    return None
