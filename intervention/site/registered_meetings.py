"""Meetings, their actions and guard posts as kinds of records: verbs, words and filters for pages, API, journal and check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.refusals import Invalid
from intervention.acts import ActReasonFields, ActVerb
from intervention.models import GuardPost, Meeting, MeetingAction
from intervention.records import RecordKind
from intervention.site import guarding, meeting, meeting_shapes, permissions
from intervention.site.queries import month_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _table(key: str, *rows: tuple[Any, ...]) -> dict[str, ActVerb]:
    """Verbs by name: name, label, icon, tone, fields, function, predicate, what is said afterwards."""
    return {row[0]: ActVerb(*row[:7], key, row[7], is_edit=row[0] == "amend") for row in rows}


MEETING_VERBS = _table(
    "meeting_id",
    (
        "resolve", _("新增事项"), "plus", "primary", meeting_shapes.MeetingActionAmendFields, meeting.resolve,
        permissions.can_resolve, _("事项已登记"),
    ),
    (
        "amend", _("修改"), "pencil", "plain", meeting_shapes.MeetingFields, meeting.amend,
        permissions.can_amend_meeting, _("会议已修改"),
    ),
    (
        "strike", _("作废"), "x", "plain", ActReasonFields, meeting.strike,
        permissions.can_strike_meeting, _("会议已作废"),
    ),
)  # fmt: skip
ACTION_VERBS = _table(
    "action_id",
    (
        "finish", _("办结"), "check", "primary", meeting_shapes.MeetingActionFinishFields, meeting.finish,
        permissions.can_finish, _("事项已办结"),
    ),
    (
        "amend", _("修改"), "pencil", "plain", meeting_shapes.MeetingActionAmendFields, meeting.amend_action,
        permissions.can_amend_action, _("事项已修改"),
    ),
    (
        "drop", _("不再办理"), "x", "plain", ActReasonFields, meeting.drop_action,
        permissions.can_drop_action, _("已注明不再办理"),
    ),
)  # fmt: skip
GUARD_VERBS = _table(
    "post_id",
    (
        "amend", _("修改"), "pencil", "plain", meeting_shapes.GuardPostFields, guarding.amend,
        permissions.can_amend_guard, _("值守记录已修改"),
    ),
    (
        "strike", _("作废"), "x", "plain", ActReasonFields, guarding.strike,
        permissions.can_amend_guard, _("值守记录已作废"),
    ),
)  # fmt: skip


def _of_meeting(rows: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    text = str(parameters.get("meeting", "")).strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Invalid(_("meeting 应为会议的编号。"))
    return rows.filter(meeting_id=int(text)) if text else rows


def _of_month(rows: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    text = str(parameters.get("month", "")).strip()
    return month_of(rows, text) if text else rows


MEETINGS = RecordKind(
    model=Meeting,
    label=_("现场会议"),
    shape=meeting_shapes.MeetingShape,
    fields=meeting_shapes.MeetingFields,
    begin=meeting.begin,
    may_begin=permissions.can_meet,
    verbs=MEETING_VERBS,
    url=lambda row: reverse("intervention:meeting", args=[row.pk]),
    words={"met": _("已登记会议"), "amended": _("已修改"), "struck": _("已作废")},
    register_url=lambda: reverse("intervention:meetings"),
    prefetched=(
        "actions__created_by", "actions__project__developer", "actions__project__property_company",
        "actions__instalment__project",
    ),
)  # fmt: skip
ACTIONS = RecordKind(
    model=MeetingAction,
    label=_("会议事项"),
    shape=meeting_shapes.MeetingActionShape,
    fields=meeting_shapes.MeetingActionFields,
    begin=meeting.begin_action,
    may_begin=permissions.can_meet,
    verbs=ACTION_VERBS,
    url=lambda row: reverse("intervention:meeting", args=[row.meeting_id]),
    words={
        "resolved": _("已登记事项"),
        "amended": _("已修改"),
        "finished": _("已办结"),
        "dropped": _("已登记不再办理"),
    },
    register_url=lambda: reverse("intervention:meetings"),
    filters=_of_meeting,
)
GUARD_POSTS = RecordKind(
    model=GuardPost,
    label=_("值守岗位"),
    shape=meeting_shapes.GuardPostShape,
    fields=meeting_shapes.NewGuardPostFields,
    begin=guarding.begin,
    may_begin=permissions.can_guard,
    verbs=GUARD_VERBS,
    url=lambda row: f"{reverse('intervention:guard_posts')}?project={row.project.code}&month={row.day:%Y-%m}",
    words={"stood": _("已登记值守"), "amended": _("已修改"), "struck": _("已作废")},
    register_url=lambda: reverse("intervention:guard_posts"),
    filters=_of_month,
)
