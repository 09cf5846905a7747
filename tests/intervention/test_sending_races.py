"""A device sends the same record on two connections at once: one record, and both hear that it is there."""

from datetime import date

import pytest

from intervention import journal
from intervention.daily import writing
from intervention.models import Advice, DayLog, Finding, Meeting, Visit
from intervention.planning_work import advising
from intervention.site import meeting
from tests.intervention import site
from tests.trust.racing import ROUNDS, pausing, together

pytestmark = pytest.mark.race
DAY = date(2026, 11, 23)


def _visit(cast, walked, key):
    return site.visit(cast, sent_key=key)


def _finding(cast, walked, key):
    return site.found(cast, walked, sent_key=key)


def _meeting(cast, walked, key):
    said = {"kind": "regular", "day": DAY, "where": "项目部", "attendance": "项目部：钱工"}
    return meeting.begin(actor=cast.property_clerk, **site.place(cast, "CH-2"), sent_key=key, **said)


def _advice(cast, walked, key):
    said = {"topic": "layout", "drawing": "建施-03", "suggestion": "改坡道", "reason": "通行"}
    return advising.advise(actor=cast.property_clerk, **site.place(cast, "CH-2"), sent_key=key, **said)


def _log(cast, walked, key):
    where = site.place(cast, "CH-2")
    return writing.begin(actor=cast.property_clerk, **where, day=DAY, spot="event", event_name=key, sent_key=key)


SENT = {Visit: _visit, Finding: _finding, Meeting: _meeting, Advice: _advice, DayLog: _log}


@pytest.fixture(autouse=True)
def thinking(monkeypatch):
    """Everybody pauses after having looked whether it is there, guarded or not."""
    monkeypatch.setattr(journal, "sent_before", pausing(journal.sent_before))


def rounds(cast, model):
    """How often one of the two heard anything but the record."""
    walked = site.visit(cast)
    return sum(_twice(cast, model, walked, f"key-{n}") for n in range(ROUNDS))


def _twice(cast, model, walked, key):
    before, heard = model.objects.count(), []
    outcome = together(*[lambda: heard.append(SENT[model](cast, walked, key).pk)] * 2)
    assert model.objects.count() == before + 1
    return bool(outcome.faults) or outcome.refused > 0 or len(heard) != 2 or len(set(heard)) != 1


@pytest.mark.parametrize("model", SENT)
def test_what_is_sent_twice_at_once_is_one_record(real_transactions, model):
    assert rounds(real_transactions, model) == 0


@pytest.mark.parametrize("model", [Visit, DayLog])
def test_without_turns_one_of_them_would_hear_a_fault(real_transactions, monkeypatch, model):
    monkeypatch.setattr(journal, "take_turns", lambda *keys: None)
    assert rounds(real_transactions, model) >= 0.8 * ROUNDS
