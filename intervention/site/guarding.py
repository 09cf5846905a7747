"""Verbs on guard posts of the site (guide 3.1.2, 3.1.3)."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

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
from intervention.site.states import KeptState
from intervention.site.visiting import past_day
from intervention.site.vocabulary import GuardPhase, Shift

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

NAME, NOTE, MOST = 40, 300, 99
# The space of the keys that further days of one entry have.
_DAYS = UUID("6f1c2f6e-6a0c-5a36-9f0b-0d3a5f6f2c11")


@verb
def begin(
    *,
    actor: Person,
    project: Project,
    instalment: Instalment | None,
    day: date,
    until: date | None = None,
    sent_key: str = "",
    **said: Any,
) -> GuardPost:
    """Record a post that was stood on a day, or on each day until another of the same month; all or none, answers the first.

    Each day is a record under a key of its own. Effects: event ``stood`` on each. Raises Invalid, or Conflict with the days
    that have the post and shift already.
    """
    require(permissions.can_guard(who(actor, project)))
    if (before := journal.sent_before(GuardPost, actor, sent_key)) is not None:
        return before
    require(in_use(project))
    posts = [_stood(actor, project, instalment, on, _key_of(sent_key, day, on), said) for on in _days(day, until)]
    if len(posts) > 1:
        _refuse_taken(posts)
    for post in posts:
        _save(post, force_insert=True)
        journal.record(post, "stood", actor)
    posts[0].told_until = posts[-1].day
    return posts[0]


def _days(first: date, last: date | None) -> list[date]:
    """The days from the first to the last. Raises Invalid for a last one before it, in another month or not come yet."""
    if last is None or last == first:
        return [first]
    past_day(first, _("日期"))
    past_day(last, _("至"))
    if last < first or (last.year, last.month) != (first.year, first.month):
        raise Invalid(_("至：%(last)s 须不早于 %(first)s，且在同一个月内。") % {"first": first, "last": last})
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _key_of(sent_key: str, first: date, day: date) -> str:
    """The device's key is the first day's; those of the others follow from it."""
    return str(uuid5(_DAYS, f"{sent_key} {day}")) if sent_key and day != first else sent_key


def _stood(
    actor: Person, project: Project, instalment: Instalment | None, day: date, sent_key: str, said: dict[str, Any]
) -> GuardPost:
    post = journal.place(GuardPost(), actor, project, instalment, sent_key)
    _write(post, day=day, **said)
    return post


def _refuse_taken(posts: list[GuardPost]) -> None:
    """Tell all days at once on which the post and shift are there already."""
    first = posts[0]
    same = GuardPost.objects.filter(
        project=first.project,
        instalment=first.instalment,
        phase=first.phase,
        name=first.name,
        shift=first.shift,
        day__range=(first.day, posts[-1].day),
        state=KeptState.KEPT,
    )
    if taken := sorted(same.values_list("day", flat=True)):
        told = {
            "post": f"{first.name} {first.get_shift_display()}",
            "days": "、".join(day.isoformat() for day in taken),
        }
        raise Conflict(_("%(post)s 在这些日期已登记过：%(days)s。本次全部没有保存，请分段登记。") % told)


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
