"""The fields of a verb as a page asks for them: made from the same serializer that the API reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from organization.punctuation import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
# A text longer than this is asked for in several lines.
LONG = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """One input: ``kind`` is text, area, date, time, number, choice, many or flag."""

    name: str
    label: str
    kind: str
    required: bool
    value: Any
    help: str
    max_length: int | None
    choices: list[tuple[str, str]]
    # What stands there now, where it is not what was typed.
    stands: str = ""
    # Not needed yet, but before the record goes on: its field says so by ``style``.
    later: bool = False


def asked(
    fields: type[serializers.Serializer],
    typed: Mapping[str, Any],
    stored: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
) -> list[Asked]:
    """The inputs of a verb, with what was typed, or with what is stored where nothing was typed yet; those that don't apply
    are left out. With both, what stands there now is told beside what was typed."""
    return [
        _one(name, field, typed, stored or {})
        for name, field in fields().fields.items()
        if not field.read_only and name not in without
    ]


def sent(fields: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """What a page has sent, as the serializer reads it: several of a list, an empty choice or date left out."""
    found: dict[str, Any] = {}
    for name, field in fields().fields.items():
        if isinstance(field, (serializers.MultipleChoiceField, serializers.ListField)):
            found[name] = data.getlist(name)
        elif isinstance(field, serializers.BooleanField):
            found[name] = name in data and data[name] not in ("", "0", "false")
        elif name in data:
            value = data[name]
            if value == "" and not isinstance(field, serializers.CharField):
                if field.required:
                    found[name] = value
                elif field.allow_null:
                    found[name] = None
                continue
            found[name] = value
    return found


def _one(name: str, field: serializers.Field, typed: Mapping[str, Any], stored: Mapping[str, Any]) -> Asked:
    if typed:
        value: Any = (
            typed.getlist(name) if _kind(field) == "many" and hasattr(typed, "getlist") else typed.get(name, "")
        )
    else:
        value = stored.get(name, field.initial if field.default is serializers.empty else field.default)
    return Asked(
        name,
        str(field.label or name),
        _kind(field),
        _required(field),
        "" if value is None else value,
        str(field.help_text or ""),
        getattr(field, "max_length", None),
        _choices(field),
        _standing(field, value, stored[name]) if typed and name in stored else "",
        bool(field.style.get("later")),
    )


def _required(field: serializers.Field) -> bool:
    """Whether a page asks for it: what may be left out, but stands on a page only where it is needed, says so by ``style``."""
    may_be_empty = getattr(field, "allow_blank", False) or getattr(field, "allow_empty", False)
    return bool(field.style.get("needed")) or (bool(field.required) and not may_be_empty)


def _standing(field: serializers.Field, typed: Any, stored: Any) -> str:
    """What is stored in words, where it differs from what was typed."""
    kind = _kind(field)
    if kind == "many":
        typed, stored = set(typed), set(stored or ())
    elif kind == "number" and stored is not None:
        stored = f"{Decimal(str(stored)).normalize():f}"
        typed = f"{Decimal(typed).normalize():f}" if _NUMBER.fullmatch(typed) else typed
    elif kind == "flag":
        typed = bool(typed)
    else:
        stored = str("" if stored is None else stored)[: 5 if kind == "time" else None]
        typed = typed.replace("\r\n", "\n").strip()
    if typed == stored:
        return ""
    words = dict(_choices(field))
    names = [words.get(str(one), str(one)) for one in (sorted(stored) if kind == "many" else [stored])]
    return listed(names) if any(names) else _("空白")


def _kind(field: serializers.Field) -> str:
    for kind, classes in (
        ("many", (serializers.MultipleChoiceField, serializers.ListField)),
        ("choice", (serializers.ChoiceField,)),
        ("flag", (serializers.BooleanField,)),
        ("date", (serializers.DateField,)),
        ("time", (serializers.TimeField,)),
        ("number", (serializers.DecimalField, serializers.IntegerField)),
    ):
        if isinstance(field, classes):
            return kind
    return "area" if (getattr(field, "max_length", None) or 0) > LONG else "text"


def _choices(field: serializers.Field) -> list[tuple[str, str]]:
    if isinstance(field, serializers.ChoiceField):
        return [(str(value), str(label)) for value, label in field.choices.items()]
    child: Iterable[Any] = getattr(getattr(field, "child", None), "choices", {}).items()
    return [(str(value), str(label)) for value, label in child]
