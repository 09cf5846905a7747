"""Rules of appointing, its trail and its listeners."""

from datetime import date, timedelta

import pytest

from organization import appointing
from organization.models import Appointment, AppointmentEvent, Instalment, Person
from organization.posts import Post
from organization.refusals import NotAllowed, OrganizationRefused

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
pytestmark = pytest.mark.django_db

# person, post, project, department, part of the refusal; typed by hand
REFUSED = [
    ("administrator", "finance", None, None, "不能担任岗位"),
    ("deactivated", "property_clerk", "CH", None, "已停用"),
    ("outsider", "marketing_handler", "CH", None, "须由示例地产（临江）有限公司的人员担任"),
    ("finance", "property_clerk", "CH", None, "须由示例物业服务有限公司的人员担任"),
    ("foreign_clerk", "property_clerk", "CH", None, "须由示例物业服务有限公司的人员担任"),
    ("outsider", "general_manager", None, None, "不能担任城市公司总经理"),
    ("finance", "regional_vp", "CH", None, "须由示例地产华东区域公司的人员担任"),
    ("regional_vp", "finance", "CH", None, "须由示例地产（临江）有限公司的人员担任"),
    ("finance", "leader_in_charge", "CH", None, "须写明部门"),
    ("foreign_general_manager", "leader_in_charge", "WB", "成本部", "不是 柳青 所在公司的部门"),
    ("outsider", "chief_of_everything", "CH", None, "没有这个岗位"),
    ("property_clerk", "property_clerk", "CH", None, "不能重叠"),
]


def appoint(cast, username, post, project=None, department=None, actor=None, **dates):
    return appointing.appoint(
        actor=actor,
        person=cast[username],
        post=post,
        project=cast.projects[project] if project else None,
        department=cast.departments[department] if department else None,
        starts_on=dates.pop("starts_on", TODAY),
        **dates,
    )


@pytest.mark.parametrize(("username", "post", "project", "department", "sentence"), REFUSED)
def test_refused_appointments_say_why_and_leave_nothing(cast, username, post, project, department, sentence):
    before = (Appointment.objects.count(), AppointmentEvent.objects.count())
    with pytest.raises(OrganizationRefused) as refusal:
        appoint(cast, username, post, project, department)
    assert sentence in str(refusal.value)
    assert (Appointment.objects.count(), AppointmentEvent.objects.count()) == before


def test_where_no_region_is_named_the_developers_own_person_is_regional_vp(cast):
    appointment = appoint(cast, "foreign_general_manager", "regional_vp", "WB")
    assert appointment.post == Post.REGIONAL_VP


def test_one_person_may_hold_several_posts_and_the_same_post_again_later(cast):
    appoint(cast, "outsider", "property_clerk", "CH", ends_on=TODAY)
    appoint(cast, "outsider", "property_finance", "CH")
    appoint(cast, "outsider", "property_clerk", "CH", starts_on=TODAY + timedelta(days=1))
    assert cast.outsider.appointments.count() == 3


def test_only_administrators_appoint(cast):
    with pytest.raises(NotAllowed) as refusal:
        appoint(cast, "outsider", "property_clerk", "CH", actor=cast.general_manager)
    assert refusal.value.status == 403
    assert appoint(cast, "outsider", "property_clerk", "CH", actor=cast.administrator).created_by == cast.administrator


def test_an_administrator_deactivated_a_moment_ago_appoints_no_longer(cast):
    Person.objects.filter(username="administrator").update(is_active=False)
    with pytest.raises(NotAllowed):
        appoint(cast, "outsider", "property_clerk", "CH", actor=cast.administrator)


def test_an_end_sets_the_last_day_and_says_so_on_the_trail(cast):
    appointment = Appointment.objects.get(person=cast.property_clerk)
    appointing.end_appointment(actor=cast.administrator, appointment=appointment, ends_on=TODAY)
    event = AppointmentEvent.objects.last()
    assert (event.code, event.actor, event.parameters["ends_on"]) == ("ended", cast.administrator, "2026-11-23")
    assert list(appointing.differences()) == []


def test_a_mistake_of_today_is_taken_back_at_once(cast):
    appointment = appoint(cast, "outsider", "property_clerk", "CH", actor=cast.administrator)
    appointing.end_appointment(actor=cast.administrator, appointment=appointment, ends_on=YESTERDAY)
    assert not Appointment.objects.active(TODAY).filter(person=cast.outsider).exists()
    # It never was in force, so it stands in nobody's way.
    appoint(cast, "outsider", "property_clerk", "CH", actor=cast.administrator)


@pytest.mark.parametrize("days", [-2, -400])
def test_days_on_which_was_signed_by_right_are_not_taken_back(cast, days):
    appointment = Appointment.objects.get(person=cast.property_clerk)
    with pytest.raises(OrganizationRefused, match="结束日期不能早于 2026-11-22"):
        appointing.end_appointment(
            actor=cast.administrator, appointment=appointment, ends_on=TODAY + timedelta(days=days)
        )


def test_an_appointment_that_has_run_out_is_history(cast):
    appointment = appoint(cast, "outsider", "property_clerk", "CH", starts_on=date(2026, 1, 1), ends_on=YESTERDAY)
    with pytest.raises(OrganizationRefused, match="已经结束"):
        appointing.end_appointment(actor=cast.administrator, appointment=appointment, ends_on=date(2027, 1, 1))


def test_listeners_run_inside_the_transaction_and_undo_it_when_they_fail(cast):
    heard = []

    def listener(appointment, code, actor):
        heard.append((appointment.post, code, actor))
        raise RuntimeError

    appointing.listen(listener)
    try:
        with pytest.raises(RuntimeError):
            appoint(cast, "outsider", "property_clerk", "CH", actor=cast.administrator)
    finally:
        appointing._listeners.remove(listener)
    assert heard == [("property_clerk", "appointed", cast.administrator)]
    assert not cast.outsider.appointments.exists()


