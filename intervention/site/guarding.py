"""Verbs on guard posts of the site (guide 3.1.2, 3.1.3)."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from documents.circulation.transactions import constraint_of, verb
from documents.permissions import require
from documents.refusals import Conflict, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.models import GuardPost
from intervention.models.guard_post import DAY
from intervention.permissions import in_use, who
from intervention.planning import wanted
from intervention.site import permissions
from intervention.site.visiting import past_day
from intervention.site.vocabulary import GuardPhase, Shift

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

NAME, NOTE, MOST = 40, 300, 99


@verb
def begin(
    *, actor: Person, project: Project, instalment: Instalment | None, sent_key: str = "", **said: Any
) -> GuardPost:
    """Record a post that was stood. Effects: event ``stood``. Raises Conflict for the same post, shift and day twice."""
    require(permissions.can_guard(who(actor, project)))
    if (before := journal.sent_before(GuardPost, actor, sent_key)) is not None:
        return before
    require(in_use(project))
    post = journal.place(GuardPost(), actor, project, instalment, sent_key)
    _write(post, **said)
    _save(post, force_insert=True)
    journal.record(post, "stood", actor)
    return post


@verb
def amend(*, post_id: int, actor: Person, **said: Any) -> GuardPost:
    """Correct a post. Effects: event ``amended``."""
    post = journal.lock(GuardPost, post_id)
    require(permissions.can_amend_guard(who(actor, post.project), post))
    _write(post, **said)
    _save(post)
    journal.record(post, "amended", actor)
    return post


@verb
def strike(*, post_id: int, actor: Person, reason: str) -> GuardPost:
    """Strike a post entered by mistake. Effects: event ``struck``."""
    post = journal.lock(GuardPost, post_id)
    require(permissions.can_amend_guard(who(actor, post.project), post))
    reason = wanted(reason)
    post.strike()
    post.save(update_fields=["state"])
    journal.record(post, "struck", actor, reason=reason)
    return post


def minutes_between(begins: time, ends: time) -> int:
    """How long a shift lasts; one that ends no later than it begins ends on the next day."""
    span = (ends.hour * 60 + ends.minute) - (begins.hour * 60 + begins.minute)
    return span if span > 0 else span + DAY


def _save(post: GuardPost, **how: Any) -> None:
    try:
        with transaction.atomic():
            post.save(**how)
    except IntegrityError as error:
        if "guard_post_once" not in constraint_of(error) and "intervention_guardpost.shift" not in constraint_of(error):
            raise
        raise Conflict(_("%(post)s 已登记过，请在原记录上修改人数或时间。") % {"post": post}) from error


def _write(
    post: GuardPost,
    *,
    phase: str,
    day: date,
    name: str,
    shift: str,
    heads: int,
    from_time: time,
    to_time: time,
    note: str | None = None,
) -> None:
    """Put on a post what was said; a note that was left out stays."""
    if phase not in GuardPhase.values or shift not in Shift.values:
        raise Invalid(_("没有这个阶段或班次。"))
    if not 1 <= heads <= MOST:
        raise Invalid(_("人数：请填写 1 至 %(max)d 之间的整数。") % {"max": MOST})
    post.phase, post.shift, post.heads, post.day = phase, shift, heads, past_day(day, _("日期"))
    post.name = " ".join(clean_text(name, max_length=NAME, label=_("岗位")).split())
    if not post.name:
        raise Invalid(_("岗位：请填写，例如 1号门岗。"))
    post.from_time, post.to_time = from_time.replace(second=0, microsecond=0), to_time.replace(second=0, microsecond=0)
    post.minutes = minutes_between(post.from_time, post.to_time)
    if note is not None:
        post.note = clean_text(note, max_length=NOTE, label=_("说明"))
