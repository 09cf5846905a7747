"""Legality of assessments as one literal table: every state × every verb × every post. What is not listed is refused."""

from contextlib import suppress
from itertools import product

import pytest
from django.db import transaction

from documents.refusals import Denied, Refused
from intervention.assessing import scoring
from intervention.assessing.kind import VERBS
from intervention.assessing.opening import open_assessment
from intervention.assessing.states import AssessmentState
from intervention.models import Assessment, RecordEvent
from intervention.permissions import who
from tests.intervention import assessed
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db
PM = "property_project_manager"
# (state, verb) → who may, on both sides by their own group; "unanswered" is past the five working days, "silent" was passed over.
MACHINE = {
    ("draft", "score"): "{group}_handler",
    ("draft", "hand_in"): "{group}_handler",
    ("draft", "accept"): "",
    ("draft", "object"): "",
    ("draft", "pass_over"): "",
    ("draft", "close"): "",
    ("scored", "score"): "",
    ("scored", "hand_in"): "",
    ("scored", "accept"): PM,
    ("scored", "object"): PM,
    ("scored", "pass_over"): "",
    ("scored", "close"): "",
    ("unanswered", "score"): "",
    ("unanswered", "hand_in"): "",
    ("unanswered", "accept"): PM,
    ("unanswered", "object"): PM,
    ("unanswered", "pass_over"): "{group}_head",
    ("unanswered", "close"): "",
    ("answered", "score"): "",
    ("answered", "hand_in"): "",
    ("answered", "accept"): "",
    ("answered", "object"): "",
    ("answered", "pass_over"): "",
    ("answered", "close"): "{group}_head",
    ("silent", "score"): "",
    ("silent", "hand_in"): "",
    ("silent", "accept"): "",
    ("silent", "object"): "",
    ("silent", "pass_over"): "",
    ("silent", "close"): "{group}_head",
    ("closed", "score"): "",
    ("closed", "hand_in"): "",
    ("closed", "accept"): "",
    ("closed", "object"): "",
    ("closed", "pass_over"): "",
    ("closed", "close"): "",
}
GROUPS = {"pre": "marketing", "post": "service"}


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


@pytest.mark.parametrize("side", GROUPS)
@pytest.mark.parametrize(("state", "verb"), MACHINE)
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
    expected = MACHINE[state, verb].format(group=GROUPS[side])
    assert allowed == ({expected} if expected else set())


def test_the_machine_is_whole():
    assert set(MACHINE) == set(product([*AssessmentState.values, "unanswered", "silent"], VERBS))


@pytest.mark.parametrize("username", EVERYBODY)
@pytest.mark.parametrize("side", ["pre", "post"])
def test_the_groups_handler_opens_its_side_alone(cast, username, side):
    how = {"project": cast.projects["CH"], "month": assessed.OCTOBER, "side": side}
    if username == assessed.HANDLERS[side]:
        assert open_assessment(actor=cast[username], **how).state == "draft"
    else:
        with pytest.raises(Denied):
            open_assessment(actor=cast[username], **how)
