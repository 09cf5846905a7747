"""Visits and findings as kinds of records: their verbs, words and filters for pages, API, journal and check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents import verifying
from documents import wording as document_wording
from intervention import conditions, photos, records
from intervention.acts import ActReasonFields, ActVerb
from intervention.models import Finding, Visit
from intervention.records import RecordKind
from intervention.site import finding, permissions, shapes, telling, visiting
from intervention.site.inspecting import inspected_twice
from intervention.site.queries import narrowed
from intervention.site.registered_meetings import ACTIONS, GUARD_POSTS, MEETINGS
from intervention.site.verifying import inspection_differences
from intervention.site.vocabulary import PhotoRole

if TYPE_CHECKING:
    from django.db.models import QuerySet

VISIT_VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "hand",
            _("全部移交项目部"),
            "send",
            "primary",
            shapes.FindingHandFields,
            finding.hand_all,
            permissions.can_hand_all,
            "visit_id",
            _("已移交项目部"),
            _("此次巡查中待移交的问题一次移交；问题自己已写明的责任单位和期限不变，期限已过的改用本次填写的期限。"),
        ),
        ActVerb(
            "amend",
            _("修改"),
            "pencil",
            "plain",
            shapes.VisitFields,
            visiting.amend,
            permissions.can_amend_visit,
            "visit_id",
            _("巡查已修改"),
            is_edit=True,
        ),
        ActVerb(
            "strike",
            _("作废"),
            "x",
            "plain",
            ActReasonFields,
            visiting.strike,
            permissions.can_strike_visit,
            "visit_id",
            _("巡查已作废"),
            _("误登的巡查作废后不再计入查验次数，记录和原因保留。"),
        ),
    )
}

FINDING_VERBS: dict[str, ActVerb] = {
    verb.name: verb
    for verb in (
        ActVerb(
            "hand",
            _("移交项目部"),
            "send",
            "primary",
            shapes.FindingHandFields,
            finding.hand,
            permissions.can_hand,
            "finding_id",
            _("已移交项目部"),
            begins_with=("responsible", "due_on"),
        ),
        ActVerb(
            "fix",
            _("报告整改完成"),
            "tool",
            "primary",
            shapes.FindingFixFields,
            finding.fix,
            permissions.can_fix,
            "finding_id",
            _("已报告整改完成"),
            _("填写整改说明，或先上传整改后照片。"),
        ),
        ActVerb(
            "close",
            _("复查销项"),
            "circle-check",
            "primary",
            shapes.FindingCloseFields,
            finding.close,
            permissions.can_close,
            "finding_id",
            _("已销项"),
            _("复查合格后销项；填写复查说明，或先上传复查照片。"),
        ),
        ActVerb(
            "send_back",
            _("复查不合格"),
            "arrow-back-up",
            "return",
            shapes.FindingSendBackFields,
            finding.send_back,
            permissions.can_send_back,
            "finding_id",
            _("已退回项目部继续整改"),
            begins_with=("due_on",),
        ),
        ActVerb(
            "amend",
            _("修改"),
            "pencil",
            "plain",
            shapes.FindingAmendFields,
            finding.amend,
            permissions.can_amend,
            "finding_id",
            _("问题已修改"),
            is_edit=True,
        ),
        ActVerb(
            "drop",
            _("不属质量问题"),
            "x",
            "plain",
            ActReasonFields,
            finding.drop,
            permissions.can_drop,
            "finding_id",
            _("已注明不属质量问题"),
        ),
    )
}

VISIT_WORDS = {"visited": _("已登记巡查"), "amended": _("已修改"), "struck": _("已作废")}
FINDING_WORDS = {
    "found": _("已登记问题"),
    "amended": _("已修改"),
    "handed": _("已移交项目部"),
    "fixed": _("项目部已报告整改完成"),
    "closed": _("复查合格，已销项"),
    "sent_back": _("复查不合格，已退回项目部"),
    "dropped": _("已注明不属质量问题"),
    **photos.WORDS,
}


def _finding_filters(rows: QuerySet[Any], parameters: Mapping[str, str]) -> QuerySet[Any]:
    return narrowed(rows, parameters, strict=True)


VISITS = RecordKind(
    model=Visit,
    label=_("现场巡查"),
    shape=shapes.VisitShape,
    fields=shapes.VisitFields,
    begin=visiting.begin,
    may_begin=permissions.can_visit,
    verbs=VISIT_VERBS,
    url=lambda row: reverse("intervention:visit", args=[row.pk]),
    words=VISIT_WORDS,
    register_url=lambda: reverse("intervention:visits"),
)
FINDINGS = RecordKind(
    model=Finding,
    label=_("现场问题"),
    shape=shapes.FindingShape,
    fields=shapes.FindingFields,
    begin=finding.begin,
    may_begin=permissions.can_find,
    verbs=FINDING_VERBS,
    url=lambda row: reverse("intervention:finding", args=[row.pk]),
    words=FINDING_WORDS,
    register_url=lambda: reverse("intervention:findings"),
    related=("visit",),
    prefetched=("photos__uploaded_by",),
    filters=_finding_filters,
    may_photograph=permissions.can_photograph,
    photo_roles=(PhotoRole.BEFORE, PhotoRole.AFTER),
)


def register_site() -> None:
    """Make the records of the site known; called once from ``registration``."""
    records.register(VISITS)
    records.register(FINDINGS)
    for kind in (MEETINGS, ACTIONS, GUARD_POSTS):
        records.register(kind)
    conditions.add(inspected_twice)
    verifying.add(inspection_differences)
    document_wording.add_notices(telling.NOTICES, telling.SUBJECTS)
