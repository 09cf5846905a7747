"""What administrators keep: who and when in the template, and the required contents of results. Plans laid out keep theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from documents.refusals import Invalid
from documents.texts import clean_text
from documents.vocabulary import Result
from intervention.models import ChecklistItem, ResultEntry, TemplateItem
from organization import trail
from organization.starting import begin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Person

EDITABLE = ("post", "anchor", "months", "days", "note", "is_active")
TITLE = 80


@transaction.atomic
def edit_row(*, actor: Person | None, row: TemplateItem, **changes: Any) -> TemplateItem:
    """Change who does a row of the template, when, or whether new plans get it; a phase always has its start.

    Effects: event ``template_edited`` with old and new values, where anything changes.
    """
    begin(actor)
    row = TemplateItem.objects.get(pk=row.pk)
    changed = [name for name in EDITABLE if name in changes and getattr(row, name) != changes[name]]
    if "note" in changed:
        changes["note"] = clean_text(changes["note"], max_length=200, label=_("说明"))
    if row.kind == "start" and "is_active" in changed:
        raise Invalid(_("每个阶段都要有启动日期，此项不能停用。"))
    if not changed:
        return row
    before = {name: getattr(row, name) for name in changed}
    for name in changed:
        setattr(row, name, changes[name])
    row.save(update_fields=changed)
    after = {name: getattr(row, name) for name in changed}
    trail.record("template_edited", actor, name=row.title, phase=row.phase, before=before, changes=after)
    return row


@transaction.atomic
def add_content(*, actor: Person | None, result: str, title: str) -> ChecklistItem:
    """Require another content of a result. Effects: event ``content_added``."""
    begin(actor)
    if result not in Result.values:
        raise Invalid(_("没有这种成果。"))
    rows = ChecklistItem.objects.filter(result=result)
    title = _checked(rows, title)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    row = ChecklistItem.objects.create(result=result, title=title, position=last + 1)
    trail.record("content_added", actor, name=title, result=result)
    return row


@transaction.atomic
def rename_content(*, actor: Person | None, row: ChecklistItem, title: str) -> ChecklistItem:
    """Word a content otherwise, as long as no result has said anything of it. Effects: event ``content_renamed``."""
    begin(actor)
    row = ChecklistItem.objects.get(pk=row.pk)
    if is_used(row):
        raise Invalid(_("「%(title)s」已有成果使用，不能改名；请停用后新增一项。") % {"title": row.title})
    before = row.title
    row.title = _checked(ChecklistItem.objects.filter(result=row.result).exclude(pk=row.pk), title)
    row.save(update_fields=["title"])
    trail.record("content_renamed", actor, name=row.title, result=row.result, before={"name": before})
    return row


@transaction.atomic
def switch_content(*, actor: Person | None, row: ChecklistItem, active: bool) -> ChecklistItem:
    """Require a content no longer, or again; drafts already begun keep theirs. Effects: event, where it changes anything."""
    begin(actor)
    row = ChecklistItem.objects.get(pk=row.pk)
    if row.is_active != active:
        row.is_active = active
        row.save(update_fields=["is_active"])
        trail.record("content_activated" if active else "content_deactivated", actor, name=row.title, result=row.result)
    return row


def is_used(row: ChecklistItem) -> bool:
    """Whether any result has an entry of it."""
    return ResultEntry.objects.filter(document__result=row.result, key=f"c{row.pk}").exists()


def _checked(others: Any, title: str) -> str:
    title = clean_text(title, max_length=TITLE, label=_("必备内容"))
    if not title or "\n" in title:
        raise Invalid(_("请填写必备内容，一行以内。"))
    if others.filter(title=title).exists():
        raise Invalid(_("已有必备内容「%(title)s」，不能重复。") % {"title": title})
    return title


def rows() -> QuerySet[TemplateItem]:
    """The whole template, rows out of use included."""
    return TemplateItem.objects.order_by("position")


def contents() -> QuerySet[ChecklistItem]:
    """All required contents, those out of use included."""
    return ChecklistItem.objects.order_by("result", "position")


def in_force() -> dict[str, Any]:
    """Rows that new plans get and required contents, in their order; two queries."""
    return {
        "items": rows().filter(is_active=True),
        "contents": contents().filter(is_active=True),
    }
