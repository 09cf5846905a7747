"""Meetings with what they decided to do, and guard posts by day and month."""

from contextlib import suppress
from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction

from documents import verifying
from documents.refusals import Blocked, Conflict, Denied, Invalid, Refused
from intervention.models import GuardPost, Meeting, MeetingAction
from intervention.permissions import who
from intervention.site import guarding, queries
from intervention.site import meeting as verbs
from intervention.site.registered_meetings import ACTION_VERBS, GUARD_VERBS, MEETING_VERBS
from organization import clock
from tests.api.programs import ABSENT, Program
from tests.intervention import site
from tests.intervention.test_legality import EVERYBODY
from tests.intervention.test_site_pages import asked

pytestmark = pytest.mark.django_db
WALKERS = {"property_clerk", "property_project_manager"}
MANAGER = {"property_project_manager"}
BOTH = WALKERS | {"project_engineer"}
NOBODY: set[str] = set()
MEETING = {
    "kind": "regular", "day": "2026-11-20", "where": "项目部会议室", "attendance": "项目部：钱工\n物业公司：安平",
    "decisions": "3栋防水本周返工",
}  # fmt: skip
ACTION = {"text": "3栋防水返工", "doer": "钱工", "due_on": "2026-11-27"}
POST = {
    "phase": "engineering", "day": "2026-11-20", "name": "1号门岗", "shift": "night", "heads": 2, "from_time": "20:00",
    "to_time": "08:00",
}  # fmt: skip


def met(cast, at="CH-2", by="property_clerk", **said):
    said = {**MEETING, "day": date(2026, 11, 20)} | said
    return verbs.begin(actor=cast[by], **site.place(cast, at), **said)


def resolved(cast, meeting, by="property_clerk"):
    said = ACTION | {"due_on": date(2026, 11, 27)}
    return verbs.resolve(meeting_id=meeting.pk, actor=cast[by], **said)


def stood(cast, at="CH-2", by="property_clerk", **said):
    said = {**POST, "day": date(2026, 11, 20), "from_time": time(20), "to_time": time(8)} | said
    return guarding.begin(actor=cast[by], **site.place(cast, at), **said)


LEGALITY = [
    ("meeting", "kept", "resolve", WALKERS, ACTION),
    ("meeting", "kept", "amend", WALKERS, MEETING),
    ("meeting", "kept", "strike", MANAGER, {"reason": "误登"}),
    ("meeting", "struck", "resolve", NOBODY, ACTION),
    ("meeting", "struck", "amend", NOBODY, MEETING),
    ("meeting", "struck", "strike", NOBODY, {"reason": "误登"}),
    ("action", "open", "finish", BOTH, {"note": "已返工"}),
    ("action", "open", "amend", WALKERS, ACTION),
    ("action", "open", "drop", MANAGER, {"reason": "方案变更"}),
    ("action", "done", "finish", NOBODY, {"note": "已返工"}),
    ("action", "done", "amend", NOBODY, ACTION),
    ("action", "done", "drop", NOBODY, {"reason": "方案变更"}),
    ("action", "dropped", "finish", NOBODY, {"note": "已返工"}),
    ("action", "dropped", "amend", NOBODY, ACTION),
    ("action", "dropped", "drop", NOBODY, {"reason": "方案变更"}),
    ("guard", "kept", "amend", WALKERS, POST),
    ("guard", "kept", "strike", WALKERS, {"reason": "误登"}),
    ("guard", "struck", "amend", NOBODY, POST),
    ("guard", "struck", "strike", NOBODY, {"reason": "误登"}),
]
TABLES = {"meeting": MEETING_VERBS, "action": ACTION_VERBS, "guard": GUARD_VERBS}


def brought(cast, what, state):
    if what == "guard":
        row = stood(cast)
        return row if state == "kept" else guarding.strike(post_id=row.pk, actor=cast.property_clerk, reason="误登")
    row = met(cast)
    if what == "meeting":
        by = cast.property_project_manager
        return row if state == "kept" else verbs.strike(meeting_id=row.pk, actor=by, reason="误登")
    action = resolved(cast, row)
    if state == "done":
        return verbs.finish(action_id=action.pk, actor=cast.project_engineer, note="已返工")
    if state == "dropped":
        return verbs.drop_action(action_id=action.pk, actor=cast.property_project_manager, reason="方案变更")
    return action


