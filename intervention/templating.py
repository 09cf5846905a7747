"""What administrators keep: rows of the template, who and when, and the required contents of results. Plans laid out keep theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from documents.guide import of_guide
from documents.refusals import Invalid
from documents.texts import clean_text
from documents.vocabulary import Phase, Result
from intervention.models import ChecklistItem, ResultEntry, TemplateItem
from intervention.vocabulary import ItemKind
from organization import trail
from organization.starting import begin

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organization.models import Person

EDITABLE = ("post", "anchor", "months", "days", "note", "is_active")
# What a new row may be: every phase has its start.
ADDED = (ItemKind.ACTIVITY, ItemKind.RESULT, ItemKind.WARNING)
TITLE = 80
ROW_TITLE, CLAUSE, NOTE = 120, 20, 200


@transaction.atomic
def add_row(
    *,
    actor: Person | None,
    phase: str,
    kind: str,
    title: str,
    clause: str,
    post: str,
    anchor: str,
    months: int = 0,
    days: int = 0,
    result: str = "",
    note: str = "",
) -> TemplateItem:
    """A row that new plans get, behind the others of its phase: an activity, the date of a result, or one that the law sets.

    A result has one date in the whole template; one of the law may speak of a result. Effects: event ``template_row_added``.
    """
    begin(actor)
    said = {
        "title": _line(title, ROW_TITLE, _("事项")),
        "clause": _line(clause, CLAUSE, _("条款")),
        "note": clean_text(note, max_length=NOTE, label=_("说明")),
    }
    _check_kind(phase, kind, result, said["title"])
    last = TemplateItem.objects.filter(phase=phase).aggregate(last=Max("position"))["last"] or 0
    TemplateItem.objects.filter(position__gt=last).update(position=F("position") + 1)
    row = TemplateItem.objects.create(
        key=_new_key(phase),
        phase=phase,
        kind=kind,
        position=last + 1,
        result=result or None,
        post=post,
        anchor=anchor,
        months=months,
        days=days,
        # A date that the law sets holds nothing open, as in the guide's rows.
        holds=kind != ItemKind.WARNING,
        **said,
    )
    told = {name: getattr(row, name) for name in ("post", "anchor", "months", "days", "note")}
    trail.record("template_row_added", actor, name=row.title, phase=row.phase, result=row.result, changes=told)
    return row


def _check_kind(phase: str, kind: str, result: str, title: str) -> None:
    """Whether a phase takes a row of this kind and about this result. Raises Invalid."""
    if phase not in Phase.values or kind not in ADDED:
        raise Invalid(_("请选择阶段和类别；启动日期每个阶段只有一个，请修改原有的一项。"))
    if result and result not in Result.values:
        raise Invalid(_("没有这种成果。"))
    if kind == ItemKind.ACTIVITY and result:
        raise Invalid(_("「工作」不对应成果，请把成果留空，或改选类别。"))
    if kind == ItemKind.RESULT:
        if not result:
            raise Invalid(_("请选择是哪一项成果的日期。"))
        if (other := TemplateItem.objects.filter(kind=kind, result=result).first()) is not None:
            said = {"result": Result(result).label, "phase": Phase(other.phase).label, "title": of_guide(other.title)}
            raise Invalid(_("%(result)s在「%(phase)s」已有一项「%(title)s」，请修改或启用原有的一项。") % said)
    if TemplateItem.objects.filter(phase=phase, kind=kind, title=title).exists():
        raise Invalid(_("本阶段已有「%(title)s」，不能重复；停用的可以重新启用。") % {"title": title})


def _new_key(phase: str) -> str:
    """A key that no row has had: rows are never deleted."""
    taken = set(TemplateItem.objects.filter(key__startswith=f"{phase}.added_").values_list("key", flat=True))
    return f"{phase}.added_{len(taken) + 1}"


def _line(text: str, limit: int, label: str) -> str:
    text = clean_text(text, max_length=limit, label=label)
    if not text or "\n" in text:
        raise Invalid(_("请填写%(label)s，一行以内。") % {"label": label})
    return text


@transaction.atomic
def switch_row(*, actor: Person | None, row: TemplateItem, active: bool) -> TemplateItem:
    """Take a row out of use for new plans, or back; a phase always has its start. Effects: event, where it changes anything."""
    begin(actor)
    row = TemplateItem.objects.get(pk=row.pk)
    if row.kind == ItemKind.START and not active:
        raise Invalid(_("每个阶段都要有启动日期，此项不能停用。"))
    if row.is_active != active:
        row.is_active = active
        row.save(update_fields=["is_active"])
        code = "template_row_activated" if active else "template_row_deactivated"
        trail.record(code, actor, name=row.title, phase=row.phase)
    return row


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
    if row.kind == ItemKind.START and "is_active" in changed:
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
        raise Invalid(_("「%(title)s」已有成果使用，不能改名；请停用后新增一项。") % {"title": of_guide(row.title)})
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
