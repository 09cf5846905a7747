"""What a serializer refuses, as sentences for people: where, why, what to do. Knows Django REST framework and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from organization.punctuation import bracketed, listed
from organization.texts import is_clean

# More options than these are not read to the end; the schema lists them.
OPTIONS = 20
# What was sent is told back so far that it can be recognised.
ECHO = 40
# What stands in quotation marks, or runs on without any mark, for longer than a sentence of ours does.
_ECHOED = re.compile(r"(?<=[「“])[^」”]{61,}(?=[」”])|[^\s、，。：；「」“”（）·]{61,}")


def sentences(form: serializers.Serializer, names: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each fault of a serializer; ``names`` are titles of keys that no field declares, such as columns."""
    return list(_faults(form, form.errors, (), names or {}))


def shown(sentence: Any) -> str:
    """A sentence that every answer can carry: what was quoted from the request is shortened and loses what cannot be shown."""
    text = "".join(char if is_clean(char) else "\ufffd" for char in str(sentence))
    return _ECHOED.sub(lambda found: f"{found[0][:ECHO]}…", text)


def _faults(field: Any, found: Any, at: tuple[str, ...], names: Mapping[str, str]) -> Iterator[str]:
    if isinstance(found, Mapping):
        for key, inner in found.items():
            child, title = _child(field, key, names)
            yield from _faults(child, inner, (*at, title) if title else at, names)
    elif isinstance(found, list | tuple):
        for n, inner in enumerate(found):
            if isinstance(inner, Mapping):
                child, title = _child(field, n, names)
                yield from _faults(child, inner, (*at, title), names)
            else:
                yield from _faults(field, inner, at, names)
    else:
        sentence = _sentence(field, found)
        yield f"{'·'.join(at)}：{sentence}" if at else sentence


def _child(field: Any, key: Any, names: Mapping[str, str]) -> tuple[Any, str]:
    """The field that a key of the errors belongs to, and what people call it: lines are counted from 1."""
    if key in ("non_field_errors", "detail"):
        return field, ""
    if isinstance(field, serializers.Serializer):
        child = field.fields.get(str(key))
        return child, str(getattr(child, "label", None) or key)
    if isinstance(key, int) or str(key).isdecimal() and isinstance(field, serializers.ListField):
        # What is sent as a list of its own, such as cuts, need not be the form's lines from the first on.
        counted = _("第 %(n)d 项") if isinstance(field, serializers.ListSerializer) else _("第 %(n)d 行")
        return getattr(field, "child", None), counted % {"n": int(key) + 1}
    return getattr(field, "child", None), str(names.get(str(key), str(key)[:ECHO]))


def _sentence(field: Any, fault: Any) -> str:
    code = getattr(fault, "code", "")
    if code == "invalid_choice" and (options := _options(field)):
        return _("所填的不是可选项，请改为以下之一：%(options)s。") % {"options": options}
    if code == "null" and isinstance(field, serializers.Serializer):
        return _("没有收到内容，请发送一组字段和值（JSON 对象）。")
    if code == "not_a_list":
        return _("应为列表（JSON 数组），请改后重新发送。")
    if code == "not_a_dict" or _is_wrong_shape(field, fault):
        return _("应为一组字段和值（JSON 对象），请改后重新发送。")
    return str(fault)


def _options(field: Any) -> str:
    """The values that a choice takes, each with its word; empty where there are too many to read."""
    choices = getattr(field, "choices", {})
    if not 0 < len(choices) <= OPTIONS:
        return ""
    told = ((str(value), str(word)) for value, word in choices.items())
    return listed(value if value == word else bracketed(value, word) for value, word in told if value)


def _is_wrong_shape(field: Any, fault: Any) -> bool:
    """A serializer's own "invalid": a rule that a serializer adds has the same code and a sentence of its own."""
    if not isinstance(field, serializers.Serializer):
        return False
    return str(fault).startswith(str(field.error_messages["invalid"]).partition("{")[0])
