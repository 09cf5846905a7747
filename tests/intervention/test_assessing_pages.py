"""Pages and REST of assessments: who sees what, what is typed stays, one sentence on page and API, constant queries."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intervention.assessing import scoring
from intervention.assessing.trend import trend_for
from intervention.models import Assessment, AssessmentCriterion, GradeBand
from organization.models import AppointmentEvent
from tests.api.programs import ABSENT, Program
from tests.intervention import assessed

pytestmark = pytest.mark.django_db
LIST, TREND = "/intervention/assessments/", "/intervention/assessments/trend/"


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_lists_ask_the_same_for_one_assessment_and_twelve(cast, log_in):
    client, program = log_in(cast.service_head), Program(cast.service_head)
    assessed.closed(cast, "post", p1="10")
    addresses = (LIST, TREND)

    def asked():
        with CaptureQueriesContext(connection) as caught:
            assert program.get("records/assessment/").status_code == 200
        return [queries(client, address) for address in addresses], len(caught)

    asked()
    before = asked()
    assessed.year(cast, 12)
    assert Assessment.objects.count() == 13
    assert asked() == before


def test_a_page_asks_the_same_for_one_item_and_many(cast, log_in):
    client = log_in(cast.marketing_handler)
    row = assessed.opened(cast)
    addresses = (f"{LIST}{row.pk}/", f"{LIST}{row.pk}/score/")
    before = [queries(client, address) for address in addresses]
    for criterion in AssessmentCriterion.objects.filter(side__in=("", "pre")):
        criterion.pk, criterion.title = None, criterion.title + "二"
        criterion.save()
    more = assessed.opened(cast, month=date(2026, 9, 1))
    assert more.scores.count() == 16
    assert [queries(client, f"{LIST}{more.pk}/{tail}") for tail in ("", "score/")] == before


def test_the_property_company_sees_no_score_before_it_is_handed_in(cast, log_in):
    draft = assessed.opened(cast)
    for username in ("property_project_manager", "property_clerk", "property_gm"):
        client = log_in(cast[username], fresh=True)
        assert client.get(f"{LIST}{draft.pk}/").status_code == 404
        assert client.get(f"{LIST}{draft.pk}/score/").status_code == 404
        assert "2026-10" not in client.get(LIST).content.decode()
        assert client.get(f"/intervention/records/assessment/{draft.pk}/log/").status_code == 404
        assert Program(cast[username]).get(f"records/assessment/{draft.pk}/").json() == ABSENT
        assert Program(cast[username]).get("records/assessment/").json()["results"] == []
        assert Program(cast[username]).get(f"assessments/{draft.pk}/facts/").json() == ABSENT
        assert Program(cast[username]).get("assessments/trend/").json() == []
    handed_in = assessed.scored(cast, month=date(2026, 9, 1), p3="7")
    page = log_in(cast.property_project_manager).get(f"{LIST}{handed_in.pk}/").content.decode()
    assert "97.0%" in page
    assert "现场抽查发现" in page


@pytest.mark.parametrize("username", ["yj_property_clerk", "outsider", "foreign_general_manager"])
def test_others_see_nothing_of_a_projects_assessments(cast, log_in, username):
    row = assessed.closed(cast, p1="3")
    client = log_in(cast[username])
    for tail in ("", "score/", "close/"):
        assert client.get(f"{LIST}{row.pk}/{tail}").status_code == 404
    for address in (LIST, TREND):
        assert "翠湖花园" not in client.get(address).content.decode()
    assert Program(cast[username]).get("assessments/trend/").json() == []


def test_from_opening_to_closing_on_pages(cast, log_in):
    client = log_in(cast.marketing_handler)
    sent = {"project": "CH", "month": "2026-10", "side": "pre"}
    opened = client.post(f"{LIST}new/", sent)
    row = Assessment.objects.get()
    assert opened.url == f"{LIST}{row.pk}/score/"
    again = client.post(f"{LIST}new/", sent)
    assert again.status_code == 409
    assert "已有考核，请在原考核上办理" in again.content.decode()
    items = list(row.scores.all())
    typed = {f"points-{item.pk}": str(item.maximum) for item in items} | {f"remark-{item.pk}": "" for item in items}
    wrong = client.post(opened.url, typed | {f"points-{items[2].pk}": "4", f"remark-{items[3].pk}": "我写的"})
    assert wrong.status_code == 400
    assert "第 3 项「按期办理」：有扣分，请写明扣分原因。" in wrong.content.decode()
    assert 'value="我写的"' in wrong.content.decode()
    right = typed | {f"points-{items[2].pk}": "4", f"remark-{items[2].pk}": "两份表迟交", "then": "hand_in"}
    assert client.post(opened.url, right).url == f"{LIST}{row.pk}/"
    assert Assessment.objects.get().state == "scored"
    closed_yet = client.get(f"{LIST}{row.pk}/score/").content.decode()
    assert "本考核待物业答复，不能评分。" in closed_yet

    manager = log_in(cast.property_project_manager)
    page = manager.get(f"{LIST}{row.pk}/").content.decode()
    assert f"/intervention/records/assessment/{row.pk}/object/" in page
    answered = manager.post(f"/intervention/records/assessment/{row.pk}/object/", {"text": "迟交系地产退回所致"})
    assert answered.url == f"{LIST}{row.pk}/"
    twice = manager.post(f"/intervention/records/assessment/{row.pk}/accept/", {})
    assert twice.status_code == 403

    head = log_in(cast.marketing_head)
    # A verb with a page of its own is asked for there.
    assert head.get(f"/intervention/records/assessment/{row.pk}/close/").url == f"{LIST}{row.pk}/close/"
    ask = head.get(f"{LIST}{row.pk}/close/").content.decode()
    assert "迟交系地产退回所致" in ask
    empty = head.post(f"{LIST}{row.pk}/close/", {"conclusion": "", f"points-{items[2].pk}": "9"})
    assert "物业公司有异议，请填写办结意见予以答复。" in empty.content.decode()
    assert 'value="9"' in empty.content.decode()
    done = head.post(
        f"{LIST}{row.pk}/close/",
        {"conclusion": "部分采纳", f"points-{items[2].pk}": "9", f"remark-{items[2].pk}": "一份系退回"},
    )
    assert done.url == f"{LIST}{row.pk}/"
    shown = head.get(done.url).content.decode()
    for text in ("99.0%", "优", "部分采纳", "一份系退回", "办结考核", "提出异议"):
        assert text in shown
    assert " style=" not in shown


def test_handing_in_too_early_keeps_the_points(cast, log_in):
    row = assessed.opened(cast, month=date(2026, 11, 1))
    items = list(row.scores.all())
    typed = {f"points-{item.pk}": str(item.maximum) for item in items} | {f"remark-{item.pk}": "" for item in items}
    answer = log_in(cast.marketing_handler).post(f"{LIST}{row.pk}/score/", typed | {"then": "hand_in"})
    assert answer.status_code == 403
    assert "2026-11-30 起可以提交评分" in answer.content.decode()
    assert Assessment.objects.get(pk=row.pk).marks.percent == 100


def test_page_and_program_read_the_same_sentences(cast, log_in):
    program = Program(cast.marketing_handler)
    made = program.post("records/assessment/", {"project": "CH", "month": "2026-10", "side": "pre"})
    assert made.status_code == 201
    pk = made.json()["id"]
    lacking = program.post(f"records/assessment/{pk}/hand_in/", {})
    assert (lacking.status_code, len(lacking.json()["errors"])) == (409, 8)
    assert lacking.json()["errors"][0] == "第 1 项「事前报批」：还没有评分。"
    items = made.json()["scores"]
    bad = program.post(f"records/assessment/{pk}/score/", {"scores": [{"item": items[0]["item"], "points": 99}]})
    assert bad.json()["errors"] == ["第 1 项「事前报批」：得分「99」不对，请填 0 至 15，最多一位小数。"]
    page = log_in(cast.marketing_handler).post(
        f"{LIST}{pk}/score/", {f"points-{items[0]['item']}": "99", f"remark-{items[0]['item']}": ""}
    )
    assert bad.json()["errors"][0] in page.content.decode()
    sent = [{"item": item["item"], "points": item["maximum"]} for item in items]
    whole = program.post(f"records/assessment/{pk}/score/", {"scores": sent}).json()
    # A draft's points are nobody's figure yet.
    assert (whole["percent"], whole["points"], whole["grade"], whole["facts"]) == (None, None, None, None)
    handed_in = program.post(f"records/assessment/{pk}/hand_in/", {}).json()
    assert (handed_in["percent"], handed_in["grade"]) == ("100.0", "优")
    assert handed_in["facts"] == {"late": 0, "overdue": 0, "missed": 0, "returned": 0}
    assert Program(cast.property_project_manager).post(f"records/assessment/{pk}/accept/", {}).status_code == 200
    denied = Program(cast.service_head).post(f"records/assessment/{pk}/close/", {})
    assert denied.json()["errors"] == ["办结考核由营销小组负责人办理，您在本项目不担任该岗位。"]
    closed = Program(cast.marketing_head).post(f"records/assessment/{pk}/close/", {"changes": []}).json()
    assert (closed["state"], closed["offers"]) == ("closed", [])
    facts = Program(cast.marketing_head).get(f"assessments/{pk}/facts/").json()
    assert [fact["code"] for fact in facts] == ["late", "overdue", "missed", "returned"]
    assert program.get("records/assessment/", month="x").status_code == 400
    assert program.get("records/assessment/", state="nowhere").status_code == 400
    assert len(program.get("records/assessment/", month="2026-10", side="pre", state="closed").json()["results"]) == 1


def test_the_trend_shows_twelve_months_as_table_drawing_and_workbook(cast, log_in):
    assessed.year(cast, 3)
    assessed.opened(cast, "post")
    client = log_in(cast.finance)
    page = client.get(f"{TREND}?month=2026-10").content.decode()
    # 14, 13, 12 of 15: 99, 98, 97 of 100.
    assert page.count('<rect x="') == 3
    assert "99.0" in page
    assert "平均 98.0%" in page
    assert "尚无已提交的考核" in page
    assert " style=" not in page
    trend = trend_for(cast.finance, date(2026, 10, 1))
    assert [point.marks.percent if point.marks else None for point in trend.lines[0].points] == [
        *[None] * 9, Decimal("97.0"), Decimal("98.0"), Decimal("99.0"),
    ]  # fmt: skip
    answer = client.get(f"{TREND}export/?month=2026-10")
    book = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)
    months, details = book.worksheets
    assert [cell.value for cell in months[2]][:3] == ["项目", "入伙前后", "2025-11"]
    assert [cell.value for cell in months[3]][-4:] == [97, 98, 99, 98]
    assert [cell.value for cell in details[2]] == [
        "翠湖花园", "入伙前（营销小组）", "2026-08", 97, 100, 97, "优", "已办结", 0, 0, 0, 0,
    ]  # fmt: skip
    assert details.max_row == 4
    told = Program(cast.finance).get("assessments/trend/", month="2026-10").json()
    assert [(line["side"], line["months"][-1]["percent"]) for line in told] == [("pre", "99.0"), ("post", None)]


def test_no_figure_of_a_draft_is_in_the_trend(cast, log_in):
    from intervention.assessing import scoring

    row = assessed.opened(cast)
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=assessed.full(row, p1="0"))
    page = log_in(cast.finance).get(TREND).content.decode()
    assert "评分中" in page
    assert "<rect" not in page


def test_empty_pages_say_why_and_offer_one_step(cast, log_in):
    page = log_in(cast.marketing_handler).get(LIST).content.decode()
    assert "还没有月度考核" in page
    assert f'href="{LIST}new/"' in page
    assert f'href="{LIST}new/"' not in log_in(cast.finance).get(LIST).content.decode()
    assert "这 12 个月没有考核" in log_in(cast.finance).get(TREND).content.decode()
    assert "您不担任该岗位" in log_in(cast.finance).get(f"{LIST}new/").content.decode()


def test_administrators_keep_checklist_and_grades(cast, log_in):
    client = log_in(cast.administrator)
    new = {"title": "节能", "basis": "合同附件三", "points": "5.5", "side": "post", "company": ""}
    assert client.post("/settings/assessment/", new).status_code == 302
    row = AssessmentCriterion.objects.get(title="节能")
    assert (row.points, row.side, row.company, row.is_active) == (Decimal("5.5"), "post", None, True)
    twice = client.post("/settings/assessment/", new)
    assert "已有考核项目「节能」，不能重复。" in twice.content.decode()
    assert 'value="合同附件三"' in twice.content.decode()
    edit = new | {"points": "6", "position": row.position}
    assert client.post(f"/settings/assessment/{row.pk}/", edit).status_code == 302
    row.refresh_from_db()
    assert (row.points, row.is_active) == (6, False)
    event = AppointmentEvent.objects.get(code="criterion_edited")
    assert event.parameters["before"] == {"points": "5.5", "is_active": True}
    assert event.parameters["changes"] == {"points": "6.0", "is_active": False}
    sent = {"start": ["85", "60", "0", ""], "word": ["优秀", "达标", "不达标", ""]}
    assert client.post("/settings/assessment/grades/", sent).status_code == 302
    assert list(GradeBand.objects.values_list("start", "word")) == [(85, "优秀"), (60, "达标"), (0, "不达标")]
    refused = client.post("/settings/assessment/grades/", {"start": ["85", "x"], "word": ["优秀", "达标"]})
    assert refused.status_code == 400
    assert "等级的起分须是 0 至 100 的整数。" in refused.content.decode()
    assert 'value="优秀"' in refused.content.decode()
    trail = client.get("/settings/trail/").content.decode()
    for text in ("新增考核项目", "修改考核项目", "修改考核等级", "满分 5.5", "在用 否"):
        assert text in trail
    assert [band["word"] for band in Program(cast.finance).get("assessments/checklist/").json()["bands"]] == [
        "优秀", "达标", "不达标",
    ]  # fmt: skip


def test_nothing_a_person_sends_is_our_fault(cast, log_in):
    row = assessed.opened(cast)
    client, program = log_in(cast.marketing_handler), Program(cast.marketing_handler)
    for address in (
        f"{LIST}?state=x&project=%27", f"{LIST}new/?month=9999-99&side=x", f"{TREND}?month=9999-12", f"{TREND}?month=0001-01",
        f"{TREND}export/?month=x", f"{LIST}{10**18}/",
    ):  # fmt: skip
        assert client.get(address).status_code in (200, 404), address
    assert client.post(f"{LIST}new/", {"project": "YJ", "month": "2026-10", "side": "pre"}).status_code == 400
    for body in ([], {"scores": 3}, {"scores": [3]}, {"scores": [{"item": "x"}]}, {"scores": [{"item": 10**30}]},
                 {"scores": [{"item": row.scores.first().pk, "points": {"a": 1}}]}):  # fmt: skip
        assert program.post(f"records/assessment/{row.pk}/score/", body).status_code == 400, body
    assert client.post(f"{LIST}{row.pk}/score/", {f"points-{row.scores.first().pk}": "\x07", f"remark-{row.scores.first().pk}": ""}).status_code == 400  # fmt: skip
    for body in ({"project": "CH", "month": "2026-13", "side": "pre"}, {"project": "CH", "month": "2026-10"},
                 {"project": "CH", "instalment": "CH-1", "month": "2026-09", "side": "pre"}, {"project": "WB", "month": "2026-09", "side": "pre"}):  # fmt: skip
        assert program.post("records/assessment/", body).status_code == 400, body


def test_a_score_that_is_not_handed_in_is_no_figure_but_for_its_scorer(cast, log_in):
    row = assessed.opened(cast)
    scoring.score(assessment_id=row.pk, actor=cast.marketing_handler, scores=assessed.full(row))
    for username, shown in (("marketing_handler", True), ("marketing_head", False), ("service_head", False)):
        client = log_in(cast[username], fresh=True)
        assert ("100.0%" in client.get(f"{LIST}{row.pk}/").content.decode()) is shown
        assert "100.0%" not in client.get(LIST).content.decode()
        assert Program(cast[username]).get("records/assessment/").json()["results"][0]["percent"] is None


@pytest.mark.parametrize(("day", "first", "last"), [(23, "2026-10", "2026-11"), (30, "2026-11", "2025-11")])
def test_a_month_that_can_be_handed_in_is_offered_first(cast, log_in, fixed_clock, day, first, last):
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, day))
    form = log_in(cast.marketing_handler).get("/intervention/assessments/new/").context["form"]
    months = [value for value, _label in form.fields["month"].choices]
    assert (months[0], months[-1], len(months)) == (first, last, 13)


def test_each_bar_of_the_trend_stands_over_its_month_of_the_table(cast, log_in):
    """The first column takes a tenth of the width, the twelve months share the rest, in the drawing as in the table."""
    assessed.closed(cast)
    page = log_in(cast.finance).get(TREND)
    points = page.context["trend"].lines[0].points
    assert (points[0].centre, points[11].centre) == ("13.75%", "96.25%")
    region = page.content.decode().partition("trend-x")[2].partition("</section>")[0]
    assert region.index("<svg") < region.index("<table")