@pytest.mark.parametrize(("what", "state", "verb", "allowed", "sent"), LEGALITY)
def test_who_may_do_what_when(cast, what, state, verb, allowed, sent):
    row, found = brought(cast, what, state), set()
    assert row.state == state
    for username in EVERYBODY:
        denial = TABLES[what][verb].predicate(who(cast[username], row.project), row)
        with transaction.atomic():
            with suppress(Refused):
                TABLES[what][verb].perform(row.pk, cast[username], sent)
                found.add(username)
            transaction.set_rollback(True)
        assert (denial is None) == (username in found), username
    assert found == allowed


def test_the_table_is_whole():
    states = {"meeting": ("kept", "struck"), "action": ("open", "done", "dropped"), "guard": ("kept", "struck")}
    whole = {(what, state, verb) for what, table in TABLES.items() for state in states[what] for verb in table}
    assert {row[:3] for row in LEGALITY} == whole


@pytest.mark.parametrize("username", EVERYBODY)
def test_the_property_company_records_meetings_and_guards(cast, username):
    if username in WALKERS:
        assert met(cast, by=username).pk
        assert stood(cast, by=username).pk
        return
    with pytest.raises(Denied):
        met(cast, by=username)
    with pytest.raises(Denied):
        stood(cast, by=username)


def test_a_meeting_with_actions_is_not_struck(cast):
    meeting = met(cast)
    action = resolved(cast, meeting)
    with pytest.raises(Blocked, match="有 1 个事项"):
        verbs.strike(meeting_id=meeting.pk, actor=cast.property_project_manager, reason="误登")
    verbs.drop_action(action_id=action.pk, actor=cast.property_project_manager, reason="误登")
    verbs.strike(meeting_id=meeting.pk, actor=cast.property_project_manager, reason="误登")
    assert list(verifying.differences()) == []


def test_what_meetings_and_actions_must_say(cast):
    with pytest.raises(Invalid) as refused:
        met(cast, where=" ", attendance="")
    assert refused.value.sentences == ["地点：请填写。", "参加人员：请填写。"]
    with pytest.raises(Invalid, match="不在 2000 年至今天之间"):
        met(cast, day=date(2026, 11, 24))
    with pytest.raises(Invalid, match="责任人：请填写"):
        verbs.resolve(meeting_id=met(cast).pk, actor=cast.property_clerk, text="返工", doer="")
    action = resolved(cast, met(cast))
    with pytest.raises(Invalid, match="办理结果：请填写"):
        verbs.finish(action_id=action.pk, actor=cast.project_engineer, note=" ")


@pytest.mark.parametrize(("begins", "ends", "minutes"), [
    (time(8), time(20), 720), (time(20), time(8), 720), (time(0), time(0), 1440), (time(8), time(8, 30), 30),
    (time(23, 59), time(0), 1),
])  # fmt: skip
def test_a_shift_may_pass_midnight(begins, ends, minutes):
    assert guarding.minutes_between(begins, ends) == minutes


def test_a_post_is_stood_once_a_shift_and_summed_up_by_month(cast):
    stood(cast)
    with pytest.raises(Conflict, match="2026-11-20 1号门岗 夜班 已登记过"):
        stood(cast)
    stood(cast, shift="day", heads=1, from_time=time(8), to_time=time(20))
    stood(cast, day=date(2026, 11, 21))
    wrong = stood(cast, day=date(2026, 11, 22), heads=9)
    guarding.strike(post_id=wrong.pk, actor=cast.property_clerk, reason="误登")
    stood(cast, day=date(2026, 10, 31))
    [row] = queries.month_sums(queries.month_of(GuardPost.objects.all(), "2026-11"))
    assert (row["days"], row["shifts"], row["people"], row["hours"]) == (2, 3, 5, 60)
    # Struck, it may be entered anew.
    assert stood(cast, day=date(2026, 11, 22)).pk
    assert list(verifying.differences()) == []


