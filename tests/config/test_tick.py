"""``manage.py tick``: what is due is done once, and again does no harm."""

import pytest
from django.core.management import call_command

from documents.models import Notice, RenderedFile, Seal
from tests import forms

pytestmark = pytest.mark.django_db


def test_yesterday_is_sealed_once_and_the_hash_is_told(cast, capsys):
    forms.submitted(cast)
    call_command("tick")
    seal = Seal.objects.get()
    assert (str(seal.day), seal.documents) == ("2026-11-22", 1)
    assert seal.hash in capsys.readouterr().out
    call_command("tick")
    assert capsys.readouterr().out == ""
    assert Seal.objects.count() == 1


def test_a_print_whose_request_was_lost_is_made(cast, fixed_clock):
    """On commit the worker is asked; here nothing commits, as when the process dies just then."""
    document = forms.approved(cast)
    assert not RenderedFile.objects.exists()
    call_command("tick")
    assert not RenderedFile.objects.exists()
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 23, 9, 30))
    call_command("tick")
    assert RenderedFile.objects.get().document == document


def test_old_results_of_tasks_are_cleared_away(cast, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    call_command("tick")


def test_reminders_are_written_once_and_mailed_by_the_same_tick(cast, fixed_clock, mailoutbox):
    """December's forms are due on Monday 2026-11-30: Friday the 27th is one working day before."""
    document = forms.submitted(cast)
    cast.property_leader.email = "leader@example.com"
    cast.property_leader.save()
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 27))
    call_command("tick")
    call_command("tick")
    sentence = "截止 2026-11-30 审批通过，还剩 1 个工作日，请尽快处理"
    assert [mail.subject for mail in mailoutbox if "截止" in mail.subject] == [f"{document.number} {sentence}"]
    assert Notice.objects.filter(code="due", document=document, recipient=cast.property_leader).count() == 1


def test_a_step_that_fails_keeps_no_other_from_its_work(cast, fixed_clock, monkeypatch):
    """The seal stands and December's forms are reminded of although reminding of plans broke; the fault is told all the same."""
    from intervention import reminding

    def broken():
        raise RuntimeError("broken")

    forms.submitted(cast)
    monkeypatch.setattr(reminding, "remind", broken)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 27))
    with pytest.raises(RuntimeError, match="broken"):
        call_command("tick")
    assert Seal.objects.count() == 1
    assert Notice.objects.filter(code__startswith="due").exists()
