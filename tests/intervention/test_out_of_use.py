"""A project out of use takes no plan and no record, whichever way they come, with one sentence; what is there goes on."""

from datetime import date

import pytest
from django.urls import reverse

from documents.refusals import Denied
from intervention import planning
from intervention.models import Plan, Record
from intervention.papers.finding import record_found
from intervention.site import finding, meeting
from tests.api.programs import Program
from tests.intervention import site
from tests.intervention.logged import begun
from tests.intervention.test_meetings_and_guards import ACTION, MEETING, POST, met
from tests.intervention.test_survey import TOLD

pytestmark = pytest.mark.django_db
CLOSED = "项目「翠湖花园」已停用，不能再编排计划或新增记录；已有的仍可继续办理。"
# What would be a record of each kind, and who begins it.
BEGUN = {
    "visit": ({"day": "2026-11-20", "kind": "patrol", "trades": ["civil"], "participants": "安平"}, "property_clerk"),
    "finding": (site.SAID, "property_clerk"),
    "meeting": (MEETING, "property_clerk"),
    "meeting_action": (ACTION, "property_clerk"),
    "guard_post": (POST, "property_clerk"),
    "day_log": ({"day": "2026-11-20", "spot": "show_flat", "cleanings": 1}, "property_clerk"),
    "advice": ({"topic": "layout", "drawing": "J-01", "suggestion": "x", "reason": "y", "proposed_on": "2026-11-20"}, "property_clerk"),
    "comparable": ({**TOLD, "distance": "0.8", "fee": "2.30", "parking": "300", "surveyed_on": "2026-11-01"}, "property_clerk"),
    "assessment": ({"month": "2026-10", "side": "pre"}, "marketing_handler"),
}  # fmt: skip
FOUND = {"channel": "brochure", "place": "楼书", "subject": "club", "wording": "会所终身免费", "since_on": "2026-11-10"}


def out_of_use(cast):
    project = cast.projects["CH"]
    project.is_active = False
    project.save()
    for instalment in cast.instalments.values():
        instalment.refresh_from_db()


def said_of(cast, subject):
    """What is sent for a kind; a finding and an action belong to something that was there before."""
    more = {"finding": lambda: {"visit": site.visit(cast).pk}, "meeting_action": lambda: {"meeting": met(cast).pk}}
    return BEGUN[subject][0] | more.get(subject, dict)()


@pytest.mark.parametrize("subject", BEGUN)
def test_no_record_is_begun_by_program_or_page(cast, log_in, subject):
    said, person = said_of(cast, subject), cast[BEGUN[subject][1]]
    out_of_use(cast)
    place = {"project": "CH", "instalment": "" if subject == "assessment" else "CH-2"}
    answer = Program(person).post(f"records/{subject}/", said | place)
    assert (answer.status_code, answer.json().get("errors")) == (403, [CLOSED])
    page = reverse("intervention:new_record", args=[subject])
    shown = log_in(person).post(page, said | {"place": place["instalment"] or "CH"})
    assert shown.status_code == 403
    assert CLOSED in shown.content.decode()


def test_every_kind_of_record_is_in_the_table():
    assert {model.subject for model in Record.__subclasses__()} == set(BEGUN)


def test_no_plan_is_laid_out(cast, log_in):
    out_of_use(cast)
    with pytest.raises(Denied, match=CLOSED):
        planning.lay_out(actor=cast.service_head, project=cast.projects["CH"])
    answer = Program(cast.service_head).post("plans/", {"project": "CH"})
    assert (answer.status_code, answer.json()["errors"]) == (403, [CLOSED])
    page, chosen = reverse("intervention:new_plan"), {"project": "CH", "instalment": "CH-2"}
    for shown, status in (
        (log_in(cast.service_head).get(page, chosen), 200),
        (log_in(cast.service_head).post(page, chosen), 403),
    ):
        assert shown.status_code == status
        assert CLOSED in shown.content.decode()
        offered = shown.context["form"].fields["project"].choices
        assert [code for code, _name in offered] == ["", "YJ"]
    assert not Plan.objects.exists()


def test_no_promise_in_use_and_no_assessment_page(cast, log_in):
    out_of_use(cast)
    with pytest.raises(Denied, match=CLOSED):
        record_found(
            actor=cast.marketing_handler, project=cast.projects["CH"], **FOUND | {"since_on": date(2026, 11, 10)}
        )
    answer = Program(cast.marketing_handler).post("found-promises/", FOUND | {"project": "CH"})
    assert (answer.status_code, answer.json()["errors"]) == (403, [CLOSED])
    client = log_in(cast.marketing_handler)
    for page, sent in (
        ("intervention:find_promise", FOUND | {"project": "CH"}),
        ("intervention:new_assessment", {"project": "CH", "month": "2026-10", "side": "pre"}),
    ):
        assert CLOSED in client.post(reverse(page), sent).content.decode()


def test_what_was_begun_before_goes_on_and_is_sent_again(cast):
    """A phone whose answer was lost gets its record; a finding is repaired, a log filed, an action done; no new one comes up."""
    walked, held, log = site.visit(cast), met(cast), begun(cast)
    found = site.found(cast, walked, sent_key="a-1")
    out_of_use(cast)
    assert site.found(cast, walked, sent_key="a-1") == found
    finding.hand(finding_id=found.pk, actor=cast.property_clerk)
    assert Program(cast.property_clerk).post(f"records/day_log/{log.pk}/file/", {}).status_code == 200
    offers = Program(cast.property_clerk).get(f"records/meeting/{held.pk}/").json()["offers"]
    assert {offer["verb"]: offer["reason"] for offer in offers}["resolve"] == CLOSED
    with pytest.raises(Denied, match=CLOSED):
        meeting.resolve(meeting_id=held.pk, actor=cast.property_clerk, **ACTION)