@pytest.mark.parametrize(("said", "sentence"), [
    ({"heads": 0}, "1 至 99"), ({"heads": 100}, "1 至 99"), ({"name": " "}, "岗位：请填写"), ({"phase": "handover"}, "没有这个阶段"),
    ({"day": date(2026, 11, 24)}, "不在 2000 年至今天之间"),
])  # fmt: skip
def test_what_a_guard_post_must_say(cast, said, sentence):
    with pytest.raises(Invalid, match=sentence):
        stood(cast, **said)


def test_pages_and_programs_show_and_ask_the_same_for_one_and_many(cast, log_in):
    meeting = met(cast)
    resolved(cast, meeting)
    stood(cast)
    client, program = log_in(cast.property_clerk), Program(cast.property_clerk)
    pages = (
        "/intervention/meetings/?project=CH",
        f"/intervention/meetings/{meeting.pk}/",
        "/intervention/guard-posts/?month=2026-11",
    )
    lists = ("/api/v1/records/meeting/", "/api/v1/records/meeting_action/", "/api/v1/records/guard_post/?month=2026-11")
    before = {address: asked(client, address) for address in pages}
    before |= {address: asked(program.client, address) for address in lists}
    for n in range(3):
        resolved(cast, meeting)
        resolved(cast, met(cast))
        stood(cast, day=date(2026, 11, 1 + n))
    after = {address: asked(client, address) for address in pages}
    after |= {address: asked(program.client, address) for address in lists}
    assert after == before
    with clock.at(clock.shanghai(2026, 11, 28)):
        text = client.get(f"/intervention/meetings/{meeting.pk}/").content.decode()
    assert "逾期" in text
    assert "3栋防水本周返工" in text
    text = client.get("/intervention/guard-posts/?month=2026-11").content.decode()
    assert "96.0" in text
    assert " style=" not in text


def test_programs_record_and_are_refused_like_pages(cast, log_in):
    program = Program(cast.property_clerk)
    place = {"project": "CH", "instalment": "CH-2"}
    made = program.post("records/meeting/", place | MEETING)
    assert made.status_code == 201
    action = program.post("records/meeting_action/", place | ACTION | {"meeting": made.json()["id"]})
    assert (action.status_code, action.json()["state"]) == (201, "open")
    elsewhere = program.post("records/meeting_action/", {"project": "CH", **ACTION, "meeting": made.json()["id"]})
    assert elsewhere.json()["errors"] == ["没有这次会议，或它不属于所填的项目和分期。"]
    post = program.post("records/guard_post/", place | POST)
    assert (post.json()["from_time"], post.json()["minutes"]) == ("20:00", 720)
    twice = program.post("records/guard_post/", place | POST)
    page = log_in(cast.property_clerk).post("/intervention/records/guard_post/new/", {"place": "CH-2", **POST})
    assert (twice.status_code, page.status_code) == (409, 409)
    assert twice.json()["errors"][0] in page.content.decode()
    assert program.get("records/guard_post/?month=x").status_code == 400
    assert program.get("records/meeting_action/?meeting=x").status_code == 400
    for username in ("yj_property_clerk", "outsider"):
        other = Program(cast[username])
        assert other.get(f"records/meeting/{made.json()['id']}/").json() == ABSENT
        assert other.get("records/guard_post/").json()["results"] == []
        assert log_in(cast[username]).get(f"/intervention/meetings/{made.json()['id']}/").status_code == 404


def test_the_database_says_no_too(cast):
    meeting, post = met(cast), stood(cast)
    action = brought(cast, "action", "done")
    for sql in (
        f"DELETE FROM intervention_meeting WHERE id = {meeting.pk}",
        f"DELETE FROM intervention_meetingaction WHERE id = {action.pk}",
        f"DELETE FROM intervention_guardpost WHERE id = {post.pk}",
        f"UPDATE intervention_meetingaction SET meeting_id = {meeting.pk} WHERE id = {action.pk}",
        f"UPDATE intervention_meetingaction SET state = 'open', settled_at = NULL WHERE id = {action.pk}",
        f"UPDATE intervention_guardpost SET heads = 0 WHERE id = {post.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert (Meeting.objects.count(), MeetingAction.objects.count()) == (2, 1)
