"""The life of a phase: what starts, closes and re-opens it, and what stands in the way."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from documents import circulation, verifying
from documents.models import Notice
from documents.refusals import Blocked, Denied, Invalid
from intervention import conditions, phasing, ticking
from intervention.models import PlanEvent, PlanPhase
from intervention.wording import event_text
from tests import forms
from tests.intervention import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    return planned.plan(cast)


def state(plan, name):
    return planned.phase(plan, name).state


def test_a_phase_goes_from_planned_to_closed_and_back(cast, plan):
    phase = planned.started(plan, "planning", cast)
    assert phase.state == "active"
    planned.tick_all(plan, "planning", cast)
    planned.submitted(cast, plan, "planning.positioning_survey")
    assert state(plan, "planning") == "active"
    last = planned.submitted(cast, plan, "planning.detail_proposals")
    assert state(plan, "planning") == "submitted"
    with pytest.raises(Blocked) as refused:
        phasing.close(phase_id=phase.pk, actor=cast.service_head)
    assert refused.value.sentences == [
        "《物业管理定位调研报告》审批中，尚未获接收",
        "《物业相关项目细节建议书》审批中，尚未获接收",
    ]
    forms.sign_through(last, cast)
    forms.sign_through(last.__class__.objects.get(result="positioning_survey"), cast)
    assert phasing.close(phase_id=phase.pk, actor=cast.department_head).state == "closed"
    again = phasing.reopen(phase_id=phase.pk, actor=cast.department_head, reason="补充调研")
    # All results stand, so it can be closed again at once.
    assert again.state == "submitted"
    codes = list(PlanEvent.objects.filter(phase=phase, item=None).values_list("code", flat=True))
    assert codes == ["started", "results_in", "closed", "reopened", "results_in"]
    assert list(verifying.differences()) == []


def test_open_work_keeps_a_phase_open_and_is_named(cast, plan):
    planned.started(plan, "marketing", cast)
    for key in planned.RESULTS["marketing"]:
        planned.received(cast, plan, key)
    phase = planned.phase(plan, "marketing")
    with pytest.raises(Blocked) as refused:
        phasing.close(phase_id=phase.pk, actor=cast.marketing_head)
    assert "工作「提交营销配合工作方案」未完成，请勾选完成或说明不适用的原因" in refused.value.sentences
    assert len(refused.value.sentences) == 7


def test_the_move_in_plan_does_not_hold_marketing_open(cast, plan):
    closed = planned.closed(plan, "marketing", cast)
    assert closed.state == "closed"
    # It keeps its own date, and is submitted after the phase was closed.
    document = planned.received(cast, plan, "marketing.move_in_plan")
    assert document.state == "approved"
    assert [step.post for step in document.steps.order_by("position")] == ["property_leader", "department_head"]
    assert state(plan, "marketing") == "closed"
    assert list(verifying.differences()) == []


def test_a_returned_result_takes_the_phase_back(cast, plan):
    planned.started(plan, "planning", cast)
    planned.received(cast, plan, "planning.positioning_survey")
    last = planned.submitted(cast, plan, "planning.detail_proposals")
    assert state(plan, "planning") == "submitted"
    forms.send_back(last, cast.property_leader, opinion="请补充")
    assert state(plan, "planning") == "active"
    circulation.submit(document_id=last.pk, actor=cast.property_clerk)
    assert state(plan, "planning") == "submitted"
    circulation.withdraw(document_id=last.pk, actor=cast.property_clerk)
    assert state(plan, "planning") == "active"
    assert list(verifying.differences()) == []


def test_starting_before_the_planned_date_needs_a_reason_that_is_kept(cast, plan, fixed_clock):
    # Engineering is planned for 2026-12-30, six months before the move-in of 2027-06-30; today is 2026-11-23.
    phase = planned.phase(plan, "engineering")
    with pytest.raises(Invalid, match="2026-12-30"):
        phasing.start(phase_id=phase.pk, actor=cast.service_handler)
    phasing.start(phase_id=phase.pk, actor=cast.service_handler, reason="秩序维护提前进场")
    event = PlanEvent.objects.get(code="started")
    assert (event.reason, event.parameters, event_text(event)) == (
        "秩序维护提前进场",
        {"early": True},
        "已提前启动「工程配合」",
    )


def test_starting_on_the_planned_date_needs_none(cast, plan, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 30))
    phase = planned.phase(plan, "engineering")
    assert phasing.start(phase_id=phase.pk, actor=cast.service_handler).state == "active"
    told = Notice.objects.filter(code="plan.started").values_list("recipient__username", flat=True)
    assert "property_project_manager" in told


def test_a_waived_piece_of_work_counts_with_its_reason(cast, plan):
    planned.started(plan, "planning", cast)
    row = planned.item(plan, "planning.design")
    with pytest.raises(Invalid):
        ticking.waive(item_id=row.pk, actor=cast.service_head, reason=" ")
    ticking.waive(item_id=row.pk, actor=cast.service_head, reason="设计已定稿")
    assert planned.item(plan, "planning.design").state == "waived"
    ticking.restore(item_id=row.pk, actor=cast.service_head, reason="重新评审")
    assert planned.item(plan, "planning.design").state == "open"
    codes = list(PlanEvent.objects.filter(item=row).values_list("code", "reason"))
    assert codes == [("waived", "设计已定稿"), ("restored", "重新评审")]
    assert list(verifying.differences()) == []


def test_the_post_that_a_row_names_may_tick_it(cast, plan):
    planned.started(plan, "handover", cast)
    row = planned.item(plan, "handover.reserve")
    assert row.post == "project_engineer"
    assert ticking.tick(item_id=row.pk, actor=cast.project_engineer, note="已排期").state == "done"
    with pytest.raises(Denied):
        ticking.tick(item_id=planned.item(plan, "handover.files").pk, actor=cast.project_engineer)


def test_a_later_part_may_add_a_condition(cast, plan, monkeypatch):
    monkeypatch.setattr(conditions, "_checks", list(conditions._checks))
    conditions.add(lambda phase: [conditions.Condition(phase.phase != "handover", "查验次数不足两次")])
    planned.closed(plan, "planning", cast)
    with pytest.raises(Blocked, match="查验次数不足两次"):
        planned.closed(plan, "handover", cast)


def sql(text, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)


def test_the_database_refuses_what_the_verbs_would_not_do(cast, plan):
    phase = planned.started(plan, "planning", cast)
    planned.tick_all(plan, "planning", cast)
    planned.submitted(cast, plan, "planning.positioning_survey")
    planned.submitted(cast, plan, "planning.detail_proposals")
    later = planned.phase(plan, "marketing")
    refused = [
        # not received yet
        ("UPDATE intervention_planphase SET state = 'closed', closed_at = started_at WHERE id = %s", phase.pk),
        # no such move
        (
            "UPDATE intervention_planphase SET state = 'submitted', started_at = %s WHERE id = %s",
            "2026-11-01",
            later.pk,
        ),
        ("UPDATE intervention_planphase SET phase = 'move_in' WHERE id = %s", phase.pk),
        ("DELETE FROM intervention_planevent WHERE plan_id = %s", plan.pk),
        ("UPDATE intervention_planevent SET reason = 'x' WHERE plan_id = %s", plan.pk),
        ("UPDATE intervention_plan SET instalment_id = NULL WHERE id = %s", plan.pk),
        ("UPDATE intervention_planitem SET months = 3 WHERE phase_id = %s", phase.pk),
        ("UPDATE intervention_planitem SET by_hand = %s, due_on = NULL WHERE phase_id = %s", True, phase.pk),
        # work of a phase that does not run
        (
            "UPDATE intervention_planitem SET state = 'done', settled_at = %s, settled_by_id = %s "
            "WHERE phase_id = %s AND kind = 'activity'",
            "2026-11-01",
            cast.service_head.pk,
            later.pk,
        ),
        ("UPDATE intervention_resultentry SET text = 'x'",),
        ("UPDATE intervention_phaseresult SET version = 2",),
    ]
    for text, *values in refused:
        with pytest.raises(IntegrityError):
            sql(text, *values)
    assert list(verifying.differences()) == []


def test_verify_recomputes_states_dates_and_anchors(cast, plan):
    from documents import guards

    planned.started(plan, "planning", cast)
    row, anchor = planned.item(plan, "planning.survey"), plan.anchors.get(anchor="move_in")
    begun = PlanEvent.objects.get(code="started")
    tampered = {
        f"UPDATE intervention_planitem SET due_on = '2030-01-01' WHERE id = {row.pk}": f"intervention_planitem {row.pk} due_on",
        f"UPDATE intervention_planitem SET state = 'done', settled_at = '2026-11-01', settled_by_id = {cast.service_head.pk} "
        f"WHERE id = {row.pk}": f"intervention_planitem {row.pk} state",
        f"UPDATE intervention_planitem SET anchored_on = '2030-01-01', due_on = '2029-11-01' WHERE id = {row.pk}":
            f"intervention_planitem {row.pk} anchored_on",
        f"UPDATE intervention_plananchor SET day = '2030-01-01' WHERE id = {anchor.pk}": f"intervention_plananchor {anchor.pk} day",
        f"UPDATE intervention_planphase SET state = 'submitted' WHERE id = {row.phase_id}": f"intervention_planphase {row.phase_id} state",
        f"DELETE FROM intervention_planevent WHERE plan_id = {plan.pk} AND code = 'laid_out'": f"intervention_planevent {begun.pk} seq",
    }  # fmt: skip
    for text, line in tampered.items():
        with transaction.atomic():
            guards.uninstall()
            sql(text)
            guards.install()
            found = list(verifying.differences())
            transaction.set_rollback(True)
        assert any(one.startswith(line) for one in found), (text, found)
    assert list(verifying.differences()) == []
    assert PlanPhase.objects.get(pk=row.phase_id).started_at.date() == date(2026, 11, 23)


def test_that_results_are_in_is_told_once_and_reopening_is_no_news_of_it(cast, plan):
    phase = planned.started(plan, "planning", cast)
    planned.tick_all(plan, "planning", cast)
    first = planned.received(cast, plan, "planning.positioning_survey")
    last = planned.submitted(cast, plan, "planning.detail_proposals")

    def told():
        return Notice.objects.filter(code="plan.results", recipient=cast.service_head).count()

    assert (first.state, told()) == ("approved", 1)
    for reason in ("缺少封面", "缺少附图"):
        forms.send_back(last, cast.property_leader, reason)
        assert state(plan, "planning") == "active"
        circulation.submit(document_id=last.pk, actor=cast.property_clerk)
    assert (state(plan, "planning"), told()) == ("submitted", 1)
    forms.sign_through(last.__class__.objects.get(pk=last.pk), cast)
    phasing.close(phase_id=phase.pk, actor=cast.service_head)
    phasing.reopen(phase_id=phase.pk, actor=cast.service_head, reason="补充调研")
    # They are in since before, and nobody has submitted anything.
    assert (state(plan, "planning"), told()) == ("submitted", 1)
