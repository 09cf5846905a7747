"""The roll of people: made, edited, deactivated and never deleted. Every change is on the trail, passwords never are."""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token

from organization import trail
from organization.models import Company, Person
from organization.refusals import OrganizationRefused
from organization.starting import begin


@transaction.atomic
def create_person(
    *,
    actor: Person | None,
    username: str,
    name: str,
    company: Company | None,
    password: str,
    phone: str = "",
    email: str = "",
    language: str = "zh-hans",
    is_administrator: bool = False,
    must_change_password: bool | None = None,
    password_hash: str = "",
) -> Person:
    """Make a person; an administrator has no company, everybody else has one.

    A password given by an administrator is good for one log-in only (``must_change_password``); set-up decides for itself.
    ``password_hash`` is the password already hashed, where set-up gives many people the same one: each hash costs what makes
    guessing dear. Effects: event ``person_created``.
    """
    begin(actor)
    if is_administrator == (company is not None):
        raise OrganizationRefused(_("系统管理员不属于任何公司，其他人员须属于一家公司。"))
    username = Person.normalize_username(username)
    if Person.objects.filter(username=username).exists():
        raise OrganizationRefused(_("用户名 %(username)s 已被使用。") % {"username": username})
    person = Person(
        username=username,
        name=name,
        company=company,
        phone=phone,
        email=email,
        language=language,
        is_administrator=is_administrator,
        must_change_password=actor is not None if must_change_password is None else must_change_password,
    )
    if actor is not None:
        _check_password(password, person)
    if password_hash and actor is None:
        person.password = password_hash
    else:
        person.set_password(password)
    person.save(force_insert=True)
    trail.record("person_created", actor, person=person.pk, username=username, **_standing(person))
    return person


@transaction.atomic
def edit_person(*, actor: Person | None, person: Person, **changes: Any) -> Person:
    """Change name, phone or e-mail. Effects: event ``person_edited`` naming the fields, not their contents."""
    begin(actor)
    person = Person.objects.select_for_update().get(pk=person.pk)
    unknown = set(changes) - {"name", "phone", "email"}
    if unknown:
        raise TypeError(f"not editable: {sorted(unknown)}")
    changed = [field for field, value in changes.items() if getattr(person, field) != value]
    if changed:
        for field in changed:
            setattr(person, field, changes[field])
        person.save(update_fields=changed)
        trail.record("person_edited", actor, person=person.pk, fields=sorted(changed))
    return person


@transaction.atomic
def deactivate(*, actor: Person | None, person: Person) -> Person:
    """Shut a person out at once; appointments and everything signed stay as they are.

    Effects: API tokens go, sessions end with the next request, event ``deactivated``.
    """
    begin(actor)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if actor is not None and person.pk == actor.pk:
        raise OrganizationRefused(_("不能停用自己的账号，请由另一位系统管理员操作。"))
    if not person.is_active:
        raise OrganizationRefused(_("%(person)s 已经停用。") % {"person": person})
    person.is_active = False
    person.save(update_fields=["is_active"])
    Token.objects.filter(user=person).delete()
    trail.record("deactivated", actor, person=person.pk, **_standing(person))
    return person


@transaction.atomic
def reactivate(*, actor: Person | None, person: Person, password: str) -> Person:
    """Let a person in again, with a new password so that no old session comes back to life."""
    begin(actor)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        raise OrganizationRefused(_("%(person)s 没有停用。") % {"person": person})
    person.is_active = True
    _give_password(person, password)
    trail.record("reactivated", actor, person=person.pk, **_standing(person))
    return person


@transaction.atomic
def reset_password(*, actor: Person | None, person: Person, password: str) -> Person:
    """Give a person a password for one log-in; all their sessions and tokens end. Effects: event ``password_reset``."""
    begin(actor)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _give_password(person, password)
    trail.record("password_reset", actor, person=person.pk)
    return person


@transaction.atomic
def change_password(*, person: Person, password: str) -> Person:
    """A person's own change; other sessions and all tokens end. Effects: event ``password_changed``."""
    trail.take_lock()
    row = Person.objects.select_for_update().get(pk=person.pk)
    row.must_change_password = False
    row.set_password(password)
    row.save(update_fields=["password", "must_change_password"])
    Token.objects.filter(user=row).delete()
    trail.record("password_changed", row, person=row.pk)
    return row


def set_language(*, person: Person, language: str) -> None:
    """The language of pages and notices; not a matter for the trail."""
    Person.objects.filter(pk=person.pk).update(language=language)


def _give_password(person: Person, password: str) -> None:
    _check_password(password, person)
    person.must_change_password = True
    person.set_password(password)
    person.save(update_fields=["password", "must_change_password", "is_active"])
    Token.objects.filter(user=person).delete()


def _check_password(password: str, person: Person) -> None:
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise OrganizationRefused(*error.messages) from error


def _standing(person: Person) -> dict[str, Any]:
    """What ``verify`` compares with the row."""
    return {
        "company": person.company_id,
        "is_administrator": person.is_administrator,
        "is_active": person.is_active,
    }
