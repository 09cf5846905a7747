"""The register of promises, and what is found in use unconfirmed until it is confirmed or withdrawn."""

from contextlib import suppress
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from documents import circulation, guards, verifying
from documents.models import Document, Notice
from documents.refusals import Blocked, Conflict, Denied, Invalid, Refused
from intervention.models import FoundPromise
from intervention.papers import queries
from intervention.papers.drafting import open_paper
from intervention.papers.finding import record_found, withdraw_found
from intervention.papers.permissions import can_record_found, can_withdraw_found
from intervention.papers.reminding import remind
from intervention.permissions import who
from organization import clock
from tests import forms
from tests.api.programs import Program
from tests.intervention import papered
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db

FINDERS = {"marketing_handler", "marketing_head", "property_project_manager"}
MARKETING = {"marketing_handler", "marketing_head"}
NOBODY: set[str] = set()
# (state, verb) → who may. Confirming is the approval of a confirmation that covers it: nobody's own verb.
FOUND = {
    ("in_use", "withdraw"): MARKETING,
    ("confirmed", "withdraw"): NOBODY,
    ("withdrawn", "withdraw"): NOBODY,
}


def brought(cast, state):
    found = papered.found(cast)
    if state == "confirmed":
        papered.approved(papered.publicity(cast, covers=[found.pk]), cast, "展板已上墙")
    if state == "withdrawn":
        withdraw_found(found_id=found.pk, actor=cast.marketing_head, reason="已撤下")
    return FoundPromise.objects.get(pk=found.pk)


@pytest.mark.parametrize(("state", "verb"), FOUND)
def test_who_may_withdraw_in_which_state(cast, state, verb):
    found = brought(cast, state)
    assert found.state == state
    allowed = set()
    for username in EVERYBODY:
        denial = can_withdraw_found(who(cast[username], cast.projects["CH"]), found)
        done = False
        with transaction.atomic():
            with suppress(Refused):
                withdraw_found(found_id=found.pk, actor=cast[username], reason="已撤下")
                done = True
            transaction.set_rollback(True)
        assert (denial is None) == done, username
        if done:
            allowed.add(username)
    assert allowed == FOUND[state, verb]


@pytest.mark.parametrize("username", EVERYBODY)
def test_who_may_record(cast, username):
    allowed = username in FINDERS
    assert (can_record_found(who(cast[username], cast.projects["CH"])) is None) == allowed
    if allowed:
        assert papered.found(cast, by=username).state == "in_use"
    else:
        with pytest.raises(Denied):
            papered.found(cast, by=username)


def test_what_is_found_is_told_to_both_sides(cast):
    found = papered.found(cast)
    told = Notice.objects.filter(code="promise.found")
    assert set(told.values_list("recipient__username", flat=True)) == {"marketing_head", "property_leader"}
    assert told.first().url == "/intervention/promises/?show=found&project=CH"
    # Whoever records it needs no notice of it.
    papered.found(cast, by="marketing_head", place="接待台")
    assert Notice.objects.filter(code="promise.found", recipient=cast.marketing_head).count() == 1
    assert queries.alarms_for(cast.property_clerk, "CH").found == 2
    withdraw_found(found_id=found.pk, actor=cast.marketing_handler, reason="已撤下")
    assert queries.alarms_for(cast.property_clerk, "CH").found == 1


WRONG = [
    ({"since_on": date(2026, 11, 24)}, "开始使用日期 2026-11-24 还没有到，只登记已在使用的宣传；未使用的请走宣传承诺确认单。"),
    ({"since_on": date(1999, 1, 1)}, "开始使用日期须在 2000 年以后。"),
    ({"place": " "}, "位置：请填写。"),
    ({"wording": "长" * 501}, "承诺表述：有 501 字，请不超过 500 字。"),
    ({"channel": "radio"}, "请选择渠道和承诺事项。"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "sentence"), WRONG)
def test_what_is_recorded_is_whole(cast, more, sentence):
    with pytest.raises(Invalid) as refused:
        papered.found(cast, **more)
    assert list(refused.value.sentences) == [sentence]


def test_today_is_in_use_already(cast):
    assert papered.found(cast, since_on=date(2026, 11, 23)).since_on == date(2026, 11, 23)


