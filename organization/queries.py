"""Reads of the organization, named for their screens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from organization import access, clock
from organization.models import Appointment, AppointmentEvent, Company, Person, PhaseContact, Project
from organization.models.project import Phase
from organization.permissions import can_administer
from organization.posts import Post

# The guide's order of posts, for lists.
POST_ORDER = Case(*(When(post=post, then=number) for number, post in enumerate(Post.values)), default=len(Post.values))


def projects_for(person: Person) -> QuerySet[Project]:
    """Projects that this person may see; an administrator keeps them all."""
    if can_administer(person) is None:
        return Project.objects.all()
    return access.visible_projects(person, clock.today())


def people_for_table(text: str = "", *, inactive: bool = False) -> QuerySet[Person]:
    """The list of people, searched by name, user name or phone."""
    people = Person.objects.select_related("company").order_by("company_id", "pk")
    if not inactive:
        people = people.filter(is_active=True)
    for word in text.split()[:5]:
        people = people.filter(Q(name__icontains=word) | Q(username__icontains=word) | Q(phone__icontains=word))
    return people


def people_without_posts(on: date) -> QuerySet[Person]:
    """Active people, administrators left out, who hold no post on a day and will hold none: they see nothing."""
    held = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), person=OuterRef("pk"))
    people = Person.objects.filter(~Exists(held), is_active=True, is_administrator=False)
    return people.select_related("company").order_by("company_id", "pk")


def vacant_posts(posts: Iterable[str], on: date) -> list[tuple[Project, list[str]]]:
    """Projects in use with those of the posts, in the guide's order, that nobody holds there on a day; two queries.

    A department post counts as held where it is held for some department.
    """
    wanted = [post for post in Post.values if post in set(posts)]
    projects = list(Project.objects.filter(is_active=True).order_by("code"))
    held = {(project, post) for project, post, _department in access.holders_across(projects, wanted, on)}
    vacant = [(project, [post for post in wanted if (project.pk, post) not in held]) for project in projects]
    return [(project, missing) for project, missing in vacant if missing]


def projects_without_instalments() -> QuerySet[Project]:
    """Projects in use in which no work form can be begun."""
    return Project.objects.filter(is_active=True, instalments=None).order_by("code")


def appointments_for_table(
    *, project: Project | None = None, post: str = "", person: Person | None = None, ended: bool = False
) -> QuerySet[Appointment]:
    """The list of appointments, by project (company-wide ones that reach it included), post and person."""
    rows = Appointment.objects.select_related("person__company", "project", "department")
    if project is not None:
        rows = rows.filter(access.reaching(project.pk))
    if post:
        rows = rows.filter(post=post)
    if person is not None:
        rows = rows.filter(person=person)
    if not ended:
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today()))
    return rows.order_by(POST_ORDER, "project_id", "pk")


@dataclass(frozen=True, slots=True)
class RosterSide:
    """One side of 对接与授权名单: the company and those authorised for it, in the guide's order of posts."""

    company: Company
    rows: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RosterPhase:
    """A phase with its records of contact."""

    phase: Phase
    contacts: list[PhaseContact]


@dataclass(frozen=True, slots=True)
class Roster:
    """对接与授权名单 of a project (3.2.2 1)): only people on it sign."""

    project: Project
    on: date
    phases: list[RosterPhase]
    sides: list[RosterSide]


def roster(project: Project, on: date, *, ended: bool = False) -> Roster:
    """Everybody authorised in a project, by side, and the contacts by phase; two queries."""
    order = {post: number for number, post in enumerate(Post.values)}
    rows = [
        row
        for row in appointments_for_table(project=project, ended=ended).filter(person__is_active=True)
        if row.ends_on is None or row.ends_on >= row.starts_on
    ]
    rows.sort(key=lambda row: (order[row.post], row.department_id or 0, row.pk))
    companies = [row for row in (project.property_company, project.developer, project.region) if row is not None]
    sides = [RosterSide(company, [row for row in rows if row.person.company_id == company.pk]) for company in companies]
    contacts = list(project.contacts.select_related("developer_department", "property_department"))
    phases = [RosterPhase(phase, [row for row in contacts if row.phase == phase]) for phase in Phase]
    return Roster(project, on, phases, sides)


def projects_with_instalments(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Projects for the list and the API, their instalments and companies fetched along."""
    return projects.select_related("developer", "property_company", "region").prefetch_related("instalments")


def events_before(seq: int | None, size: int = 50) -> list[AppointmentEvent]:
    """A page of the trail, newest first, by key."""
    events = AppointmentEvent.objects.select_related("actor").order_by("-seq")
    if seq is not None:
        events = events.filter(seq__lt=seq)
    return list(events[:size])
