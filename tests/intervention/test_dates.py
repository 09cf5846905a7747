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
from tests.api.programs import Program
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
    assert event_text(event) == ("节点变动（竣工验收 2027-03-31 → 2027-04-30），调整 8 个日期，保留人工日期 1 个")
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


def test_an_administrators_date_stands_and_the_plans_wait_for_those_who_plan(cast, plan, log_in):
    address, field = "/intervention/dates/CH/", "instalment:CH-2:planned_move_in_on"
    page = log_in(cast.administrator)
    shown = page.get(address, {field: "2027-08-31"})
    assert "计划日期不会自动移动" in shown.content.decode()
    sent = {field: "2027-08-31", "reason": "更正", "seen": shown.context["seen"]}
    assert page.post(address, sent).status_code == 302
    assert Instalment.objects.get(code="CH-2").planned_move_in_on == date(2027, 8, 31)
    assert planned.item(plan, "move_in.start").due_on == date(2027, 4, 30)
    # The heads are told, and move them.
    assert reminding.remind_of_shifts() == 1
    planning.adopt(project=cast.projects["CH"], actor=cast.service_head, seen=seal_of(shifts_of(cast.projects["CH"])))
    assert planned.item(plan, "move_in.start").due_on == date(2027, 6, 30)
    assert list(verifying.differences()) == []


def test_two_people_change_two_dates_and_neither_undoes_the_other(cast, log_in):
    """No plan, so that no moved row tells them of each other: one looks at CH-1, the other writes CH-2 meanwhile."""
    address = "/intervention/dates/CH/"
    mine = log_in(cast.marketing_head)
    whole = {name: str(field.value() or "") for name, field in fields_of(mine.get(address)).items()}
    write("CH-2", planned_move_in_on=date(2027, 9, 30))
    whole["instalment:CH-1:sales_office_opens_on"] = "2025-02-01"
    shown = mine.get(address, whole)
    assert [(change.name, change.after) for change in shown.context["changes"]] == [
        ("sales_office_opens_on", date(2025, 2, 1))
    ]
    sent = {"instalment:CH-1:sales_office_opens_on": "2025-02-01", "seen": shown.context["seen"], "reason": "补记"}
    assert mine.post(address, sent).status_code == 302
    assert Instalment.objects.get(code="CH-2").planned_move_in_on == date(2027, 9, 30)


def fields_of(answer):
    form = answer.context["form"]
    shown = {name: form[name] for name in form.fields if name != "reason"}
    page = answer.content.decode()
    assert all(f'name="was:{name}"' in page for name in shown)
    return shown | {f"was:{name}": field for name, field in shown.items()}


def test_a_date_that_a_colleague_wrote_after_it_was_shown_is_not_written_over(cast, log_in):
    address, field = "/intervention/dates/CH/", "instalment:CH-2:planned_move_in_on"
    mine = log_in(cast.marketing_head)
    shown = mine.get(address, {field: "2027-08-31"})
    write("CH-2", planned_move_in_on=date(2027, 9, 30))
    sent = {field: "2027-08-31", "reason": "推迟", "seen": shown.context["seen"]}
    answer = mine.post(address, sent)
    assert answer.status_code == 409
    assert "2027-09-30" in answer.content.decode()
    assert Instalment.objects.get(code="CH-2").planned_move_in_on == date(2027, 9, 30)
    # What stands now has been shown, and may be written over knowingly.
    assert mine.post(address, sent | {"seen": answer.context["seen"]}).status_code == 302


@pytest.mark.parametrize(
    "field", ["instalment:CH-2:actual_move_in_on", "project:YJ:positioning_on", "instalment:YJ-1:planned_move_in_on"]
)
def test_a_date_that_one_may_not_write_is_refused_and_nothing_else_happens(cast, plan, log_in, field):
    moved_project(completion_acceptance_on=date(2027, 4, 30))
    page = log_in(cast.marketing_head)
    seen = page.get("/intervention/dates/CH/").context["seen"]
    answer = page.post("/intervention/dates/CH/", {field: "2026-11-20", "reason": "x", "seen": seen})
    assert answer.status_code == 400
    assert "没有保存" in answer.content.decode()
    assert not PlanEvent.objects.filter(code="adopted").exists()


def test_the_same_dates_sent_again_change_nothing_and_say_so(cast, plan, log_in):
    address, field = "/intervention/dates/CH/", "instalment:CH-2:planned_move_in_on"
    page = log_in(cast.service_head)
    sent = {field: "2027-08-31", "reason": "推迟", "seen": page.get(address, {field: "2027-08-31"}).context["seen"]}
    assert page.post(address, sent).status_code == 302
    again = page.post(address, sent)
    assert (again.status_code, "日期没有变化" in again.content.decode()) == (400, True)
    program = Program(cast.service_head)
    dates = {"instalments": {"CH-2": {"planned_move_in_on": "2027-08-31"}}, "reason": "推迟"}
    answer = program.post("projects/CH/plan-shift/", dates)
    assert (answer.status_code, "日期没有变化" in answer.content.decode()) == (400, True)
    assert PlanEvent.objects.filter(code="adopted").count() == 1


def test_a_preview_names_anchors_that_stand_against_the_course_of_a_project(cast, plan, log_in):
    changed = {"instalment:CH-2": {"completion_acceptance_on": date(2027, 9, 1)}}
    (shift,) = shifts_of(cast.projects["CH"], changed)
    assert shift.disorder == (("completion", "move_in"),)
    asked = {"instalment:CH-2:completion_acceptance_on": "2027-09-01"}
    assert (
        "竣工验收晚于集中入住（入伙）"
        in log_in(cast.service_head).get("/intervention/dates/CH/", asked).content.decode()
    )


