"""Dates of a plan: reckoned from anchors, changed by hand with a reason, moved in one act when an anchor moves."""

from datetime import date

import pytest

from documents import verifying
from documents.models import Notice
from documents.refusals import Blocked, Conflict, Denied, Invalid
from intervention import phasing, planning, reminding
from intervention.dates import add_months, derive
from intervention.models import PlanEvent, PlanItem
from intervention.previewing import seal_of, shifts_of, stored_dates
from intervention.shifting import change_anchors
from intervention.wording import event_text
from organization import places
from organization.models import AppointmentEvent, Instalment, Project
from organization.refusals import NotAllowed
from tests.intervention import planned

pytestmark = pytest.mark.django_db

MONTHS = [
    (date(2027, 6, 30), -6, date(2026, 12, 30)),
    (date(2026, 8, 31), -6, date(2026, 2, 28)),
    (date(2028, 8, 31), -6, date(2028, 2, 29)),
    (date(2027, 3, 31), -3, date(2026, 12, 31)),
    (date(2027, 12, 31), -1, date(2027, 11, 30)),
    (date(2027, 1, 15), -2, date(2026, 11, 15)),
    (date(2027, 11, 30), 3, date(2028, 2, 29)),
    (date(2027, 5, 5), 0, date(2027, 5, 5)),
]


@pytest.mark.parametrize(("day", "months", "expected"), MONTHS)
def test_months_keep_the_day_or_take_the_last_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


def test_days_come_after_months_and_no_anchor_gives_no_date():
    assert derive(date(2027, 3, 31), -1, -15) == date(2027, 2, 13)
    assert derive(None, -1, 0) is None


# CH-2: positioning 2024-03-01, sales office 2025-01-15, completion 2027-03-31, move-in 2027-06-30 (guide 2).
DATES = [
    ("planning.start", date(2024, 3, 1)),
    ("planning.positioning_survey", date(2024, 11, 15)),
    ("marketing.start", date(2024, 11, 15)),
    ("marketing.management_plan", date(2024, 11, 15)),
    ("marketing.interim_covenant", date(2025, 1, 14)),
    ("marketing.covenant_law", date(2025, 1, 15)),
    ("marketing.move_in_plan", date(2027, 4, 30)),
    ("engineering.start", date(2026, 12, 30)),
    ("engineering.defect_list", date(2027, 3, 31)),
    ("handover.start", date(2026, 12, 31)),
    ("handover.key_handover", date(2027, 6, 15)),
    ("handover.law", date(2027, 6, 15)),
    ("move_in.start", date(2027, 4, 30)),
    ("move_in.move_in_papers", date(2027, 5, 30)),
    ("move_in.satisfaction_survey", date(2027, 7, 30)),
]


@pytest.fixture
def plan(cast):
    return planned.plan(cast)


@pytest.mark.parametrize(("key", "expected"), DATES)
def test_the_template_gives_the_guides_dates(plan, key, expected):
    assert planned.item(plan, key).due_on == expected


def test_a_plan_has_five_phases_and_every_result_of_the_guide(plan):
    phases = ["planning", "marketing", "engineering", "handover", "move_in"]
    assert list(plan.phases.order_by("position").values_list("phase", flat=True)) == phases
    results = PlanItem.objects.filter(phase__plan=plan, kind="result")
    assert results.count() == 14
    assert list(results.filter(holds=False).values_list("result", flat=True)) == ["move_in_plan"]


def test_a_place_has_one_plan_and_a_project_may_have_one_beside_its_instalments(cast, plan):
    with pytest.raises(Blocked, match="翠湖花园二期"):
        planned.plan(cast, "CH-2")
    whole = planned.plan(cast, "CH")
    # A project moves in as a whole on its own date; its instalments on theirs.
    assert planned.item(whole, "move_in.start").due_on == date(2027, 4, 30)
    assert planned.item(planned.plan(cast, "CH-1"), "move_in.start").due_on == date(2026, 1, 1)


def test_an_anchor_without_a_date_leaves_its_rows_undetermined(cast):
    places.set_dates(actor=None, place=cast.instalments["CH-2"], planned_move_in_on=None)
    cast.instalments["CH-2"].refresh_from_db()
    laid = planned.plan(cast)
    assert planned.item(laid, "engineering.start").due_on is None
    phase = planned.phase(laid, "engineering")
    with pytest.raises(Invalid, match="尚未确定"):
        phasing.start(phase_id=phase.pk, actor=cast.service_head)
    assert list(verifying.differences()) == []


