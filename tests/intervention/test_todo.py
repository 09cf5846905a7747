"""What early intervention wants of each person, as the work table shows it."""

from datetime import date

import pytest

from intervention.todo import chores
from tests.intervention import assessed, logged, papered, planned, site, test_advice

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(cast, fixed_clock):
    """Findings in three states, a log to confirm, advice, a promise in use, an assessment to answer and one to close."""
    planned.started(planned.plan(cast, "CH-2"), "marketing", cast)
    walked = site.visit(cast)
    for state in ("open", "handed", "handed", "fixed", "closed"):
        site.brought(cast, state, walked)
    logged.filed(cast)
    test_advice.brought(cast, "open")
    papered.found(cast)
    assessed.scored(cast)
    assessed.accepted(cast, "post")
    assessed.opened(cast, "post", date(2026, 11, 1))
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 12, 15))
    return cast


def told(person, project=""):
    return {chore.label: (chore.n, chore.late) for chore in chores(person, project)}


@pytest.mark.parametrize(
    ("username", "waits"),
    [
        ("project_engineer", {"现场问题待整改": (2, 2)}),
        ("marketing_handler", {"工作日志待确认": (1, 0), "在用未确认的宣传": (1, 0)}),
        ("design_reviewer", {"设计建议待答复": (1, 0)}),
        ("service_head", {"月度考核待评分": (1, 0), "月度考核待办结": (1, 0)}),
        ("service_handler", {"月度考核待评分": (1, 0)}),
        ("marketing_head", {"在用未确认的宣传": (1, 0)}),
        ("finance", {}),
        ("yj_marketing_handler", {}),
        ("outsider", {}),
    ],
)
def test_each_post_is_told_what_waits_for_it(busy, username, waits):
    found = told(busy[username])
    found.pop("计划事项（我的岗位）", None)
    assert found == waits


def test_clerk_and_manager_are_told_of_rechecks_and_answers_and_of_their_rows_of_the_plan(busy):
    manager = told(busy.property_project_manager)
    assert (manager["现场问题待复查"], manager["现场问题待移交"], manager["月度考核待答复"]) == ((1, 0), (1, 0), (1, 0))
    n, late = manager["计划事项（我的岗位）"]
    assert n >= late > 0


def test_the_work_table_leads_to_the_rows_and_keeps_to_the_chosen_project(busy, log_in):
    engineer = busy.project_engineer
    page = log_in(engineer).get("/").content.decode()
    assert "前期介入待办" in page
    address = "/intervention/findings/?state=handed"
    assert address in page
    assert log_in(engineer).get(address).context["rows"]
    assert told(engineer, "CH")["现场问题待整改"] == (2, 2)
    assert told(engineer, "YJ") == {}
    assert "前期介入待办" not in log_in(busy.finance).get("/").content.decode()


def test_a_phase_is_shown_from_the_day_it_began_with_the_planned_day_beside_it(cast, log_in):
    laid = planned.plan(cast, "CH-2")
    planned.started(laid, "engineering", cast)
    lines = log_in(cast.service_handler).get("/intervention/").context["chart"].groups[0].lines
    begun = next(line for line in lines if line.phase.phase == "engineering")
    assert (begun.starts_on, begun.planned_on) == (date(2026, 11, 23), date(2026, 12, 30))
    waiting = next(line for line in lines if line.phase.phase == "handover")
    assert waiting.planned_on is None


@pytest.mark.parametrize(("page", "states"), [("days", 1), ("advice", 1), ("assessments", 1)])
def test_a_register_has_one_filter_of_states(busy, log_in, page, states):
    text = log_in(busy.marketing_handler).get(f"/intervention/{page}/").content.decode()
    assert text.count('name="state"') == states


@pytest.mark.parametrize(
    "username",
    [
        "project_engineer",
        "property_clerk",
        "property_project_manager",
        "marketing_handler",
        "marketing_head",
        "service_handler",
        "service_head",
        "design_reviewer",
    ],
)
def test_the_work_table_counts_the_rows_that_its_links_show(busy, log_in, username):
    """Rows of the plan are those of the posts held, of one side as of both, whatever else of the plan is due."""
    assessed.accepted(busy, month=date(2026, 9, 1))
    client = log_in(busy[username])
    found = chores(busy[username])
    assert found
    for chore in found:
        shown = client.get(chore.url).context
        rows = [*shown["overdue"], *shown["near"]] if "overdue" in shown else shown["rows"]
        assert (chore.label, len(rows)) == (chore.label, chore.n)
    everything = client.get("/intervention/due/").context
    assert len(everything["overdue"]) + len(everything["near"]) > next(
        (one.n for one in found if "计划" in one.label), 0
    )
