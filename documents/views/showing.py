"""What the document page and the preview show, read once, in a number of queries that no row adds to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from documents import due, kinds, papers, presenting, tables, verbs
from documents.downloads import attachments_for, events_for
from documents.lateness import late_hint, reason_asked_since
from documents.models import Document
from documents.states import ActKind, DocumentState, ReturnMode
from documents.way import way
from documents.wording import event_text

if TYPE_CHECKING:
    from documents.models import Act
    from documents.way import Way
    from organization.models import Person

# Done by one click; the others ask first.
DIRECT_VERBS = ("submit", "take_over")
# What the dialogues hold before anyone typed.
BLANK: dict[str, Any] = {
    "opinion": "",
    "reason": "",
    "text": "",
    "late_reason": "",
    "paper": "",
    "lines": (),
    "to": "0",
    "mode": str(ReturnMode.RESTART),
    "cuts": {},
}


def page(person: Person, document: Document, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything on the document page; ``typed`` is what a refused form held."""
    typed = {**BLANK, **(typed or {})}
    seen = presenting.shown(document, person)
    road = way(document, working_copy=seen.is_working_copy)
    offers = verbs.available(document, person)
    allowed = {offer.verb.name for offer in offers if offer.denial is None}
    late_since = reason_asked_since(document) if "submit" in allowed else None
    return {
        "document": document,
        "way": road,
        "deadline": due.deadline_of(document, road.open_posts),
        "late_since": late_since,
        "late_hint": late_hint(document, late_since),
        "allowed": allowed,
        "bar": [offer for offer in offers if not offer.verb.in_panel],
        "asking": [offer for offer in offers if offer.asks],
        "offered": {offer.verb.name: offer for offer in offers},
        "direct": [name for name in DIRECT_VERBS if name != "submit" or late_since is None],
        "comparable": document.revision_n > (0 if seen.is_working_copy else 1),
        "typed": typed,
        "kept": typed["opinion"] or typed["reason"] or typed["late_reason"] or typed["text"],
        **content(document, seen),
        **surroundings(person, document),
        **deciding(document, road, allowed, typed["cuts"]),
    }


def content(document: Document, seen: presenting.Shown) -> dict[str, Any]:
    """The form itself, with the amounts that its return proposed."""
    returned = last_return(document)
    return {
        "shown": seen,
        "sheet": seen.sheet,
        "facts": tables.facts(seen.sheet),
        "table": tables.table(seen.sheet, cuts_of(returned)),
        "returned": returned,
    }


def surroundings(person: Person, document: Document) -> dict[str, Any]:
    """What stands round the form: check list, related forms, files, copies, trail."""
    files = attachments_for(document, person)
    return {
        "hints": hints(document, person),
        "related": related(document, person),
        "next_steps": next_steps(document, person),
        "panels": panels(document, person),
        "attachments": files,
        "papers": papers.checklist(document, files),
        "labels": papers.suggested(document),
        "copies": list(document.copies.select_related("person")),
        "trail": [(event, event_text(event)) for event in events_for(document, person)],
    }


def preview(person: Person, document: Document) -> dict[str, Any]:
    """The deciding facts beside the inbox, with signing there."""
    seen = presenting.shown(document, person)
    offers = verbs.available(document, person)
    allowed = {offer.verb.name for offer in offers if offer.denial is None}
    road = way(document, working_copy=seen.is_working_copy)
    return {
        "document": document,
        "sheet": seen.sheet,
        "facts": tables.facts(seen.sheet)[:8],
        "lines": len(seen.sheet.rows),
        "way": road,
        "deadline": due.deadline_of(document, road.open_posts),
        "hints": hints(document, person),
        "files": len(attachments_for(document, person)),
        "allowed": allowed,
        "denied": [offer for offer in offers if offer.denial and not offer.verb.in_panel],
    }


def deciding(document: Document, road: Way, allowed: set[str], cuts: Mapping[str, str]) -> dict[str, Any]:
    """What the dialogues of a station need: where a return may go, and the lines that may be cut."""
    if "return" not in allowed or road.current is None:
        return {"targets": [], "cut_lines": [], "modes": ReturnMode.choices}
    here = road.current.position
    return {
        "targets": [station for station in road.stations if station.position < here],
        "cut_lines": [(line, cuts.get(line.id, "")) for line in kinds.get(document.kind).cut_lines(document)],
        "modes": ReturnMode.choices,
    }


def hints(document: Document, person: Person) -> list[kinds.Hint]:
    """The check list that all parts of the kind give."""
    return [hint for part in kinds.parts(document.kind) for hint in part.hints(document, person)]


def panels(document: Document, person: Person) -> list[tuple[str, dict[str, Any]]]:
    """Panels that parts of the kind put on the page, in app order."""
    shown = [part.panel(document, person) for part in kinds.parts(document.kind)]
    return [panel for panel in shown if panel is not None]


def next_steps(document: Document, person: Person) -> list[kinds.NextStep]:
    """What follows on an approved form, as far as this person may begin it."""
    if document.state != DocumentState.APPROVED:
        return []
    return [step for part in kinds.parts(document.kind) for step in part.next_steps(document, person)]


def related(document: Document, person: Person) -> list[kinds.Related]:
    """Documents it hangs together with, those only that this person may see."""
    links = [link for part in kinds.parts(document.kind) for link in part.related(document)]
    if not links:
        return []
    seen = set(
        Document.objects.visible_to(person)
        .filter(pk__in=[link.document.pk for link in links])
        .values_list("pk", flat=True)
    )
    return [link for link in links if link.document.pk in seen]


def last_return(document: Document) -> Act | None:
    """The act that sent the newest revision back to its submitter."""
    if document.state != DocumentState.RETURNED:
        return None
    return (
        document.acts.filter(revision_n=document.revision_n, kind=ActKind.RETURN, return_to=0)
        .select_related("person")
        .order_by("-pk")
        .first()
    )


def cuts_of(act: Act | None) -> dict[str, Decimal]:
    """Proposed amounts by line id, in 元."""
    return {cut["line"]: Decimal(cut["amount"]) for cut in act.proposals} if act else {}