def test_a_date_changed_by_hand_keeps_who_when_and_why(cast, plan):
    row = planned.item(plan, "engineering.patrols")
    with pytest.raises(Invalid, match="原因"):
        planning.move(item_id=row.pk, actor=cast.service_head, day=date(2027, 2, 20), reason="")
    planning.move(item_id=row.pk, actor=cast.service_head, day=date(2027, 2, 20), reason="项目部要求提前")
    planning.move(item_id=row.pk, actor=cast.service_handler, day=date(2027, 3, 1), reason="春节顺延")
    found = planned.item(plan, "engineering.patrols")
    assert (found.due_on, found.by_hand) == (date(2027, 3, 1), True)
    history = [
        (event.actor.username, event.reason, event_text(event))
        for event in PlanEvent.objects.filter(item=row).select_related("actor", "phase", "item")
    ]
    assert history == [
        ("service_head", "项目部要求提前", "「工程配合」工程人员现场巡查：日期 2027-03-31 → 2027-02-20"),
        ("service_handler", "春节顺延", "「工程配合」工程人员现场巡查：日期 2027-02-20 → 2027-03-01"),
    ]
    planning.follow(item_id=row.pk, actor=cast.service_head, reason="恢复")
    found = planned.item(plan, "engineering.patrols")
    assert (found.due_on, found.by_hand) == (date(2027, 3, 31), False)
    assert list(verifying.differences()) == []


def test_a_legal_date_follows_its_anchor_alone(cast, plan):
    with pytest.raises(Denied, match="法定期限"):
        planning.move(
            item_id=planned.item(plan, "handover.law").pk, actor=cast.service_head, day=date(2027, 7, 1), reason="x"
        )


def moved_project(**dates):
    places.set_dates(actor=None, place=Project.objects.get(code="CH"), **dates)
    return Project.objects.get(code="CH")


def test_a_moved_anchor_first_shows_and_then_moves_in_one_act(cast, plan):
    by_hand = planned.item(plan, "engineering.patrols")
    planning.move(item_id=by_hand.pk, actor=cast.service_head, day=date(2027, 2, 20), reason="提前")
    project = moved_project(completion_acceptance_on=date(2027, 4, 30))
    # Nothing has moved yet.
    assert planned.item(plan, "handover.start").due_on == date(2026, 12, 31)
    shifts = shifts_of(project)
    shown = {move.item.key: (move.before, move.after, move.kept) for move in shifts[0].moves}
    assert shown == {
        "engineering.patrols": (date(2027, 2, 20), date(2027, 2, 20), True),
        "engineering.meetings": (date(2027, 3, 31), date(2027, 4, 30), False),
        "engineering.unit_quality_report": (date(2027, 3, 31), date(2027, 4, 30), False),
        "engineering.common_area_patrol_report": (date(2027, 3, 31), date(2027, 4, 30), False),
        "engineering.defect_list": (date(2027, 3, 31), date(2027, 4, 30), False),
        "handover.start": (date(2026, 12, 31), date(2027, 1, 30), False),
        "handover.reserve": (date(2026, 12, 31), date(2027, 1, 30), False),
        "handover.training": (date(2027, 3, 31), date(2027, 4, 30), False),
        "handover.files": (date(2027, 3, 31), date(2027, 4, 30), False),
    }
    planning.adopt(project=project, actor=cast.service_head, seen=seal_of(shifts))
    assert planned.item(plan, "handover.start").due_on == date(2027, 1, 30)
    assert planned.item(plan, "engineering.patrols").due_on == date(2027, 2, 20)
    assert shifts_of(project) == []
    event = PlanEvent.objects.get(code="adopted")
    assert event_text(event) == ("节点变动（竣工验收 2027-03-31 → 2027-04-30），已调整 8 个日期，保留人工日期 1 个")
    assert list(verifying.differences()) == []


def test_what_is_over_keeps_the_date_it_had(cast, plan):
    planned.closed(plan, "planning", cast)
    planned.started(plan, "marketing", cast)
    project = moved_project(sales_office_opens_on=date(2027, 1, 15))
    shifts = shifts_of(project)
    keys = {move.item.key for shift in shifts for move in shift.moves}
    assert "planning.survey" not in keys
    assert "marketing.start" not in keys
    assert "marketing.promises" in keys
    planning.adopt(project=project, actor=cast.marketing_head, seen=seal_of(shifts))
    assert planned.item(plan, "planning.survey").due_on == date(2024, 11, 15)
    # Opened again, its open rows follow the anchors of now; approved results and settled work don't.
    phasing.reopen(phase_id=planned.phase(plan, "planning").pk, actor=cast.service_head, reason="补充")
    assert planned.item(plan, "planning.survey").due_on == date(2024, 11, 15)
    assert list(verifying.differences()) == []


