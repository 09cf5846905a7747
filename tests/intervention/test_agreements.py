"""The agreement of a project: versions, validity, what is in force on a day, reminders before it ends."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from documents import circulation, guards, verifying
from documents.models import Notice
from documents.refusals import Blocked, Invalid
from intervention.models import ServiceAgreement
from intervention.papers import queries
from intervention.papers.drafting import open_paper
from intervention.papers.reminding import remind
from intervention.versions import compared
from organization import clock
from tests import forms
from tests.intervention import papered

pytestmark = pytest.mark.django_db


def first(cast, **head):
    return papered.approved(papered.agreement(cast, head), cast)


def second(cast, **head):
    return papered.agreement(cast, head, colour="blue")


def test_the_next_version_brings_the_approved_one_along_and_begins_the_day_after(cast):
    one = first(cast)
    two = open_paper(actor=cast.service_handler, kind="service_agreement", project=cast.projects["CH"])
    row = two.agreement
    assert (row.version, row.predecessor, row.valid_from) == (2, one, date(2027, 12, 1))
    assert (row.scope, row.commission) == (papered.AGREEMENT["scope"], papered.AGREEMENT["commission"])
    assert two.title == "翠湖花园物业服务前期介入协议第2版"


def test_one_version_is_on_its_way_at_a_time(cast):
    one = papered.agreement(cast)
    other = papered.agreement(cast)
    papered.submitted(one)
    with pytest.raises(Invalid, match="协议第 1 版 CH-SA-202611-001 还在办理"):
        papered.agreement(cast)
    with pytest.raises(Blocked, match="协议第 1 版已提交：CH-SA-202611-001，请在原单上处理"):
        papered.submitted(other)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE intervention_serviceagreement SET live = %s WHERE document_id = %s", [True, other.pk])
    # A rejected one makes room.
    circulation.reject(document_id=one.pk, actor=cast.service_head, revision=1, round_n=1, opinion="重拟")
    assert papered.submitted(other).state == "circulating"


# valid_from of version 2, supersedes → the sentence, or None where it is taken; version 1 runs 2026-12-01 to 2027-11-30.
STARTS = [
    ("2027-12-01", False, None),
    ("2028-02-01", False, None),
    ("2027-11-30", False, "生效日期 2027-11-30 与第 1 版的有效期（至 2027-11-30）重叠：请改为次日起生效，或勾选「取代上一版」。"),
    ("2027-11-30", True, None),
    ("2026-12-02", True, None),
    ("2026-12-01", True, "生效日期 2026-12-01 须晚于第 1 版的生效日期 2026-12-01，请改正。"),
    ("2026-12-01", False, "生效日期 2026-12-01 须晚于第 1 版的生效日期 2026-12-01，请改正。"),
]  # fmt: skip


@pytest.mark.parametrize(("valid_from", "supersedes", "sentence"), STARTS)
def test_two_versions_never_rule_the_same_day(cast, valid_from, supersedes, sentence):
    first(cast)
    draft = second(cast, valid_from=valid_from, valid_to="2028-12-31", supersedes=supersedes)
    if sentence is None:
        assert papered.submitted(draft).state == "circulating"
        return
    with pytest.raises(Blocked) as refused:
        papered.submitted(draft)
    assert list(refused.value.sentences) == [sentence]


def test_the_first_version_supersedes_nothing(cast):
    with pytest.raises(Invalid, match="这是第一版协议，没有可取代的上一版"):
        papered.agreement(cast, {"supersedes": True})
    with pytest.raises(Invalid, match="到期日期 2026-11-30 早于生效日期 2026-12-01"):
        papered.agreement(cast, {"valid_to": "2026-11-30"})


def in_force(cast, day):
    project = cast.projects["CH"]
    now = queries.in_force(project, queries.approved_agreements([project]).get(project.pk, []), date.fromisoformat(day))
    return (
        now.agreement.version if now.agreement else None,
        now.until.isoformat() if now.until else None,
        now.ends_soon,
    )


def test_what_is_in_force_is_found_by_dates(cast):
    assert in_force(cast, "2026-12-01") == (None, None, False)
    first(cast)
    assert [in_force(cast, day) for day in ("2026-11-30", "2026-12-01", "2027-11-30", "2027-12-01")] == [
        (None, None, False),
        (1, "2027-11-30", False),
        (1, "2027-11-30", True),
        (None, None, False),
    ]
    draft = second(cast, valid_from="2027-07-01", valid_to="2027-09-30", supersedes=True)
    papered.submitted(draft)
    # Until it is approved it rules nothing.
    assert in_force(cast, "2027-07-01") == (1, "2027-11-30", False)
    forms.sign_through(draft, cast)
    assert [in_force(cast, day) for day in ("2027-06-30", "2027-07-01", "2027-09-30", "2027-10-01")] == [
        (1, "2027-06-30", False),
        (2, "2027-09-30", False),
        (2, "2027-09-30", True),
        # What was superseded does not come back.
        (None, None, False),
    ]
    assert list(verifying.differences()) == []


SOON = [("2027-09-30", False), ("2027-10-01", True), ("2027-11-30", True)]


@pytest.mark.parametrize(("day", "soon"), SOON)
def test_sixty_days_before_its_end_it_ends_soon(cast, day, soon):
    first(cast)
    assert in_force(cast, day)[2] is soon


def test_a_successor_without_a_gap_ends_the_warning(cast):
    first(cast)
    papered.approved(second(cast, valid_from="2027-12-02", valid_to="2028-11-30"), cast)
    assert in_force(cast, "2027-11-01")[2] is True
    assert in_force(cast, "2027-12-01")[0] is None


def test_the_next_version_shows_what_it_changes(cast):
    one = first(cast)
    two = papered.submitted(
        second(
            cast,
            valid_from="2027-12-01",
            valid_to="2028-11-30",
            commission="按确认成本的 9% 计提管理者佣金",
            note="降佣",
        )
    )
    changes = [
        (where, change.label) for where, change in compared(two, one, cast.property_gm, {"版本", "上一版", "版本说明"})
    ]
    assert changes == [
        ("", "生效日期"),
        ("", "到期日期"),
        ("", "与上一版的关系"),
        ("", "佣金约定"),
        ("正文.png", "+"),
        ("正文.png", "−"),
    ]
    # What was never signed and what one may not see is not compared.
    assert compared(one, None, cast.property_gm, set()) is None
    assert compared(two, one, cast.account_auditor, set()) is None


def test_reminders_come_sixty_and_thirty_days_before_the_end_and_when_it_has_ended(cast, fixed_clock):
    first(cast)
    Notice.objects.all().delete()
    days = {}
    for day in (
        (2027, 9, 30),
        (2027, 10, 1),
        (2027, 10, 2),
        (2027, 10, 31),
        (2027, 11, 30),
        (2027, 12, 1),
        (2027, 12, 9),
    ):
        fixed_clock.set_clock(clock.shanghai(*day, 8, 0))
        remind()
        remind()
        rows = Notice.objects.filter(code__startswith="agreement.")
        days["-".join(map(str, day))] = sorted(rows.values_list("code", "recipient__username"))
        rows.delete()
    both = ["service_handler", "service_head"]
    assert days == {
        "2027-9-30": [],
        "2027-10-1": [("agreement.ends", name) for name in both],
        "2027-10-2": [("agreement.ends", name) for name in both],
        "2027-10-31": [("agreement.ends", name) for name in both],
        "2027-11-30": [("agreement.ends", name) for name in both],
        "2027-12-1": [("agreement.ended", name) for name in both],
        "2027-12-9": [("agreement.ended", name) for name in both],
    }


def test_each_reminder_is_written_once(cast, fixed_clock):
    first(cast)
    keys = set()
    for day in (date(2027, 10, n) for n in range(1, 32)):
        fixed_clock.set_clock(clock.shanghai(day.year, day.month, day.day, 8, 0))
        remind()
        keys |= set(Notice.objects.filter(code="agreement.ends").values_list("dedup_key", flat=True))
    project = cast.projects["CH"].pk
    assert keys == {
        f"agreement.ends:{project}:{stage}:2027-11-30:{cast[name].pk}"
        for stage in (60, 30)
        for name in ("service_handler", "service_head")
    }


def test_no_reminder_when_the_next_version_follows(cast, fixed_clock):
    first(cast)
    papered.approved(second(cast, valid_from="2027-12-01", valid_to="2028-11-30"), cast)
    fixed_clock.set_clock(clock.shanghai(2027, 11, 15, 8, 0))
    remind()
    assert not Notice.objects.filter(code__startswith="agreement.").exists()


SEEN = [
    ("service_handler", True), ("property_clerk", True), ("property_gm", True), ("finance", True), ("regional_vp", True),
    ("account_auditor", False), ("design_reviewer", False), ("administrator", False), ("outsider", False),
    ("yj_service_handler", False), ("foreign_general_manager", False),
]  # fmt: skip


@pytest.mark.parametrize(("username", "sees"), SEEN)
def test_who_sees_which_agreement_is_in_force(cast, username, sees):
    first(cast)
    project = cast.projects["CH"]
    assert (queries.agreement_of(cast[username], project) is not None) is sees
    assert (project in queries.agreement_projects(cast[username])) is sees
    assert bool(queries.versions_for(cast[username], [project])) is sees


def test_an_agreement_that_has_begun_is_late(cast):
    draft = papered.agreement(cast, {"valid_from": "2026-11-01"})
    with pytest.raises(Blocked, match="工作自 2026-11-01 开始"):
        papered.submitted(draft)
    assert papered.submitted(draft, "补录").late is True


def test_verify_finds_an_agreement_that_was_moved(cast):
    document = first(cast)
    for column, value in (("live", False), ("project_id", cast.projects["YJ"].pk), ("commission", "20%")):
        with transaction.atomic():
            guards.uninstall()
            ServiceAgreement.objects.filter(document=document).update(**{column: value})
            found = list(verifying.differences())
            guards.install()
            transaction.set_rollback(True)
        assert f"intervention_serviceagreement {document.pk} {column}" in found