def test_deactivating_shuts_out_and_keeps_everything(cast, client):
    client.force_login(cast.property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/me/").status_code == 200
    appointing.deactivate(actor=cast.administrator, person=cast.property_clerk)
    assert client.get("/me/").status_code == 302
    assert cast.property_clerk.appointments.count() == 1
    with pytest.raises(OrganizationRefused, match="不能停用自己"):
        appointing.deactivate(actor=cast.administrator, person=cast.administrator)


def test_one_who_comes_back_gets_a_new_password_and_old_sessions_stay_dead(cast, client):
    client.force_login(cast.property_clerk, backend="django.contrib.auth.backends.ModelBackend")
    appointing.deactivate(actor=cast.administrator, person=cast.property_clerk)
    appointing.reactivate(actor=cast.administrator, person=cast.property_clerk, password="another-long-one-2026")
    assert client.get("/me/").status_code == 302
    assert Person.objects.get(username="property_clerk").must_change_password
    assert list(appointing.differences()) == []


@pytest.mark.parametrize("company", [None, "property"])
def test_an_administrator_has_no_company_and_everybody_else_has_one(cast, company):
    with pytest.raises(OrganizationRefused, match="系统管理员不属于任何公司"):
        appointing.create_person(
            actor=None,
            username="new",
            name="新人",
            company=cast.companies[company] if company else None,
            password="a-long-password-2026",
            is_administrator=company is not None,
        )


def test_a_password_given_by_an_administrator_is_checked_and_due_for_change(cast):
    given = {"username": "new", "name": "新人", "company": cast.companies["property"]}
    with pytest.raises(OrganizationRefused):
        appointing.create_person(actor=cast.administrator, password="short", **given)
    person = appointing.create_person(actor=cast.administrator, password="a-long-password-2026", **given)
    assert person.must_change_password
    with pytest.raises(OrganizationRefused, match="已被使用"):
        appointing.create_person(actor=cast.administrator, password="a-long-password-2026", **given)


# person, field, allowed
DATES = [
    ("administrator", "planned_move_in_on", True),
    ("administrator", "actual_move_in_on", True),
    ("service_head", "announced_move_in_on", True),
    ("service_head", "actual_move_in_on", True),
    ("service_head", "planned_move_in_on", True),
    ("marketing_head", "sales_office_opens_on", True),
    ("marketing_handler", "completion_acceptance_on", True),
    ("department_head", "planned_move_in_on", True),
    ("marketing_head", "actual_move_in_on", False),
    ("property_project_manager", "sales_office_opens_on", False),
    ("project_engineer", "completion_acceptance_on", False),
    ("yj_marketing_handler", "sales_office_opens_on", False),
    ("foreign_general_manager", "planned_move_in_on", False),
    ("service_handler", "actual_move_in_on", False),
    ("department_head", "actual_move_in_on", False),
    ("general_manager", "actual_move_in_on", False),
    ("foreign_general_manager", "actual_move_in_on", False),
]


@pytest.mark.parametrize(("username", "field", "allowed"), DATES)
def test_who_writes_a_date_of_an_instalment(cast, username, field, allowed):
    given = {"actor": cast[username], "place": cast.instalments["CH-2"], "reason": "竣工推迟"}
    day = date(2026, 11, 20)
    given[field] = day
    if allowed:
        assert getattr(appointing.set_dates(**given), field) == day
    else:
        with pytest.raises(NotAllowed):
            appointing.set_dates(**given)
        assert getattr(Instalment.objects.get(code="CH-2"), field) != day


def test_nobody_has_moved_in_on_a_day_to_come(cast):
    with pytest.raises(OrganizationRefused, match="不能晚于今天"):
        appointing.set_dates(
            actor=cast.service_head, place=cast.instalments["CH-2"], reason="预计", actual_move_in_on=date(2026, 11, 24)
        )
    assert Instalment.objects.get(code="CH-2").actual_move_in_on is None


def test_a_move_in_date_changes_with_a_reason_and_the_trail_keeps_the_old_one(cast):
    given = {"actor": cast.service_head, "place": cast.instalments["CH-2"]}
    with pytest.raises(OrganizationRefused, match="原因"):
        appointing.set_dates(reason="  ", actual_move_in_on=date(2027, 7, 31), **given)
    with pytest.raises(OrganizationRefused, match="没有变化"):
        appointing.set_dates(reason="无", actual_move_in_on=None, **given)
    appointing.set_dates(reason="提前交付", announced_move_in_on=date(2027, 5, 1), **given)
    said = AppointmentEvent.objects.last().parameters
    assert said["reason"] == "提前交付"
    assert (said["before"]["announced_move_in_on"], said["announced_move_in_on"]) == (None, "2027-05-01")


def test_contacts_are_between_departments_of_the_two_companies_of_the_project(cast):
    city, own = cast.companies["city"].departments.first(), cast.companies["property"].departments.first()
    given = {"project": cast.projects["CH"], "phase": "marketing", "contacted_on": TODAY}
    with pytest.raises(OrganizationRefused, match="地产部门"):
        appointing.record_contact(
            actor=cast.service_handler, developer_department=own, property_department=own, **given
        )
    with pytest.raises(NotAllowed):
        appointing.record_contact(
            actor=cast.property_clerk, developer_department=city, property_department=own, **given
        )
    contact = appointing.record_contact(
        actor=cast.service_handler, developer_department=city, property_department=own, **given
    )
    assert contact.project == cast.projects["CH"]
