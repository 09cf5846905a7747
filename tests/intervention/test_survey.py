"""The survey of the surroundings, plans printed, photographs on day logs."""

import io
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import product

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents.refusals import Blocked, Denied, Invalid, Refused
from intervention import comparing, photos, records
from intervention.daily import writing
from intervention.models import Comparable
from intervention.permissions import who
from intervention.planning_work import surveying
from intervention.planning_work.figures import mean, survey_of
from intervention.planning_work.kinds import SURVEY_VERBS
from intervention.planning_work.plan_sheet import plan_printout
from intervention.planning_work.states import ComparableState
from intervention.queries import plans_for, with_rows
from organization import clock
from tests.api.programs import Program
from tests.intervention import logged, planned
from tests.intervention.test_legality import EVERYBODY
from tests.permissions.world import picture

pytestmark = pytest.mark.django_db
CLERKS = {"property_clerk", "property_project_manager"}
TOLD = {
    "estate": "金色家园", "company": "华信物业", "distance": Decimal("0.8"), "house_type": "高层住宅", "fee": Decimal("2.30"),
    "parking": Decimal(300), "level": "二级", "source": "现场公示牌", "surveyed_on": date(2026, 11, 1),
}  # fmt: skip


def surveyed(cast, by="property_clerk", **fields):
    return surveying.survey(actor=cast[by], project=cast.projects["CH"], **{**TOLD, **fields})


SENT = {
    "edit": {**TOLD, "fee": "2.40", "distance": "0.8"},
    "leave": {"reason": "不可比"},
    "count": {"reason": "已核实"},
}
# (state, verb) → who may.
LEGALITY = {
    ("counted", "edit"): CLERKS,
    ("counted", "leave"): CLERKS,
    ("counted", "count"): set(),
    ("left_out", "edit"): set(),
    ("left_out", "leave"): set(),
    ("left_out", "count"): CLERKS,
}


@pytest.mark.parametrize(("state", "verb"), LEGALITY)
def test_every_state_verb_and_post(cast, state, verb):
    row = surveyed(cast)
    if state == "left_out":
        surveying.leave_out(comparable_id=row.pk, actor=cast.property_clerk, reason="不可比")
    shown = Comparable.objects.select_related("project").get(pk=row.pk)
    assert shown.state == state
    allowed = set()
    for username in EVERYBODY:
        denial = SURVEY_VERBS[verb].predicate(who(cast[username], cast.projects["CH"]), shown)
        done = False
        with transaction.atomic():
            with suppress(Refused):
                SURVEY_VERBS[verb].perform(row.pk, cast[username], SENT[verb])
                done = True
            transaction.set_rollback(True)
        assert (denial is None) == done, (username, denial)
        if done:
            allowed.add(username)
    assert allowed == LEGALITY[state, verb]


def test_the_table_is_whole():
    assert set(LEGALITY) == set(product(ComparableState.values, SURVEY_VERBS))


@pytest.mark.parametrize("username", EVERYBODY)
def test_clerk_and_project_manager_survey(cast, username):
    if username in CLERKS:
        assert surveyed(cast, username).state == "counted"
    else:
        with pytest.raises(Denied, match="您在本项目不担任该岗位|系统管理员只维护系统"):
            surveyed(cast, username)


def test_what_is_left_out_is_not_corrected_and_comes_back_once(cast):
    row = surveyed(cast)
    with pytest.raises(Denied, match="此项本来就计入。"):
        surveying.bring_back(comparable_id=row.pk, actor=cast.property_clerk, reason="x")
    surveying.leave_out(comparable_id=row.pk, actor=cast.property_clerk, reason="政府补贴")
    with pytest.raises(Denied, match="此项已剔除。"):
        surveying.leave_out(comparable_id=row.pk, actor=cast.property_clerk, reason="x")
    with pytest.raises(Denied, match="此项已剔除，请先恢复计入再修改。"):
        surveying.correct(comparable_id=row.pk, actor=cast.property_clerk, fee=Decimal(3))
    surveyed(cast)
    with pytest.raises(Blocked, match="金色家园（高层住宅）已在调研表中，请在原行上修改。"):
        surveying.bring_back(comparable_id=row.pk, actor=cast.property_clerk, reason="已核实")
    assert Comparable.objects.get(pk=row.pk).state == "left_out"
    assert list(comparing.differences(records.models())) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"fee": Decimal(0)}, "物业费须大于 0 元/m²·月；免收的请在备注说明，不要登记。"),
        ({"fee": Decimal("-1")}, "物业费须大于 0 元/m²·月；免收的请在备注说明，不要登记。"),
        ({"fee": Decimal("1000.01")}, "物业费（元/m²·月）须为 0 至 1000。"),
        ({"fee": None}, "请填写物业费（元/m²·月）。"),
        ({"distance": Decimal("100.001")}, "距离（公里）须为 0 至 100。"),
        ({"parking": Decimal(-1)}, "车位服务费（元/个·月）须为 0 至 100000。"),
        ({"estate": ""}, "请填写小区名称。"),
        ({"surveyed_on": date(2026, 11, 24)}, "调研日期须在 2000 年之后、不晚于今天。"),
    ],
)
def test_what_the_survey_refuses_says_where_and_why(cast, fields, sentence):
    with pytest.raises(Invalid) as refusal:
        surveyed(cast, **fields)
    assert list(refusal.value.sentences) == [sentence]


