"""Daily seals over all trails."""

from datetime import date

import pytest
from django.core.management import call_command

from documents import circulation, trail, verifying
from documents.models import Seal
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


@pytest.mark.race
def test_a_seal_waits_for_events_that_are_on_their_way(real_transactions):
    """PostgreSQL gives keys before the commit: an event with a lower key may be committed after one with a higher."""
    import threading

    from django.db import connection, transaction

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
