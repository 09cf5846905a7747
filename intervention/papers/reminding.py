"""Notices of ``tick``: promises whose first day has come unconfirmed, agreements that end in 60 and in 30 days or have ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from documents.models import Document
from documents.noticing import tell
from documents.states import DEAD, DocumentState
from documents.vocabulary import Kind
from intervention.papers.finding import TOLD
from intervention.papers.queries import InForce, approved_agreements, in_force
from organization import access, clock
from organization.models import Project
from organization.posts import Post

if TYPE_CHECKING:
    from organization.models import Person

# Days before the end; the last one first, so that a late tick sends only that one.
STAGES = (30, 60)
KEEPERS = (Post.SERVICE_HANDLER, Post.SERVICE_HEAD)


def remind() -> int:
    """Tell of unconfirmed promises and of agreements that end; how many matters. Each notice is written once (its key)."""
    return _unconfirmed() + _agreements()


def _unconfirmed() -> int:
    rows = (
        Document.objects.filter(
            kind=Kind.PUBLICITY_CONFIRMATION,
            project__is_active=True,
            promises__from_on__lte=clock.today(),
            number__isnull=False,
        )
        .exclude(state__in=(DocumentState.APPROVED, *DEAD))
        .select_related("project")
        .distinct()
        .order_by("pk")
    )
    documents = list(rows.prefetch_related("promises"))
    holders = access.holders_across({row.project_id: row.project for row in documents}.values(), TOLD)
    for document in documents:
        people = {person.pk: person for post in TOLD for person in holders.get((document.project_id, post, None), [])}
        day = min(row.from_on for row in document.promises.all()).isoformat()
        key = f"promise:unconfirmed:{document.pk}:{day}"
        tell(people.values(), document, "promise.unconfirmed", key, place=document.project.name, day=day)
    return len(documents)


def _agreements() -> int:
    projects = list(
        Project.objects.filter(is_active=True, agreements__document__state=DocumentState.APPROVED).distinct()
    )
    approved = approved_agreements(projects)
    holders = access.holders_across(projects, KEEPERS)
    today, told = clock.today(), 0
    for project in projects:
        standing = in_force(project, approved[project.pk], today)
        people = {person.pk: person for post in KEEPERS for person in holders.get((project.pk, post, None), [])}
        if standing.ends_soon:
            stage = next(days for days in STAGES if standing.days_left <= days)
            _tell(people.values(), standing, "agreement.ends", f"{stage}:{standing.until}")
            told += 1
        elif standing.agreement is None and standing.after is None:
            last = max(row.valid_to for row in approved[project.pk] if row.valid_to)
            _tell(people.values(), standing, "agreement.ended", str(last), day=last.isoformat())
            told += 1
    return told


def _tell(people: Iterable[Person], standing: InForce, code: str, key: str, **more: str) -> None:
    said = {"place": standing.project.name, **more}
    if standing.agreement is not None and standing.until is not None:
        said |= {"day": standing.until.isoformat(), "n": str(standing.agreement.version)}
    tell(
        people,
        None,
        code,
        f"{code}:{standing.project.pk}:{key}",
        url=reverse("intervention:agreements") + f"?project={standing.project.code}",
        **said,
    )
