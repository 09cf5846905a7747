"""``verify`` of what applications say was approved and applied for before them: told again from the trail, in its order.

What an application held when another was submitted is nowhere kept: lines are freed by rejections and reversals, and what came
back is written again. So each submission is reckoned from the submissions and decisions before it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from budgets.models import WorkLine
from documents.models import Document, Event, Revision
from documents.money import plain
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from datetime import datetime

# Submissions whose contents are held at once: one may have thousands of lines.
LOT = 20
SUBMISSIONS = ("submitted", "resubmitted")
CODES = (*SUBMISSIONS, "returned", "withdrawn", "approved", "rejected", "voided")

# An approved line by the number of its form and its own key.
Origin = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Approved:
    """Approved amounts in 元: of lines, and of whole forms by their number."""

    lines: dict[Origin, Decimal]
    forms: dict[str, Decimal]


@dataclass(slots=True)
class Told:
    """An application as the trail has told it so far. ``held`` are amounts of approved lines by confirmed line; ``back`` while
    its working copy is written again, so that nobody knows what it holds."""

    first: tuple[datetime, int]
    reverses: str | None = None
    held: dict[str, tuple[Origin, Decimal]] = field(default_factory=dict)
    back: bool = False


def earlier_differences() -> Iterator[str]:
    """Lines and forms of applications whose approved or earlier amounts, as submitted, are not those of the trail."""
    lines = {
        (number, key): amount
        for number, key, amount in WorkLine.objects.filter(completion_lines__application_lines__isnull=False)
        .distinct()
        .values_list("document__number", "key", "amount")
    }
    forms = dict(
        WorkLine.objects.filter(document__number__in={number for number, _key in lines})
        .order_by()
        .values_list("document__number")
        .annotate(sum=Sum("amount"))
    )
    told: dict[tuple[str, str], dict[str, Told]] = defaultdict(dict)
    applications = Document.objects.filter(kind=Kind.EXPENSE_APPLICATION, first_submitted_at__isnull=False)
    documents = {
        row.pk: row for row in applications.select_related("project").defer("search_text") if row.number is not None
    }
    for event, text in _told(list(documents)):
        document = documents[event.document_id]
        here = told[document.project.code, document.side]
        try:
            if event.code in SUBMISSIONS:
                content = json.loads(text or "")
                yield from _submitted(document, content, here, Approved(lines, forms), first=event.code == "submitted")
            elif document.number in here:
                _decided(here, document.number, event)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            # Rows that contradict each other beyond reckoning are a difference, not the end of the report.
            yield f"settlements_application {document.pk} document_id: cannot be recomputed ({error})"


def _told(keys: list[int]) -> Iterator[tuple[Event, str | None]]:
    """Events of applications in the order in which they happened, each submission with its content."""
    order = list(Event.objects.filter(document__in=keys, code__in=CODES).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(order), LOT):
        lot = list(Event.objects.filter(pk__in=order[start : start + LOT]).order_by("pk"))
        wanted = Q(pk__in=())
        for event in lot:
            if event.code in SUBMISSIONS:
                wanted |= Q(document=event.document_id, n=event.parameters.get("revision"))
        texts = {(row.document_id, row.n): row.content for row in Revision.objects.filter(wanted)}
        for event in lot:
            yield event, texts.get((event.document_id, event.parameters.get("revision")))


def _decided(told: dict[str, Told], number: str, event: Event) -> None:
    """What an end or a return changes of what is held."""
    one = told[number]
    if event.code == "returned":
        one.back = not event.parameters["to"]
    elif event.code == "withdrawn":
        one.back = True
    elif event.code in ("rejected", "voided"):
        del told[number]
    elif one.reverses in told:
        for name in one.held:
            told[one.reverses].held.pop(name, None)


def _origin(line: dict[str, Any]) -> Origin:
    return line["form"], line["id"].rpartition("/")[2]


def _submitted(
    document: Document, content: dict[str, Any], here: dict[str, Told], approved: Approved, *, first: bool
) -> Iterator[str]:
    """One submission against those of its project and side before it, to which it then belongs."""
    assert document.first_submitted_at is not None
    mine = Told((document.first_submitted_at, document.pk), content["head"].get("reverses"))
    mine.held = {line["id"]: (_origin(line), Decimal(line["amount"])) for line in content["lines"]}
    others = [one for number, one in here.items() if number != document.number and (first or one.first < mine.first)]
    here[document.number or ""] = mine
    yield from _reckoned(document, content, others, approved)


def _reckoned(document: Document, content: dict[str, Any], others: list[Told], approved: Approved) -> Iterator[str]:
    """What it says of each line and form. While an application before it was being written again, what that one held is known
    to be no less than nothing, and no more."""
    before: dict[Origin, Decimal] = defaultdict(Decimal)
    for one in others:
        if one.reverses is None and not one.back:
            for origin, amount in one.held.values():
                before[origin] += amount
    is_known = not any(one.back and one.reverses is None for one in others)
    of_forms: dict[str, Decimal] = defaultdict(Decimal)
    for (number, _key), amount in before.items():
        of_forms[number] += amount
    for line in sorted(content["lines"], key=lambda line: line["position"]):
        row, origin = f"settlements_applicationline {document.pk}/{line['id']}", _origin(line)
        yield from _compare(f"{row} approved", line["approved"], approved.lines[origin])
        if "earlier" in line:
            yield from _compare(f"{row} earlier", line["earlier"], before[origin], is_known)
        before[origin] += Decimal(line["amount"])
    for number, form in (content["head"].get("forms") or {}).items():
        row = f"settlements_applicationorigin {document.pk}/{number}"
        yield from _compare(f"{row} approved", form["approved"], approved.forms[number])
        yield from _compare(f"{row} earlier", form["earlier"], of_forms[number], is_known)


def _compare(cell: str, said: str, reckoned: Decimal, is_known: bool = True) -> Iterator[str]:
    if Decimal(said) != reckoned and (is_known or Decimal(said) < reckoned):
        yield f"{cell}: {said} ≠ {plain(reckoned)}"
