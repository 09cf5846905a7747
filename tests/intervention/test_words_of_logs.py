"""Logs say what was done: no event reads like the button that does it, in either language."""

import pytest
from django.utils import translation

from documents import verbs as document_verbs
from documents.models import Event
from documents.wording import event_text as document_event_text
from intervention import records


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_event_of_a_record_reads_like_a_button(language):
    with translation.override(language):
        buttons = {str(verb.label) for kind in records.registered() for verb in kind.verbs.values()}
        buttons |= {str(verb.label) for verb in document_verbs.VERBS.values()}
        told = {(kind.subject, code): str(word) for kind in records.registered() for code, word in kind.words.items()}
    assert {place: word for place, word in told.items() if word in buttons} == {}


EVENTS = [
    ("assessment", "closed", "已办结考核", "Closed the assessment"),
    ("assessment", "objected", "已提出异议", "Objected"),
    ("advice", "adopted", "已采纳", "Adopted"),
    ("finding", "found", "已登记问题", "Recorded the finding"),
    ("day_log", "confirmed", "已确认", "Confirmed"),
]


@pytest.mark.parametrize(("subject", "code", "chinese", "english"), EVENTS)
def test_an_event_is_in_the_past(subject, code, chinese, english):
    words = records.named(subject).words
    assert str(words[code]) == chinese
    with translation.override("en"):
        assert str(words[code]) == english


def test_a_withdrawal_is_told_as_done():
    event = Event(code="withdrawn", parameters={})
    assert document_event_text(event) == "已撤回"
    with translation.override("en"):
        assert document_event_text(event) == "Withdrawn"
