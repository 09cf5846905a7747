"""Routing facts as people and scripts give them: read, checked and told when wrong (guide 5).

The eight facts are ``kind, side, amount, over_budget, phase, result, of, as_of``. Those that the kind's rules do not ask
for are ignored, whatever they say; ``null`` is the same as not given. What the rules ask for is checked strictly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from documents.money import MAX_AMOUNT, figures
from documents.routing import Facts, Rule, UnknownKind, needed_facts
from documents.vocabulary import WORK_KINDS, Kind, Phase, Result, Side

NAMES = ("kind", "side", "amount", "over_budget", "phase", "result", "of", "as_of")

# Kinds without money, and the one that may only move it: zero is an amount there (guide 5).
MONEYLESS_KINDS = (
    Kind.WORK_COMPLETION,
    Kind.PHASE_RESULT,
    Kind.PUBLICITY_CONFIRMATION,
    Kind.SERVICE_PLAN_REVIEW,
    Kind.SERVICE_AGREEMENT,
)
ZERO_KINDS = (*MONEYLESS_KINDS, Kind.BUDGET_SUPPLEMENT)
REVERSAL = "reversal"

_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "side": tuple(Side.values),
    "phase": tuple(Phase.values),
    "result": tuple(Result.values),
    # What a completion confirms is one of the seven work forms.
    "of": tuple(kind.value for kind in WORK_KINDS),
}


class BadFact(ValueError):
    """A fact that cannot be taken; ``str()`` is a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it was written: nothing is lost on the way to ``Decimal``, and 1e5 can be told from 100000."""

    text: str

    def __str__(self) -> str:
        return self.text


def load_object(line: str | bytes) -> dict[str, Any]:
    """Read one JSON object, numbers kept as written. Raises ``BadFact`` for anything else, doubled keys included."""
    try:
        text = line if isinstance(line, str) else line.decode("utf-8")
        data = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=Number,
            parse_int=Number,
            parse_constant=_no_constant,
            object_pairs_hook=_no_doubles,
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadFact):
            raise
        raise BadFact(_("不是有效的 JSON")) from error
    if not isinstance(data, dict):
        raise BadFact(_("每行应为一个 JSON 对象"))
    return data


def _no_constant(name: str) -> Any:
    raise BadFact(_("不是有效的 JSON：%(value)s") % {"value": name})


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise BadFact(_("不是有效的 JSON：键重复"))
    return data


def _shown(value: Any) -> str:
    """A wrong value as the message repeats it: as it was written, and not at any length."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def read_kind(raw: Mapping[str, Any]) -> str:
    """The kind, after refusing every key that is no fact."""
    unknown = sorted(set(raw) - set(NAMES))
    if unknown:
        raise BadFact(_("未知的条件：%(names)s") % {"names": ", ".join(_shown(name) for name in unknown)})
    kind = raw.get("kind")
    if kind is None:
        raise BadFact(_("缺少必需的条件：%(names)s") % {"names": "kind"})
    if not isinstance(kind, str) or kind not in Kind.values:
        raise UnknownKind(_shown(kind))
    return kind


def read_as_of(raw: Mapping[str, Any], today: date) -> date:
    """The day whose policy is asked for: ``2026-12-01``; today when it is not given."""
    value = raw.get("as_of")
    if value is None:
        return today
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadFact(_("as_of 应为日期，如 2026-12-01：%(value)s") % {"value": _shown(value)})


def read_facts(raw: Mapping[str, Any], rules: Iterable[Rule]) -> Facts:
    """The facts that the rules of the kind ask for; one that is not given stays ``None``, for routing to name."""
    kind = read_kind(raw)
    found: dict[str, Any] = {}
    for name in needed_facts(rules, kind):
        value = raw.get(name)
        if value is None:
            continue
        if name == "amount":
            found[name] = read_amount(value, kind)
        elif name == "over_budget":
            if not isinstance(value, bool):
                raise BadFact(_("over_budget 应为 true 或 false：%(value)s") % {"value": _shown(value)})
            found[name] = value
        else:
            if not isinstance(value, str) or value not in _VALUES[name]:
                choices = ", ".join(_VALUES[name])
                raise BadFact(
                    _("%(name)s 的取值无效：%(value)s；可选：%(choices)s")
                    % {"name": name, "value": _shown(value), "choices": choices}
                )
            found[name] = value
    return Facts(kind=kind, **found)


def read_amount(value: Any, kind: str, nature: str | None = None) -> Decimal:
    """An amount in 元 out of a JSON number or a text in plain notation: 20000, "20000.50", never 1e5 or 20,000."""
    text = value.text if isinstance(value, Number) else value
    if not isinstance(text, str) or not _PLAIN.fullmatch(text):
        raise BadFact(_("amount 应为普通写法的数字，最多两位小数，如 20000.50：%(value)s") % {"value": _shown(value)})
    amount = Decimal(text)
    fault = amount_fault(kind, amount, nature)
    if fault:
        raise BadFact(f"amount: {fault}")
    return amount


def amount_fault(kind: str, amount: Decimal, nature: str | None = None) -> str:
    """Why a form of this kind cannot have this total, in words; empty when it can (guide 5).

    0.01 to 99,999,999,999.99 元. Zero only where there is no money or it is only moved; below zero only a reversing
    application and a supplement that reduces.
    """
    largest = figures(MAX_AMOUNT)
    if abs(amount) > MAX_AMOUNT:
        return _("金额超出范围：绝对值不得大于 %(largest)s 元") % {"largest": largest}
    if amount < 0:
        signed = kind == Kind.BUDGET_SUPPLEMENT or (kind == Kind.EXPENSE_APPLICATION and nature == REVERSAL)
        return "" if signed else _("金额不得为负数；应为 0.01 至 %(largest)s 元") % {"largest": largest}
    if amount == 0 and kind not in ZERO_KINDS:
        return _("金额不得为零；应为 0.01 至 %(largest)s 元") % {"largest": largest}
    return ""
