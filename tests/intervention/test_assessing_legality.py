"""Legality of assessments as one literal table: every state × every verb × every post. What is not listed is refused."""

from contextlib import suppress

import pytest
from django.db import transaction

from documents.refusals import Denied, Refused
from intervention.assessing import scoring
from intervention.assessing.kind import VERBS
from intervention.assessing.opening import open_assessment
from intervention.models import Assessment, RecordEvent
from intervention.permissions import who
from tests.intervention import assessed
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db
NOBODY: set[str] = set()

# (side, state, verb) → who may; all that is not listed is refused.
MACHINE = {
    ("pre", "draft", "score"): {"marketing_handler"},
    ("pre", "draft", "hand_in"): {"marketing_handler"},
    ("pre", "draft", "accept"): NOBODY,
    ("pre", "draft", "object"): NOBODY,
    ("pre", "draft", "pass_over"): NOBODY,
    ("pre", "draft", "close"): NOBODY,
    ("pre", "scored", "score"): NOBODY,
    ("pre", "scored", "hand_in"): NOBODY,
    ("pre", "scored", "accept"): {"property_project_manager"},
    ("pre", "scored", "object"): {"property_project_manager"},
    ("pre", "scored", "pass_over"): NOBODY,
    ("pre", "scored", "close"): NOBODY,
    ("pre", "answered", "score"): NOBODY,
    ("pre", "answered", "hand_in"): NOBODY,
    ("pre", "answered", "accept"): NOBODY,
    ("pre", "answered", "object"): NOBODY,
    ("pre", "answered", "pass_over"): NOBODY,
    ("pre", "answered", "close"): {"marketing_head"},
    ("pre", "closed", "score"): NOBODY,
    ("pre", "closed", "hand_in"): NOBODY,
    ("pre", "closed", "accept"): NOBODY,
    ("pre", "closed", "object"): NOBODY,
    ("pre", "closed", "pass_over"): NOBODY,
    ("pre", "closed", "close"): NOBODY,
    ("pre", "unanswered", "accept"): {"property_project_manager"},
    ("pre", "unanswered", "pass_over"): {"marketing_head"},
    ("pre", "unanswered", "close"): NOBODY,
    ("post", "unanswered", "pass_over"): {"service_head"},
    ("post", "silent", "close"): {"service_head"},
    ("post", "silent", "object"): NOBODY,
    ("post", "draft", "score"): {"service_handler"},
    ("post", "draft", "hand_in"): {"service_handler"},
    ("post", "scored", "accept"): {"property_project_manager"},
    ("post", "scored", "object"): {"property_project_manager"},
    ("post", "scored", "close"): NOBODY,
    ("post", "answered", "close"): {"service_head"},
    ("post", "closed", "close"): NOBODY,
}


def brought(cast, side, state):
    """An assessment in a state; a draft has all its points but one remark still to change."""
    if state == "draft":
        row = assessed.opened(cast, side)
        scoring.score(assessment_id=row.pk, actor=cast[assessed.HANDLERS[side]], scores=assessed.full(row))
        return row
    if state == "unanswered":
        return assessed.unanswered(cast, side)
    if state == "silent":
        return assessed.passed_over(cast, side)
    return {"scored": assessed.scored, "answered": assessed.accepted, "closed": assessed.closed}[state](cast, side)


@pytest.mark.parametrize(("side", "state", "verb"), MACHINE)
def test_every_state_verb_and_post(cast, side, state, verb):
    row = brought(cast, side, state)
    assert row.state == {"unanswered": "scored", "silent": "answered"}.get(state, state)
    sent = {
        "score": {"scores": [{"item": row.scores.first().pk, "points": "1", "remark": "缺岗"}]},
        "hand_in": {},
        "accept": {},
        "object": {"text": "有异议"},
        "pass_over": {},
        "close": {"conclusion": "同意"},
    }[verb]

    def read():
        return RecordEvent.objects.filter(subject="assessment", key=row.pk).count()

    allowed, before = set(), read()
    shown = Assessment.objects.select_related("project").get(pk=row.pk)
    for username in EVERYBODY:
        denial = VERBS[verb].predicate(who(cast[username], cast.projects["CH"]), shown)
        done = False
        with transaction.atomic():
            with suppress(Refused):
                VERBS[verb].perform(row.pk, cast[username], sent)
                done = True
            changed = read() != before
            transaction.set_rollback(True)
        assert (denial is None) == done == changed, (username, denial)
        if done:
            allowed.add(username)
    assert allowed == MACHINE[side, state, verb]


def test_the_machine_is_whole():
    assert {verb for _side, _state, verb in MACHINE} == set(VERBS)
    assert sum(side == "pre" and state != "unanswered" for side, state, _verb in MACHINE) == 24


@pytest.mark.parametrize("username", EVERYBODY)
@pytest.mark.parametrize("side", ["pre", "post"])
def test_the_groups_handler_opens_its_side_alone(cast, username, side):
    how = {"project": cast.projects["CH"], "month": assessed.OCTOBER, "side": side}
    if username == assessed.HANDLERS[side]:
        assert open_assessment(actor=cast[username], **how).state == "draft"
    else:
        with pytest.raises(Denied):
            open_assessment(actor=cast[username], **how)
