"""Visits and findings: legality as one table, what is refused and why, lists that ask the same however long they are."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from documents import verifying
from documents.models import Notice
from documents.refusals import Blocked, Conflict, Denied, Invalid, Refused
from intervention import conditions
from intervention.models import Finding, RecordEvent
from intervention.permissions import who
from intervention.site import finding as verbs
from intervention.site import visiting
from intervention.site.queries import inspection_days
from intervention.site.registered import FINDING_VERBS, VISIT_VERBS
from intervention.site.reminding import remind
from intervention.site.states import FindingState
from tests.api.programs import Program
from tests.intervention import planned, site
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db
WALKERS = {"property_clerk", "property_project_manager"}
MANAGER = {"property_project_manager"}
ENGINEER = {"project_engineer"}
NOBODY: set[str] = set()

# (state, verb) → who may.
LEGALITY = {
    ("open", "hand"): WALKERS,
    ("open", "fix"): NOBODY,
    ("open", "close"): NOBODY,
    ("open", "send_back"): NOBODY,
    ("open", "amend"): WALKERS,
    ("open", "drop"): MANAGER,
    ("handed", "hand"): NOBODY,
    ("handed", "fix"): ENGINEER,
    ("handed", "close"): NOBODY,
    ("handed", "send_back"): NOBODY,
    ("handed", "amend"): NOBODY,
    ("handed", "drop"): MANAGER,
    ("fixed", "hand"): NOBODY,
    ("fixed", "fix"): NOBODY,
    ("fixed", "close"): WALKERS,
    ("fixed", "send_back"): WALKERS,
    ("fixed", "amend"): NOBODY,
    ("fixed", "drop"): NOBODY,
    ("closed", "hand"): NOBODY,
    ("closed", "fix"): NOBODY,
    ("closed", "close"): NOBODY,
    ("closed", "send_back"): NOBODY,
    ("closed", "amend"): NOBODY,
    ("closed", "drop"): NOBODY,
    ("dropped", "hand"): NOBODY,
    ("dropped", "fix"): NOBODY,
    ("dropped", "close"): NOBODY,
    ("dropped", "send_back"): NOBODY,
    ("dropped", "amend"): NOBODY,
    ("dropped", "drop"): NOBODY,
}
SENT = {
    "hand": {"responsible": "总包单位", "due_on": "2026-12-20"},
    "fix": {"note": "已重做"},
    "close": {"note": "合格"},
    "send_back": {"reason": "仍渗水"},
    "amend": {**site.SAID, "description": "改过的描述"},
    "drop": {"reason": "观感"},
}


@pytest.mark.parametrize(("state", "verb"), LEGALITY)
def test_findings(cast, state, verb):
    row = site.brought(cast, state)
    assert row.state == state
    found = FINDING_VERBS[verb]
    allowed = set()
    for username in EVERYBODY:
        person = cast[username]
        denial, done = found.predicate(who(person, row.project), row), False
        with transaction.atomic():
            with suppress(Refused):
                found.perform(row.pk, person, SENT[verb])
                done = True
            changed = RecordEvent.objects.filter(subject="finding", key=row.pk).count()
            transaction.set_rollback(True)
        assert (denial is None) == done == (changed > events(row)), (username, denial)
        if done:
            allowed.add(username)
    assert allowed == LEGALITY[state, verb]


def events(row):
    return RecordEvent.objects.filter(subject="finding", key=row.pk).count()


def test_the_table_is_whole():
    assert set(LEGALITY) == {(state, verb) for state in FindingState.values for verb in FINDING_VERBS}


@pytest.mark.parametrize("username", EVERYBODY)
def test_the_property_company_walks_the_site(cast, username):
    if username in WALKERS:
        assert site.found(cast, site.visit(cast, by=username), by=username).number == "CH-F-2026-0001"
    else:
        with pytest.raises(Denied):
            site.visit(cast, by=username)
        with pytest.raises(Denied):
            site.found(cast, site.visit(cast), by=username)


@pytest.mark.parametrize(("state", "verb", "allowed"), [
    ("kept", "hand", WALKERS), ("kept", "amend", WALKERS), ("kept", "strike", MANAGER),
    ("struck", "hand", NOBODY), ("struck", "amend", NOBODY), ("struck", "strike", NOBODY),
])  # fmt: skip
def test_visits(cast, state, verb, allowed):
    row = site.visit(cast)
    if state == "struck":
        row = visiting.strike(visit_id=row.pk, actor=cast.property_project_manager, reason="误登")
    elif verb == "hand":
        site.found(cast, row)
    sent = {
        "hand": {}, "strike": {"reason": "误登"},
        "amend": {"day": "2026-11-20", "kind": "patrol", "trades": ["fire"], "participants": "乙"},
    }[verb]  # fmt: skip
    found = set()
    for username in EVERYBODY:
        denial = VISIT_VERBS[verb].predicate(who(cast[username], row.project), row)
        with transaction.atomic():
            with suppress(Refused):
                VISIT_VERBS[verb].perform(row.pk, cast[username], sent)
                found.add(username)
            transaction.set_rollback(True)
        assert (denial is None) == (username in found)
    assert found == allowed


def test_numbers_count_by_project_and_year(cast, fixed_clock):
    walked = site.visit(cast)
    assert [site.found(cast, walked).number for _n in range(2)] == ["CH-F-2026-0001", "CH-F-2026-0002"]
    yj = site.visit(cast, "YJ-1", "yj_property_clerk")
    assert site.found(cast, yj, "yj_property_clerk").number == "YJ-F-2026-0001"
    fixed_clock.set_clock(fixed_clock.shanghai(2027, 1, 5))
    assert site.found(cast, walked).number == "CH-F-2027-0001"


def test_a_finding_goes_to_the_engineers_and_back_and_is_closed(cast):
    walked = site.visit(cast)
    row = site.found(cast, walked)
    verbs.hand(finding_id=row.pk, actor=cast.property_clerk, responsible="总包", due_on=date(2026, 12, 1))
    told = Notice.objects.get(code="site.handed")
    assert (told.recipient, told.url) == (cast.project_engineer, f"/intervention/visits/{walked.pk}/")
    with pytest.raises(Blocked, match="请填写整改说明"):
        verbs.fix(finding_id=row.pk, actor=cast.project_engineer)
    site.photograph(cast, row, role="after", by="project_engineer")
    verbs.fix(finding_id=row.pk, actor=cast.project_engineer)
    assert set(Notice.objects.filter(code="site.fixed").values_list("recipient__username", flat=True)) == WALKERS
    verbs.send_back(finding_id=row.pk, actor=cast.property_clerk, reason="仍渗水", due_on=date(2026, 12, 8))
    row = site.now(row)
    assert (row.state, row.due_on, row.fixed_at) == ("handed", date(2026, 12, 8), None)
    assert Notice.objects.filter(code="site.sent_back", recipient=cast.project_engineer).exists()
    verbs.fix(finding_id=row.pk, actor=cast.project_engineer, note="重做")
    with pytest.raises(Blocked, match="请填写复查说明"):
        verbs.close(finding_id=row.pk, actor=cast.property_clerk)
    verbs.close(finding_id=row.pk, actor=cast.property_clerk, note="合格")
    codes = RecordEvent.objects.filter(subject="finding", key=row.pk).order_by("seq").values_list("code", flat=True)
    assert list(codes) == ["found", "handed", "photographed", "fixed", "sent_back", "fixed", "closed"]
    assert list(verifying.differences()) == []


def test_a_photograph_of_the_last_repair_says_nothing_of_this_one(cast, fixed_clock):
    row = site.brought(cast, "handed")
    site.photograph(cast, row, role="after", by="project_engineer")
    verbs.fix(finding_id=row.pk, actor=cast.project_engineer)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 25))
    verbs.send_back(finding_id=row.pk, actor=cast.property_clerk, reason="仍渗水")
    with pytest.raises(Blocked, match="请填写整改说明"):
        verbs.fix(finding_id=row.pk, actor=cast.project_engineer)


def test_all_findings_of_a_visit_are_handed_over_at_once(cast):
    walked = site.visit(cast)
    with pytest.raises(Blocked, match="没有待移交的问题"):
        verbs.hand_all(visit_id=walked.pk, actor=cast.property_clerk)
    own = site.found(cast, walked, responsible="电梯公司", due_on=date(2026, 11, 30))
    plain, dropped = site.found(cast, walked), site.brought(cast, "dropped", walked)
    verbs.hand_all(visit_id=walked.pk, actor=cast.property_clerk, responsible="总包", due_on=date(2026, 12, 31))
    assert [(row.state, row.responsible, row.due_on) for row in map(site.now, (own, plain, dropped))] == [
        ("handed", "电梯公司", date(2026, 11, 30)),
        ("handed", "总包", date(2026, 12, 31)),
        ("dropped", "", None),
    ]
    assert Notice.objects.get(code="site.handed").parameters["n"] == 2


def test_findings_whose_date_has_passed_are_handed_over_with_a_new_one_only(cast, fixed_clock):
    walked = site.visit(cast)
    late = site.found(cast, walked, due_on=date(2026, 11, 24))
    timely = site.found(cast, walked, due_on=date(2026, 12, 10))
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 25))
    with pytest.raises(Invalid, match=f"整改期限：{late.number} 写明的期限已过，请填写新的整改期限。"):
        verbs.hand_all(visit_id=walked.pk, actor=cast.property_clerk)
    assert site.now(timely).state == "open"
    verbs.hand_all(visit_id=walked.pk, actor=cast.property_clerk, due_on=date(2026, 12, 1))
    assert [site.now(row).due_on for row in (late, timely)] == [date(2026, 12, 1), date(2026, 12, 10)]


@pytest.mark.parametrize(("said", "sentence"), [
    ({"building": " "}, "楼栋：请填写。"),
    ({"part": ""}, "部位：请填写。"),
    ({"description": ""}, "问题描述：请填写。"),
    ({"description": "x" * 501}, "问题描述：有 501 字，请不超过 500 字。"),
    ({"trade": "roof"}, "专业：请选择。"),
    ({"unit": ""}, "户内问题请填写户号"),
    ({"area": "public"}, "公共部位问题不填户号"),
    ({"due_on": date(2026, 11, 22)}, "2026-11-22 早于今天"),
    ({"due_on": date(2100, 1, 1)}, "整改期限：2100-01-01 晚于 2099 年，请核对年份。"),
])  # fmt: skip
def test_what_a_finding_must_say(cast, said, sentence):
    walked = site.visit(cast)
    with pytest.raises(Invalid, match=sentence):
        site.found(cast, walked, **said)
    assert Finding.objects.count() == 0


def test_all_faults_are_told_at_once(cast):
    with pytest.raises(Invalid) as refused:
        site.found(cast, site.visit(cast), building="", part="", trade="")
    assert len(refused.value.sentences) == 3


@pytest.mark.parametrize(("said", "sentence"), [
    ({"day": date(2026, 11, 24)}, "2026-11-24 不在 2000 年至今天之间"),
    ({"day": date(1999, 1, 1)}, "1999-01-01 不在"),
    ({"trades": []}, "请至少选择一项"),
    ({"participants": " "}, "参加人员：请填写"),
    ({"kind": "stroll"}, "没有这种巡查"),
])  # fmt: skip
def test_what_a_visit_must_say(cast, said, sentence):
    with pytest.raises(Invalid, match=sentence):
        site.visit(cast, **said)


def test_findings_belong_where_their_visit_belongs(cast):
    walked = site.visit(cast)
    with pytest.raises(Invalid, match="没有这次巡查"):
        verbs.begin(actor=cast.property_clerk, **site.place(cast, "CH-1"), visit=walked.pk, **site.SAID)
    foreign = site.visit(cast, "YJ-1", "yj_property_clerk")
    with pytest.raises(Invalid, match="没有这次巡查"):
        verbs.begin(actor=cast.property_clerk, **site.place(cast, "CH-2"), visit=foreign.pk, **site.SAID)
    visiting.strike(visit_id=walked.pk, actor=cast.property_project_manager, reason="误登")
    with pytest.raises(Conflict, match="已作废"):
        site.found(cast, walked)


def test_a_visit_with_findings_is_not_struck(cast):
    walked = site.visit(cast)
    row = site.found(cast, walked)
    with pytest.raises(Blocked, match="登记了 1 个问题"):
        visiting.strike(visit_id=walked.pk, actor=cast.property_project_manager, reason="误登")
    verbs.drop(finding_id=row.pk, actor=cast.property_project_manager, reason="误登")
    assert visiting.strike(visit_id=walked.pk, actor=cast.property_project_manager, reason="误登").state == "struck"


def test_handing_over_needs_inspections_on_two_days(cast):
    plan = planned.plan(cast, "CH-2")
    phase = planned.phase(plan, "handover")

    def told():
        return next((c.holds, c.text) for c in conditions.of(phase) if "承接查验" in c.text and "次" in c.text)

    assert told() == (
        False, "承接查验至少 2 次，已登记 0 次，请在「现场巡查」中登记不同日期的承接查验",
    )  # fmt: skip
    first = site.visit(cast, kind="inspection", day=date(2026, 11, 20))
    site.visit(cast, kind="inspection", day=date(2026, 11, 20))
    site.visit(cast, kind="patrol", day=date(2026, 11, 21))
    site.visit(cast, "CH-1", kind="inspection", day=date(2026, 11, 22))
    assert told()[1].startswith("承接查验至少 2 次，已登记 1 次")
    site.visit(cast, kind="inspection", day=date(2026, 11, 23))
    assert told() == (True, "已登记承接查验 2 次（至少 2 次）")
    visiting.strike(visit_id=first.pk, actor=cast.property_project_manager, reason="误登")
    assert told()[0], "the other one of that day stands"
    assert not [c for c in conditions.of(planned.phase(plan, "engineering")) if "承接查验" in c.text]


def test_sent_again_a_finding_is_the_same(cast):
    walked = site.visit(cast)
    first, again = (site.found(cast, walked, sent_key="uuid-1") for _n in range(2))
    assert first.pk == again.pk
    assert Finding.objects.count() == 1
    body = {"project": "CH", "instalment": "CH-2", "visit": walked.pk, "sent_key": "uuid-1", **site.SAID}
    answer = Program(cast.property_clerk).post("records/finding/", body)
    assert (answer.status_code, answer.json()["id"]) == (201, first.pk)


def test_the_database_says_no_too(cast):
    row, closed, walked = site.brought(cast, "open"), site.brought(cast, "closed"), site.visit(cast)
    for sql in (
        f"DELETE FROM intervention_finding WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET number = 'x' WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET visit_id = {walked.pk} WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET state = 'closed', settled_at = created_at WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET state = 'handed' WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET unit = '' WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET trade = 'roof' WHERE id = {row.pk}",
        f"UPDATE intervention_finding SET description = 'x' WHERE id = {closed.pk}",
        f"UPDATE intervention_visit SET project_id = {cast.projects['YJ'].pk} WHERE id = {walked.pk}",
        f"DELETE FROM intervention_visit WHERE id = {walked.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=row.pk).update(due_on=None, number="CH-F-2026-0002")


def test_verify_finds_a_finding_that_was_changed_behind_the_verbs(cast):
    row = site.brought(cast, "handed")
    Finding.objects.filter(pk=row.pk).update(description="没有问题")
    assert list(verifying.differences()) == [f"intervention_finding {row.pk} description"]


def test_a_plan_of_the_whole_project_counts_the_inspections_of_its_instalments(cast):
    whole, part = planned.plan(cast, "CH"), planned.plan(cast, "CH-2")
    site.visit(cast, "CH-1", kind="inspection", day=date(2026, 11, 20))
    site.visit(cast, "CH-2", kind="inspection", day=date(2026, 11, 22))
    assert (inspection_days(whole), inspection_days(part)) == (2, 1)


def test_a_late_repair_is_told_once_a_place_and_day(cast, fixed_clock):
    walked = site.visit(cast)
    for _n in range(3):
        verbs.hand(
            finding_id=site.found(cast, walked).pk,
            actor=cast.property_clerk,
            responsible="总包",
            due_on=date(2026, 11, 27),
        )
    told = Notice.objects.filter(code="site.overdue")
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 27))
    remind()
    assert not told.exists()
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 28))
    for _n in range(2):
        remind()
    assert [(row.recipient.username, row.parameters["n"], row.parameters["day"]) for row in told] == [
        ("project_engineer", 3, "2026-11-27")
    ]
