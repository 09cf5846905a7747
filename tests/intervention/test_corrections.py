"""What a program leaves out of a correction stays, and nobody's correction is lost under another's."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intervention.models import Assessment, Finding, Meeting
from intervention.site import guarding, meeting
from organization import appointing, places
from tests.api.programs import Program
from tests.intervention import assessed, site

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
STALE = "：已修改（2026-11-23 09:00）。您的内容尚未保存；请对照现有内容核对后再提交。"


def met(cast):
    said = {"kind": "regular", "day": DAY, "where": "项目部", "attendance": "项目部：钱工", "decisions": "下周复查"}
    return meeting.begin(actor=cast.property_clerk, **site.place(cast, "CH-2"), **said)


def stood(cast):
    said = {
        "phase": "marketing", "day": DAY, "name": "1号门岗", "shift": "day", "heads": 2, "from_time": time(8), "to_time": time(20),
        "note": "雨天加岗",
    }  # fmt: skip
    return guarding.begin(actor=cast.property_clerk, **site.place(cast, "CH-2"), **said)


def resolved(cast):
    return meeting.resolve(
        meeting_id=met(cast).pk, actor=cast.property_clerk, text="封堵穿墙管", doer="总包", due_on=date(2026, 12, 1)
    )


def noted(cast):
    return site.visit(cast, note="下雨")


def dated(cast):
    return site.found(cast, site.visit(cast), responsible="总包", due_on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("make", "verb", "left_out"),
    [
        (met, "amend", ("decisions",)),
        (stood, "amend", ("note",)),
        (resolved, "amend", ("due_on",)),
        (noted, "amend", ("note",)),
        (dated, "amend", ("floor", "unit", "severity", "responsible", "due_on")),
        (dated, "hand", ("responsible", "due_on")),
    ],
)
def test_what_a_program_leaves_out_stays_as_it_is(cast, make, verb, left_out):
    row = make(cast)
    program = Program(cast.property_clerk)
    address = f"records/{row.subject}/{row.pk}/"
    before = program.get(address).json()
    sent = {} if verb == "hand" else {name: value for name, value in before.items() if name not in left_out}
    answer = program.post(f"{address}{verb}/", sent | {"seen": before["seen"]})
    assert answer.status_code == 200, answer.json()
    assert {name: answer.json()[name] for name in left_out} == {name: before[name] for name in left_out}
    assert all(before[name] for name in left_out)


@pytest.mark.parametrize(
    ("make", "name", "value"), [(met, "decisions", ""), (resolved, "due_on", None), (dated, "due_on", None)]
)
def test_what_is_sent_empty_is_emptied(cast, make, name, value):
    row = make(cast)
    program = Program(cast.property_clerk)
    address = f"records/{row.subject}/{row.pk}/"
    answer = program.post(f"{address}amend/", program.get(address).json() | {name: value})
    assert (answer.status_code, answer.json()[name]) == (200, value)


def test_the_second_of_two_who_correct_a_meeting_sees_what_the_first_wrote(cast, log_in):
    row = met(cast)
    address = f"/intervention/records/meeting/{row.pk}/amend/"
    first, second = log_in(cast.property_clerk), log_in(cast.property_project_manager, fresh=True)
    seen = second.get(address).context["seen"]
    assert f'name="seen" value="{seen}"' in first.get(address).content.decode()
    sent = {"kind": "regular", "day": "2026-11-23", "where": "项目部", "attendance": "项目部：钱工", "seen": seen}
    assert first.post(address, sent | {"decisions": "三日内封堵"}).status_code == 302
    refused = second.post(address, sent | {"decisions": "下周复查", "where": "售楼处"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert STALE in text
    assert "现有内容：三日内封堵" in text
    assert "现有内容：项目部<" in text
    assert "现有内容：工程例会" not in text
    assert Meeting.objects.get().decisions == "三日内封堵"
    # Whoever has seen both decides.
    sent["seen"] = refused.context["seen"]
    assert second.post(address, sent | {"decisions": "三日内封堵，下周复查"}).status_code == 302
    assert Meeting.objects.get().decisions == "三日内封堵，下周复查"


def test_what_was_refused_for_another_reason_keeps_the_copy_that_was_seen(cast, log_in):
    row = met(cast)
    address = f"/intervention/records/meeting/{row.pk}/amend/"
    clerk = log_in(cast.property_clerk)
    sent = {"kind": "regular", "day": "2026-11-23", "where": "", "attendance": "钱工", "seen": "1"}
    meeting.amend(
        meeting_id=row.pk, actor=cast.property_project_manager, kind="regular", day=DAY, where="x", attendance="y"
    )
    refused = clerk.post(address, sent | {"where": "项目部", "day": "2026-11-24"})
    assert refused.status_code == 409
    refused = clerk.post(address, sent | {"seen": "2"})
    assert (refused.status_code, refused.context["seen"]) == (400, "2")


def test_a_program_that_says_what_it_saw_is_told_of_later_changes(cast):
    row = dated(cast)
    program = Program(cast.property_clerk)
    address = f"records/finding/{row.pk}/"
    seen = program.get(address).json()["seen"]
    # A photograph is no change of what the record says.
    site.photograph(cast, row)
    amended = program.get(address).json() | {"description": "窗角渗水", "seen": seen}
    assert program.post(f"{address}amend/", amended).status_code == 200
    answer = program.post(f"{address}hand/", {"seen": seen})
    assert (answer.status_code, STALE in answer.json()["errors"][0]) == (409, True)
    assert Finding.objects.get().state == "open"
    assert program.post(f"{address}hand/", {}).status_code == 200


def test_two_who_score_an_assessment_do_not_overwrite_each_other(cast, log_in):
    row = assessed.opened(cast)
    address = f"/intervention/assessments/{row.pk}/score/"
    page = log_in(cast.marketing_handler)
    seen = page.get(address).context["seen"]
    item = row.scores.first()
    sent = {f"points-{item.pk}": "5", f"remark-{item.pk}": "迟交", "seen": seen}
    assert page.post(address, sent).status_code == 302
    refused = page.post(address, sent | {f"points-{item.pk}": "6"})
    assert (refused.status_code, "现有内容：5；迟交" in refused.content.decode()) == (409, True)
    assert Assessment.objects.get().scores.get(pk=item.pk).points == 5
    assert page.post(address, sent | {f"points-{item.pk}": "6", "seen": refused.context["seen"]}).status_code == 302


def test_a_new_record_asks_the_same_in_one_project_and_in_three(cast, log_in):
    client = log_in(cast.property_clerk)
    address = "/intervention/records/visit/new/"
    sent = {"day": "2026-11-23", "kind": "patrol", "trades": ["civil"], "participants": "安平"}

    def asked():
        with CaptureQueriesContext(connection) as caught:
            assert client.post(address, sent).status_code == 400
        return len(caught)

    asked()
    before = asked()
    ours = cast.projects["CH"]
    for code in ("CX", "CY"):
        made = places.create_project(
            actor=None, code=code, name=code, developer=ours.developer, property_company=ours.property_company
        )
        appointing.appoint(actor=None, person=cast.property_clerk, post="property_clerk", project=made, starts_on=DAY)
    assert asked() == before