def test_what_changed_since_it_was_shown_is_not_moved(cast, plan):
    project = moved_project(completion_acceptance_on=date(2027, 4, 30))
    seen = seal_of(shifts_of(project))
    project = moved_project(completion_acceptance_on=date(2027, 5, 31))
    with pytest.raises(Conflict):
        planning.adopt(project=project, actor=cast.service_head, seen=seen)
    with pytest.raises(Denied):
        planning.adopt(project=project, actor=cast.property_project_manager, seen=seen)


def test_who_may_write_an_anchor_moves_the_plans_with_it(cast, plan):
    project = cast.projects["CH"]
    changed = {"instalment:CH-2": {"announced_move_in_on": date(2027, 7, 31)}}
    seen = seal_of(shifts_of(project, changed), stored_dates(project, changed))
    how = {"project": project, "changed": changed, "reason": "入住通知书已发", "seen": seen}
    with pytest.raises(NotAllowed):
        change_anchors(actor=cast.marketing_head, **how)
    change_anchors(actor=cast.service_head, **how)
    assert planned.item(plan, "move_in.start").due_on == date(2027, 5, 31)
    assert planned.item(plan, "engineering.start").due_on == date(2027, 1, 31)
    assert Instalment.objects.get(code="CH-2").announced_move_in_on == date(2027, 7, 31)
    assert PlanEvent.objects.get(code="adopted").reason == "入住通知书已发"
    # The project's own dates are kept by the leading department, not by the property company.
    changed = {"project:CH": {"sales_office_opens_on": date(2027, 1, 31)}}
    seen = seal_of(shifts_of(project, changed), stored_dates(project, changed))
    how |= {"changed": changed, "seen": seen}
    with pytest.raises(NotAllowed, match="营销客服部"):
        change_anchors(actor=cast.property_project_manager, **how)
    change_anchors(actor=cast.marketing_handler, **how)
    assert planned.item(plan, "marketing.start").due_on == date(2026, 11, 30)
    assert AppointmentEvent.objects.filter(code="dates_set").last().parameters["reason"] == "入住通知书已发"
    assert list(verifying.differences()) == []


def told(code):
    rows = Notice.objects.filter(code=code).select_related("recipient")
    return sorted((row.recipient.username, row.parameters.get("what", "")) for row in rows)


def test_what_is_due_is_told_once_to_the_post_that_owes_it(cast, plan, fixed_clock):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 1))
    # Engineering starts on 2026-12-30, handover on 2026-12-31: both within 30 days; planning and marketing should have begun.
    reminding.remind()
    near = [("service_handler", "启动工程配合阶段"), ("service_handler", "启动承接查验阶段")]
    late = [
        ("marketing_handler", "启动营销配合阶段"),
        ("service_handler", "启动项目规划阶段"),
        ("service_head", "建设单位须在销售前制定临时管理规约"),
    ]
    assert (told("plan.near"), told("plan.overdue")) == (sorted(near), sorted(late))
    reminding.remind()
    assert (len(told("plan.near")), len(told("plan.overdue"))) == (2, 3)
    # A moved date is told anew; its work is asked for once the phase runs.
    row = planned.item(plan, "engineering.start")
    planning.move(item_id=row.pk, actor=cast.service_head, day=date(2026, 12, 20), reason="提前")
    reminding.remind()
    assert len(told("plan.near")) == 3
    notice = Notice.objects.filter(code="plan.near").first()
    assert notice.url == f"/intervention/plans/{plan.pk}/engineering/"


def test_a_plan_behind_its_anchors_is_told_to_the_heads_once(cast, plan):
    moved_project(completion_acceptance_on=date(2027, 4, 30))
    reminding.remind_of_shifts()
    reminding.remind_of_shifts()
    assert [name for name, _what in told("plan.shift")] == ["department_head", "marketing_head", "service_head"]


def test_an_instalment_of_another_project_gets_no_plan(cast):
    with pytest.raises(Invalid, match="不属于项目"):
        planning.lay_out(actor=cast.service_head, project=cast.projects["CH"], instalment=cast.instalments["YJ-1"])
