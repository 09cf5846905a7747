"""Which stations a form passes (guide 5): rules and facts in, a chain out. Pure leaf.

A ``Rule`` is one station: the posts that sign there in any order, and the conditions under which it is on the way.
A chain is every rule of the form's kind whose conditions all hold, in the order of the policy. Nothing here knows the
database, the posts that exist or the forms that are installed: ``policies.faults`` checks a policy against those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

# {group} in a post stands for the group that reviews: marketing before move-in, service after it (guide 4).
GROUP = "{group}"
GROUPS: Mapping[str, str] = {"pre": "marketing", "post": "service"}
MODES = ("sign", "opinion")
_FEN = Decimal("0.01")
_MAX_THRESHOLD = Decimal("99999999999.99")
# Facts a rule may ask for, in the order in which they are told to be missing.
FACTS = ("side", "amount", "over_budget", "phase", "result", "of", "nature")


class RoutingError(Exception):
    """No chain can be built; ``str()`` is a sentence for people."""


class UnknownKind(RoutingError):
    """The policy has no rule for this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return str(_("签批制度中没有这类单据：kind = %(kind)s") % {"kind": self.kind})


class MissingFact(RoutingError):
    """Rules of the kind ask for facts that were not given; never guessed. ``names`` are their codes."""

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        super().__init__(kind, names)
        self.kind, self.names = kind, names

    def __str__(self) -> str:
        return str(_("%(kind)s 缺少必需的条件：%(names)s") % {"kind": self.kind, "names": ", ".join(self.names)})


class UnknownValue(RoutingError):
    """A fact has a value for which the policy provides nothing."""

    def __init__(self, fact: str, value: str) -> None:
        super().__init__(fact, value)
        self.fact, self.value = fact, value

    def __str__(self) -> str:
        return str(_("条件的取值无效：%(fact)s = %(value)s") % {"fact": self.fact, "value": self.value})


class EmptyChain(RoutingError):
    """No rule holds, so the form would pass unseen."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return str(_("%(kind)s 在这些条件下没有任何审批环节，请检查签批制度") % {"kind": self.kind})


class BadRule(ValueError):
    """A rule that cannot be: no posts, no clause, an unknown key, an amount finer than the 分."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a form. ``amount`` is its total in 元, tax included, before commission (guide 5)."""

    kind: str
    side: str | None = None
    amount: Decimal | None = None
    over_budget: bool | None = None
    phase: str | None = None
    result: str | None = None
    of: str | None = None
    nature: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One station and when it is on the way. A condition left ``None`` does not matter; all others must hold.

    ``amount_from`` includes its figure (2 万元以上), ``amount_over`` excludes it (大于 5000). ``unless_result`` holds
    for every other result: the receiver of a phase gives way to the one of 《入伙方案》.
    """

    posts: tuple[str, ...]
    clause: str
    mode: str = "sign"
    kind: str | None = None
    side: str | None = None
    phase: str | None = None
    result: str | None = None
    unless_result: str | None = None
    of: str | None = None
    over_budget: bool | None = None
    nature: str | None = None
    amount_from: Decimal | None = None
    amount_over: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.posts or not all(self.posts) or len(set(self.posts)) != len(self.posts):
            raise BadRule(f"posts must be one or more different posts: {self.posts!r}")
        if any(set("{}") & set(post.replace(GROUP, "")) for post in self.posts):
            raise BadRule(f"only {GROUP} can be filled in: {self.posts!r}")
        if not self.clause.strip():
            raise BadRule(f"a rule cites its clause: {self.posts!r}")
        if self.mode not in MODES:
            raise BadRule(f"mode is one of {MODES}: {self.mode!r}")
        if self.side is not None and self.side not in GROUPS:
            raise BadRule(f"side is one of {tuple(GROUPS)}: {self.side!r}")
        for figure in (self.amount_from, self.amount_over):
            if figure is None:
                continue
            if not (figure.is_finite() and 0 <= figure <= _MAX_THRESHOLD and figure == figure.quantize(_FEN)):
                raise BadRule(f"a threshold is an amount of yuan with two decimals: {figure}")

    def asks(self) -> frozenset[str]:
        """Names of the facts without which this rule cannot be decided."""
        names = {
            name
            for name in ("side", "phase", "result", "of", "over_budget", "nature")
            if getattr(self, name) is not None
        }
        if self.unless_result is not None:
            names.add("result")
        if self.amount_from is not None or self.amount_over is not None:
            names.add("amount")
        if any(GROUP in post for post in self.posts):
            names.add("side")
        return frozenset(names)

    def conditions(self, facts: Facts) -> list[tuple[bool, dict[str, Any] | None]]:
        """Each condition as (does it hold, the reason it gives); an exception from a rule gives none."""
        # Negative amounts of reversals and reductions are routed on the absolute value (guide 5).
        amount = abs(facts.amount or Decimal(0))
        found: list[tuple[bool, dict[str, Any] | None]] = []
        for name in ("side", "phase", "result", "of", "nature"):
            wanted = getattr(self, name)
            if wanted is not None:
                found.append((getattr(facts, name) == wanted, {"code": name, name: wanted}))
        if self.unless_result is not None:
            found.append((facts.result != self.unless_result, None))
        if self.over_budget is not None:
            code = "over_budget" if self.over_budget else "within_budget"
            found.append((facts.over_budget is self.over_budget, {"code": code}))
        if self.amount_from is not None:
            found.append((amount >= self.amount_from, {"code": "amount_from", "amount": f"{self.amount_from:.2f}"}))
        if self.amount_over is not None:
            found.append((amount > self.amount_over, {"code": "amount_over", "amount": f"{self.amount_over:.2f}"}))
        return found

    def to_json(self) -> dict[str, Any]:
        """JSON-able data with only what is set; amounts as text in 元 with two decimals."""
        data: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or (field.name == "mode" and value == "sign"):
                continue
            if isinstance(value, Decimal):
                value = f"{value:.2f}"
            data[field.name] = list(value) if isinstance(value, tuple) else value
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rule:
        """The rule that ``to_json`` wrote. Raises ``BadRule`` for an unknown key or a value of the wrong type."""
        unknown = set(data) - {field.name for field in fields(cls)}
        if unknown:
            raise BadRule(f"unknown keys: {', '.join(sorted(unknown))}")
        if not {"posts", "clause"} <= set(data):
            raise BadRule("a rule has posts and a clause")
        return cls(**{name: _read(name, value) for name, value in data.items()})


def _read(name: str, value: Any) -> Any:
    """One value of a rule out of JSON."""
    if name == "posts":
        if not isinstance(value, list) or not all(isinstance(post, str) for post in value):
            raise BadRule(f"posts is a list of post codes: {value!r}")
        return tuple(value)
    if name == "over_budget":
        if not isinstance(value, bool):
            raise BadRule(f"over_budget is true or false: {value!r}")
        return value
    if not isinstance(value, str):
        raise BadRule(f"{name} is text: {value!r}")
    if name in ("amount_from", "amount_over"):
        whole, _point, decimals = value.partition(".")
        if not (value.isascii() and whole.isdigit() and len(decimals) == 2 and decimals.isdigit()):
            raise BadRule(f"{name} is yuan with two decimals: {value!r}")
        return Decimal(value)
    return value


@dataclass(frozen=True)
class Station:
    """A place on the way: all ``posts`` sign, in any order. ``reason`` is a code with parameters (``reasons.why``)."""

    position: int
    posts: tuple[str, ...]
    mode: str
    clause: str
    reason: dict[str, Any]


def rules_for(rules: Iterable[Rule], kind: str) -> tuple[Rule, ...]:
    """The rules of a kind, in the policy's order; raises ``UnknownKind`` when no rule names it."""
    rules = tuple(rules)
    if not any(rule.kind == kind for rule in rules):
        raise UnknownKind(kind)
    return tuple(rule for rule in rules if rule.kind in (None, kind))


