"""The template's settings: rows added, taken out of use and back; plans laid out keep what they took over."""

import pytest

from documents.refusals import Invalid
from intervention import templating
from intervention.models import PlanItem, TemplateItem
from organization.models import AppointmentEvent
from organization.refusals import NotAllowed
from tests.intervention import planned

pytestmark = pytest.mark.django_db
NEW = {
    "phase": "planning",
    "kind": "activity",
    "title": "复核车位配比",
    "result": "",
    "clause": "3.1.1",
    "post": "property_project_manager",
    "anchor": "positioning",
    "months": "1",
    "days": "0",
    "note": "公司要求",
}


def added(cast, **said):
    return templating.add_row(actor=cast.administrator, **{**NEW, "months": 1, "days": 0, **said})


def test_a_new_row_stands_behind_the_others_of_its_phase_in_new_plans_alone(cast, log_in):
    before = planned.plan(cast)
    client = log_in(cast.administrator)
    assert client.post("/settings/phases/new/", NEW).status_code == 302
    row = TemplateItem.objects.get(title="复核车位配比")
    order = list(TemplateItem.objects.filter(phase="planning").values_list("title", flat=True))
    assert order[-1] == "复核车位配比"
    phases = list(TemplateItem.objects.values_list("phase", flat=True))
    assert phases == sorted(phases, key=["planning", "marketing", "engineering", "handover", "move_in"].index)
    assert (row.key, row.holds, row.result) == ("planning.added_1", True, None)
    assert not PlanItem.objects.filter(phase__plan=before, title="复核车位配比").exists()
    later = planned.plan(cast, "CH-1")
    assert PlanItem.objects.get(phase__plan=later, title="复核车位配比").post == "property_project_manager"
    event = AppointmentEvent.objects.get(code="template_row_added")
    assert (event.parameters["name"], event.parameters["phase"]) == ("复核车位配比", "planning")
    assert "前期介入模板已新增事项" in client.get("/settings/trail/").content.decode()
    assert added(cast, title="复核充电桩").key == "planning.added_2"


def test_a_row_goes_out_of_use_and_comes_back(cast, log_in):
    client = log_in(cast.administrator)
    row = TemplateItem.objects.get(key="planning.survey")
    assert client.post(f"/settings/phases/{row.pk}/deactivate/").status_code == 302
    assert not PlanItem.objects.filter(phase__plan=planned.plan(cast), key="planning.survey").exists()
    client.post(f"/settings/phases/{row.pk}/deactivate/")
    assert client.post(f"/settings/phases/{row.pk}/activate/").status_code == 302
    assert PlanItem.objects.filter(phase__plan=planned.plan(cast, "CH-1"), key="planning.survey").exists()
    codes = list(AppointmentEvent.objects.filter(code__startswith="template_row").values_list("code", flat=True))
    assert sorted(codes) == ["template_row_activated", "template_row_deactivated"]
    trail = client.get("/settings/trail/").content.decode()
    assert "停用前期介入模板事项" in trail
    assert "启用前期介入模板事项" in trail


def test_a_phase_keeps_its_start(cast, log_in):
    start = TemplateItem.objects.get(key="planning.start")
    client = log_in(cast.administrator)
    answer = client.post(f"/settings/phases/{start.pk}/deactivate/")
    assert answer.status_code == 400
    assert "每个阶段都要有启动日期，此项不能停用。" in answer.content.decode()
    assert TemplateItem.objects.get(pk=start.pk).is_active
    assert f"/settings/phases/{start.pk}/deactivate/" not in client.get("/settings/phases/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "start"}, "启动日期每个阶段只有一个，请修改原有的一项"),
        ({"phase": "nowhere"}, "请选择阶段和类别"),
        ({"result": "defect_list"}, "「工作」不对应成果"),
        ({"kind": "result"}, "请选择是哪一项成果的日期"),
        ({"kind": "result", "result": "defect_list"}, "《房屋质量缺陷表》在「工程配合」已有一项"),
        ({"kind": "warning", "result": "nothing"}, "没有这种成果"),
        ({"title": " "}, "请填写事项，一行以内"),
        ({"clause": "甲\n乙"}, "请填写条款，一行以内"),
        ({"title": "x" * 121}, "有 121 字，请不超过 120 字"),
    ],
)
def test_what_a_new_row_may_not_be(cast, changes, sentence):
    count = TemplateItem.objects.count()
    with pytest.raises(Invalid, match=sentence):
        added(cast, **changes)
    assert TemplateItem.objects.count() == count


def test_the_same_row_twice_is_refused_and_nothing_typed_is_lost(cast, log_in):
    client = log_in(cast.administrator)
    added(cast)
    answer = client.post("/settings/phases/new/", NEW | {"note": "我写的说明"})
    assert answer.status_code == 400
    assert "本阶段已有「复核车位配比」，不能重复" in answer.content.decode()
    assert "我写的说明" in answer.content.decode()
    faulty = client.post("/settings/phases/new/", NEW | {"months": "99"})
    assert faulty.status_code == 400


def test_a_date_of_the_law_holds_nothing_open_and_may_speak_of_a_result(cast):
    row = added(cast, phase="move_in", kind="warning", title="入住文件须在交付前公示", result="move_in_papers")
    assert (row.holds, row.result) == (False, "move_in_papers")
    assert planned.item(planned.plan(cast), row.key).kind == "warning"


def test_a_result_without_a_date_gets_one(cast):
    TemplateItem.objects.filter(key="engineering.defect_list").delete()
    row = added(cast, phase="engineering", kind="result", title="提交缺陷表", result="defect_list")
    assert row.holds is True


@pytest.mark.parametrize("username", ["service_head", "property_project_manager"])
def test_nobody_else_keeps_the_template(cast, username):
    with pytest.raises(NotAllowed):
        templating.add_row(actor=cast[username], **{**NEW, "months": 1, "days": 0})
    with pytest.raises(NotAllowed):
        templating.switch_row(actor=cast[username], row=TemplateItem.objects.get(key="planning.survey"), active=False)
