"""What administrators keep: the checklist and the grades. Assessments already opened keep what they took over."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from documents.refusals import Invalid
from documents.texts import clean_text
from documents.vocabulary import Side
from intervention.models import AssessmentCriterion, GradeBand
from organization import trail
from organization.posts import Camp
from organization.starting import begin

if TYPE_CHECKING:
    from organization.models import Company, Person

TITLE, BASIS, WORD = 80, 200, 10
EDITABLE = ("title", "basis", "points", "side", "company", "position", "is_active")


@transaction.atomic
def add_criterion(
    *, actor: Person | None, title: str, basis: str, points: Decimal, side: str = "", company: Company | None = None
) -> AssessmentCriterion:
    """A new item: of one side or both (empty), for one property company or all (None). Effects: event ``criterion_added``."""
    begin(actor)
    last = AssessmentCriterion.objects.aggregate(last=Max("position"))["last"] or 0
    row = AssessmentCriterion(position=last + 1)
    for name, value in _checked(None, title=title, basis=basis, points=points, side=side, company=company).items():
        setattr(row, name, value)
    row.save(force_insert=True)
    trail.record("criterion_added", actor, name=row.title, changes=_told(row, EDITABLE))
    return row


@transaction.atomic
def edit_criterion(*, actor: Person | None, row: AssessmentCriterion, **changes: Any) -> AssessmentCriterion:
    """Word an item otherwise, give it other points, take it out of use or back, for assessments opened from now on.

    Effects: event ``criterion_edited`` with old and new values, where anything changes.
    """
    begin(actor)
    row = AssessmentCriterion.objects.select_related("company").get(pk=row.pk)
    whole = {name: changes.get(name, getattr(row, name)) for name in EDITABLE}
    whole = _checked(row, **whole)
    changed = [name for name in EDITABLE if getattr(row, name) != whole[name]]
    if not changed:
        return row
    before = _told(row, changed)
    for name in changed:
        setattr(row, name, whole[name])
    row.save(update_fields=changed)
    trail.record("criterion_edited", actor, name=row.title, before=before, changes=_told(row, changed))
    return row


@transaction.atomic
def save_bands(*, actor: Person | None, bands: Sequence[tuple[int, str]]) -> list[GradeBand]:
    """The grades as a whole: (from percent, word); the lowest begins at 0. Effects: event ``grades_saved`` where changed."""
    begin(actor)
    rows = sorted(((start, _word(word)) for start, word in bands), reverse=True)
    starts, words = [start for start, _one in rows], [word for _start, word in rows]
    if not rows or starts[-1] != 0:
        raise Invalid(_("最低一级须从 0 分起，否则低分没有等级。"))
    if len(set(starts)) < len(rows) or len(set(words)) < len(rows):
        raise Invalid(_("各等级的起分和名称都不能重复。"))
    if not 0 <= starts[0] <= 100:
        raise Invalid(_("起分须在 0 至 100 之间。"))
    before = list(GradeBand.objects.order_by("-start").values_list("start", "word"))
    if before != rows:
        GradeBand.objects.all().delete()
        GradeBand.objects.bulk_create(GradeBand(start=start, word=word) for start, word in rows)
        trail.record("grades_saved", actor, before=_bands(before), changes=_bands(rows))
    return list(GradeBand.objects.order_by("-start"))


def _word(word: str) -> str:
    word = clean_text(word, max_length=WORD, label=_("等级"))
    if not word or "\n" in word:
        raise Invalid(_("请填写等级名称，一行以内。"))
    return word


def _bands(rows: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {word: start for start, word in rows}


def _checked(row: AssessmentCriterion | None, **said: Any) -> dict[str, Any]:
    for name, limit, label in (("title", TITLE, _("考核项目")), ("basis", BASIS, _("依据和标准"))):
        said[name] = clean_text(said[name], max_length=limit, label=label)
        if not said[name] or "\n" in said[name]:
            raise Invalid(_("请填写%(label)s，一行以内。") % {"label": label})
    points = Decimal(said["points"])
    if not (points.is_finite() and 1 <= points <= 100 and points == points.quantize(Decimal("0.1"))):
        raise Invalid(_("满分须在 1 至 100 之间，最多一位小数。"))
    said["points"] = points.quantize(Decimal("0.1"))
    if said["side"] not in ("", *Side.values):
        raise Invalid(_("请选择入伙前、入伙后或两者。"))
    if said["company"] is not None and said["company"].camp != Camp.PROPERTY:
        raise Invalid(_("考核项目只能指定物业公司。"))
    others = AssessmentCriterion.objects.filter(title=said["title"], side=said["side"], company=said["company"])
    if others.exclude(pk=row.pk if row else None).exists():
        raise Invalid(_("已有考核项目「%(title)s」，不能重复。") % {"title": said["title"]})
    return said


def _told(row: AssessmentCriterion, names: Sequence[str]) -> dict[str, Any]:
    """Values as the trail keeps them: text, and a company by its name."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        found[name] = value if isinstance(value, bool | int | str) or value is None else str(value)
    return found