def needed_facts(rules: Iterable[Rule], kind: str) -> tuple[str, ...]:
    """Names of the facts that some rule of the kind asks for; a form of that kind cannot be routed without them."""
    asked = frozenset[str]().union(*(rule.asks() for rule in rules_for(rules, kind)))
    return tuple(name for name in FACTS if name in asked)


def build_chain(rules: Iterable[Rule], facts: Facts) -> tuple[Station, ...]:
    """The stations of a form, positions counted from 1.

    Facts that no rule of the kind asks for are ignored. Raises ``UnknownKind``, ``MissingFact`` (a fact that any rule
    of the kind asks for, whether or not that rule would hold), ``UnknownValue`` and ``EmptyChain``.
    """
    rules = rules_for(rules, facts.kind)
    needed = needed_facts(rules, facts.kind)
    missing = tuple(name for name in needed if getattr(facts, name) is None)
    if missing:
        raise MissingFact(facts.kind, missing)
    if "side" in needed and facts.side not in GROUPS:
        raise UnknownValue("side", str(facts.side))
    # Phases share the receivers out among them: one that no rule names would pass without any.
    if "phase" in needed and facts.phase not in {rule.phase for rule in rules}:
        raise UnknownValue("phase", str(facts.phase))
    stations: list[Station] = []
    for rule in rules:
        conditions = rule.conditions(facts)
        if all(holds for holds, _reason in conditions):
            reasons = [reason for _holds, reason in conditions if reason is not None]
            posts = tuple(
                post.replace(GROUP, GROUPS[facts.side or ""]) if GROUP in post else post for post in rule.posts
            )
            stations.append(Station(len(stations) + 1, posts, rule.mode, rule.clause, _join(reasons)))
    if not stations:
        raise EmptyChain(facts.kind)
    return tuple(stations)


def _join(reasons: list[dict[str, Any]]) -> dict[str, Any]:
    """One reason out of those of a rule's conditions."""
    if not reasons:
        return {"code": "always"}
    return reasons[0] if len(reasons) == 1 else {"code": "all", "parts": reasons}
