"""Settings of early intervention over REST: the same verbs as the pages, administrators only."""

import pytest

from intervention.models import AssessmentCriterion, ChecklistItem, PhotoPolicy, TemplateItem
from organization.models import AppointmentEvent
from tests.api.programs import Program

pytestmark = pytest.mark.django_db

ROUTES = ("phase-rows", "contents", "criteria", "photo-rules")


def test_a_row_of_the_template_is_added_and_changed(cast):
    program = Program(cast.administrator)
    made = program.post("settings/phase-rows/", {
        "phase": "marketing", "kind": "activity", "title": "样板间开放前清点", "clause": "3.1.2", "post": "property_clerk",
        "anchor": "sales_office", "months": -1,
    })  # fmt: skip
    assert made.status_code == 201, made.json()
    row = made.json()
    moved = program.patch(f"settings/phase-rows/{row['id']}/", {"days": -10})
    assert (moved.status_code, moved.json()["days"], moved.json()["months"]) == (200, -10, -1)
    gone = program.patch(f"settings/phase-rows/{row['id']}/", {"is_active": False})
    assert gone.json()["is_active"] is False
    assert [one["is_active"] for one in program.get("settings/phase-rows/").json() if one["id"] == row["id"]] == [False]
    start = TemplateItem.objects.filter(kind="start").first()
    refused = program.patch(f"settings/phase-rows/{start.pk}/", {"is_active": False})
    assert (refused.status_code, refused.json()["errors"]) == (400, ["每个阶段都要有启动日期，此项不能停用。"])
    assert AppointmentEvent.objects.filter(code__startswith="template").count() == 3


def test_contents_criteria_grades_and_the_rule_of_photographs_are_kept(cast):
    program = Program(cast.administrator)
    content = program.post("settings/contents/", {"result": "defect_list", "title": "复查结论"}).json()
    renamed = program.patch(f"settings/contents/{content['id']}/", {"title": "复查结果", "is_active": False})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "复查结果")
    assert ChecklistItem.objects.get(pk=content["id"]).is_active is False
    item = {"title": "信息报送", "basis": "3.1：按月报送", "points": "5"}
    criterion = program.post("settings/criteria/", item)
    assert criterion.status_code == 201, criterion.json()
    key = criterion.json()["id"]
    assert program.patch(f"settings/criteria/{key}/", {"points": "8.5"}).json()["points"] == "8.5"
    assert AssessmentCriterion.objects.get(pk=key).title == "信息报送"
    bands = {"bands": [{"start": 60, "word": "过关"}, {"start": 0, "word": "不过关"}]}
    assert program.put("settings/grades/", bands).json() == bands["bands"]
    low = program.put("settings/grades/", {"bands": [{"start": 60, "word": "过关"}]})
    assert (low.status_code, "最低一级须从 0 分起" in low.json()["errors"][0]) == (400, True)
    rule = {"project": "CH", "keeps_position": True}
    assert program.put("settings/photo-rules/", rule).status_code == 200
    assert PhotoPolicy.objects.get().keeps_position
    assert rule in program.get("settings/photo-rules/").json()


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_else_reads_or_keeps_them(cast, route):
    for username in ("department_head", "service_head", "property_clerk", "outsider"):
        assert Program(cast[username]).get(f"settings/{route}/").status_code == 403
