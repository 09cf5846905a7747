"""Day logs: what they hold, who may do what with them, what is told of it, and what the database refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from documents.models import Notice
from documents.refusals import Blocked, Denied, Invalid, Refused
from intervention import comparing, journal, photos, records
from intervention.daily import confirming, writing
from intervention.daily.kinds import DAY_LOGS, VERBS
from intervention.daily.month import figures_of
from intervention.daily.states import DayLogState
from intervention.models import DayLog, Photo, RecordEvent
from intervention.permissions import who
from intervention.photos import WORDS
from organization import clock
from tests.api.programs import Program
from tests.intervention import logged
from tests.intervention.test_legality import EVERYBODY
from tests.permissions.world import picture

pytestmark = pytest.mark.django_db
NOBODY: set[str] = set()
CLERKS = {"property_clerk", "property_project_manager"}
HANDLERS = {"marketing_handler"}
# (state, verb) → who may.
LEGALITY = {
    ("draft", "file"): CLERKS,
    ("draft", "edit"): CLERKS,
    ("draft", "drop"): CLERKS,
    ("draft", "confirm"): NOBODY,
    ("draft", "return"): NOBODY,
    ("filed", "file"): NOBODY,
    ("filed", "edit"): NOBODY,
    ("filed", "drop"): NOBODY,
    ("filed", "confirm"): HANDLERS,
    ("filed", "return"): HANDLERS,
    ("confirmed", "file"): NOBODY,
    ("confirmed", "edit"): NOBODY,
    ("confirmed", "drop"): NOBODY,
    ("confirmed", "confirm"): NOBODY,
    ("confirmed", "return"): NOBODY,
    ("dropped", "file"): NOBODY,
    ("dropped", "edit"): NOBODY,
    ("dropped", "drop"): NOBODY,
    ("dropped", "confirm"): NOBODY,
    ("dropped", "return"): NOBODY,
}
SENT = {
    "file": {},
    "edit": {"day": date(2026, 11, 20), "visitors": 27},
    "confirm": {},
    "return": {"reason": "请写明清洁时间"},
    "drop": {"reason": "登错日期"},
}


@pytest.mark.parametrize(("state", "verb"), LEGALITY)
def test_who_may_do_what_in_which_state(cast, state, verb):
    log = logged.brought(cast, state)
    assert log.state == state
    allowed = set()
    for username in EVERYBODY:
        denial = VERBS[verb].predicate(who(cast[username], cast.projects["CH"]), log)
        done = True
        with transaction.atomic():
            try:
                VERBS[verb].perform(log.pk, cast[username], SENT[verb])
            except Refused:
                done = False
            changed = journal.told(DayLog.objects.get(pk=log.pk)) != journal.told(log)
            transaction.set_rollback(True)
        assert (denial is None) == done == changed, (username, denial)
        if done:
            allowed.add(username)
    assert allowed == LEGALITY[state, verb]


def test_the_table_is_whole():
    assert set(LEGALITY) == {(state, verb) for state in DayLogState.values for verb in VERBS}


@pytest.mark.parametrize("username", EVERYBODY)
def test_clerk_and_project_manager_begin_a_log(cast, username):
    if username in CLERKS:
        assert logged.begun(cast, by=username).created_by == cast[username]
    else:
        with pytest.raises(Denied):
            logged.begun(cast, by=username)


def test_a_days_log_goes_its_way_and_everything_is_told(cast):
    log = logged.begun(cast)
    writing.file_log(log_id=log.pk, actor=cast.property_clerk)
    confirming.send_back(log_id=log.pk, actor=cast.marketing_handler, reason="参观人数与签到不符")
    log.refresh_from_db()
    assert (log.state, log.returned_reason, log.filed_by) == ("draft", "参观人数与签到不符", None)
    writing.edit(log_id=log.pk, actor=cast.property_project_manager, visitors=24)
    with clock.at(clock.shanghai(2026, 11, 23, 10)):
        writing.file_log(log_id=log.pk, actor=cast.property_project_manager)
    confirming.confirm(log_id=log.pk, actor=cast.marketing_handler, note="已核对签到表")
    log.refresh_from_db()
    assert (log.state, log.visitors, log.returned_reason) == ("confirmed", 24, "")
    told = [(event.code, event.actor.name, event.reason) for event in reversed(journal.events_of(log))]
    assert told == [
        ("begun", "林晓燕", ""),
        ("filed", "林晓燕", ""),
        ("returned", "陈思琪", "参观人数与签到不符"),
        ("edited", "周建民", ""),
        ("filed", "周建民", ""),
        ("confirmed", "陈思琪", "已核对签到表"),
    ]
    assert list(comparing.differences(records.models())) == []
    notices = Notice.objects.filter(code__startswith="log.").order_by("pk").values_list("code", "recipient__username")
    assert list(notices) == [
        ("log.filed", "marketing_handler"),
        ("log.returned", "property_clerk"),
        ("log.filed", "marketing_handler"),
    ]


def test_sent_again_from_the_device_it_is_one_log(cast):
    sent = {
        "actor": cast.property_clerk,
        "project": cast.projects["CH"],
        "day": date(2026, 11, 20),
        "spot": "show_flat",
    }
    first = writing.begin(**sent, sent_key="k1", visitors=3)
    assert writing.begin(**sent, sent_key="k1", visitors=3).pk == first.pk
    assert RecordEvent.objects.filter(subject="day_log").count() == 1


def test_a_spot_has_one_log_a_day_until_it_is_dropped(cast):
    log = logged.begun(cast)
    with pytest.raises(Blocked, match="2026-11-20 样板间的日志已由林晓燕登记（草稿），请在原日志上补充。"):
        logged.begun(cast, by="property_project_manager")
    writing.drop(log_id=log.pk, actor=cast.property_clerk, reason="登错")
    assert logged.begun(cast).pk != log.pk
    assert logged.begun(cast, place="CH").instalment is None
    logged.begun(cast, spot="event")
    logged.begun(cast, spot="event", event_name="客户答谢会")
    with pytest.raises(Blocked, match="活动支持 客户答谢会的日志已由"):
        logged.begun(cast, spot="event", event_name="客户答谢会")


def test_moving_a_log_to_a_taken_day_is_refused(cast):
    logged.begun(cast)
    other = logged.begun(cast, date(2026, 11, 19))
    with pytest.raises(Blocked, match="2026-11-20 样板间"):
        writing.edit(log_id=other.pk, actor=cast.property_clerk, day=date(2026, 11, 20))
    assert DayLog.objects.get(pk=other.pk).day == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("spot", "fields", "sentence"),
    [
        ("show_flat", {"day": date(2026, 11, 24)}, "日期 2026-11-24 还没有到，请在当天或之后登记。"),
        ("show_flat", {"day": date(1999, 12, 31)}, "日期须在 2000 年至 2099 年之间。"),
        ("show_flat", {"introductions": 1}, "样板间的日志没有这些内容：介绍场次，请留空。"),
        ("sales_office", {"visitors": 1}, "售楼处的日志没有这些内容：引导参观人数，请留空。"),
        ("show_flat", {"cleanings": 100_001}, "清洁次数须为 0 至 100000 的整数。"),
        ("show_flat", {"cleanings": -1}, "清洁次数须为 0 至 100000 的整数。"),
        ("event", {"hours": Decimal("24.01")}, "支持时长须大于 0、不超过 24 小时"),
        ("event", {"hours": Decimal(0)}, "支持时长须大于 0、不超过 24 小时"),
        ("event", {"event_name": " "}, "请填写活动名称。"),
        ("show_flat", {"guarding": "看" * 501}, "看护情况：有 501 字，请不超过 500 字。"),
        ("show_flat", {"note": "a\x07"}, "备注：含有不可见的控制字符"),
    ],
)
def test_what_a_log_refuses_says_where_and_why(cast, spot, fields, sentence):
    with pytest.raises(Invalid, match=sentence):
        logged.begun(cast, **{"spot": spot, **fields})
    assert DayLog.objects.count() == 0


@pytest.mark.parametrize(
    ("spot", "fields", "sentences"),
    [
        ("show_flat", dict.fromkeys(("cleanings", "goods_count", "visitors")) | {"goods": "", "guarding": ""}, 1),
        ("sales_office", {"exchanged": "", "introductions": 0, "introduced": ""}, 1),
        ("event", {"hours": None, "people": None, "work_done": ""}, 3),
        ("event", {"people": None}, 1),
    ],
)
def test_an_empty_log_is_not_filed(cast, spot, fields, sentences):
    log = logged.begun(cast, spot=spot, **fields)
    with pytest.raises(Blocked) as refusal:
        writing.file_log(log_id=log.pk, actor=cast.property_clerk)
    assert len(refusal.value.sentences) == sentences
    assert DayLog.objects.get(pk=log.pk).state == "draft"


def test_several_are_confirmed_together_or_none(cast):
    logs = [logged.filed(cast, date(2026, 11, day)) for day in (18, 19)]
    draft = logged.begun(cast)
    with pytest.raises(Denied, match="日志「草稿」，不能确认日志。"):
        confirming.confirm_several(log_ids=[*(log.pk for log in logs), draft.pk], actor=cast.marketing_handler)
    assert DayLog.objects.filter(state="confirmed").count() == 0
    confirming.confirm_several(log_ids=[log.pk for log in logs], actor=cast.marketing_handler)
    assert DayLog.objects.filter(state="confirmed").count() == 2


def test_an_instalment_of_another_project_is_refused(cast):
    with pytest.raises(Invalid, match="分期「YJ-1」不属于项目「翠湖花园」。"):
        writing.begin(
            actor=cast.property_clerk, project=cast.projects["CH"], instalment=cast.instalments["YJ-1"], day=date(2026, 11, 1), spot="show_flat"
        )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("filed", {"visitors": 99}),
        ("filed", {"state": "dropped", "filed_at": None, "filed_by": None}),
        ("confirmed", {"visitors": 99}),
        (
            "confirmed",
            {"state": "draft", "filed_at": None, "filed_by": None, "confirmed_at": None, "confirmed_by": None},
        ),
        ("dropped", {"note": "改"}),
        ("draft", {"spot": "event", "event_name": "x"}),
        ("draft", {"introductions": 3}),
        ("draft", {"cleanings": 100_001}),
        ("draft", {"created_by_id": 1}),
        ("draft", {"state": "confirmed"}),
    ],
)
def test_the_database_refuses_what_no_verb_does(cast, state, change):
    log = logged.brought(cast, state)
    if "created_by_id" in change:
        change = {"created_by": cast.property_leader}
    with pytest.raises(IntegrityError), transaction.atomic():
        DayLog.objects.filter(pk=log.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        DayLog.objects.filter(pk=log.pk).delete()


def test_a_row_changed_behind_the_verbs_is_found(cast):
    log = logged.begun(cast)
    DayLog.objects.filter(pk=log.pk).update(visitors=99)
    assert list(comparing.differences(records.models())) == [f"intervention_daylog {log.pk} visitors"]


def test_a_months_figures_are_worked_out_by_hand(cast):
    logs = [
        logged.confirmed(cast, date(2026, 11, 3), "show_flat", visitors=10, cleanings=2, goods_missing="抱枕 1 个"),
        logged.confirmed(cast, date(2026, 11, 3), "sales_office", introductions=5),
        logged.confirmed(cast, date(2026, 11, 4), "event", hours=Decimal("3.5"), people=4),
        logged.confirmed(cast, date(2026, 11, 5), "event", hours=8, people=2),
    ]
    figures = figures_of(logs)
    assert (figures.logs, figures.days, figures.introductions, figures.visitors, figures.cleanings) == (4, 3, 5, 10, 2)
    assert (figures.events, figures.people, figures.person_hours, figures.missing) == (2, 6, Decimal("30"), 1)


def test_words_of_every_event_are_known():
    assert set(DAY_LOGS.words) == {"begun", "edited", "dropped", "filed", "confirmed", "returned", *WORDS}


def test_a_draft_is_open_to_the_company_that_writes_it_alone(cast, log_in):
    draft, filed = logged.begun(cast, guarding="内部草稿"), logged.filed(cast, date(2026, 11, 19))
    dropped = writing.drop(
        log_id=logged.begun(cast, date(2026, 11, 18)).pk, actor=cast.property_clerk, reason="登错日期"
    )
    [shown] = photos.add(subject="day_log", pk=draft.pk, actor=cast.property_clerk, uploads=[picture()])
    for username in ("property_clerk", "property_project_manager", "property_leader"):
        seen = DayLog.objects.visible_to(cast[username])
        assert set(seen) == {draft, filed, dropped}
        assert list(Photo.objects.visible_to(cast[username])) == [shown]
    for username in ("marketing_handler", "marketing_head", "service_head", "administrator"):
        assert list(DayLog.objects.visible_to(cast[username])) == [filed]
        assert not Photo.objects.visible_to(cast[username]).exists()
    handler = log_in(cast.marketing_handler)
    for address in (f"/intervention/days/{draft.pk}/", f"/intervention/records/day_log/{draft.pk}/log/"):
        assert handler.get(address).status_code == 404
    month = handler.get("/intervention/days/CH/2026-11/").content.decode()
    register = handler.get("/intervention/days/").content.decode()
    assert "内部草稿" not in month + register
    assert "草稿 1 份" not in month


def test_what_was_returned_is_told_to_be_rewritten_until_it_is_filed_again(cast, log_in):
    log = logged.filed(cast, guarding="首次提交的看护情况")
    log = confirming.send_back(log_id=log.pk, actor=cast.marketing_handler, reason="首次退回")
    writing.edit(log_id=log.pk, actor=cast.property_clerk, guarding="三岗轮值", visitors=31)
    writing.file_log(log_id=log.pk, actor=cast.property_clerk)
    program = Program(cast.marketing_handler)
    answer = program.post(f"records/day_log/{log.pk}/return/", {"reason": "人数不符"})
    assert (answer.status_code, answer.content) == (204, b"")
    writing.edit(log_id=log.pk, actor=cast.property_clerk, guarding="正在改写", visitors=999)
    handler = log_in(cast.marketing_handler)
    page = handler.get(f"/intervention/days/{log.pk}/")
    assert page.status_code == 200
    shown = page.content.decode()
    for words in ("此日志已退回，物业公司正在修改", "人数不符", "三岗轮值", "<dd>31</dd>"):
        assert words in shown
    for words in ("正在改写", "999", "首次提交", "首次退回"):
        assert words not in shown
    register = handler.get("/intervention/days/").content.decode()
    assert f'href="/intervention/days/{log.pk}/"' in register
    assert "正在改写" not in register
    month = handler.get("/intervention/days/CH/2026-11/").content.decode()
    assert "另有 1 份日志已退回" in month
    assert "正在改写" not in page.content.decode() + month
    assert program.get("day-months/CH/2026-11/").json()["rewritten"] == 1
    assert log_in(cast.foreign_clerk, fresh=True).get(f"/intervention/days/{log.pk}/").status_code == 404
    writing.file_log(log_id=log.pk, actor=cast.property_clerk)
    assert "正在改写" in handler.get(f"/intervention/days/{log.pk}/").content.decode()
