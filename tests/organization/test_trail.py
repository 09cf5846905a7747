"""Tampering with the organization's trail or rows behind the verbs is named by verify."""

from datetime import date

import pytest
from django.db import connection

from documents import guards
from organization import appointing, clock
from organization.models import Appointment, AppointmentEvent, Instalment, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded(db):
    """The guards are out, as for somebody who owns the database."""
    guards.uninstall()
    yield
    if connection.vendor == "sqlite":
        guards.install()


def test_the_cast_made_by_the_verbs_has_no_differences(cast):
    assert list(appointing.differences()) == []
    assert AppointmentEvent.objects.count() > 60


def test_every_event_is_linked_to_the_one_before_it(cast):
    events = list(AppointmentEvent.objects.all())
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].previous_hash == ""
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert len({event.hash for event in events}) == len(events)


# column, new value, columns that verify names for the event itself
TAMPERED = [
    ("code", "ended", ["hash"]),
    ("parameters", {"person": 1}, ["hash"]),
    ("at", clock.shanghai(2020, 1, 1), ["hash"]),
    ("actor_id", None, ["hash"]),
    ("seq", 999_999, ["seq", "previous_hash", "hash"]),
    ("previous_hash", "0" * 64, ["previous_hash", "hash"]),
    ("hash", "0" * 64, ["hash"]),
]


@pytest.mark.parametrize(("column", "value", "named"), TAMPERED)
def test_each_tampered_column_is_named(cast, unguarded, column, value, named):
    appointing.reset_password(actor=cast.administrator, person=cast.finance, password="a-long-password-2026")
    appointing.reset_password(actor=cast.administrator, person=cast.finance, password="a-longer-password-2026")
    event = AppointmentEvent.objects.order_by("-seq")[1]
    AppointmentEvent.objects.filter(pk=event.pk).update(**{column: value})
    lines = [line for line in appointing.differences() if line.split()[1] == str(event.pk)]
    assert lines == [f"organization_appointmentevent {event.pk} {name}" for name in named]


def test_a_removed_event_is_named_by_its_successor(cast, unguarded):
    event = AppointmentEvent.objects.get(seq=5)
    following = AppointmentEvent.objects.get(seq=6)
    AppointmentEvent.objects.filter(pk=event.pk).delete()
    lines = list(appointing.differences())
    assert f"organization_appointmentevent {following.pk} seq" in lines
    assert f"organization_appointmentevent {following.pk} previous_hash" in lines


@pytest.mark.parametrize(
    ("column", "value"),
    [("post", "property_gm"), ("starts_on", date(2020, 1, 1)), ("ends_on", date(2030, 1, 1)), ("project_id", None)],
)
def test_an_appointment_changed_behind_the_verbs_is_named(cast, unguarded, column, value):
    row = Appointment.objects.get(person=cast.property_clerk)
    Appointment.objects.filter(pk=row.pk).update(**{column: value})
    assert f"organization_appointment {row.pk} {column}" in list(appointing.differences())


def test_an_appointment_put_in_behind_the_verbs_is_named(cast):
    row = Appointment.objects.create(
        person=cast.outsider, post="property_gm", starts_on=date(2026, 1, 1), created_at=clock.now()
    )
    assert list(appointing.differences()) == [f"organization_appointment {row.pk} id"]


def test_people_and_dates_changed_behind_the_verbs_are_named(cast, unguarded):
    Person.objects.filter(username="deactivated").update(is_active=True)
    Instalment.objects.filter(code="CH-2").update(actual_move_in_on=date(2026, 1, 1))
    intruder = Person.objects.create_superuser("intruder", "a-long-password-2026")
    assert list(appointing.differences()) == [
        f"organization_person {cast.deactivated.pk} is_active",
        f"organization_person {intruder.pk} is_administrator",
        f"organization_instalment {cast.instalments['CH-2'].pk} actual_move_in_on",
    ]


def test_passwords_never_reach_the_trail(cast):
    appointing.reset_password(actor=cast.administrator, person=cast.finance, password="a-long-password-2026")
    said = " ".join(str(event.parameters) for event in AppointmentEvent.objects.all())
    assert "a-long-password-2026" not in said
    assert "argon2" not in said
