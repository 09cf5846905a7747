"""Who records promises found in use and who takes them out of use: predicates that answer ``None`` or a ``Denial``.

The developer publishes, so taking out of use is for its marketing group to tell; finding is for both sides (guide 3.1.2). That
a confirmation covers one is said by the confirmation's own chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.permissions import Denial, post_names
from intervention.papers.vocabulary import FoundState
from organization.posts import Post

if TYPE_CHECKING:
    from intervention.models import FoundPromise
    from intervention.permissions import Who

FINDERS = (Post.MARKETING_HANDLER, Post.MARKETING_HEAD, Post.PROPERTY_PROJECT_MANAGER)
WITHDRAWERS = (Post.MARKETING_HANDLER, Post.MARKETING_HEAD)


def _lacks(who: Who, posts: Iterable[str], what: str) -> Denial | None:
    if who.person.is_administrator:
        return Denial(_("系统管理员只维护系统，不办理前期介入业务。"), hide=True)
    if who.posts & set(posts):
        return None
    return Denial(
        _("%(what)s由%(posts)s办理，您在本项目不担任该岗位。") % {"what": what, "posts": post_names(posts)}, hide=True
    )


def can_record_found(who: Who) -> Denial | None:
    """Record a promise that is in use and that nobody confirmed."""
    return _lacks(who, FINDERS, _("登记在用未确认的宣传"))


def can_withdraw_found(who: Who, found: FoundPromise) -> Denial | None:
    """Say that it is used no more."""
    if denial := _lacks(who, WITHDRAWERS, _("登记停用")):
        return denial
    if found.state != FoundState.IN_USE:
        return Denial(_("此项%(state)s，不能再登记停用。") % {"state": found.get_state_display()}, hide=True)
    return None
