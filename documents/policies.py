"""The sign-off policy in force: chains, copies, commission rate and switches as published data (guide 5; design 8).

A form follows the policy in force on the day it was first submitted. Published policies never change; policy 1 is the
guide, frozen inside its migration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents import kinds
from documents.canonical import canonical_json
from documents.routing import GROUP, GROUPS, Facts, RoutingError, Rule, Station, build_chain, needed_facts, rules_for
from documents.vocabulary import Kind, Phase, Result
from organization.posts import Post

if TYPE_CHECKING:
    from documents.models import Policy


class NoPolicy(RoutingError):
    """No policy is in force on this day."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on

    def __str__(self) -> str:
        return _("%(on)s 尚无生效的签批制度") % {"on": self.on.isoformat()}


def in_force(on: date) -> Policy:
    """The policy that a form first submitted on this day follows: the newest one valid by then. Raises ``NoPolicy``."""
    from documents.models import Policy

    policy = Policy.objects.filter(valid_from__lte=on).order_by("-valid_from", "-version").first()
    if policy is None:
        raise NoPolicy(on)
    return policy


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """The rules of a policy, in order."""
    return _parsed(canonical_json(policy.rules))


@lru_cache(maxsize=32)
def _parsed(text: str) -> tuple[Rule, ...]:
    # Keyed by content, not by key: a rolled-back transaction gives the same key to other rules.
    return tuple(Rule.from_json(data) for data in json.loads(text))


def setting(policy: Policy, name: str) -> Any:
    """A switch of the policy; one that it does not state is a fault of the policy and raises ``KeyError``."""
    return policy.settings[name]


# What carries no commission by the guide (3.2.1 3), D3): repairs of houses, compensation of customers, vacant houses. A policy
# that states ``commission_rates`` (subject → share) replaces it; subjects and categories are matched by their beginning.
COMMISSION_EXCEPTIONS: Mapping[str, str] = {"房屋维修": "0", "客户索赔": "0", "空置房": "0"}


def commission_rate(policy: Policy) -> Decimal:
    """Management commission as a share of confirmed cost: 0.10 (3.2.1 3), D3)."""
    return Decimal(setting(policy, "commission_rate"))


def commission_rate_of(policy: Policy, *names: str) -> Decimal:
    """The commission rate of a line, given its category and its form's 费用科目: the longest exception that one of the names
    begins with, the first name first; else the policy's rate."""
    exceptions = policy.settings.get("commission_rates", COMMISSION_EXCEPTIONS)
    for name in filter(None, names):
        for subject in sorted(exceptions, key=len, reverse=True):
            if name.startswith(subject):
                return Decimal(exceptions[subject])
    return commission_rate(policy)


def copies_of(policy: Policy, kind: str, submitted_as: str | None = None) -> tuple[Post, ...]:
    """Posts copied (抄送) when a form of this kind is submitted (D13), in the policy's order.

    ``submitted_as`` is the post as which it is submitted: the project manager is copied only on what the clerk
    submits, and not when he is the first station of it. Left out, every post that may be copied is returned.
    """
    only_when = setting(policy, "copies_only_when_submitted_by")
    posts = [
        Post(post)
        for post in setting(policy, "copies").get(kind, [])
        if submitted_as is None or only_when.get(post, submitted_as) == submitted_as
    ]
    if _manager_comes_first(policy, kind, submitted_as):
        posts.remove(Post.PROPERTY_PROJECT_MANAGER)
    return tuple(posts)


def chain_for(policy: Policy, facts: Facts, submitted_as: str | None = None) -> tuple[Station, ...]:
    """The chain under a policy with its switches applied; raises as ``routing.build_chain`` does."""
    rules = rules_of(policy)
    if _manager_comes_first(policy, facts.kind, submitted_as):
        clause = next(rule.clause for rule in rules if rule.kind == facts.kind)
        rules = (Rule(kind=facts.kind, posts=(Post.PROPERTY_PROJECT_MANAGER.value,), clause=clause), *rules)
    return build_chain(rules, facts)


def _manager_comes_first(policy: Policy, kind: str, submitted_as: str | None) -> bool:
    """Whether the project manager signs first what the clerk submits, instead of being copied (D13)."""
    return (
        setting(policy, "project_manager_first")
        and submitted_as == Post.PROPERTY_CLERK
        and Post.PROPERTY_PROJECT_MANAGER in setting(policy, "copies").get(kind, [])
    )


def posts_in_force(on: date) -> tuple[Post, ...]:
    """Posts without which some form could not go its way on a day: those who submit the kinds that are there, and sign them."""
    try:
        rules = rules_of(in_force(on))
    except NoPolicy:
        return ()
    needed: set[str] = set()
    for form in kinds.registered():
        needed.update(form.submitters)
        for rule in rules_for(rules, form.kind):
            groups = GROUPS.values() if rule.side is None else (GROUPS[rule.side],)
            needed.update(post.replace(GROUP, group) for post in rule.posts for group in groups)
    return tuple(post for post in Post if post in needed)


def faults(rules: Iterable[Rule]) -> list[str]:
    """What is wrong with rules that are about to be published, or were: unknown posts, kinds and values; kinds that
    do not route. Rules that route every kind for every value of the closed vocabularies give none."""
    rules = tuple(rules)
    found: list[str] = []
    known = {
        "kind": Kind.values,
        "of": Kind.values,
        "phase": Phase.values,
        "result": Result.values,
        "unless_result": Result.values,
    }
    for number, rule in enumerate(rules, 1):
        for name, values in known.items():
            value = getattr(rule, name)
            if value is not None and value not in values:
                found.append(f"rule {number}: unknown {name} {value}")
        for post in rule.posts:
            expanded = [post.replace(GROUP, group) for group in GROUPS.values()] if GROUP in post else [post]
            found += [f"rule {number}: unknown post {name}" for name in expanded if name not in Post.values]
    for kind in Kind.values:
        try:
            needed = needed_facts(rules, kind)
            for facts in _samples(kind, needed):
                build_chain(rules, facts)
        except RoutingError as error:
            found.append(f"{kind}: {error!r}")
    return found


def _samples(kind: str, needed: tuple[str, ...]) -> list[Facts]:
    """Facts of a kind over the closed vocabularies, with the smallest amount."""
    return [
        Facts(
            kind=kind,
            side=side,
            phase=phase,
            result=result,
            of=Kind.STAFFING_PLAN.value,
            amount=Decimal("0.01"),
            over_budget=False,
            nature="",
        )
        for side in (GROUPS if "side" in needed else ("pre",))
        for phase in (Phase.values if "phase" in needed else ("planning",))
        for result in (Result.values if "result" in needed else ("",))
    ]
