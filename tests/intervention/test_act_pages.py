"""What the page of a verb begins with: an edit with what the record says, any other verb with nobody else's words."""

from datetime import date

import pytest
from django.urls import reverse

from intervention.planning_work import advising
from intervention.site import finding
from tests.intervention import logged, site

pytestmark = pytest.mark.django_db
ARGUMENT = "雨季倒灌，维修频繁"
COMPANY = "当天停电两小时"


def values(client, subject, row, verb, **typed):
    page = reverse("intervention:act_record", args=[subject, row.pk, verb])
    answer = client.post(page, typed) if typed else client.get(page)
    return {one.name: (one.value, one.stands) for one in answer.context["inputs"]}


def advice(cast):
    said = {"topic": "detail", "drawing": "建施-07", "suggestion": "坡道加装截水沟", "reason": ARGUMENT}
    return advising.advise(actor=cast.property_clerk, project=cast.projects["CH"], **said)


def test_an_answer_does_not_begin_with_the_argument_of_who_asked(cast, log_in):
    row = advice(cast)
    assert values(log_in(cast.design_reviewer), "advice", row, "decline") == {"reason": ("", "")}
    assert values(log_in(cast.property_clerk), "advice", row, "withdraw") == {"reason": ("", "")}
    assert values(log_in(cast.property_clerk), "advice", row, "edit")["reason"] == (ARGUMENT, "")


def test_a_confirmation_does_not_begin_with_the_companys_own_note(cast, log_in):
    row = logged.filed(cast, note=COMPANY)
    assert values(log_in(cast.marketing_handler), "day_log", row, "confirm") == {"note": ("", "")}


def test_a_stale_refusal_does_not_hold_the_argument_against_the_answer(cast, log_in):
    row = advice(cast)
    advising.reword(advice_id=row.pk, actor=cast.property_clerk, risk="车辆涉水")
    shown = values(log_in(cast.design_reviewer), "advice", row, "decline", reason="结构不允许", seen="1")
    assert shown == {"reason": ("结构不允许", "")}


def test_the_date_of_a_repair_is_offered_again(cast, log_in):
    due = date(2026, 12, 10)
    row = site.found(cast, site.visit(cast), responsible="总包", due_on=due)
    assert values(log_in(cast.property_clerk), "finding", row, "hand") == {
        "responsible": ("总包", ""),
        "due_on": (due.isoformat(), ""),
    }
    finding.hand(finding_id=row.pk, actor=cast.property_clerk)
    finding.fix(finding_id=row.pk, actor=cast.project_engineer, note="重做防水")
    assert values(log_in(cast.property_clerk), "finding", row, "send_back") == {
        "reason": ("", ""),
        "due_on": (due.isoformat(), ""),
    }