def test_a_reason_is_asked_for(cast):
    with pytest.raises(Invalid, match="停用说明：请填写"):
        withdraw_found(found_id=papered.found(cast).pk, actor=cast.marketing_head, reason=" ")


def test_the_warning_stands_until_the_confirmation_is_approved(cast, log_in):
    found = papered.found(cast)
    draft = open_paper(
        actor=cast.marketing_handler, kind="publicity_confirmation", project=cast.projects["CH"], found=found
    )
    head = draft.publicity
    assert (head.channel, head.channel_note, head.from_on) == ("sales_office", "沙盘旁展板", date(2026, 11, 10))
    assert draft.promise_lines.get().wording == "会所终身免费使用"
    papered.write(draft, cast.marketing_handler, {"subject": "沙盘展板", "text": "见展板照片", "from_on": "2026-12-01"})
    # It has been used since the tenth, whatever day the form names.
    with pytest.raises(Blocked, match="使用自 2026-11-10 开始"):
        circulation.submit(document_id=draft.pk, actor=cast.marketing_handler)
    for address in (f"/documents/{draft.name}/", f"/intervention/papers/{draft.name}/"):
        page = log_in(cast.marketing_handler).get(address).content.decode()
        assert "使用自 2026-11-10 开始，现在提交属于事后补报" in page
        assert "工作自" not in page
    document = papered.submitted(draft, "展板先上墙")
    assert document.late is True
    forms.sign(document, cast.marketing_head)
    forms.sign(document, cast.property_project_manager)
    assert FoundPromise.objects.get().state == "in_use"
    forms.sign(document, cast.property_leader)
    found = FoundPromise.objects.get()
    assert (found.state, found.confirmation, found.settled_by) == ("confirmed", document, cast.property_leader)
    assert not queries.alarms_for(cast.marketing_head)
    assert list(verifying.differences()) == []


def test_a_rejected_confirmation_leaves_the_warning(cast):
    found = papered.found(cast)
    document = papered.submitted(papered.publicity(cast, covers=[found.pk]), "已在使用")
    circulation.reject(
        document_id=document.pk, actor=cast.marketing_head, revision=1, round_n=1, opinion="会所未定，不得承诺"
    )
    assert FoundPromise.objects.get().state == "in_use"
    assert list(verifying.differences()) == []


def test_what_is_settled_is_not_covered_any_more(cast):
    found = papered.found(cast)
    draft = papered.publicity(cast, covers=[found.pk])
    withdraw_found(found_id=found.pk, actor=cast.marketing_head, reason="已撤下")
    with pytest.raises(Blocked, match="在用宣传「会所终身免费使用」已停用，不需要再确认，请取消勾选"):
        papered.submitted(draft, "已在使用")
    with pytest.raises(Invalid, match="有 1 条已处理或不属于本项目"):
        papered.publicity(cast, covers=[found.pk])
    # Withdrawn while the confirmation circulates: it stays withdrawn.
    other = papered.found(cast)
    document = papered.submitted(papered.publicity(cast, covers=[other.pk]), "已在使用")
    withdraw_found(found_id=other.pk, actor=cast.marketing_head, reason="已撤下")
    forms.sign_through(document, cast)
    assert FoundPromise.objects.get(pk=other.pk).state == "withdrawn"
    assert list(verifying.differences()) == []


def test_another_projects_find_is_not_covered(cast):
    other = papered.found(cast, by="yj_marketing_handler", project="YJ")
    with pytest.raises(Invalid, match="有 1 条已处理或不属于本项目"):
        papered.publicity(cast, covers=[other.pk])
    with pytest.raises(Invalid, match="此项在用宣传不属于本单的项目"):
        open_paper(
            actor=cast.marketing_handler, kind="publicity_confirmation", project=cast.projects["CH"], found=other
        )


