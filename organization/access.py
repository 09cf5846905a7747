"""Who may see which project and who holds which post there: the only reader and writer of project grants (design 15).

``Appointment`` is the truth. A grant stands for every appointment row whatever its dates; dates are tested on reading, so
passing time makes no difference between the two.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet

from organization import clock
from organization.models import Appointment, Person, Project, ProjectGrant
from organization.posts import DEPARTMENT_POSTS, DEVELOPER_POSTS, PROPERTY_POSTS, REGION_POSTS, Camp, Post, camp_of

PERMISSION = "access_project"


@dataclass(frozen=True, slots=True)
class Membership:
    """A post held now. ``project_id`` None: company-wide, in every project of the person's company."""

    post: str
    project_id: int | None
    department_id: int | None


def memberships(person: Person, on: date) -> list[Membership]:
    """Posts that a person holds on a date; one query."""
    if not person.is_active or person.company_id is None:
        return []

    def read() -> list[Membership]:
        rows = Appointment.objects.active(on).filter(person=person).values_list("post", "project_id", "department_id")
        return [Membership(*row) for row in rows]

    return _seen("posts", person, on, read)


def memberships_in(person: Person, project: Project, on: date) -> list[Membership]:
    """Posts that reach a project on a date: its own, and company-wide ones where the person's company stands there.

    ``reaching`` says the same in SQL. One query.
    """
    return [held for held in memberships(person, on) if reaches(held, person, project)]


def reaches(held: Membership, person: Person, project: Project) -> bool:
    """Whether a post that a person holds reaches a project; pure over loaded rows."""
    return held.project_id == project.pk or (
        held.project_id is None and person.company_id == _company_of(held.post, project)
    )


def _company_of(post: str, project: Project) -> int:
    """The company whose people hold a post in a project; the developer's stand for a region that is not named."""
    if post in PROPERTY_POSTS:
        return project.property_company_id
    return (post in REGION_POSTS and project.region_id) or project.developer_id


def visible_projects(person: Person, on: date) -> QuerySet[Project]:
    """Projects with a grant and an appointment in force on a date; one lazy query, usable as a subquery."""
    if not person.is_active or person.company_id is None:
        return Project.objects.none()
    held = Appointment.objects.active(on).filter(person=person)
    wide = held.filter(project=None)
    grants = ProjectGrant.objects.filter(user=person, permission__codename=PERMISSION)
    return Project.objects.filter(
        Q(pk__in=held.filter(project__isnull=False).values("project"))
        | Q(property_company=person.company_id) & Exists(wide.filter(post__in=PROPERTY_POSTS))
        | Q(developer=person.company_id) & Exists(wide.filter(post__in=DEVELOPER_POSTS))
        | (Q(region=person.company_id) | Q(region=None, developer=person.company_id))
        & Exists(wide.filter(post__in=REGION_POSTS)),
        pk__in=grants.values("content_object"),
    )


def visible_keys(person: Person, on: date) -> list[int]:
    """Keys of the projects that a person may see: with them as plain keys the database takes the right index."""
    return _seen("projects", person, on, lambda: list(visible_projects(person, on).values_list("pk", flat=True)))


