"""Notices by mail: at least once, no doubles, to those who may read them."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import translation

from documents import mailing
from documents.models import Notice
from organization import appointing
from organization.models import Person
from tests import forms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_rest():
    mailing._failed.clear()
    yield
    mailing._failed.clear()


@pytest.fixture
def addressed(cast):
    """The two people of the first station have addresses, the others none."""
    Person.objects.filter(username__in=("property_leader", "property_finance_head")).update(email="")
    for name in ("property_leader", "property_finance_head"):
        Person.objects.filter(username=name).update(email=f"{name}@example.com")
    Notice.objects.all().delete()
    return cast


def recipients():
    return sorted(message.to[0] for message in mail.outbox)


def test_each_notice_is_mailed_once(addressed):
    document = forms.submitted(addressed)

    assert mailing.send_due() == 2
    assert mailing.send_due() == 0
    assert recipients() == ["property_finance_head@example.com", "property_leader@example.com"]
    message = mail.outbox[0]
    assert message.subject.startswith(f"{document.number} 待您审批")
    assert f"/documents/{document.number}/" in message.body
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_who_has_no_address_gets_none_and_is_not_asked_again(cast):
    Notice.objects.all().delete()
    Person.objects.update(email="")
    forms.submitted(cast)

    assert mailing.send_due() == 0
    assert mail.outbox == []
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_mail_is_in_the_language_of_its_reader(addressed, monkeypatch):
    monkeypatch.setattr(mailing, "notice_text", lambda notice: translation.get_language())
    Person.objects.filter(username="property_leader").update(language="en")
    document = forms.submitted(addressed)
    mailing.send_due()

    assert {message.to[0]: message.subject for message in mail.outbox} == {
        "property_leader@example.com": f"{document.number} en",
        "property_finance_head@example.com": f"{document.number} zh-hans",
    }


def test_a_right_that_was_taken_away_takes_the_mail_with_it(addressed, fixed_clock):
    forms.submitted(addressed)
    leader = addressed.property_leader
    appointing.end_appointment(
        actor=None,
        appointment=leader.appointments.get(),
        ends_on=fixed_clock.today() - timedelta(days=1),
    )
    Notice.objects.filter(code__startswith="appointment").delete()

    assert mailing.send_due() == 1
    assert recipients() == ["property_finance_head@example.com"]
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_server_that_is_down_loses_nothing_and_is_left_alone_for_a_while(addressed, monkeypatch, caplog):
    forms.submitted(addressed)
    backend = type(mail.get_connection())

    def down(*args, **kwargs):
        raise ConnectionRefusedError("no server")

    with monkeypatch.context() as patch:
        patch.setattr(backend, "send_messages", down)
        assert mailing.send_due() == 0
    assert "mail server" in caplog.text
    assert Notice.objects.filter(mailed_at=None).count() == 2
    assert mailing.send_due() == 0, "the server rests"

    mailing._failed.clear()
    assert mailing.send_due() == 2


def test_one_refused_address_keeps_nobody_else_waiting(addressed, monkeypatch):
    forms.submitted(addressed)
    backend = type(mail.get_connection())
    send = backend.send_messages

    def picky(self, messages):
        if messages[0].to == ["property_leader@example.com"]:
            raise smtplib.SMTPRecipientsRefused({"property_leader@example.com": (550, b"unknown")})
        return send(self, messages)

    monkeypatch.setattr(backend, "send_messages", picky)

    assert mailing.send_due() == 1
    assert recipients() == ["property_finance_head@example.com"]
    assert Notice.objects.filter(mailed_at=None).count() == 1
    assert mailing.send_due() == 0


def test_the_same_notice_sent_twice_has_the_same_message_id(addressed):
    """After a crash between sending and marking it goes out again: a mail program shows it once."""
    forms.submitted(addressed)
    mailing.send_due()
    Notice.objects.update(mailed_at=None)
    mailing.send_due()

    identities = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(identities) == 4
    assert len(set(identities)) == 2


def test_it_refuses_to_send_inside_a_transaction(real_transactions):
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError):
        mailing.send_due()


def test_two_mailers_at_once_send_nothing_twice(real_transactions, monkeypatch):
    import threading
    import time

    from django.db import connection

    Person.objects.filter(username="property_leader").update(email="a@example.com")
    Notice.objects.all().delete()
    forms.submitted(real_transactions)
    backend = type(mail.get_connection())
    send = backend.send_messages

    def slowly(self, messages):
        time.sleep(0.3)
        return send(self, messages)

    monkeypatch.setattr(backend, "send_messages", slowly)
    barrier = threading.Barrier(2)

    def mailer():
        barrier.wait()
        mailing.send_due()
        connection.close()

    threads = [threading.Thread(target=mailer) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert recipients() == ["a@example.com"]
