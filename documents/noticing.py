"""Who is told what: notice rows of the same transaction; a worker mails them (design 20)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from documents.models import Copy, Notice
from organization import access, clock
from organization.posts import COMPANY_HEADS

if TYPE_CHECKING:
    from documents.models import Act, Document, Step
    from organization.models import Appointment, Person


def on_commit(function: Callable[[], Any]) -> None:
    """Do something once the transaction stands; nothing is rendered, mailed or deleted from disk inside one."""
    transaction.on_commit(function, robust=True)


def tell(
    people: Iterable[Person], document: Document | None, code: str, key: str, *, to: str = "", **parameters: Any
) -> None:
    """Write a notice for each person; the same key twice is one notice. ``to`` is where it leads when it is of no document."""
    url = reverse("documents:document", args=[document.name]) if document else to
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                document=document,
                code=code,
                parameters=parameters,
                url=url,
                dedup_key=f"{key}:{person.pk}",
                created_at=clock.now(),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


def tell_holders(document: Document, steps: Iterable[Step]) -> None:
    """Tell the holders of stations that have just opened that it is their turn."""
    for step in steps:
        people = [
            person
            for person in access.holders(step.post, document.project, department=step.department_id)
            if person.pk != document.submitted_by_id
        ]
        tell(people, document, "turn.open", f"turn:{step.pk}", post=step.post)


def tell_returned(document: Document, act: Act) -> None:
    """Tell the submitter and the creator that the form came back."""
    people = {person.pk: person for person in (document.submitted_by, document.creator) if person}
    tell(people.values(), document, "returned", f"returned:{act.pk}", by=act.person.name, opinion=act.opinion)


def tell_decided(document: Document, code: str) -> None:
    """Tell submitter, creator and those copied how it ended."""
    people = {person.pk: person for person in (document.submitted_by, document.creator) if person}
    people |= {copy.person_id: copy.person for copy in document.copies.select_related("person")}
    tell(people.values(), document, code, f"{code}:{document.pk}")


def forget_open_turns(document: Document, posts: Iterable[str] | None = None) -> None:
    """Nobody is called to a station that is no longer theirs: unread calls (of some posts) are marked read."""
    calls = Notice.objects.filter(document=document, code="turn.open", read_at=None)
    if posts is not None:
        calls = calls.filter(parameters__post__in=list(posts))
    calls.update(read_at=clock.now())


def copy_to(document: Document, posts: Iterable[str]) -> None:
    """Copy (抄送) the holders of posts, once per document; the submitter needs no copy."""
    for post in dict.fromkeys(posts):
        for person in access.holders(post, document.project, department=document.department_id):
            if person.pk == document.submitted_by_id:
                continue
            _copy, created = Copy.objects.get_or_create(
                document=document, person=person, defaults={"post": post, "at": clock.now()}
            )
            if created:
                tell([person], document, "copied", f"copied:{document.pk}")


def tell_heads(appointment: Appointment, code: str, actor: Person | None) -> None:
    """Every appointment is noticed to the heads of the person's company (design 17)."""
    from organization.models import Person as PersonModel

    heads = PersonModel.objects.filter(
        company=appointment.person.company_id,
        appointments__in=type(appointment).objects.active(clock.today()).filter(post__in=COMPANY_HEADS),
    ).distinct()
    tell(
        heads,
        None,
        f"appointment.{code}",
        f"appointment:{code}:{appointment.pk}:{clock.now().isoformat()}",
        person=appointment.person.name,
        post=appointment.post,
        project=appointment.project.name if appointment.project else "",
        by=actor.name if actor else "",
    )
