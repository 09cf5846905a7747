"""What must hold before a phase closes: a registry of functions, so that later parts of this app add theirs (guide 2).

A warning of the law never stands in the way; 《入伙方案》 has its own date and does not hold the marketing phase open (D11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.guide import of_guide
from intervention.queries import holding_results
from intervention.vocabulary import ItemKind, ItemState

if TYPE_CHECKING:
    from intervention.models import PlanPhase


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: whether it holds, and the sentence that says what is there or missing and what to do.

    ``figures`` are what the log keeps of it when the phase closes, so that ``verify`` can ask it again.
    """

    holds: bool
    text: str
    figures: Mapping[str, int] = field(default_factory=dict)


Check = Callable[["PlanPhase"], Iterable[Condition]]
_checks: list[Check] = []


def add(check: Check) -> None:
    """Add a condition; called while the app starts."""
    if check not in _checks:
        _checks.append(check)


def of(phase: PlanPhase) -> list[Condition]:
    """All conditions of a phase, held ones as well."""
    return [condition for check in _checks for condition in check(phase)]


def missing(asked: Iterable[Condition]) -> list[str]:
    """Sentences of those that don't hold."""
    return [condition.text for condition in asked if not condition.holds]


def figures(asked: Iterable[Condition]) -> dict[str, int]:
    """The figures of all of them."""
    return {name: n for condition in asked for name, n in condition.figures.items()}


def results_approved(phase: PlanPhase) -> Iterable[Condition]:
    """Every result that holds the phase open has an approved version."""
    for item in holding_results(phase):
        title = item.get_result_display()
        if item.approved:
            yield Condition(True, _("%(result)s已获接收") % {"result": title})
        elif item.submitted:
            yield Condition(False, _("%(result)s审批中，尚未获接收") % {"result": title})
        else:
            yield Condition(False, _("%(result)s尚未提交，请由物业公司提交后审批") % {"result": title})


def activities_settled(phase: PlanPhase) -> Iterable[Condition]:
    """Every activity is ticked off, or waived with a reason."""
    rows = [row for row in phase.items.all() if row.kind == ItemKind.ACTIVITY]
    for row in rows:
        if row.state == ItemState.OPEN:
            yield Condition(
                False, _("工作「%(title)s」未完成，请勾选完成或说明不适用的原因") % {"title": of_guide(row.title)}
            )
    settled = sum(row.state != ItemState.OPEN for row in rows)
    if settled:
        yield Condition(True, _("已完成或注明不适用的工作：%(n)d 项") % {"n": settled})


add(results_approved)
add(activities_settled)
