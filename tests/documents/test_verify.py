"""``manage.py verify``: what it prints and how it ends; what it finds is in tests/trust."""

import pytest
from django.core.management import call_command
from django.db import connection

from documents import guards
from documents.verifying import forms as reckoning
from tests import forms
from tests.trust import world

pytestmark = pytest.mark.django_db


def test_a_sound_database_has_zero_differences(cast, capsys):
    world.build(cast)
    call_command("verify")

    assert capsys.readouterr().out == "0 differences\n"


def test_a_difference_is_a_line_and_the_status_is_one(cast, capsys):
    document = forms.approved(cast)
    guards.uninstall()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_document SET amount = amount + 1 WHERE id = %s", [document.pk])
    guards.install()

    with pytest.raises(SystemExit) as ended:
        call_command("verify")

    printed = capsys.readouterr()
    assert ended.value.code == 1
    assert printed.out.splitlines() == [
        f"documents_document {document.pk} amount: 8643.01 ≠ 8643.00",
        f"documents_document {document.pk} amount",
    ]
    assert printed.err == "2 differences\n"


def test_passing_time_makes_no_difference(cast, fixed_clock, capsys):
    forms.approved(cast)
    forms.submitted(cast, instalment="CH-1")
    fixed_clock.set_clock(fixed_clock.shanghai(2031, 5, 1))
    call_command("verify")

    assert capsys.readouterr().out == "0 differences\n"


def test_the_number_of_queries_does_not_grow_with_the_forms(cast, django_assert_num_queries):
    """Three forms of one kind or one: the same lot, the same queries."""
    forms.approved(cast)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        assert list(reckoning.differences()) == []
    forms.approved(cast, instalment="CH-1")
    forms.submitted(cast, month=world.JANUARY)
    with django_assert_num_queries(len(one)):
        assert list(reckoning.differences()) == []


def test_a_commit_beside_it_is_not_mistaken_for_a_difference(real_transactions, monkeypatch):
    """All is read in one snapshot: a form that is signed half-way through is seen as it was at the start."""
    import threading

    from documents import verifying
    from documents.verifying import forms as part

    cast = real_transactions
    document = forms.submitted(cast)
    read, signed = part.of, []

    def sign_meanwhile(row):
        if not signed:
            signed.append(row)
            thread = threading.Thread(target=lambda: (forms.sign(document, cast.property_leader), connection.close()))
            thread.start()
            thread.join()
        return read(row)

    monkeypatch.setattr(part, "of", sign_meanwhile)

    assert list(verifying.differences()) == []
    assert signed
    assert list(verifying.differences()) == []
