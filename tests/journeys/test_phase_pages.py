"""The pages of early intervention that no other journey opens, each with something to show, at both sizes and for axe."""

from datetime import date

import pytest
from django.urls import reverse

from intervention.models import Assessment, PlanItem
from tests.intervention import assessed, logged, papered, planned, site, test_advice, test_survey
from tests.journeys.walking import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(real_transactions, browser, live_server, settings, tmp_path):
    settings.SITE_URL = live_server.url
    walking = Walk(browser, live_server.url, tmp_path / "screens", first=100)
    yield walking
    walking.finish()


def furnish(cast):
    """A plan that runs, a walk with a finding and photographs, logs, a meeting's guard posts, papers, assessments."""
    laid = planned.plan(cast, "CH-2")
    for phase in ("planning", "marketing", "engineering"):
        planned.started(laid, phase, cast)
    finding = site.brought(cast, "handed")
    site.photograph(cast, finding, site.jpeg((640, 480), "grey"), site.jpeg((480, 640), "brown"))
    logged.confirmed(cast)
    logged.filed(cast, spot="sales_office", day=date(2026, 11, 21))
    log = logged.begun(cast, spot="event", day=date(2026, 11, 22))
    papered.approved(papered.agreement(cast), cast)
    papered.found(cast)
    test_advice.brought(cast, "adopted")
    test_advice.brought(cast, "open")
    for estate in ("金色家园", "翡翠湾", "望江府"):
        test_survey.surveyed(cast, estate=estate)
    assessed.year(cast, 3)
    assessed.unanswered(cast, "post")
    return {"plan": laid, "finding": finding, "log": log}


def addresses(made):
    """Page by name: who opens it, and where."""
    plan, month = made["plan"].pk, {"project": "CH", "month": "2026-11"}
    waiting = Assessment.objects.get(side="post")
    done = Assessment.objects.filter(side="pre").first()
    row = PlanItem.objects.filter(phase__plan=plan, kind="activity").first()
    return {
        "phases-timeline": ("service_handler", reverse("intervention:timeline")),
        "phases-board": ("service_handler", reverse("intervention:board")),
        "phases-calendar": ("service_handler", reverse("intervention:calendar")),
        "phases-due": ("service_handler", reverse("intervention:due")),
        "phase": ("property_project_manager", reverse("intervention:phase", args=[plan, "engineering"])),
        "plan-log": ("property_project_manager", reverse("intervention:log", args=[plan])),
        "plan-row": ("service_handler", reverse("intervention:act_item", args=[row.pk, "move"])),
        "finding": ("property_clerk", reverse("intervention:finding", args=[made["finding"].pk])),
        "visits": ("property_clerk", reverse("intervention:visits")),
        "day-logs": ("property_clerk", reverse("intervention:day_logs")),
        "day-log": ("property_clerk", reverse("intervention:day_log", args=[made["log"].pk])),
        "day-month": ("marketing_handler", reverse("intervention:day_month", kwargs=month)),
        "new-day-log": ("property_clerk", reverse("intervention:new_record", args=["day_log"])),
        "new-visit": ("property_clerk", reverse("intervention:new_record", args=["visit"])),
        "advice": ("design_reviewer", reverse("intervention:advice_list")),
        "survey": ("property_clerk", reverse("intervention:survey")),
        "agreements": ("service_handler", reverse("intervention:agreements")),
        "found-in-use": ("marketing_handler", reverse("intervention:find_promise")),
        "meetings": ("project_engineer", reverse("intervention:meetings")),
        "guard-posts": ("property_clerk", reverse("intervention:guard_posts")),
        "assessments": ("service_head", reverse("intervention:assessments")),
        "assessment-unanswered": ("service_head", reverse("intervention:assessment", args=[waiting.pk])),
        "assessment-closed": ("property_project_manager", reverse("intervention:assessment", args=[done.pk])),
        "assessment-trend": ("department_head", reverse("intervention:assessment_trend")),
        "template": ("administrator", reverse("intervention:template")),
        "required-contents": ("administrator", reverse("intervention:contents")),
        "photo-rule": ("administrator", reverse("intervention:photo_rules")),
        "checklist": ("administrator", reverse("intervention:criteria")),
        "dates": ("marketing_head", reverse("intervention:shift", args=["CH"])),
        "dates-preview": (
            "marketing_head",
            reverse("intervention:shift", args=["CH"]) + "?instalment:CH-2:completion_acceptance_on=2027-09-01",
        ),
        "dates-read": ("property_clerk", reverse("intervention:shift", args=["CH"])),
        "new-plan": ("service_handler", reverse("intervention:new_plan") + "?project=CH"),
        "my-due": ("property_clerk", reverse("intervention:due") + "?posts=mine"),
        "help": ("property_clerk", reverse("help")),
        "offline": ("property_clerk", reverse("offline")),
    }


def test_every_page_is_sound_at_both_sizes(walk, cast):
    made = furnish(cast)
    for name, (username, address) in addresses(made).items():
        page = walk.page(username)
        answer = page.goto(address)
        assert answer is not None, name
        assert answer.status == 200, name
        walk.look(page, name)
