"""Appointing people to posts: rows, grants, trail and listeners in one transaction (design 15, 17).

The module is also the door to the organization's other verbs, so that set-up code imports one name. Every verb takes the
organization's lock first, reads the actor's right anew, checks, changes, records and tells the listeners. ``actor`` None is
for set-up commands only.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from organization import access, clock, trail
from organization.ledger import differences as _ledger_differences
from organization.models import Appointment, AppointmentEvent, Department, Person, Project
from organization.places import (
    create_company,
    create_department,
    create_instalment,
    create_project,
    edit_project,
    record_contact,
    set_dates,
)
from organization.posts import DEPARTMENT_POSTS, Camp, Post, camp_of
from organization.refusals import OrganizationRefused
from organization.roll import (
    change_password,
    create_person,
    deactivate,
    edit_person,
    reactivate,
    reset_password,
    set_language,
)
from organization.starting import begin

__all__ = [
    "appoint",
    "change_password",
    "create_company",
    "create_department",
    "create_instalment",
    "create_person",
    "create_project",
    "deactivate",
    "differences",
    "edit_person",
    "edit_project",
    "end_appointment",
    "listen",
    "reactivate",
    "record_contact",
    "reset_password",
    "set_language",
    "set_dates",
]

Listener = Callable[[Appointment, str, Person | None], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Register ``fn(appointment, code, actor)``; it runs inside the transaction, so what it raises undoes everything."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@transaction.atomic
def appoint(
    *,
    actor: Person | None,
    person: Person,
    post: str,
    project: Project | None = None,
    department: Department | None = None,
    starts_on: date,
    ends_on: date | None = None,
) -> Appointment:
    """Give a person a post in one project, or in all projects of their company (``project`` None).

    Effects: an appointment, an event ``appointed``, the person's grants, the listeners. Raises ``OrganizationRefused``
    with every reason at once. ``ends_on`` is included.
    """
    begin(actor)
    person = Person.objects.select_for_update(of=("self",)).select_related("company").get(pk=person.pk)
    reasons = [
        *_person_reasons(person, post),
        *_place_reasons(person, post, project),
        *_department_reasons(person, post, department),
        *_date_reasons(person, post, project, department, starts_on, ends_on),
    ]
    if reasons:
        raise OrganizationRefused(*reasons)
    appointment = Appointment.objects.create(
        person=person,
        post=post,
        project=project,
        department=department,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=clock.now(),
        created_by=actor,
    )
    _finish(appointment, "appointed", actor)
    return appointment


@transaction.atomic
def end_appointment(*, actor: Person | None, appointment: Appointment, ends_on: date) -> Appointment:
    """Set an appointment's last day; the row stays.

    Yesterday takes the post away at once, also one that began today (its last day is then before its first, which means that
    it never was in force). Earlier days are refused: what was signed then was signed by right. An appointment that has run
    out is history. Effects: event ``ended``, listeners.
    """
    begin(actor)
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("person", "project", "department")
        .get(pk=appointment.pk)
    )
    yesterday = clock.today() - timedelta(days=1)
    if appointment.ends_on is not None and appointment.ends_on < clock.today():
        raise OrganizationRefused(_("该任命已经结束，不能再改；需要时请重新任命。"))
    if actor is not None and ends_on < yesterday:
        raise OrganizationRefused(
            _("结束日期不能早于 %(day)s：此前的签批是有效任命期内作出的。") % {"day": yesterday.isoformat()}
        )
    if ends_on < appointment.starts_on - timedelta(days=1):
        raise OrganizationRefused(_("结束日期不能早于任命开始的前一天。"))
    appointment.ends_on = ends_on
    appointment.save(update_fields=["ends_on"])
    _finish(appointment, "ended", actor)
    return appointment


def differences() -> Iterator[str]:
    """What is wrong with the trail, and where rows differ from what it says: table, key, column."""
    return _ledger_differences(list(AppointmentEvent.objects.order_by("seq")))


def _finish(appointment: Appointment, code: str, actor: Person | None) -> None:
    """Grants, trail and listeners of a changed appointment."""
    access.sync(appointment.person)
    trail.record(
        code,
        actor,
        appointment=appointment.pk,
        person=appointment.person_id,
        post=str(appointment.post),
        project=appointment.project_id,
        department=appointment.department_id,
        starts_on=appointment.starts_on.isoformat(),
        ends_on=appointment.ends_on.isoformat() if appointment.ends_on else None,
    )
    for listener in _listeners:
        listener(appointment, code, actor)


def _person_reasons(person: Person, post: str) -> Iterator[str]:
    if post not in Post.values:
        yield _("没有这个岗位：%(post)s。") % {"post": post}
    if person.is_administrator or person.company is None:
        yield _("%(person)s 是系统管理员，不能担任岗位。") % {"person": person}
    if not person.is_active:
        yield _("%(person)s 已停用，请先启用。") % {"person": person}


def _place_reasons(person: Person, post: str, project: Project | None) -> Iterator[str]:
    """Property posts are for the project's property company, developer posts for its developer; 区域分管总 for the region,
    or for the developer where the project names no region."""
    if person.company is None or post not in Post.values:
        return
    camp = camp_of(post)
    label = Post(post).label
    if project is None:
        fitting = (Camp.REGION, Camp.DEVELOPER) if camp == Camp.REGION else (camp,)
        if person.company.camp not in fitting:
            yield _("%(person)s 属于%(company)s，不能担任%(post)s。") % {
                "person": person,
                "company": person.company,
                "post": label,
            }
        return
    company = {
        Camp.PROPERTY: project.property_company,
        Camp.DEVELOPER: project.developer,
        Camp.REGION: project.region or project.developer,
    }[camp]
    if person.company_id != company.pk:
        yield _("%(project)s 的%(post)s须由%(company)s的人员担任，%(person)s 属于%(own)s。") % {
            "project": project,
            "post": label,
            "company": company,
            "person": person,
            "own": person.company,
        }


def _department_reasons(person: Person, post: str, department: Department | None) -> Iterator[str]:
    if post in DEPARTMENT_POSTS and department is None:
        yield _("%(post)s的任命须写明部门。") % {"post": Post(post).label}
    if department is not None and department.company_id != person.company_id:
        yield _("%(department)s 不是 %(person)s 所在公司的部门。") % {"department": department, "person": person}


def _date_reasons(
    person: Person,
    post: str,
    project: Project | None,
    department: Department | None,
    starts_on: date,
    ends_on: date | None,
) -> Iterator[str]:
    if ends_on is not None and ends_on < starts_on:
        yield _("结束日期早于开始日期。")
    twins = Appointment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).filter(
        person=person, post=post, project=project, department=department
    )
    if ends_on is not None:
        twins = twins.filter(starts_on__lte=ends_on)
    # A row whose last day is before its first never was in force.
    twin = twins.exclude(ends_on__lt=F("starts_on")).first()
    if twin is not None:
        yield _("%(person)s 自 %(day)s 起已担任该岗位，期间不能重叠。") % {
            "person": person,
            "day": twin.starts_on.isoformat(),
        }
