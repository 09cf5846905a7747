"""Pages and REST of plans: the same sentences, nothing typed is lost, the same number of queries for one phase and thirty."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.models import Document
from intervention import planning, ticking
from intervention.models import ChecklistItem, Plan, PlanItem, TemplateItem
from organization import places
from organization.models import AppointmentEvent, Instalment, Project
from tests.api.programs import Program
from tests.intervention import planned

pytestmark = pytest.mark.django_db
LISTS = ("/intervention/", "/intervention/board/", "/intervention/calendar/?month=2026-12", "/intervention/due/")


@pytest.fixture
def plan(cast):
    return planned.plan(cast)


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def more_plans(cast, count):
    """Instalments of CH with plans of their own."""
    for n in range(count):
        instalment = places.create_instalment(
            actor=None, project=cast.projects["CH"], code=f"CH-{n + 10}", name=f"{n + 10}期",
            planned_move_in_on=cast.instalments["CH-2"].planned_move_in_on,
        )  # fmt: skip
        planning.lay_out(actor=cast.service_head, project=cast.projects["CH"], instalment=instalment)


def test_lists_ask_the_same_for_one_plan_and_six(cast, log_in, plan):
    client = log_in(cast.service_head)
    for phase in plan.phases.all()[1:]:
        assert phase.state == "planned"
    addresses = (*LISTS, "/intervention/dates/CH/", f"/intervention/plans/{plan.pk}/")
    before = {address: queries(client, address) for address in addresses}
    more_plans(cast, 5)
    assert Plan.objects.count() * 5 == 30
    assert {address: queries(client, address) for address in addresses} == before


def test_the_page_of_a_phase_asks_the_same_however_many_rows_it_has(cast, log_in, plan):
    client = log_in(cast.property_project_manager)
    planned.started(plan, "planning", cast)
    address = f"/intervention/plans/{plan.pk}/planning/"
    planned.submitted(cast, plan, "planning.positioning_survey")
    before = queries(client, address)
    planned.submitted(cast, plan, "planning.detail_proposals")
    planned.tick_all(plan, "planning", cast)
    assert queries(client, address) == before


def test_the_time_line_stands_on_attributes_with_figures_beside(cast, log_in, plan):
    page = log_in(cast.marketing_head).get("/intervention/").content.decode()
    assert " style=" not in page
    assert "2026-12-30" in page
    assert '<rect class="planned" x="' in page


def test_a_plan_is_looked_at_before_it_is_laid_out(cast, log_in):
    client = log_in(cast.service_head)
    page = client.get("/intervention/plans/new/", {"project": "CH", "instalment": "CH-2"}).content.decode()
    assert "集中入住（入伙）前 6 个月" in page
    assert "2026-12-30" in page
    assert Plan.objects.count() == 0
    answer = client.post("/intervention/plans/new/", {"project": "CH", "instalment": "CH-2"})
    assert answer.url == f"/intervention/plans/{Plan.objects.get().pk}/"
    again = client.post("/intervention/plans/new/", {"project": "CH", "instalment": "CH-2"})
    assert again.status_code == 409
    assert "「翠湖花园二期」已有前期介入计划" in again.content.decode()
    wrong = client.post("/intervention/plans/new/", {"project": "CH", "instalment": "YJ-1"})
    assert "此分期不属于所选项目。" in wrong.content.decode()


def test_page_and_program_read_the_same_sentences(cast, log_in, plan):
    phase = planned.started(plan, "planning", cast)
    for key in planned.RESULTS["planning"]:
        planned.received(cast, plan, key)
    page = log_in(cast.service_head).post(f"/intervention/phases/{phase.pk}/close/")
    program = Program(cast.service_head)
    answer = program.post(f"plan-phases/{phase.pk}/close/", {})
    assert (page.status_code, answer.status_code) == (409, 409)
    sentences = answer.json()["errors"]
    assert len(sentences) == 4
    for sentence in sentences:
        assert sentence in page.content.decode()
    denied = Program(cast.property_clerk).post(f"plan-phases/{phase.pk}/close/", {})
    assert denied.json()["errors"] == [
        "关闭阶段由营销小组负责人、客服小组负责人、营销客服部负责人办理，您在本项目不担任该岗位。"
    ]


def test_the_project_page_and_the_menu_lead_to_the_plan(cast, log_in, plan):
    page = log_in(cast.property_clerk).get("/projects/CH/").content.decode()
    assert 'href="/intervention/?project=CH"' in page
    assert '<a class="ni" href="/intervention/">' in page


def test_a_refused_reason_stays_typed(cast, log_in, plan):
    planned.started(plan, "planning", cast)
    row = planned.item(plan, "planning.survey")
    client = log_in(cast.service_head)
    answer = client.post(f"/intervention/items/{row.pk}/move/", {"day": "2027-13-40", "reason": "我写的原因"})
    assert answer.status_code == 400
    assert "我写的原因" in answer.content.decode()
    far = client.post(f"/intervention/items/{row.pk}/move/", {"day": "1066-10-14", "reason": "远"})
    assert "2000 年至 2099 年" in far.content.decode()


def test_an_anchor_is_tried_and_then_moved_with_its_dates(cast, log_in, plan):
    client = log_in(cast.service_head)
    # CH-1's dates are not sent, and stay.
    tried = {"instalment:CH-2:announced_move_in_on": "2027-07-31"}
    page = client.get("/intervention/dates/CH/", tried)
    text = page.content.decode()
    assert "2027-01-31" in text
    assert planned.item(plan, "engineering.start").due_on.isoformat() == "2026-12-30"
    sent = tried | {"seen": page.context["seen"], "reason": "通知书已发"}
    assert client.post("/intervention/dates/CH/", sent).status_code == 302
    assert planned.item(plan, "engineering.start").due_on.isoformat() == "2027-01-31"
    assert cast.instalments["CH-1"].actual_move_in_on == Instalment.objects.get(code="CH-1").actual_move_in_on
    # A second click finds nothing to do and says so.
    again = client.post("/intervention/dates/CH/", sent)
    assert again.status_code == 400


def test_a_stale_preview_moves_nothing(cast, log_in, plan):
    project = Project.objects.get(code="CH")
    places.set_dates(actor=None, place=project, completion_acceptance_on="2027-04-30")
    client = log_in(cast.marketing_head)
    answer = client.post("/intervention/dates/CH/", {"seen": "0" * 16})
    assert answer.status_code == 409
    assert "请核对最新的前后对照" in answer.content.decode()
    seen = answer.context["seen"]
    assert client.post("/intervention/dates/CH/", {"seen": seen}).status_code == 302


def test_programs_lay_out_read_and_move(cast):
    program = Program(cast.service_head)
    made = program.post("plans/", {"project": "CH", "instalment": "CH-2"})
    assert made.status_code == 201
    plan = made.json()
    assert [phase["phase"] for phase in plan["phases"]] == [
        "planning",
        "marketing",
        "engineering",
        "handover",
        "move_in",
    ]
    assert program.get(f"plans/{plan['id']}/").json() == plan
    wanted = {"instalments": {"CH-2": {"announced_move_in_on": "2027-07-31"}}}
    tried = program.put("projects/CH/plan-shift/", wanted).json()
    moves = {move["title"]: move["after"] for move in tried["plans"][0]["moves"]}
    assert moves["启动工程配合阶段"] == "2027-01-31"
    done = program.post("projects/CH/plan-shift/", wanted | {"seen": tried["seen"], "reason": "通知书"})
    assert (done.status_code, done.json()["plans"]) == (200, [])
    assert program.get(f"plans/{plan['id']}/log/").json()["results"][0]["code"] == "adopted"
    wrong = program.put("projects/CH/plan-shift/", {"instalments": {"YJ-1": {"actual_move_in_on": "2027-01-01"}}})
    assert wrong.json()["errors"] == ["没有这个分期：instalment:YJ-1。"]
    unknown = program.put("projects/CH/plan-shift/", {"project": {"code": "2027-01-01"}})
    assert unknown.status_code == 400
    month = program.get("plan-items/?month=2027-01").json()
    assert "启动工程配合阶段" in [row["title"] for row in month]
    assert program.get("plan-items/?due=never").status_code == 400
    assert program.get(f"plans/{plan['id']}/log/?after=x").status_code == 400


def test_programs_file_a_result(cast, plan):
    planned.started(plan, "planning", cast)
    program = Program(cast.property_clerk)
    made = program.post("phase-results/", {"item": planned.item(plan, "planning.detail_proposals").pk})
    assert made.status_code == 201
    reference = made.json()["document"]["reference"]
    entries = [{"key": line["id"], "page": "7"} for line in made.json()["lines"]]
    saved = program.put(
        f"documents/{reference}/result-entries/", {"draft_version": 1, "entries": entries, "note": "初稿"}
    )
    assert saved.json()["lines"][0]["page"] == "7"
    stale = program.put(f"documents/{reference}/result-entries/", {"draft_version": 1, "entries": entries})
    assert stale.status_code == 409


def test_the_entry_page_keeps_what_was_typed_and_shows_the_other_copy(cast, log_in, plan):
    planned.started(plan, "planning", cast)
    document = planned.result(cast, plan, "planning.detail_proposals", filled=False)
    client = log_in(cast.property_clerk)
    address = f"/intervention/results/{document.reference}/"
    key = document.result_entries.first().key
    assert client.post(address, {"draft_version": 1, f"text-{key}": "甲", f"page-{key}": ""}).status_code == 302
    lost = client.post(address, {"draft_version": 1, f"text-{key}": "乙", f"page-{key}": ""})
    assert lost.status_code == 409
    text = lost.content.decode()
    assert "此单已在别处保存过" in text
    assert ">乙</textarea>" in text
    # The same twice is no conflict.
    assert client.post(address, {"draft_version": 1, f"text-{key}": "甲", f"page-{key}": ""}).status_code == 302
    refused = client.post(address, {"draft_version": 2, f"text-{key}": "甲", f"page-{key}": "", "then": "submit"})
    assert refused.status_code == 409
    assert "请至少上传一个成果文件后再提交。" in refused.content.decode()


def test_a_result_is_shown_with_its_phase_to_those_who_may_see_it(cast, log_in, plan):
    planned.started(plan, "planning", cast)
    draft = planned.result(cast, plan, "planning.detail_proposals")
    address = f"/intervention/plans/{plan.pk}/planning/"
    assert draft.reference in log_in(cast.property_project_manager).get(address).content.decode()
    # A draft is nobody else's: neither its name nor that there is one.
    assert draft.reference not in log_in(cast.marketing_head).get(address).content.decode()
    document = planned.submitted(cast, plan, "planning.positioning_survey")
    assert document.number in log_in(cast.marketing_head).get(address).content.decode()
    assert document.number not in log_in(cast.finance).get(address).content.decode()


def test_administrators_change_who_and_when_for_new_plans_alone(cast, log_in, plan):
    client = log_in(cast.administrator)
    row = TemplateItem.objects.get(key="engineering.start")
    sent = {"post": "service_handler", "anchor": "move_in", "months": "-7", "days": "0", "note": "", "is_active": "on"}
    assert client.post(f"/settings/phases/{row.pk}/", sent).status_code == 302
    assert planned.item(plan, "engineering.start").due_on.isoformat() == "2026-12-30"
    assert planned.item(planned.plan(cast, "CH-1"), "engineering.start").due_on.isoformat() == "2025-08-01"
    assert AppointmentEvent.objects.filter(code="template_edited").get().parameters["changes"] == {
        "months": -7,
        "note": "",
    }
    never = client.post(f"/settings/phases/{row.pk}/", sent | {"is_active": ""})
    assert "每个阶段都要有启动日期" in never.content.decode()
    assert "修改前期介入模板" in client.get("/settings/trail/").content.decode()


def test_administrators_keep_the_required_contents(cast, log_in, plan):
    client = log_in(cast.administrator)
    client.post("/settings/phases/contents/", {"result": "detail_proposals", "title": "节能建议"})
    added = ChecklistItem.objects.get(title="节能建议")
    twice = client.post("/settings/phases/contents/", {"result": "detail_proposals", "title": "节能建议"})
    assert "已有必备内容「节能建议」" in twice.content.decode()
    planned.started(plan, "planning", cast)
    document = planned.result(cast, plan, "planning.detail_proposals")
    assert document.result_entries.filter(title="节能建议").exists()
    used = client.post(f"/settings/phases/contents/{added.pk}/rename/", {"title": "其他"})
    assert "已有成果使用，不能改名" in used.content.decode()
    client.post(f"/settings/phases/contents/{added.pk}/deactivate/")
    other = planned.result(cast, plan, "planning.detail_proposals", by="property_project_manager")
    assert not other.result_entries.filter(title="节能建议").exists()


def test_nothing_a_person_sends_is_our_fault(cast, log_in, plan):
    client = log_in(cast.service_head)
    pk = planned.item(plan, "planning.survey").pk
    addresses = [
        "/intervention/?project=%27", "/intervention/calendar/?month=9999-99", "/intervention/calendar/?month=x",
        "/intervention/plans/new/?project=nowhere", "/intervention/plans/new/?project=CH&instalment=%27",
        "/intervention/dates/CH/?project:CH:positioning_on=x", "/intervention/dates/CH/?a:b=c",
        f"/intervention/plans/{plan.pk}/log/?after=-1", f"/intervention/plans/{plan.pk}/log/?after=99999999999999999",
        "/intervention/results/new/?item=x", f"/intervention/plans/{10**18}/", "/intervention/dates/CH/?instalment:CH-2:announced_move_in_on=0001-01-01",
    ]  # fmt: skip
    for address in addresses:
        assert client.get(address).status_code < 500, address
    for data in ({"day": "٢٠٢٧", "reason": "x"}, {"day": ["a"], "reason": ""}, {"reason": "\x07", "day": "2027-01-01"}):
        assert client.post(f"/intervention/items/{pk}/move/", data).status_code == 400
    program = Program(cast.service_head)
    for body in ([], {"project": {"positioning_on": {}}}, {"instalments": []}, {"instalments": {"CH-2": 3}}):
        assert program.put("projects/CH/plan-shift/", body).status_code == 400, json.dumps(body)
    assert PlanItem.objects.get(pk=pk).by_hand is False
    assert Document.objects.count() == 0


def test_a_plan_is_read_with_as_many_queries_for_several_settled_rows_as_for_one(cast, plan):
    planned.started(plan, "planning", cast)
    rows = PlanItem.objects.filter(phase__plan=plan, phase__phase="planning", kind="activity")
    program = Program(cast.service_head)

    def asked(settled):
        for row in rows.filter(state="open")[:settled]:
            ticking.tick(item_id=row.pk, actor=cast.property_project_manager)
        with CaptureQueriesContext(connection) as caught:
            assert program.get(f"plans/{plan.pk}/").status_code == 200
        return len(caught)

    asked(0)
    assert asked(1) == asked(3)


def test_laying_out_beside_another_plan_names_it_and_a_place_that_has_one_is_led_to_it(cast, log_in):
    whole = planned.plan(cast, "CH")
    planned.started(whole, "planning", cast)
    page = log_in(cast.service_head)
    told = page.get("/intervention/plans/new/", {"project": "CH", "instalment": "CH-2"}).content.decode()
    assert "「翠湖花园」已有计划" in told
    assert "项目规划 进行中" in told
    assert f'href="/intervention/plans/{whole.pk}/"' in told
    again = page.get("/intervention/plans/new/", {"project": "CH"}).content.decode()
    assert "「翠湖花园」已有前期介入计划" in again
    assert "编排五个阶段</button>" not in again
