"""The page of dates and what it previews: own dates of instalments, marks, two people at once, who may write what."""

from datetime import date

import pytest

from documents import verifying
from documents.refusals import Conflict, Invalid
from intervention import planning, reminding
from intervention.models import PlanEvent
from intervention.previewing import seal_of, shifts_of
from intervention.shifting import change_anchors
from organization import places
from organization.models import Instalment, Project
from tests.api.programs import Program
from tests.intervention import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    return planned.plan(cast)


def moved_project(**dates):
    places.set_dates(actor=None, place=Project.objects.get(code="CH"), **dates)
    return Project.objects.get(code="CH")


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


def test_a_preview_of_nothing_says_so_and_an_anchor_that_moves_no_row_is_not_told_as_moved(cast, plan, log_in):
    address, field = "/intervention/dates/CH/", "project:CH:positioning_on"
    page = log_in(cast.service_head)
    assert "没有变化" in page.get(address, {field: "2024-03-01"}).content.decode()
    planned.closed(plan, "planning", cast)
    shown = page.get(address, {field: "2024-03-05"})
    sent = {field: "2024-03-05", "reason": "更正", "seen": shown.context["seen"]}
    told = page.post(address, sent, follow=True).content.decode()
    assert ("节点已保存，没有移动计划日期。" in told, "已调整 0 个日期" in told) == (True, False)
