"""Design advice: who answers, what counts as saved, what is told, and what the database refuses."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents.models import Notice
from documents.refusals import Denied, Invalid, Refused
from documents.rendering import pdf, xlsx
from intervention import comparing, journal, records
from intervention.models import Advice
from intervention.permissions import who
from intervention.planning_work import advising, views
from intervention.planning_work.kinds import ADVICE, ADVICE_VERBS
from intervention.planning_work.states import AdviceState
from tests.api.programs import ABSENT, Program
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db
NOBODY: set[str] = set()
CLERKS = {"property_clerk", "property_project_manager"}
DESIGN = {"design_reviewer"}
# (state, verb) → who may; the clerk has put it down.
LEGALITY = {
    ("open", "adopt"): DESIGN,
    ("open", "decline"): DESIGN,
    ("open", "finish"): NOBODY,
    ("open", "edit"): CLERKS,
    ("open", "withdraw"): {"property_clerk"},
    ("adopted", "adopt"): NOBODY,
    ("adopted", "decline"): NOBODY,
    ("adopted", "finish"): {"design_reviewer", "property_project_manager"},
    ("adopted", "edit"): NOBODY,
    ("adopted", "withdraw"): NOBODY,
    ("declined", "adopt"): NOBODY,
    ("declined", "decline"): NOBODY,
    ("declined", "finish"): NOBODY,
    ("declined", "edit"): NOBODY,
    ("declined", "withdraw"): NOBODY,
    ("withdrawn", "adopt"): NOBODY,
    ("withdrawn", "decline"): NOBODY,
    ("withdrawn", "finish"): NOBODY,
    ("withdrawn", "edit"): NOBODY,
    ("withdrawn", "withdraw"): NOBODY,
    ("done", "adopt"): NOBODY,
    ("done", "decline"): NOBODY,
    ("done", "finish"): NOBODY,
    ("done", "edit"): NOBODY,
    ("done", "withdraw"): NOBODY,
}
TOLD = {
    "topic": "detail",
    "drawing": "建施-07 地下车库入口",
    "suggestion": "坡道加装截水沟",
    "reason": "雨季倒灌",
    "proposed_on": date(2026, 11, 20),
}
SENT = {
    "adopt": {"answer": "同意", "saved": "80000.00"},
    "decline": {"reason": "规划条件限定"},
    "finish": {"note": "见第 3 版"},
    "edit": {**TOLD, "suggestion": "坡道加装截水沟和挡水板"},
    "withdraw": {"reason": "重复"},
}


def advised(cast, by="property_clerk", place="CH-2", **fields):
    instalment = cast.instalments[place]
    return advising.advise(actor=cast[by], project=instalment.project, instalment=instalment, **{**TOLD, **fields})


def brought(cast, state, **fields):
    advice = advised(cast, **fields)
    if state in ("adopted", "done"):
        advising.adopt(advice_id=advice.pk, actor=cast.design_reviewer, saved=Decimal("80000"))
    if state == "done":
        advising.finish(advice_id=advice.pk, actor=cast.property_project_manager)
    if state == "declined":
        advising.decline(advice_id=advice.pk, actor=cast.design_reviewer, reason="规划条件限定")
    if state == "withdrawn":
        advising.withdraw(advice_id=advice.pk, actor=cast.property_clerk, reason="重复")
    return Advice.objects.select_related("project", "created_by").get(pk=advice.pk)


@pytest.mark.parametrize(("state", "verb"), LEGALITY)
def test_who_may_do_what_in_which_state(cast, state, verb):
    advice = brought(cast, state)
    assert advice.state == state
    allowed = set()
    for username in EVERYBODY:
        denial = ADVICE_VERBS[verb].predicate(who(cast[username], cast.projects["CH"]), advice)
        done = True
        with transaction.atomic():
            try:
                ADVICE_VERBS[verb].perform(advice.pk, cast[username], SENT[verb])
            except Refused:
                done = False
            changed = journal.told(Advice.objects.get(pk=advice.pk)) != journal.told(advice)
            transaction.set_rollback(True)
        assert (denial is None) == done == changed, (username, denial)
        if done:
            allowed.add(username)
    assert allowed == LEGALITY[state, verb]


def test_the_table_is_whole():
    assert set(LEGALITY) == {(state, verb) for state in AdviceState.values for verb in ADVICE_VERBS}


@pytest.mark.parametrize("username", EVERYBODY)
def test_clerk_and_project_manager_advise(cast, username):
    if username in CLERKS:
        assert advised(cast, by=username).proposed_by == cast[username].name
    else:
        with pytest.raises(Denied):
            advised(cast, by=username)


def test_advice_is_numbered_answered_and_seen_carried_out(cast):
    advice = brought(cast, "done", estimate=Decimal("86000"))
    assert (advice.number, advice.saved, advice.answered_by) == (
        "CH-JY-2026-0001",
        Decimal("80000"),
        cast.design_reviewer,
    )
    assert advised(cast, topic="model").number == "CH-JY-2026-0002"
    told = [(event.code, event.actor.username) for event in reversed(journal.events_of(advice))]
    assert told == [
        ("advised", "property_clerk"),
        ("adopted", "design_reviewer"),
        ("done", "property_project_manager"),
    ]
    assert list(comparing.differences(records.models())) == []
    notices = (
        Notice.objects.filter(code__startswith="advice.").order_by("pk").values_list("code", "recipient__username")
    )
    assert list(notices) == [
        ("advice.new", "design_reviewer"),
        ("advice.adopted", "property_clerk"),
        ("advice.new", "design_reviewer"),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"topic": "colour"}, "没有这个类别，请从列表中选择。"),
        ({"drawing": " "}, "请填写图纸编号 / 部位。"),
        ({"suggestion": ""}, "请填写建议内容。"),
        ({"reason": ""}, "请填写理由（使用与管理）。"),
        ({"estimate": Decimal(-1)}, "预计节省（元）须为 0 至 99,999,999,999.99 元。"),
        ({"proposed_on": date(2026, 11, 24)}, "提出日期须在 2000 年之后、不晚于今天。"),
    ],
)
def test_what_advice_refuses_says_where_and_why(cast, fields, sentence):
    with pytest.raises(Invalid) as refusal:
        advised(cast, **fields)
    assert list(refusal.value.sentences) == [sentence]
    assert Advice.objects.count() == 0


def test_advice_is_declined_with_a_reason_only(cast):
    advice = advised(cast)
    with pytest.raises(Invalid, match="请填写原因。"):
        advising.decline(advice_id=advice.pk, actor=cast.design_reviewer, reason=" ")
    assert Advice.objects.get().state == "open"


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("open", {"number": "CH-JY-2026-0009"}),
        ("open", {"state": "done"}),
        ("open", {"saved": Decimal("1")}),
        ("open", {"estimate": Decimal("-1")}),
        ("adopted", {"saved": Decimal("90000")}),
        ("adopted", {"suggestion": "改"}),
        ("declined", {"answer": ""}),
        ("done", {"saved": None}),
        ("withdrawn", {"state": "open"}),
    ],
)
def test_the_database_refuses_what_no_verb_does(cast, state, change):
    advice = brought(cast, state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Advice.objects.filter(pk=advice.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Advice.objects.filter(pk=advice.pk).delete()


def test_the_register_counts_and_adds_up_what_it_shows(cast, log_in):
    brought(cast, "done")
    brought(cast, "adopted", topic="layout")
    brought(cast, "declined")
    advised(cast, topic="model", drawing="全项目")
    client = log_in(cast.design_reviewer)
    page = client.get("/intervention/advice/").content.decode()
    assert "¥160,000.00" in page
    assert "¥80,000.00" in client.get("/intervention/advice/?topic=layout").content.decode()
    found = client.get("/intervention/advice/?text=全项目").content.decode()
    assert ("CH-JY-2026-0004" in found, "CH-JY-2026-0001" in found) == (True, False)
    assert "没有符合条件的建议" in client.get("/intervention/advice/?project=YJ").content.decode()


def test_the_register_asks_the_same_for_one_and_four(cast, log_in):
    advised(cast)
    client = log_in(cast.property_clerk)

    def queries():
        client.get("/intervention/advice/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/intervention/advice/")
        return len(caught)

    before = queries()
    for state in ("done", "adopted", "declined"):
        brought(cast, state)
    assert queries() == before


def test_the_workbook_adds_up_and_takes_text_as_text(cast, log_in):
    brought(cast, "adopted", suggestion="=1+1")
    brought(cast, "withdrawn")
    answer = log_in(cast.property_clerk).get("/intervention/files/advice/CH/xlsx/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
    assert [cell.value for cell in cells if cell.value == 80000] == [80000, 80000]
    only = log_in(cast.property_clerk).get("/intervention/files/advice/CH/xlsx/?state=withdrawn")
    assert "=1+1" not in str(
        [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(only.content)).active]
    )


def test_a_register_too_long_for_a_file_says_so_and_leaves_no_row_out(cast, log_in, monkeypatch):
    for _n in range(2):
        advised(cast)
    client, files = log_in(cast.property_clerk), "/intervention/files/advice/CH/{}/"
    monkeypatch.setattr(pdf, "QUICK_ROWS", 1)
    answer = client.get(files.format("pdf"))
    assert (answer.status_code, "请下载 Excel" in answer.content.decode()) == (409, True)
    assert client.get(files.format("xlsx")).status_code == 200
    for module in (pdf, xlsx, views):
        monkeypatch.setattr(module, "MAX_ROWS", 1)
    for ending in ("pdf", "xlsx"):
        answer = client.get(files.format(ending))
        assert (answer.status_code, "缩小查询范围" in answer.content.decode()) == (409, True)


def test_advice_of_a_foreign_project_is_not_there(cast, log_in):
    advice = advised(cast)
    client = log_in(cast.yj_property_clerk)
    for address in (
        f"advice/{advice.pk}/",
        "files/advice/CH/xlsx/",
        "files/survey/CH/pdf/",
        f"records/advice/{advice.pk}/edit/",
    ):
        assert client.get(f"/intervention/{address}").status_code == 404
    assert advice.number not in client.get("/intervention/advice/").content.decode()
    program = Program(cast.yj_property_clerk)
    assert program.get(f"records/advice/{advice.pk}/").json() == ABSENT
    assert program.get("records/advice/").json()["results"] == []
    assert client.get("/intervention/files/nothing/YJ/pdf/").status_code == 404
    assert client.get("/intervention/files/advice/YJ/doc/").status_code == 404


def test_a_program_does_all_of_it(cast):
    clerk, design = Program(cast.property_clerk), Program(cast.design_reviewer)
    sent = {**TOLD, "proposed_on": "2026-11-20", "project": "CH", "estimate": "86000.00"}
    made = clerk.post("records/advice/", sent).json()
    assert (made["number"], made["estimate"], made["state"]) == ("CH-JY-2026-0001", "86000.00", "open")
    assert clerk.post("records/advice/", {**sent, "estimate": "1e3"}).json() == {
        "errors": ["预计节省（元）：金额请用普通写法，最多两位小数，如 1234.50。"]
    }
    answer = design.post(f"records/advice/{made['id']}/adopt/", {"saved": "70000.5"}).json()
    assert (answer["state"], answer["saved"]) == ("adopted", "70000.50")
    assert [row["verb"] for row in answer["offers"]] == ["finish"]
    assert clerk.post(f"records/advice/{made['id']}/withdraw/", {"reason": "x"}).json() == {
        "errors": ["建议「已采纳」，不能撤回建议。"]
    }
    assert clerk.get("records/advice/", topic="detail").json()["results"][0]["id"] == made["id"]


def test_words_of_every_event_are_known():
    assert set(ADVICE.words) == {"advised", "reworded", "withdrawn", "adopted", "declined", "done"}


def test_a_management_model_is_on_no_drawing_and_is_called_by_its_words(cast, log_in):
    """Title, list, notice and record name it; advice of another topic still names its drawing."""
    words = "一、二期合并管理，设管家制和一个客服中心，共用中控室与工程班组"
    short = "一、二期合并管理，设管家制和一个客服中心，共用中控室与工程…"
    row = advised(cast, topic="model", drawing="", suggestion=words)
    assert str(row) == f"{row.number} {short}"
    client = log_in(cast.design_reviewer)
    assert f"<h1>{short}</h1>" in client.get(f"/intervention/advice/{row.pk}/").content.decode()
    assert "<span>管理模式建议</span>" in client.get("/intervention/advice/").content.decode()
    assert f"：{short}，请答复" in client.get("/notices/").content.decode()
    with pytest.raises(Invalid, match="请填写图纸编号 / 部位。"):
        advised(cast, topic="layout", drawing="")
    with pytest.raises(Invalid, match="请填写图纸编号 / 部位。"):
        advising.reword(advice_id=row.pk, actor=cast.property_clerk, topic="layout")
    sent = {"project": "CH", "topic": "model", "suggestion": "x", "reason": "y", "proposed_on": "2026-11-20"}
    assert Program(cast.property_clerk).post("records/advice/", sent).status_code == 201
