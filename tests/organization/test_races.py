"""Two administrators at once: one line of events, and nobody misses a project that is made beside their appointment."""

import threading
from datetime import date

import pytest
from django.db import connection

from organization import access, appointing
from organization.models import AppointmentEvent, Person

ROUNDS = 20


def together(*functions):
    """Run functions at the same moment, each in a connection of its own; what they raised is returned."""
    barrier, raised = threading.Barrier(len(functions)), []

    def run(function):
        try:
            barrier.wait()
            function()
        except Exception as error:  # noqa: BLE001 - handed to the test
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


@pytest.mark.race
def test_a_project_made_beside_a_company_wide_appointment_is_granted_and_the_chain_holds(real_transactions):
    cast = real_transactions
    city, own = cast.companies["city"], cast.companies["property"]
    for number in range(ROUNDS):
        person = appointing.create_person(
            actor=None, username=f"new-{number}", name="新人", company=city, password="a-long-password-2026"
        )
        raised = together(
            lambda person=person: appointing.appoint(
                actor=None, person=person, post="finance", starts_on=date(2026, 1, 1)
            ),
            lambda number=number: appointing.create_project(
                actor=None, code=f"R{number}", name=f"竞态{number}", developer=city, property_company=own
            ),
        )
        assert raised == []
        assert access.visible_projects(person, date(2026, 11, 23)).filter(code=f"R{number}").exists()
    seqs = list(AppointmentEvent.objects.values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert list(access.differences()) == []
    assert list(appointing.differences()) == []


@pytest.mark.race
def test_the_same_appointment_made_twice_at_once_is_made_once(real_transactions):
    cast = real_transactions
    for number in range(ROUNDS):
        person = appointing.create_person(
            actor=None,
            username=f"twice-{number}",
            name="新人",
            company=cast.companies["property"],
            password="a-long-password-2026",
        )

        def give(person=person):
            appointing.appoint(actor=None, person=person, post="property_clerk", starts_on=date(2026, 1, 1))

        assert len(together(give, give)) == 1
        assert Person.objects.get(pk=person.pk).appointments.count() == 1
