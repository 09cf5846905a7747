"""Reads: who sees which document (design 16), and querysets named for their screen."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404

from documents import kinds
from documents.states import EDITABLE
from documents.vocabulary import DEVELOPER_ONLY
from organization import access, clock
from organization.posts import Camp

if TYPE_CHECKING:
    from documents.models import Document
    from organization.models import Person


class DocumentQuerySet(models.QuerySet["Document"]):
    """Every query for people starts at ``visible_to``."""

    def visible_to(self, person: Person) -> DocumentQuerySet:
        """What this person may see: nothing without an active appointment that reaches the project.

        Drafts: the creator and those of the same company who may draft the kind. Submitted forms, in every later state:
        a post in the kind's audience, on its chain, or copied. The property side never sees developer-only kinds.
        """
        memberships = access.memberships(person, clock.today())
        if not memberships:
            return self.none()
        scope = self.filter(project__in=access.visible_keys(person, clock.today()))
        if person.company.camp == Camp.PROPERTY:
            scope = scope.exclude(kind__in=DEVELOPER_ONLY)
        return scope.filter(_drafting(person, memberships) | _reading(person, memberships))

    def drafted_by(self, person: Person) -> DocumentQuerySet:
        """Those being written, again or for the first time, whose working copy this person sees (``is_drafting_side``)."""
        memberships = access.memberships(person, clock.today())
        return self.visible_to(person).filter(_drafting(person, memberships)) if memberships else self.none()

    def get_named(self, name: str) -> Document:
        """The one document with this number or draft reference; 404 for what is not in the set.

        A draft's reference goes on naming it once it has a number: a second click or an old tab still knows it by that.
        """
        if "\0" in name:  # PostgreSQL refuses to compare it; nothing is called so
            raise Http404
        document = self.filter(Q(number=name) | Q(reference=name)).first()
        if document is None:
            raise Http404
        return document

    def number_of(self, reference: str) -> str | None:
        """The number that a draft has got since, for pages that were opened under its draft reference."""
        if "\0" in reference:
            return None
        return self.filter(reference=reference, number__isnull=False).values_list("number", flat=True).first()

    def for_table(self) -> DocumentQuerySet:
        """With what a list row shows; the amount as submitted, since the working copy's is for its drafting side alone."""
        return self.select_related("project", "instalment", "submitted_by", "creator").with_signed_amount()

    def with_signed_amount(self) -> DocumentQuerySet:
        """With ``signed_amount``: that of the newest submission, None for what was never submitted."""
        from documents.models import Revision  # models import this module

        newest = Revision.objects.filter(document=OuterRef("pk"), n=OuterRef("revision_n"))
        return self.annotate(signed_amount=Subquery(newest.values("amount")[:1]))

    def for_page(self) -> DocumentQuerySet:
        """With what the document page's head shows."""
        return self.select_related(
            "project__developer",
            "project__property_company",
            "instalment",
            "department",
            "submitted_by",
            "creator",
            "policy",
        )

    def matching(self, text: str) -> DocumentQuerySet:
        """Full or partial number, title, people, pinyin initials."""
        words = text.replace("\0", " ").casefold().split()
        query = self
        for word in words[:5]:
            query = query.filter(search_text__icontains=word)
        return query


def _places(memberships: list[access.Membership]) -> dict[int | None, set[str]]:
    """Posts held, by project; None stands for company-wide posts, which reach every visible project."""
    places: dict[int | None, set[str]] = defaultdict(set)
    for membership in memberships:
        places[membership.project_id].add(membership.post)
    return places


def _drafting(person: Person, memberships: list[access.Membership]) -> Q:
    """Working copies: one's own, and those of the same company where one's post may draft the kind."""
    condition = Q(creator=person)
    for project_id, posts in _places(memberships).items():
        mine = [form.kind for form in kinds.registered() if posts & set(form.may_draft())]
        if mine:
            place = Q() if project_id is None else Q(project=project_id)
            condition |= place & Q(kind__in=mine, creator__company=person.company_id)
    return Q(state__in=EDITABLE) & condition


def _reading(person: Person, memberships: list[access.Membership]) -> Q:
    """Submitted revisions: audience, chain or copy."""
    from documents.models import Copy, Step  # models import this module

    condition = Q(pk__in=())
    steps = Q(act__person=person)
    for project_id, posts in _places(memberships).items():
        place = Q() if project_id is None else Q(project=project_id)
        seen = [form.kind for form in kinds.registered() if posts & set(form.audience + form.may_draft())]
        if seen:
            condition |= place & Q(kind__in=seen)
    for membership in memberships:
        step = Q(post=membership.post)
        if membership.project_id is not None:
            step &= Q(project=membership.project_id)
        if membership.department_id is not None:
            step &= Q(department=membership.department_id) | Q(department=None)
        steps |= step
    condition |= Exists(Step.objects.filter(steps, document=OuterRef("pk")))
    condition |= Exists(Copy.objects.filter(person=person, document=OuterRef("pk")))
    return Q(first_submitted_at__isnull=False) & condition


def is_drafting_side(person: Person, document: Document, posts: Collection[str] | None = None) -> bool:
    """Creator, or of the creator's company with a post that may draft the kind: who sees and writes the working copy.

    ``posts`` are those of the person that reach the project, where they are read already; without them the document is one
    that is visible to the person, so that some post of a creator's reaches it.
    """
    if document.creator_id == person.pk:
        return posts is None or bool(posts)
    if document.creator.company_id != person.company_id or not kinds.is_registered(document.kind):
        return False
    if posts is None:
        posts = {held.post for held in access.memberships_in(person, document.project, clock.today())}
    return not set(posts).isdisjoint(kinds.get(document.kind).may_draft())


def by_check_code(number: str, code: str) -> Document | None:
    """The form that a paper's number and check code name together, for the page that anyone may open (verification)."""
    from documents.models import Document  # models import this module

    document = None if "\0" in number else Document.objects.with_signed_amount().filter(number=number).first()
    # Typed off paper: the hyphen may be missing.
    typed = code.upper().replace("-", "").replace(" ", "")
    if document is None or not secrets.compare_digest(document.check_code.replace("-", "").encode(), typed.encode()):
        return None
    return document