# --- the register -------------------------------------------------------------------------------------------------------
def test_each_promise_is_a_row_with_how_it_stands(cast):
    waiting = papered.submitted(papered.publicity(cast, {"subject": "折页"}, papered.PROMISES[:1]))
    late = papered.submitted(papered.publicity(cast, {"from_on": "2026-11-20"}, papered.PROMISES[1:]), "已开盘")
    approved = papered.approved(papered.publicity(cast, {"channel": "online"}), cast)
    expired = papered.approved(
        papered.publicity(cast, {"from_on": "2026-11-01", "until_on": "2026-11-22"}, papered.PROMISES[:1]), cast, "补"
    )
    refused = papered.submitted(papered.publicity(cast))
    circulation.reject(document_id=refused.pk, actor=cast.marketing_head, revision=1, round_n=1, opinion="不妥")
    papered.publicity(cast)  # a draft is in no register
    today = clock.today()
    rows = queries.promises_for(cast.marketing_head)
    found = [(row.document.number, str(queries.standing_of(row, today))) for row in rows.order_by("pk")]
    assert found == [
        (waiting.number, "waiting"),
        (late.number, "unconfirmed"),
        (approved.number, "confirmed"),
        (approved.number, "confirmed"),
        (expired.number, "expired"),
        (refused.number, "refused"),
        (refused.number, "refused"),
    ]
    counts = {status: queries.promises_for(cast.marketing_head, standing=status).count() for status in queries.Standing}
    assert counts == {"confirmed": 2, "expired": 1, "waiting": 1, "unconfirmed": 1, "refused": 2}
    assert queries.alarms_for(cast.marketing_head).unconfirmed == 1


SEARCHES = [
    ({"text": "报修"}, 1),
    ({"text": "物业费 高层"}, 1),
    ({"text": "CH-PC"}, 2),
    ({"text": "开盘楼书"}, 2),
    ({"text": "没有这句话"}, 0),
    ({"channel": "brochure"}, 2),
    ({"channel": "online"}, 0),
    ({"project": "CH"}, 2),
    ({"project": "YJ"}, 0),
    ({"text": "\0"}, 2),
]


@pytest.mark.parametrize(("chosen", "found"), SEARCHES)
def test_the_register_is_searched(cast, chosen, found):
    papered.submitted(papered.publicity(cast))
    assert queries.promises_for(cast.property_leader, **chosen).count() == found


