"""Fields of the three papers as page and API send them: described once, read into values, written back as texts. Pure leaf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.money import plain
from documents.refusals import Invalid
from documents.texts import clean_text
from intervention.dates import FIRST, LAST
from organization.punctuation import listed

if TYPE_CHECKING:
    from django.db.models import TextChoices
    from django.utils.functional import Promise as Lazy

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PRICE = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?", re.ASCII)
_YES = ("1", "on", "true", "True")


class Shape(StrEnum):
    """How a field is typed and shown."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DATE = "date"
    FLAG = "flag"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a head or a line. ``required`` is asked at submission: a draft may be incomplete."""

    name: str
    label: str | Lazy
    shape: Shape = Shape.TEXT
    max_length: int = 0
    choices: type[TextChoices] | None = None
    required: bool = True
    help: str | Lazy = ""

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width of the page."""
        return self.shape == Shape.LONG


def text_of(field: Field, value: Any) -> str:
    """A stored value as its input holds it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else str(value)


def typed_text(value: Any) -> str:
    """A typed or sent value as its input holds it; line ends as the database keeps them."""
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value).replace("\r\n", "\n")


def shown(field: Field, text: str) -> str:
    """An input's text in words, for comparing two copies."""
    if field.choices and text in field.choices.values:
        return str(field.choices(text).label)
    if field.shape == Shape.FLAG:
        return _("是") if text in _YES else _("否")
    return text.strip()


def read(field: Field, value: Any, where: str = "") -> Any:
    """A typed value as it is stored; empty is allowed. Raises Invalid with a sentence that says where."""
    text, label = typed_text(value), f"{where}{field.label}"
    if field.shape == Shape.FLAG:
        return text in _YES
    text = clean_text(text, max_length=field.max_length or 40, label=label)
    if field.shape in (Shape.TEXT, Shape.LONG):
        return text if field.shape == Shape.LONG else " ".join(text.split())
    if field.shape == Shape.CHOICE:
        if text and (field.choices is None or text not in field.choices.values):
            raise Invalid(_("%(label)s：没有「%(value)s」这个选项，请重新选择。") % {"label": label, "value": text})
        return text
    if not text:
        return None
    return _day(text, label) if field.shape == Shape.DATE else _price(text, label)


def _day(text: str, label: str) -> date:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        raise Invalid(
            _("%(label)s：「%(value)s」不是日期，请填写 2000 年至 2099 年之间的日期，例如 2026-12-01。")
            % {"label": label, "value": text}
        )
    return day


def _price(text: str, label: str) -> Decimal:
    price = Decimal(text) if _PRICE.fullmatch(text) else None
    if not price:
        raise Invalid(
            _("%(label)s：「%(value)s」不是单价，请填写大于零、最多两位小数的数字，例如 2.80。")
            % {"label": label, "value": text}
        )
    return price.quantize(Decimal("0.01"))


def read_head(fields: Iterable[Field], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that were sent. Raises Invalid with every fault at once."""
    fields = tuple(fields)
    _refuse_unknown(typed, fields)
    return _collected((field.name, field, typed[field.name], "") for field in fields if field.name in typed)


def read_lines(fields: Iterable[Field], lines: Iterable[Mapping[str, Any]], most: int) -> list[dict[str, Any]]:
    """Typed lines without the blank ones, each with its ``id`` where it has one. Raises Invalid with every fault at once."""
    fields = tuple(fields)
    kept, faults, values = [line for line in lines if not is_blank(fields, line)], [], []
    if len(kept) > most:
        raise Invalid(_("有 %(n)d 行，最多 %(max)d 行，请合并或分单填写。") % {"n": len(kept), "max": most})
    for n, line in enumerate(kept, start=1):
        _refuse_unknown(line, fields, "id")
        where = _("第 %(n)d 行 ") % {"n": n}
        try:
            cells = _collected((field.name, field, line.get(field.name), where) for field in fields)
            values.append({"id": str(line.get("id") or ""), **cells})
        except Invalid as refusal:
            faults += refusal.sentences
    if faults:
        raise Invalid(*faults)
    return values


def is_blank(fields: Iterable[Field], line: Mapping[str, Any]) -> bool:
    """Whether nothing was typed in a line: such a line is left out, and a stored one is taken away by it."""
    return not any(typed_text(line.get(field.name)).strip() for field in fields)


def _collected(cells: Iterable[tuple[str, Field, Any, str]]) -> dict[str, Any]:
    values, faults = {}, []
    for name, field, value, where in cells:
        try:
            values[name] = read(field, value, where)
        except Invalid as refusal:
            faults += refusal.sentences
    if faults:
        raise Invalid(*faults)
    return values


def _refuse_unknown(sent: Mapping[str, Any], fields: Iterable[Field], *more: str) -> None:
    known = {field.name for field in fields} | set(more)
    if unknown := sorted(set(sent) - known):
        raise Invalid(_("没有这个字段：%(names)s。") % {"names": listed(unknown)})


def missing(fields: Iterable[Field], row: Any, where: str = "") -> list[str]:
    """A sentence for every required field that is empty in a stored row."""
    return [
        _lacking(field, where)
        for field in fields
        if field.required and field.shape != Shape.FLAG and getattr(row, field.name) in (None, "")
    ]


def _lacking(field: Field, where: str) -> str:
    return _("%(where)s缺少「%(label)s」，请填写后再提交。") % {"where": where, "label": field.label}


def told_of(field: Field, where: str, sentences: Iterable[str]) -> str:
    """The first of these sentences that is about this field, empty where none is."""
    named = (f"{where}{field.label}：", f"{where}{field.label}:")
    return next((one for one in sentences if one == _lacking(field, where) or one.startswith(named)), "")


def content(fields: Iterable[Field], row: Any) -> dict[str, Any]:
    """Stored fields as canonical content: dates and prices as texts."""
    return {
        field.name: getattr(row, field.name) if field.shape == Shape.FLAG else text_of(field, getattr(row, field.name))
        for field in fields
    }
