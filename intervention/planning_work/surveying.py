"""The survey of surrounding property management: comparables put down, corrected, left out with a reason, counted again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from documents.circulation.transactions import constraint_of, verb
from documents.permissions import require
from documents.refusals import Blocked, Invalid
from documents.texts import clean_text
from intervention import journal
from intervention.dates import FIRST
from intervention.models import Comparable
from intervention.permissions import in_use, who
from intervention.planning import wanted
from intervention.planning_work import permissions
from intervention.planning_work.states import ComparableState
from organization import clock

if TYPE_CHECKING:
    from organization.models import Instalment, Person, Project

_TEXTS = ("estate", "company", "house_type", "level", "source", "note")
# 元/m²·月, 元/个·月, km: more is a slip of the finger.
_MOST = {"fee": Decimal(1000), "parking": Decimal(100_000), "distance": Decimal(100)}


@verb
def survey(
    *, actor: Person, project: Project, instalment: Instalment | None = None, sent_key: str | None = None, **fields: Any
) -> Comparable:
    """Put a comparable down; ``fee`` is 元/m²·月, ``parking`` 元/个·月, ``distance`` km. Effects: event ``surveyed``.

    Raises Denied, Invalid, or Blocked where the estate is there with this type of house.
    """
    require(permissions.can_survey(who(actor, project)))
    if found := journal.sent_before(Comparable, actor, sent_key):
        return found
    require(in_use(project))
    row = journal.place(Comparable(), actor, project, instalment, sent_key)
    _write(row, {"surveyed_on": clock.today(), **fields})
    _save_once(row, is_new=True)
    journal.record(row, "surveyed", actor)
    return row


@verb
def correct(*, comparable_id: int, actor: Person, **fields: Any) -> Comparable:
    """Correct a comparable. Effects: event ``corrected`` where anything changes."""
    row = journal.lock(Comparable, comparable_id)
    require(permissions.can_edit_comparable(who(actor, row.project), row))
    before = journal.told(row)
    _write(row, fields)
    if journal.told(row) != before:
        _save_once(row)
        journal.record(row, "corrected", actor)
    return row


@verb
def leave_out(*, comparable_id: int, actor: Person, reason: str) -> Comparable:
    """Leave a comparable out of figures and chart, with a reason. Effects: event ``left_out``."""
    row = journal.lock(Comparable, comparable_id)
    require(permissions.can_leave_out(who(actor, row.project), row))
    reason = wanted(reason)
    row.leave()
    row.save(update_fields=["state"])
    journal.record(row, "left_out", actor, reason=reason)
    return row


@verb
def bring_back(*, comparable_id: int, actor: Person, reason: str) -> Comparable:
    """Count a comparable again. Effects: event ``counted``."""
    row = journal.lock(Comparable, comparable_id)
    require(permissions.can_bring_back(who(actor, row.project), row))
    reason = wanted(reason)
    row.come_back()
    _save_once(row)
    journal.record(row, "counted", actor, reason=reason)
    return row


def _write(row: Comparable, fields: dict[str, Any]) -> None:
    """Put cleaned values on a comparable. Raises Invalid."""
    for name in _TEXTS:
        if name in fields:
            length = Comparable._meta.get_field(name).max_length or 0
            setattr(row, name, clean_text(fields[name] or "", max_length=length, label=_label(name)))
    if lacking := [name for name in _TEXTS if name != "note" and not getattr(row, name)]:
        raise Invalid(*(_("请填写%(field)s。") % {"field": _label(name)} for name in lacking))
    for name in _MOST:
        if name in fields:
            setattr(row, name, _number(name, fields[name]))
    if lacking := [name for name in ("distance", "fee") if getattr(row, name) is None]:
        raise Invalid(*(_("请填写%(field)s。") % {"field": _label(name)} for name in lacking))
    if "surveyed_on" in fields:
        if not FIRST <= fields["surveyed_on"] <= clock.today():
            raise Invalid(_("调研日期须在 2000 年之后、不晚于今天。"))
        row.surveyed_on = fields["surveyed_on"]


def _number(name: str, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    if name == "fee" and value <= 0:
        raise Invalid(_("物业费须大于 0 元/m²·月；免收的请在备注说明，不要登记。"))
    if not 0 <= value <= _MOST[name]:
        raise Invalid(_("%(field)s须为 0 至 %(most)s。") % {"field": _label(name), "most": _MOST[name]})
    return value


def _label(name: str) -> str:
    return str(Comparable._meta.get_field(name).verbose_name)


def _save_once(row: Comparable, *, is_new: bool = False) -> None:
    """Save; one estate is counted once with a type of house."""
    same = Comparable.objects.filter(
        project=row.project, estate=row.estate, house_type=row.house_type, state=ComparableState.COUNTED
    )
    taken = same.exclude(pk=row.pk).exists()
    if not taken:
        try:
            with transaction.atomic():
                row.save(force_insert=is_new)
            return
        except IntegrityError as error:
            if "comparable_once" not in constraint_of(error) and "intervention_comparable.estate" not in constraint_of(
                error
            ):
                raise
    raise Blocked(_("%(row)s已在调研表中，请在原行上修改。") % {"row": row})