SEEN = [
    ("property_clerk", 2, 1), ("property_leader", 2, 1), ("marketing_head", 2, 1), ("general_manager", 2, 1),
    ("account_auditor", 0, 0), ("property_finance", 0, 0), ("finance", 0, 0), ("administrator", 0, 0),
    ("yj_marketing_handler", 0, 0), ("foreign_clerk", 0, 0), ("foreign_general_manager", 0, 0), ("outsider", 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("username", "promises", "found"), SEEN)
def test_who_reads_promises_and_finds(cast, username, promises, found):
    papered.submitted(papered.publicity(cast))
    papered.found(cast)
    assert queries.promises_for(cast[username]).count() == promises
    assert queries.found_for(cast[username]).count() == found


def test_a_first_day_that_comes_unconfirmed_is_told_once(cast, fixed_clock):
    document = papered.submitted(papered.publicity(cast))
    remind()
    assert not Notice.objects.filter(code="promise.unconfirmed").exists()
    fixed_clock.set_clock(clock.shanghai(2026, 12, 15, 8, 0))
    remind()
    remind()
    told = Notice.objects.filter(code="promise.unconfirmed")
    assert set(told.values_list("recipient__username", "document__number")) == {
        ("marketing_head", document.number),
        ("property_leader", document.number),
    }
    assert queries.alarms_for(cast.property_clerk).unconfirmed == 2
    Notice.objects.all().delete()
    forms.sign_through(document, cast)
    remind()
    assert not Notice.objects.filter(code="promise.unconfirmed").exists()


def test_tick_tells_of_it(cast, fixed_clock):
    papered.submitted(papered.publicity(cast))
    fixed_clock.set_clock(clock.shanghai(2026, 12, 15, 8, 0))
    call_command("tick")
    assert Notice.objects.filter(code="promise.unconfirmed").count() == 2


# --- behind the ORM -----------------------------------------------------------------------------------------------------
def test_what_was_found_is_written_once(cast):
    brought(cast, "withdrawn")
    for statement in (
        "UPDATE intervention_foundpromise SET wording = 'x'",
        "UPDATE intervention_foundpromise SET reason = 'x'",
        "UPDATE intervention_foundpromise SET state = 'in_use', settled_by_id = NULL, settled_at = NULL, reason = ''",
        "DELETE FROM intervention_foundpromise",
    ):
        with (
            pytest.raises(IntegrityError, match="guard_foundpromise"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_verify_names_what_was_changed(cast):
    found = brought(cast, "confirmed")
    promise = queries.promises_for(cast.marketing_head).first()
    for statement, line in (
        (f"UPDATE intervention_promise SET wording = 'x' WHERE id = {promise.pk}", f"intervention_promise {promise.pk} wording"),
        (f"UPDATE intervention_promise SET from_on = '2026-12-16' WHERE id = {promise.pk}", f"intervention_promise {promise.pk} from_on"),
        (f"DELETE FROM intervention_promise WHERE id = {promise.pk}", f"intervention_promise {promise.document_id}/{promise.key} key"),
        ("DELETE FROM intervention_publicitycover", f"intervention_foundpromise {found.pk} confirmation_id"),
        ("UPDATE intervention_publicity SET text = 'x'", f"intervention_publicity {promise.document_id} text"),
    ):  # fmt: skip
        with transaction.atomic():
            guards.uninstall()
            with connection.cursor() as cursor:
                cursor.execute(statement)
            lines = list(verifying.differences())
            guards.install()
            transaction.set_rollback(True)
        assert any(one.startswith(line) for one in lines), (line, lines)


def test_recording_needs_a_project_of_ones_own(cast):
    with pytest.raises(Denied, match="您在本项目不担任该岗位"):
        record_found(
            actor=cast.marketing_handler, project=cast.projects["YJ"], channel="online", place="公众号", subject="fee",
            wording="一元物业费", since_on=date(2026, 11, 1),
        )  # fmt: skip
    assert not Document.objects.exists()


def test_the_same_thing_in_use_is_recorded_once_and_again_after_it_was_taken_out(cast):
    first = papered.found(cast)
    with pytest.raises(Conflict) as refusal:
        papered.found(cast)
    assert first.wording[:30] in str(refusal.value)
    assert first.recorded_by.name in str(refusal.value)
    assert papered.found(cast, place="另一处").pk != first.pk
    withdraw_found(found_id=first.pk, actor=cast.marketing_handler, reason="已撤下")
    assert papered.found(cast).pk != first.pk


REGISTER = "/intervention/promises/"


def test_a_search_tells_how_many_of_the_other_list_it_finds(cast, log_in):
    """会所 was found in use and confirmed afterwards by tick: it is no line of any confirmation."""
    found = brought(cast, "confirmed")
    withdrawn = papered.found(cast, place="公众号")
    withdraw_found(found_id=withdrawn.pk, actor=cast.marketing_head, reason="已撤下")
    client = log_in(cast.property_leader)
    page = client.get(f"{REGISTER}?q=会所")
    assert (page.context["rows"], page.context["others"]) == ([], 2)
    there = client.get(f"{REGISTER}?{page.context['others_url']}")
    assert {row.pk for row in there.context["rows"]} == {found.pk, withdrawn.pk}
    assert (there.context["filters"]["q"], found.confirmation.number in there.content.decode()) == ("会所", True)
    # The same filters: how it stands is called otherwise in the other list.
    confirmed = client.get(f"{REGISTER}?q=会所&status=confirmed")
    assert confirmed.context["others"] == 1
    assert [row.pk for row in client.get(f"{REGISTER}?{confirmed.context['others_url']}").context["rows"]] == [found.pk]
    assert client.get(f"{REGISTER}?q=会所&status=refused").context["others"] == 0
    other = client.get(f"{REGISTER}?show=found&q=报修")
    assert ([row.pk for row in other.context["rows"]], other.context["others"]) == ([], 1)
    assert Program(cast.property_leader).get("promises/?q=会所").json()["found_promises"] == 2
    assert Program(cast.property_leader).get("found-promises/?q=报修").json()["promises"] == 1
    assert [row.pk for row in queries.found_for(cast.property_leader, text=found.confirmation.number)] == [found.pk]


def test_the_register_asks_the_same_however_many_rows_it_finds(cast, log_in):
    client = log_in(cast.property_leader)

    def asked():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{REGISTER}?q=会所").status_code == 200
        return len(caught)

    asked()
    none = asked()
    for n in range(3):
        papered.found(cast, place=f"展板 {n}")
    assert asked() == none
