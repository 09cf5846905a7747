"""Several people who share staff of one month at the same moment, or submit meanwhile. Each race beside its control."""

from datetime import date

import pytest

from budgets import splitting
from budgets.models import WorkLine
from documents import circulation, drafting, guards, verifying
from documents.circulation import submitting
from documents.models import Document
from organization.models import Instalment
from tests.budgets import sharing
from tests.trust.racing import ROUNDS, pausing, together, unlocked

pytestmark = pytest.mark.race

# A month of its own for each round, as far ahead as a plan may be.
MONTHS = [date(2027 + n // 12, n % 12 + 1, 1) for n in range(min(ROUNDS, 48))]
OFTEN = 0.8 * len(MONTHS)
# Splitting reads all forms of the month before it decides: a submission beside it thinks longer, also on a busy machine.
LONG = 0.25


@pytest.fixture
def cast(real_transactions):
    """The cast, and a third instalment that has no form yet."""
    people = real_transactions
    Instalment.objects.create(project=people.projects["CH"], code="CH-3", name="三期")
    return people


@pytest.fixture(autouse=True)
def thinking(monkeypatch):
    """Everybody pauses between reading and writing, guarded or not."""
    monkeypatch.setattr(splitting, "_new_split", pausing(splitting._new_split))
    monkeypatch.setattr(submitting, "require", pausing(submitting.require, LONG))


@pytest.fixture
def unguarded(monkeypatch):
    """Splitting and submitting without locks and triggers."""
    guards.uninstall()
    for module in (splitting, drafting, submitting):
        monkeypatch.setattr(module, "lock", unlocked)


def sound(outcomes):
    """No deadlock, no database error, nothing that ``verify`` finds."""
    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert list(verifying.differences()) == []


def parts_in(instalment, month):
    """Parts of live forms of an instalment's month."""
    return WorkLine.objects.filter(
        document__instalment__code=instalment, document__period=month, split__isnull=False
    ).count()


# --- two people, the same lines ----------------------------------------------------------------------------------------
def same_lines(cast):
    for month in MONTHS:
        source = sharing.staffing_plan(cast, month=month)
        outcome = together(
            lambda source=source: sharing.split(cast, source, "项目主管"),
            lambda source=source: sharing.split(cast, source, "项目主管", by="property_project_manager"),
        )
        yield outcome, parts_in("CH-1", month)


def test_a_line_is_split_once_however_many_split_it(cast):
    outcomes, parts = zip(*same_lines(cast), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * len(outcomes)
    assert parts == (1,) * len(outcomes)


def test_control_a_line_is_split_twice_without_the_locks(cast, unguarded):
    assert sum(parts == 2 for _outcome, parts in same_lines(cast)) >= OFTEN


# --- two people, two drafts, one instalment that has no form yet -------------------------------------------------------
def one_missing_form(cast):
    for month in MONTHS:
        sources = {code: sharing.staffing_plan(cast, instalment=code, month=month) for code in ("CH-1", "CH-2")}
        contenders = [
            lambda code=code, source=source: sharing.split(cast, source, "项目主管", shares={code: 5000, "CH-3": 5000})
            for code, source in sources.items()
        ]
        outcome = together(*contenders)
        yield outcome, Document.objects.filter(instalment__code="CH-3", period=month).count()


def test_two_splits_at_once_find_the_draft_that_the_other_made(cast):
    outcomes, made = zip(*one_missing_form(cast), strict=True)

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(2, 0)] * len(outcomes)
    assert made == (1,) * len(outcomes)


def test_control_two_drafts_are_made_without_the_locks(cast, unguarded):
    assert sum(made == 2 for _outcome, made in one_missing_form(cast)) >= OFTEN


# --- split against submit ----------------------------------------------------------------------------------------------
def split_and_submit(cast):
    for month in MONTHS:
        source = sharing.staffing_plan(cast, month=month)
        yield together(
            lambda source=source: sharing.split(cast, source, "项目主管"),
            lambda source=source: circulation.submit(
                document_id=source.pk, actor=cast.property_project_manager, draft_version=1
            ),
        )


def test_of_splitting_and_submitting_a_form_exactly_one_happens(cast):
    outcomes = list(split_and_submit(cast))

    sound(outcomes)
    assert [(outcome.done, outcome.refused) for outcome in outcomes] == [(1, 1)] * len(outcomes)


def test_control_both_happen_without_the_locks(cast, unguarded):
    assert sum(outcome.done == 2 for outcome in split_and_submit(cast)) >= OFTEN
