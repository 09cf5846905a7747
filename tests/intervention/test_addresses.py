"""What stands in an address or comes from a device and can't be meant: answered in words, never with a fault of ours."""

from datetime import date

import pytest
from django.core.management import call_command

from documents.models import Notice
from intervention.models import Visit
from organization import places
from organization.models import Project
from organization.refusals import OrganizationRefused
from tests.api.programs import Program
from tests.intervention import planned, site

pytestmark = pytest.mark.django_db
MONTH = "请填写月份，例如 2026-12。"


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1999-12", "2100-01", "２０２６-12"])
@pytest.mark.parametrize("page", ["calendar/", "days/", "guard-posts/", "assessments/trend/"])
def test_a_month_that_cannot_be_meant_shows_this_month(cast, log_in, page, month):
    found = log_in(cast.property_clerk).get(f"/intervention/{page}", {"month": month})
    assert found.status_code == 200


@pytest.mark.parametrize("month", ["9999-12", "0001-01"])
@pytest.mark.parametrize("kind", ["day_log", "guard_post"])
def test_a_program_is_told_what_a_month_looks_like(cast, kind, month):
    answer = Program(cast.property_clerk).get(f"records/{kind}/", month=month)
    assert answer.status_code == 400
    assert "月份" in answer.json()["errors"][0]


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_an_anchor_lies_between_2000_and_2099(cast, day):
    planned.plan(cast)
    program = Program(cast.service_head)
    for sent in (
        {"project": {"sales_office_opens_on": day}},
        {"instalments": {"CH-2": {"announced_move_in_on": day}}},
    ):
        answer = program.put("projects/CH/plan-shift/", sent)
        assert (answer.status_code, "日期须在 2000 年至 2099 年之间。" in answer.json()["errors"][0]) == (400, True)
    said = date.fromisoformat(day)
    with pytest.raises(OrganizationRefused, match=f"售楼处开放：{day} 不在 2000 年至 2099 年之间，请改正。"):
        places.set_dates(actor=None, place=cast.projects["CH"], sales_office_opens_on=said)
    with pytest.raises(OrganizationRefused, match="计划入伙"):
        places.set_dates(actor=None, place=cast.instalments["CH-2"], planned_move_in_on=said)
    with pytest.raises(OrganizationRefused, match="计划入伙"):
        places.create_instalment(
            actor=None, project=cast.projects["CH"], code="CH-9", name="九期", planned_move_in_on=said
        )


def test_an_old_bad_anchor_silences_nobody_else(cast, fixed_clock):
    planned.plan(cast)
    made = site.found(cast, site.visit(cast))
    site.finding_verbs.hand(
        finding_id=made.pk, actor=cast.property_clerk, responsible="总包", due_on=date(2026, 11, 24)
    )
    Project.objects.filter(code="CH").update(sales_office_opens_on=date(1, 1, 1))
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 27))
    with pytest.raises(ValueError, match="year"):
        call_command("tick")
    assert Notice.objects.filter(code="site.overdue").exists()


NUL = (
    *(f"records/finding/?{name}=%00" for name in ("building", "text", "instalment", "project")),
    "records/advice/?text=%00",
)


@pytest.mark.parametrize("path", NUL)
def test_a_filter_with_nul_is_refused_in_words(cast, path):
    answer = Program(cast.property_clerk).get(path)
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        ["查询条件含有不可见的控制字符，请删去后重新查询。"],
    )


def test_nothing_is_called_by_a_name_with_nul(cast):
    answer = Program(cast.property_clerk).get("projects/%00/plan-shift/")
    assert (answer.status_code, answer.json()["errors"]) == (404, ["页面不存在，或您没有查看权限。"])


@pytest.mark.parametrize("key", ["a\0b", "x" * 37])
def test_a_key_that_no_device_makes_is_refused(cast, log_in, key):
    sent = {
        "place": "CH-2", "sent_key": key, "day": "2026-11-23", "kind": "patrol", "trades": ["civil"], "participants": "安平",
    }  # fmt: skip
    page = log_in(cast.property_clerk).post("/intervention/records/visit/new/", sent)
    assert (page.status_code, "设备编号：" in page.content.decode()) == (400, True)
    assert not Visit.objects.exists()