_look: ContextVar[dict[Any, list[Any]] | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Within it a person's posts and projects are read once: for requests that show and don't change (``middleware``).

    A page asks a dozen times who looks at it, and the answers must agree. Whatever changes something reads them anew, and a
    signature besides holds its appointment until the commit (``holds``).
    """
    token = _look.set({})
    try:
        yield
    finally:
        _look.reset(token)


def _seen(what: str, person: Person, on: date, read: Callable[[], list[Any]]) -> list[Any]:
    look = _look.get()
    if look is None:
        return read()
    key = (what, person.pk, on)
    if key not in look:
        look[key] = read()
    return list(look[key])


def reaching(project_id: int, posts: Iterable[str] = tuple(Post)) -> Q:
    """Appointments that reach a project: its own, and the company-wide ones of the company that stands there.

    ``posts`` are those that the caller asks for: the ways of other camps are left out, since each costs a subquery.
    """
    place = Project.objects.filter(pk=project_id)
    company = OuterRef("person__company")
    ways = {
        Camp.PROPERTY: (PROPERTY_POSTS, Q(property_company=company)),
        Camp.DEVELOPER: (DEVELOPER_POSTS, Q(developer=company)),
        Camp.REGION: (REGION_POSTS, Q(region=company) | Q(region=None, developer=company)),
    }
    wide = Q(pk__in=())
    for camp in sorted({camp_of(post) for post in posts}):
        of_camp, stands_there = ways[camp]
        wide |= Q(Exists(place.filter(stands_there)), post__in=of_camp)
    return Q(project=project_id) | Q(project=None) & wide


def holders(post: str, project: Project, department: object = None, on: date | None = None) -> list[Person]:
    """Active people who hold a post in a project on a date (default today), in the order of their keys.

    A department post is held for a department: without one nobody holds it. ``department`` is a row or its key.
    """
    department_id = getattr(department, "pk", department)
    return holders_of([(post, department_id)], project, on)[(post, department_id)]


def holders_of(
    places: Iterable[tuple[str, int | None]], project: Project, on: date | None = None
) -> dict[tuple[str, int | None], list[Person]]:
    """Holders of several (post, department key) in a project at once; one query for a whole chain."""
    wanted = list(dict.fromkeys(places))
    posts = {post for post, _department in wanted}
    rows = (
        Appointment.objects.active(on or clock.today())
        .filter(reaching(project.pk, posts), post__in=posts)
        .select_related("person__company")
    )
    found: dict[tuple[str, int | None], dict[int, Person]] = defaultdict(dict)
    for row in rows:
        key = (row.post, row.department_id) if row.post in DEPARTMENT_POSTS else (row.post, None)
        found[key][row.person_id] = row.person
    answer = {}
    for post, department_id in wanted:
        people = found[(post, department_id if post in DEPARTMENT_POSTS else None)]
        answer[(post, department_id)] = [people[pk] for pk in sorted(people)]
    return answer


def people_of(project: Project, posts: Iterable[str], besides: Person | None = None) -> list[Person]:
    """Those who hold one of these posts in a project today, each once: whom to tell. Not for posts of departments."""
    found = holders_of([(post, None) for post in posts], project)
    people = {person.pk: person for rows in found.values() for person in rows}
    return [person for pk, person in people.items() if besides is None or pk != besides.pk]


def holders_across(
    projects: Iterable[Project], posts: Iterable[str], on: date | None = None
) -> dict[tuple[int, str, int | None], list[Person]]:
    """Holders of posts in many projects at once, by (project, post, department key); one query.

    The department is None but for department posts. People stand in the order of their keys; nobody is left out.
    """
    places = {project.pk: project for project in projects}
    rows = (
        Appointment.objects.active(on or clock.today())
        .filter(Q(project=None) | Q(project__in=places), post__in=set(posts))
        .select_related("person")
        .order_by("person")
    )
    found: dict[tuple[int, str, int | None], dict[int, Person]] = defaultdict(dict)
    for row in rows:
        held = Membership(row.post, row.project_id, row.department_id)
        department = row.department_id if row.post in DEPARTMENT_POSTS else None
        for project in places.values() if row.project_id is None else [places[row.project_id]]:
            if reaches(held, row.person, project):
                found[(project.pk, row.post, department)][row.person_id] = row.person
    return {place: list(people.values()) for place, people in found.items()}


def holds(
    person: Person, post: str, project_id: int, department_id: int | None, on: date | None = None, *, lock: bool = False
) -> bool:
    """Whether a person holds a post in a project on a date (default today), read from the database now.

    With ``lock`` the appointment and the person stay as they are until the transaction ends, so that a signature and the
    withdrawal of its right cannot pass each other.
    """
    if post in DEPARTMENT_POSTS and department_id is None:
        return False
    rows = Appointment.objects.active(on or clock.today()).filter(
        reaching(project_id, [post]), person=person, post=post
    )
    if post in DEPARTMENT_POSTS:
        rows = rows.filter(department=department_id)
    if lock:
        rows = rows.select_related("person").select_for_update(of=("self", "person"), no_key=True)
    return rows.first() is not None if lock else rows.exists()


def expected_grants(appointments: Iterable[Appointment], projects: Iterable[Project]) -> set[tuple[int, int]]:
    """(person, project) pairs that appointments call for, whatever their dates. Pure over loaded rows."""
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    for project in projects:
        places[("property", project.property_company_id)].add(project.pk)
        places[("developer", project.developer_id)].add(project.pk)
        places[("region", project.region_id or project.developer_id)].add(project.pk)
    pairs = set()
    for appointment in appointments:
        if appointment.project_id is not None:
            pairs.add((appointment.person_id, appointment.project_id))
            continue
        camp = (
            "property"
            if appointment.post in PROPERTY_POSTS
            else "region"
            if appointment.post in REGION_POSTS
            else "developer"
        )
        pairs |= {(appointment.person_id, pk) for pk in places[(camp, appointment.person.company_id)]}
    return pairs


def sync(person: Person) -> None:
    """Make a person's grants what their appointments call for; called inside the appointing transaction."""
    rows = Appointment.objects.filter(person=person).select_related("person")
    expected = expected_grants(rows, Project.objects.all())
    _write(expected, ProjectGrant.objects.filter(user=person))


def sync_project(project: Project) -> None:
    """Give a new or changed project's grants to those who are appointed to it or company-wide."""
    companies = [project.property_company_id, project.developer_id, project.region_id]
    rows = Appointment.objects.filter(
        Q(project=project) | Q(project=None, person__company__in=[pk for pk in companies if pk])
    ).select_related("person")
    _write(expected_grants(rows, [project]), ProjectGrant.objects.filter(content_object=project))


def _write(expected: set[tuple[int, int]], present: QuerySet[ProjectGrant]) -> None:
    permission = Permission.objects.get(content_type__app_label="organization", codename=PERMISSION)
    stale = []
    for grant in present:
        pair = (grant.user_id, grant.content_object_id)
        if grant.permission_id == permission.pk and pair in expected:
            expected = expected - {pair}
        else:
            stale.append(grant.pk)
    if stale:
        ProjectGrant.objects.filter(pk__in=stale).delete()
    ProjectGrant.objects.bulk_create(
        ProjectGrant(user_id=person, content_object_id=project, permission=permission)
        for person, project in sorted(expected)
    )


def differences() -> Iterator[str]:
    """Where grants and appointments disagree, a line each: table, key (person/project), column."""
    expected = expected_grants(Appointment.objects.select_related("person").order_by("pk"), Project.objects.all())
    present = set()
    for grant in ProjectGrant.objects.select_related("permission").order_by("pk"):
        if grant.permission.codename != PERMISSION:
            yield f"organization_projectgrant {grant.pk} permission_id"
            continue
        present.add((grant.user_id, grant.content_object_id))
    for person_id, project_id in sorted(expected ^ present):
        yield f"organization_projectgrant {person_id}/{project_id} content_object_id"
    # Rights come from appointments alone: no group and no model-wide permission may stand beside them.
    for pk in Person.user_permissions.through.objects.order_by("pk").values_list("pk", flat=True):
        yield f"organization_person_user_permissions {pk} permission_id"
    for pk in Person.groups.through.objects.order_by("pk").values_list("pk", flat=True):
        yield f"organization_person_groups {pk} group_id"
