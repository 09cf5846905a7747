"""The month's facts beside a score: what is counted, for whom, and what handing in freezes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents import circulation
from documents.models import Document
from documents.refusals import Denied
from intervention import planning, ticking
from intervention.assessing import scoring
from intervention.assessing.facts import facts_now, facts_of
from intervention.models import Assessment
from organization import appointing, clock, places
from organization.posts import Post
from tests import forms
from tests.intervention import assessed, planned

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def counts(facts):
    return {fact.code: fact.count for fact in facts}


def names(facts, code):
    return [(row.name, times) for row, times in next(fact for fact in facts if fact.code == code).documents]


def test_late_forms_and_returns_of_the_month_and_side_are_counted(cast):
    row = assessed.opened(cast, month=NOVEMBER)
    late = forms.submitted(cast, month=NOVEMBER)
    # Of another month, and of the other side: counted elsewhere.
    forms.submitted(cast, month=date(2026, 10, 1))
    forms.submitted(cast, instalment="CH-1", month=NOVEMBER)
    # A draft is nobody's fact.
    forms.purchase_request(cast, month=NOVEMBER)
    found = facts_now(cast.marketing_handler, row)
    assert names(found, "late") == [(late.number, 1)]
    # It is undecided and its date, the last working day of October, is past.
    assert names(found, "overdue") == [(late.number, 1)]
    # The property company's own leader sends back: its own affair.
    forms.send_back(late, cast.property_leader)
    assert counts(facts_now(cast.marketing_handler, row))["returned"] == 0
    for _time in range(2):
        circulation.submit(document_id=late.pk, actor=cast.property_clerk)
        for post in (cast.property_leader, cast.property_finance_head):
            forms.sign(late, post)
        forms.send_back(late, cast.marketing_handler)
    assert names(facts_now(cast.marketing_handler, row), "returned") == [(late.number, 2)]
    assert counts(facts_now(cast.marketing_handler, row))["returned"] == 2


def test_a_form_sent_back_between_the_developers_own_stations_is_no_return(cast):
    row = assessed.opened(cast, month=NOVEMBER)
    form = forms.submitted(cast, month=NOVEMBER)
    for username in ("property_leader", "property_finance_head", "marketing_handler"):
        forms.sign(form, cast[username])
    forms.send_back(form, cast.marketing_head, to=2)
    assert counts(facts_now(cast.marketing_handler, row))["returned"] == 0


def missed_of(cast, month):
    row = Assessment.objects.filter(month=month, side="pre").first() or assessed.opened(cast, month=month)
    return next(fact for fact in facts_now(cast.marketing_handler, row) if fact.code == "missed").items


def test_dates_of_the_plan_that_the_property_company_did_not_keep(cast):
    """Planning of CH-2 runs: work done in time, done late, never done, dropped; a result filed late, and one returned."""
    with clock.at(clock.shanghai(2026, 10, 1)):
        plan = planned.plan(cast)
        planned.started(plan, "planning", cast)
        rows = {key: planned.item(plan, f"planning.{key}") for key in ("survey", "design", "model", "detail_proposals")}
        for item in rows.values():
            planning.move(item_id=item.pk, actor=cast.service_head, day=date(2026, 10, 10), reason="按计划")
        ticking.tick(item_id=rows["survey"].pk, actor=cast.property_project_manager)
    with clock.at(clock.shanghai(2026, 10, 20)):
        ticking.tick(item_id=rows["design"].pk, actor=cast.property_project_manager)
        result = planned.submitted(cast, plan, "planning.detail_proposals")
        forms.sign(result, cast.property_leader)
        forms.send_back(result, cast.design_reviewer)
    row = assessed.opened(cast)
    seen = facts_now(cast.marketing_handler, row)
    missed = {item.key: day for item, day in next(fact for fact in seen if fact.code == "missed").items}
    assert missed == {f"planning.{key}": "2026-10-10" for key in ("design", "model", "detail_proposals")}
    assert names(seen, "returned") == [(result.number, 1)]
    # CH-2 is before move-in: the other group counts nothing of it.
    other = facts_now(cast.service_handler, assessed.opened(cast, "post"))
    assert counts(other) == {"late": 0, "overdue": 0, "missed": 0, "returned": 0}
    ticking.waive(item_id=rows["model"].pk, actor=cast.service_head, reason="不需要")
    assert counts(facts_now(cast.marketing_handler, row))["missed"] == 2
    # What was still owed when November began is November's as well; what was done by then is not.
    assert {item.key for item, _day in missed_of(cast, date(2026, 11, 1))} == set()
    ticking.restore(item_id=rows["model"].pk, actor=cast.service_head, reason="仍需要")
    assert {item.key for item, _day in missed_of(cast, date(2026, 11, 1))} == {"planning.model"}
    # Rows whose date was before the phase began are the leading department's: the survey report, due in 2024, is nowhere.
    assert "planning.positioning_survey" not in {item.key for item, _day in missed_of(cast, date(2026, 10, 1))}
    # An earlier month counts nothing of it.
    assert counts(facts_now(cast.marketing_handler, assessed.opened(cast, month=date(2026, 9, 1))))["missed"] == 0


def test_figures_are_frozen_as_the_scorer_saw_them_and_links_are_each_readers_own(cast, fixed_clock):
    form = forms.submitted(cast, month=NOVEMBER)
    row = assessed.opened(cast, month=NOVEMBER)
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=assessed.full(row))
    # Before it is handed in everybody counts for himself: project_engineer doesn't see the form.
    assert not Document.objects.visible_to(cast.project_engineer).filter(pk=form.pk).exists()
    assert counts(facts_of(cast.project_engineer, row)) == {"late": 0, "overdue": 0, "missed": 0, "returned": 0}
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 30))
    row = scoring.hand_in(assessment_id=row.pk, actor=cast.marketing_handler)
    forms.sign_through(form, cast)
    forms.submitted(cast, instalment="CH-2", month=date(2026, 10, 1))
    shown = Assessment.objects.get(pk=row.pk)
    for username in ("marketing_handler", "project_engineer", "property_project_manager"):
        assert counts(facts_of(cast[username], shown)) == {"late": 1, "overdue": 1, "missed": 0, "returned": 0}
    assert names(facts_of(cast.marketing_handler, shown), "late") == [(form.number, 1)]
    assert names(facts_of(cast.project_engineer, shown), "late") == []


def test_facts_ask_the_same_for_one_form_and_four(cast):
    row = assessed.opened(cast, month=NOVEMBER)
    forms.submitted(cast, month=NOVEMBER)
    facts_now(cast.marketing_handler, row)
    with CaptureQueriesContext(connection) as once:
        facts_now(cast.marketing_handler, row)
    with clock.at(clock.shanghai(2026, 11, 2)):
        for n in range(3, 6):
            place = places.create_instalment(actor=None, project=cast.projects["CH"], code=f"CH-{n}", name=f"{n}期")
            cast.instalments[place.code] = place
            forms.submitted(cast, instalment=place.code, month=NOVEMBER)
    with CaptureQueriesContext(connection) as more:
        assert counts(facts_now(cast.marketing_handler, row))["late"] == 4
    assert len(more) == len(once)


def test_a_scorer_who_lost_the_post_freezes_nothing(cast):
    row = assessed.opened(cast)
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=assessed.full(row))
    held = cast.marketing_handler.appointments.get(post=Post.MARKETING_HANDLER)
    appointing.end_appointment(actor=None, appointment=held, ends_on=date(2026, 11, 22))
    with pytest.raises(Denied):
        scoring.hand_in(assessment_id=row.pk, actor=cast.marketing_handler)
    assert Assessment.objects.get(pk=row.pk).facts is None
