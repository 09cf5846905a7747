"""Packs asked for and made at the same moment, each race beside its control in which the guard is taken out."""

import secrets
import threading

import pytest
from django.db import connection

from documents import circulation
from documents.runs import Runs
from settlements.models import Pack, PackRun
from settlements.packs import runs
from tests import forms
from tests.trust.racing import PAUSE, ROUNDS, pausing, together

pytestmark = pytest.mark.race

OFTEN = 0.8 * ROUNDS


@pytest.fixture
def application(real_transactions, fixed_clock, monkeypatch):
    """An approved application whose packs nobody has asked for."""
    cast = real_transactions
    # Approval asks for its packs on commit: here people do.
    monkeypatch.setattr(runs, "start", lambda document: None)
    origin = forms.approved(cast)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 20))
    forms.confirmed(cast, origin)
    draft = forms.application(cast)
    circulation.submit(document_id=draft.pk, actor=cast.property_finance)
    return forms.sign_through(draft, cast)


# --- two people press the button -----------------------------------------------------------------------------------------
def asking(application, before):
    """How many tasks two people's pressing queued, round by round; ``before`` is how the run stands then."""
    for _round in range(ROUNDS):
        PackRun.objects.all().delete()
        if before:
            runs._ask(application.pk, "pdf")
            PackRun.objects.update(status=before)
        queued = []

        def press(queued=queued):
            if runs._ask(application.pk, "pdf"):
                queued.append(1)

        yield together(press, press), len(queued), PackRun.objects.count()


@pytest.mark.parametrize("before", ["", "failed"], ids=["the first time", "after a failure"])
def test_two_who_ask_at_once_start_one_run(application, before):
    outcomes, queued, rows = zip(*asking(application, before), strict=True)

    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert queued == (1,) * ROUNDS
    assert rows == (1,) * ROUNDS


def test_control_two_runs_are_started_without_the_constraint(application, monkeypatch):
    """Look first, then write, as without the unique key."""

    def look_and_write(document_id, file_format):
        if PackRun.objects.filter(document_id=document_id, format=file_format).exists():
            return False
        threading.Event().wait(PAUSE)
        now = runs.clock.now()
        PackRun.objects.create(document_id=document_id, format=file_format, asked_at=now, heard_at=now)
        return True

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE settlements_packrun DROP CONSTRAINT pack_run_once_per_format")
    try:
        monkeypatch.setattr(runs, "_ask", look_and_write)
        assert sum(queued == 2 for _outcome, queued, _rows in asking(application, "")) >= OFTEN
    finally:
        PackRun.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE settlements_packrun ADD CONSTRAINT pack_run_once_per_format UNIQUE (document_id, format)"
            )


def test_control_two_tasks_are_queued_after_a_failure_without_the_comparison(application, monkeypatch):
    def any_status(_runs, key, now):
        found = PackRun.objects.filter(**key, status="failed").exists()
        threading.Event().wait(PAUSE)
        PackRun.objects.filter(**key).update(status="waiting")
        return found

    monkeypatch.setattr(Runs, "_again", any_status)
    assert sum(queued == 2 for _outcome, queued, _rows in asking(application, "failed")) >= OFTEN


# --- two workers at one run ----------------------------------------------------------------------------------------------
def working(application, monkeypatch):
    """How many workers began to make the file, round by round."""
    for _round in range(ROUNDS):
        PackRun.objects.all().delete()
        runs._ask(application.pk, "pdf")
        begun = []

        def make(document, file_format, progress, begun=begun):
            begun.append(1)
            progress("forms", 1, 3)

        monkeypatch.setattr(runs, "pack", make)
        worker = lambda: runs.make_pack.func(application.pk, "pdf")  # noqa: E731
        yield together(worker, worker), len(begun)


def test_of_two_workers_at_one_run_one_makes_it(application, monkeypatch):
    outcomes, begun = zip(*working(application, monkeypatch), strict=True)

    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert begun == (1,) * ROUNDS
    assert PackRun.objects.get().status == "done"


def test_control_both_make_it_without_the_comparison(application, monkeypatch):
    def take_anyway(_runs, **key):
        run = PackRun.objects.get(**key)
        if run.status != "waiting":
            return None
        threading.Event().wait(PAUSE)
        claim = secrets.token_hex(16)
        PackRun.objects.filter(pk=run.pk).update(status="running", claim=claim)
        return claim

    monkeypatch.setattr(Runs, "claim", take_anyway)
    assert sum(begun == 2 for _outcome, begun in working(application, monkeypatch)) >= OFTEN


# --- two who make the same file after all --------------------------------------------------------------------------------
def test_two_makers_keep_one_file(application, monkeypatch):
    """As when a worker that was given up is only slow: the first file is kept, both get its row."""
    from settlements.packs import making

    monkeypatch.setattr(making, "_write", pausing(lambda file, *_args: file.write(b"PK")))
    outcome = together(*(lambda: making.pack(application, "xlsx") for _n in range(2)))

    assert outcome.faults == []
    kept = Pack.objects.get()
    folder, _name = kept.file.name.rsplit("/", 1)
    folders, _files = kept.file.storage.listdir("packs")
    assert sum(len(kept.file.storage.listdir(f"packs/{inner}")[1]) for inner in folders) == 1, folder
