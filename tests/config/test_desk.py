"""The administrator's first page: what has to be put right, and nothing of the clerk's work table."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.desk import chores
from documents.models import Notice
from documents.trail import seal_day, unsealed_since
from organization import appointing, calendars, clock
from organization.models import Appointment
from organization.posts import Post
from tests import forms

pytestmark = pytest.mark.django_db


def chore(title):
    return next((one for one in chores() if one.title == title), None)


def named(title):
    found = chore(title)
    return [(label, detail) for label, detail, _url in found.rows] if found else []


def end(person):
    Appointment.objects.filter(person=person).update(ends_on=clock.today() - timedelta(days=1))


def test_the_administrator_is_shown_what_to_put_right_and_no_work_table(cast, log_in):
    page = log_in(cast.administrator).get("/").content.decode()
    for text in ("没有岗位的人员", cast.outsider.name, "系统维护", "必备资料", "类别和科目"):
        assert text in page
    for text in ("待我审批", "发起申请", "我的项目"):
        assert text not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("username", ["property_clerk", "general_manager", "outsider"])
def test_everybody_else_keeps_the_work_table(cast, log_in, username):
    page = log_in(cast[username]).get("/").content.decode()
    assert "待我审批" in page
    assert "系统维护" not in page


def test_people_without_a_post_are_named_until_they_get_one(cast):
    assert [label for label, _detail in named("没有岗位的人员")] == [cast.outsider.name]
    end(cast.finance)
    assert cast.finance.name in [label for label, _detail in named("没有岗位的人员")]
    # One that begins next month counts; who is deactivated needs none.
    appointing.appoint(
        actor=None,
        person=cast.outsider,
        post=Post.PROPERTY_CLERK,
        project=cast.projects["CH"],
        starts_on=clock.today() + timedelta(days=20),
    )
    appointing.deactivate(actor=None, person=cast.finance)
    assert named("没有岗位的人员") == []


def test_a_post_that_nobody_holds_is_named_with_its_projects(cast):
    before = dict(named("有空缺岗位的项目"))
    assert "翠湖花园" not in before
    end(cast.marketing_head)
    after = dict(named("有空缺岗位的项目"))
    assert after["翠湖花园"] == "营销小组负责人"
    # A project that rests needs nobody.
    cast.projects["CH"].is_active = False
    cast.projects["CH"].save()
    assert "翠湖花园" not in dict(named("有空缺岗位的项目"))


def test_a_project_without_instalments_is_named(cast):
    assert named("没有分期的项目") == []
    project = cast.projects["CH"]
    appointing.create_project(
        actor=None,
        code="XX",
        name="新项目",
        developer=project.developer,
        property_company=project.property_company,
        region=None,
    )
    assert named("没有分期的项目") == [("新项目", "XX")]


def test_mail_that_does_not_leave_within_an_hour_is_counted(cast, fixed_clock):
    cast.property_leader.email = "leader@example.com"
    cast.property_leader.save()
    forms.submitted(cast)
    assert Notice.objects.filter(recipient=cast.property_leader, mailed_at=None).count() == 1
    assert chore("一小时以上没有发出的邮件") is None
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 23, 10, 1))
    # Those who have no address are told in the system alone.
    assert chore("一小时以上没有发出的邮件").count == 1
    Notice.objects.filter(recipient=cast.property_leader).update(mailed_at=clock.now())
    assert chore("一小时以上没有发出的邮件") is None


def test_days_that_were_not_sealed_are_told(cast, fixed_clock):
    assert unsealed_since(date(2026, 11, 23)) is None
    forms.submitted(cast)
    assert unsealed_since(date(2026, 11, 24)) is None
    assert unsealed_since(date(2026, 11, 25)) == date(2026, 11, 23)
    fixed_clock.set_clock(fixed_clock.shanghai(2026, 11, 25))
    assert "自 2026-11-23 起没有封存" in chore("留痕没有按日封存").text
    seal_day(date(2026, 11, 24))
    assert chore("留痕没有按日封存") is None


def test_the_desk_costs_the_same_for_1_and_3_rows(cast, log_in):
    client = log_in(cast.administrator)
    client.get("/")
    costs = []
    for username in ("marketing_head", "service_head", "finance"):
        end(cast[username])
        with CaptureQueriesContext(connection) as queries:
            assert cast[username].name in client.get("/").content.decode()
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_a_year_without_its_holidays_is_a_chore_until_it_is_imported(cast):
    assert "2027 年节假日未导入" in chore("节假日未导入").text
    calendars.import_calendar(
        actor=cast.administrator, data="2027-01-01,休,元旦\n2027-10-01,休,国庆节", source="国务院办公厅"
    )
    assert chore("节假日未导入") is None
