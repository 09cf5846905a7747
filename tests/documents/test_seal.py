"""Daily seals over all trails."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from documents import circulation, guards, sealed, trail, verifying
from documents.models import Event, Seal
from organization import trail as organization_trail
from organization.models import AppointmentEvent
from tests import forms

pytestmark = pytest.mark.django_db


def test_a_seal_covers_the_newest_event_of_every_form(cast):
    first, second = forms.submitted(cast), forms.submitted(cast, instalment="CH-1")
    forms.purchase_request(cast, month=date(2027, 1, 1))

    seal = trail.seal_day(date(2026, 11, 22))

    assert seal.documents == 2
    newest = {form.pk: form.events.order_by("-seq").first().hash for form in (first, second)}
    assert seal.heads_sha256 == trail.heads_hash(newest)


def test_each_seal_is_chained_to_the_one_before_and_a_day_is_sealed_once(cast):
    forms.submitted(cast)
    monday = trail.seal_day(date(2026, 11, 20))
    forms.submitted(cast, instalment="CH-1")
    tuesday = trail.seal_day(date(2026, 11, 21))

    assert tuesday.previous_hash == monday.hash
    assert trail.seal_day(date(2026, 11, 21)) is None
    assert trail.seal_day(date(2026, 11, 20)) is None
    assert Seal.objects.count() == 2


def test_what_happens_after_a_seal_leaves_it_whole(cast):
    document = forms.submitted(cast)
    trail.seal_day(date(2026, 11, 22))
    circulation.comment(document_id=document.pk, actor=cast.property_clerk, text="请尽快")
    forms.submitted(cast, instalment="CH-1")

    assert list(verifying.differences()) == []


def test_the_command_seals_yesterday_and_prints_the_hash(cast, capsys):
    forms.submitted(cast)
    call_command("seal")

    seal = Seal.objects.get()
    assert seal.day == date(2026, 11, 22)
    assert capsys.readouterr().out == f"2026-11-22 1 documents {seal.hash}\n"

    call_command("seal")
    assert capsys.readouterr().out == f"sealed already: 2026-11-22 1 documents {seal.hash}\n"

    call_command("seal", "--today")
    assert Seal.objects.order_by("-day").first().day == date(2026, 11, 23)


def test_the_tick_seals_mails_and_cleans_up_and_may_run_again(cast, capsys):
    forms.submitted(cast)
    call_command("tick")
    assert capsys.readouterr().out.startswith("sealed 2026-11-22 1 documents ")

    call_command("tick")
    assert capsys.readouterr().out == ""
    assert Seal.objects.count() == 1


def test_an_app_lets_the_seal_cover_a_trail_of_its_own(cast, monkeypatch):
    """The organization's is covered from the start; a trail that comes later is covered from its first seal on."""
    forms.submitted(cast)
    monday = trail.seal_day(date(2026, 11, 20))
    monkeypatch.setitem(sealed._trails, "again", sealed.Trail("again", Event))
    forms.submitted(cast, instalment="CH-1")
    tuesday = trail.seal_day(date(2026, 11, 21))

    assert "organization" in monday.trails
    assert tuesday.trails.keys() - monday.trails.keys() == {"again"}
    assert tuesday.trails["again"]["events"] == Event.objects.count()
    assert list(verifying.differences()) == []


def test_a_seal_older_than_the_further_trails_stays_valid_and_the_next_covers_them(cast):
    forms.submitted(cast)
    old = trail.seal_day(date(2026, 11, 20))
    guards.uninstall()
    old.trails = {}
    # As it was hashed then: by its own columns alone.
    old.hash = trail.sha256_data(
        {
            "v": 1, "day": "2026-11-20", "documents": 1, "last_event": old.last_event, "heads": old.heads_sha256, "previous": "",
        }
    )  # fmt: skip
    old.save()
    guards.install()
    new = trail.seal_day(date(2026, 11, 21))

    assert new.previous_hash == old.hash
    assert new.trails["organization"]["events"] > 0
    assert list(verifying.differences()) == []


@pytest.mark.parametrize("trails", ["{}", "[]", '{"organization": 1}', '{"organization": {}, "nobody": {}}'])
def test_a_seal_of_which_the_further_trails_were_taken_is_named(cast, trails):
    trail.seal_day(date(2026, 11, 20))
    last = trail.seal_day(date(2026, 11, 21))
    guards.uninstall()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_seal SET trails = %s WHERE id = %s", [trails, last.pk])
    guards.install()

    named = [line.split(":")[0] for line in verifying.differences()]
    assert {f"documents_seal {last.pk} hash", f"documents_seal {last.pk} trails"} <= set(named)


def test_the_organizations_newest_event_cut_off_is_named_by_the_seal(cast):
    seal = trail.seal_day(date(2026, 11, 22))
    guards.uninstall()
    organization_trail.record("calendar_noted", None)
    later = trail.seal_day(date(2026, 11, 23))
    AppointmentEvent.objects.filter(code="calendar_noted").delete()
    guards.install()

    n = seal.trails["organization"]["events"]
    assert list(verifying.differences()) == [
        f"documents_seal {later.pk} trails: organization had {n + 1} events, {n} are there"
    ]


@pytest.mark.race
def test_a_seal_waits_for_events_that_are_on_their_way(real_transactions):
    """PostgreSQL gives keys before the commit: an event with a lower key may be committed after one with a higher."""
    import threading

    from django.db import transaction

    cast = real_transactions
    slow, quick = forms.submitted(cast), forms.submitted(cast, instalment="CH-1")
    written, sealed = threading.Event(), threading.Event()

    def comment_slowly():
        with transaction.atomic():
            circulation.comment(document_id=slow.pk, actor=cast.property_clerk, text="慢")
            written.set()
            sealed.wait(1)
        connection.close()

    thread = threading.Thread(target=comment_slowly)
    thread.start()
    written.wait(10)
    circulation.comment(document_id=quick.pk, actor=cast.property_clerk, text="快")
    trail.seal_day(date(2026, 11, 22))
    sealed.set()
    thread.join()

    assert list(verifying.differences()) == []