def test_a_single_date_is_not_moved_into_the_past_and_one_before_its_phase_is_named(cast, plan, log_in):
    row = planned.item(plan, "handover.reserve")
    with pytest.raises(Invalid, match="已过"):
        planning.move(item_id=row.pk, actor=cast.service_head, day=date(2026, 11, 1), reason="提前")
    page = log_in(cast.service_head)
    sent = {"day": "2026-12-01", "reason": "提前"}
    told = page.post(f"/intervention/items/{row.pk}/move/", sent, follow=True).content.decode()
    assert "2026-12-01 早于本阶段启动日期 2026-12-31" in told
    start = planned.item(plan, "handover.start")
    told = page.post(f"/intervention/items/{start.pk}/move/", {"day": "2027-05-01", "reason": "推迟"}, follow=True)
    assert told.content.decode().count("早于本阶段启动日期 2027-05-01") == 3


def write(instalment, **dates):
    return places.set_dates(actor=None, place=Instalment.objects.get(code=instalment), **dates)


def test_an_instalment_goes_by_its_own_opening_and_acceptance_else_by_the_projects(cast):
    write("CH-2", sales_office_opens_on=date(2026, 8, 8))
    cast.instalments["CH-2"].refresh_from_db()
    laid = planned.plan(cast)
    assert planned.item(laid, "marketing.start").due_on == date(2026, 6, 8)
    assert planned.item(laid, "handover.start").due_on == date(2026, 12, 31)
    # The project's opening moves: this instalment has one of its own and stays; its acceptance is the project's and moves.
    project = moved_project(sales_office_opens_on=date(2026, 9, 1), completion_acceptance_on=date(2027, 4, 30))
    (shift,) = shifts_of(project)
    assert [anchor for anchor, _before, _after in shift.changed] == ["completion"]
    # Its own acceptance put in goes before the project's, and taken out again gives way to it.
    write("CH-2", completion_acceptance_on=date(2027, 3, 31))
    assert shifts_of(project) == []
    write("CH-2", completion_acceptance_on=None)
    assert [now for _anchor, _before, now in shifts_of(project)[0].changed] == [date(2027, 4, 30)]
    assert list(verifying.differences()) == []


def test_a_preview_marks_dates_that_have_gone_by_and_work_that_is_due_before_its_phase(cast, plan):
    # On 2026-11-25 acceptance at once and move-in as before: handover should have begun, and is over before engineering begins.
    changed = {"instalment:CH-2": {"completion_acceptance_on": date(2026, 12, 1)}}
    (shift,) = shifts_of(cast.projects["CH"], changed)
    marks = {move.item.key: (move.past, move.starts_on) for move in shift.moves}
    assert marks["handover.start"] == (True, None)
    assert marks["handover.reserve"] == (True, None)
    assert marks["handover.training"] == (False, None)
    assert marks["engineering.patrols"] == (False, date(2026, 12, 30))
    assert marks["engineering.defect_list"] == (False, date(2026, 12, 30))
    assert shift.doubtful == 7
    assert shift.stranded == ()
    # Move-in later: the reports stay where they are, and engineering comes to begin after them.
    changed = {"instalment:CH-2": {"planned_move_in_on": date(2028, 6, 30)}}
    (shift,) = shifts_of(cast.projects["CH"], changed)
    assert [(move.item.key, move.after, move.starts_on) for move in shift.stranded] == [
        (f"engineering.{key}", date(2027, 3, 31), date(2027, 12, 30))
        for key in ("patrols", "meetings", "unit_quality_report", "common_area_patrol_report", "defect_list")
    ]


def test_the_page_shows_the_marks_and_who_may_not_write_sees_the_dates(cast, plan, log_in):
    address = "/intervention/dates/CH/"
    shown = log_in(cast.marketing_head).get(address, {"instalment:CH-2:completion_acceptance_on": "2026-12-01"})
    text = shown.content.decode()
    assert ("早于阶段启动 2026-12-30" in text, "已过" in text, "7 项请核对" in text) == (True, True, True)
    assert "actual_move_in_on" not in text
    plain = log_in(cast.property_clerk, fresh=True).get(address).content.decode()
    assert "节点日期由本项目营销客服部和系统管理员维护。" in plain
    assert ("2025-01-15" in plain, 'type="date"' in plain) == (True, False)
    laying = log_in(cast.service_head, fresh=True).get(
        "/intervention/plans/new/", {"project": "CH", "instalment": "CH-1"}
    )
    assert "已过" in laying.content.decode()


def test_an_anchor_that_moves_no_plan_is_saved_all_the_same(cast, plan, log_in):
    project = cast.projects["CH"]
    address = "/intervention/dates/CH/"
    field = "project:CH:mass_move_in_on"
    page = log_in(cast.administrator)
    shown = page.get(address, {field: "2027-09-30"})
    assert (shown.context["shifts"], "保存节点</button>" in shown.content.decode()) == ([], True)
    sent = {field: "2027-09-30", "reason": "集中入住改期", "seen": shown.context["seen"]}
    assert page.post(address, sent | {"seen": "stale"}).status_code == 409
    assert page.post(address, sent).status_code == 302
    project.refresh_from_db()
    assert project.mass_move_in_on == date(2027, 9, 30)
    assert not PlanEvent.objects.filter(code="adopted").exists()


def test_a_refused_move_leaves_the_anchor_as_it_was(cast, plan):
    changed = {"instalment:CH-2": {"announced_move_in_on": date(2027, 7, 31)}}
    with pytest.raises(Conflict):
        change_anchors(
            project=cast.projects["CH"], actor=cast.service_head, changed=changed, reason="通知", seen="stale"
        )
    assert Instalment.objects.get(code="CH-2").announced_move_in_on is None


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
