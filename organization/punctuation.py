"""Signs between parts of a sentence, as the active language writes them. Pure leaf."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext


def listed(parts: Iterable[Any]) -> str:
    """``甲、乙``, in English ``A, B``."""
    return pgettext("punctuation", "、").join(map(str, parts))


def with_commas(parts: Iterable[Any]) -> str:
    """``甲，乙``, in English ``A, B``."""
    return pgettext("punctuation", "，").join(map(str, parts))


def with_semicolons(parts: Iterable[Any]) -> str:
    """``甲；乙``, in English ``A; B``."""
    return pgettext("punctuation", "；").join(map(str, parts))


def labelled(label: Any, text: Any) -> str:
    """``备注：无``, in English ``Note: none``."""
    colon = pgettext("punctuation", "：")
    return f"{label}{colon}{text}"


def bracketed(text: Any, more: Any) -> str:
    """``二期（CH-2）``, in English ``Phase II (CH-2)``."""
    return f"{text}{in_brackets(more)}"


def in_brackets(text: Any) -> str:
    """``（入伙前）``, in English `` (before move-in)``."""
    opened, closed = pgettext("punctuation", "（"), pgettext("punctuation", "）")
    return f"{opened}{text}{closed}"