@pytest.mark.parametrize(
    "change", [{"fee": Decimal(0)}, {"parking": Decimal(-1)}, {"state": "lost"}, {"distance": Decimal(-1)}]
)
def test_the_database_refuses_what_no_verb_does(cast, change):
    row = surveyed(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparable.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparable.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("amounts", "average"),
    [
        ([], None),
        (["2.30"], "2.30"),
        (["2.30", "2.31"], "2.31"),
        (["1.00", "1.00", "1.01"], "1.00"),
        (["2.30", "2.80", "3.60", "5.20"], "3.48"),
    ],
)
def test_the_average_is_half_up_to_the_fen(amounts, average):
    assert mean([Decimal(amount) for amount in amounts]) == (average and Decimal(average))


def test_figures_and_bars_leave_out_what_does_not_count(cast, log_in):
    surveyed(cast)
    surveyed(cast, estate="江南里", fee=Decimal("4.60"), parking=None, distance=Decimal("2.4"))
    gone = surveyed(cast, estate="老城新苑", fee=Decimal("0.90"))
    surveying.leave_out(comparable_id=gone.pk, actor=cast.property_clerk, reason="政府补贴")
    found = survey_of(list(Comparable.objects.order_by("pk")))
    assert (found.counted, found.average, found.least, found.most) == (
        2,
        Decimal("3.45"),
        Decimal("2.30"),
        Decimal("4.60"),
    )
    assert (found.parking, found.average_x) == (Decimal("300.00"), "75.00%")
    assert [bar.width for bar in found.bars] == ["50.00%", "100.00%", ""]
    page = log_in(cast.design_reviewer).get("/intervention/survey/?project=CH").content.decode()
    assert '<rect x="0" y="3" width="50.00%"' in page
    assert " style=" not in page
    assert "已剔除" in page


def test_the_survey_asks_the_same_for_one_and_four(cast, log_in):
    surveyed(cast)
    client = log_in(cast.property_clerk)

    def queries():
        client.get("/intervention/survey/?project=CH")
        with CaptureQueriesContext(connection) as caught:
            client.get("/intervention/survey/?project=CH")
        return len(caught)

    before = queries()
    for n in range(3):
        surveyed(cast, estate=f"小区{n}")
    assert queries() == before


def test_the_surveys_workbook_holds_numbers(cast, log_in):
    surveyed(cast, note="@SUM(1)")
    answer = log_in(cast.property_clerk).get("/intervention/files/survey/CH/xlsx/")
    values = [cell.value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for cell in row]
    assert (2.3 in values, 0.8 in values, "@SUM(1)" in values) == (True, True, True)
    assert log_in(cast.yj_property_clerk).get("/intervention/survey/?project=CH").status_code == 404


def test_a_program_surveys(cast):
    sent = {**TOLD, "project": "CH", "fee": "2.30", "distance": "0.8", "parking": None, "surveyed_on": "2026-11-01"}
    program = Program(cast.property_clerk)
    made = program.post("records/comparable/", sent).json()
    assert (made["fee"], made["distance"], made["parking"]) == ("2.30", "0.800", None)
    assert program.post("records/comparable/", sent).status_code == 409
    assert program.post("records/comparable/", {**sent, "fee": "2.305"}).status_code == 400
    assert program.post(f"records/comparable/{made['id']}/leave/", {"reason": "不可比"}).json()["state"] == "left_out"


def test_a_plan_is_printed_whole_or_by_phase(cast, log_in):
    plan = planned.plan(cast)
    client = log_in(cast.property_clerk)
    page = client.get(f"/intervention/plans/{plan.pk}/").content.decode()
    assert f"/intervention/plans/{plan.pk}/files/pdf/" in page
    answer = client.get(f"/intervention/plans/{plan.pk}/files/xlsx/?phase=marketing")
    text = str([cell.value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for cell in row])
    assert ("营销配合工作方案" in text, "《入伙方案》" in text, "《房屋质量缺陷表》" in text) == (True, True, False)
    assert client.get(f"/intervention/plans/{plan.pk}/files/xlsx/?phase=never").status_code == 404
    assert client.get(f"/intervention/plans/{plan.pk}/files/doc/").status_code == 404
    assert log_in(cast.yj_property_clerk).get(f"/intervention/plans/{plan.pk}/files/pdf/").status_code == 404


def test_a_printed_plan_tells_what_who_when_and_how_far(cast):
    plan = planned.plan(cast)
    planned.started(plan, "planning", cast)
    planned.tick_all(plan, "planning", cast)
    loaded = with_rows(plans_for(cast.property_clerk)).get()
    sheet = plan_printout(loaded, list(loaded.phases.all()), clock.today(), clock.now()).sheet
    assert sheet.title == "前期介入工作方案"
    row = next(row for row in sheet.rows if row.cells["title"].startswith("调研项目周边物业管理情况"))
    assert (row.group, row.cells["kind"], row.cells["post"], row.cells["state"]) == (
        "项目规划（进行中）", "工作", "项目物业经理", "已完成",
    )  # fmt: skip


def test_photographs_of_a_draft_go_with_the_log(cast, log_in):
    log = logged.begun(cast)
    client = log_in(cast.property_clerk)
    sent = {"file": [picture("1.png", "red"), picture("2.png", "blue")]}
    assert client.post(f"/intervention/records/day_log/{log.pk}/photos/", sent).status_code == 302
    photo = log.photos.first()
    assert (log.photos.count(), photo.bearer) == (2, "day_log")
    assert f"/intervention/photos/{photo.pk}/small/" in client.get(f"/intervention/days/{log.pk}/").content.decode()
    assert log_in(cast.yj_property_clerk).get(f"/intervention/photos/{photo.pk}/small/").status_code == 404
    writing.file_log(log_id=log.pk, actor=cast.property_clerk)
    with pytest.raises(Denied, match="日志「待确认」，不能上传照片。"):
        photos.add(subject="day_log", pk=log.pk, actor=cast.property_clerk, uploads=[picture("3.png", "green")])
    assert list(comparing.differences(records.models())) == []
