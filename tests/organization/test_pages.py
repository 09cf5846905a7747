"""Persons × pages: a literal table, and what the pages do."""

from datetime import date

import pytest
from django.urls import get_resolver

from organization.models import Appointment, AppointmentEvent, Company, Department, Person, Project

pytestmark = pytest.mark.django_db

PERSONS = ["administrator", "property_clerk", "service_head", "service_handler", "general_manager", "foreign_clerk"]

# page: status for each of PERSONS, in their order; 302 for nobody who is logged in. Typed by hand.
TABLE = {
    "/me/": [200, 200, 200, 200, 200, 200],
    "/me/password/": [200, 200, 200, 200, 200, 200],
    "/projects/": [200, 200, 200, 200, 200, 200],
    "/projects/new/": [200, 403, 403, 403, 403, 403],
    "/projects/CH/": [200, 200, 200, 200, 200, 404],
    "/projects/CH/roster/": [200, 200, 200, 200, 200, 404],
    "/projects/CH/edit/": [200, 403, 403, 403, 403, 403],
    "/projects/CH/contacts/new/": [200, 403, 200, 200, 403, 404],
    "/projects/CH/instalments/new/": [200, 403, 403, 403, 403, 403],
    "/projects/WB/": [200, 404, 404, 404, 404, 200],
    "/projects/WB/roster/": [200, 404, 404, 404, 404, 200],
    "/projects/NONE/": [404, 404, 404, 404, 404, 404],
    "/settings/people/": [200, 403, 403, 403, 403, 403],
    "/settings/people/new/": [200, 403, 403, 403, 403, 403],
    "/settings/people/1/": [200, 403, 403, 403, 403, 403],
    "/settings/people/1/edit/": [200, 403, 403, 403, 403, 403],
    "/settings/people/1/password/": [200, 403, 403, 403, 403, 403],
    "/settings/people/999999/": [404, 403, 403, 403, 403, 403],
    "/settings/posts/": [200, 403, 403, 403, 403, 403],
    "/settings/posts/appoint/": [200, 403, 403, 403, 403, 403],
    "/settings/posts/1/end/": [200, 403, 403, 403, 403, 403],
    "/settings/companies/": [200, 403, 403, 403, 403, 403],
    "/settings/companies/new/": [200, 403, 403, 403, 403, 403],
    "/settings/departments/new/": [200, 403, 403, 403, 403, 403],
    "/settings/calendar/": [200, 403, 403, 403, 403, 403],
    "/settings/trail/": [200, 403, 403, 403, 403, 403],
}
# Pages that answer POST alone, and the log-in, which has tests of its own.
POST_ONLY = {"/me/language/", "/logout/", "/settings/people/1/deactivate/"}
ELSEWHERE = {"/login/"}


def address(url, cast):
    """The table speaks of person 1 and appointment 1; the cast's own keys differ from run to run."""
    return url.replace("/people/1/", f"/people/{cast.property_clerk.pk}/").replace(
        "/posts/1/", f"/posts/{Appointment.objects.get(person=cast.property_clerk).pk}/"
    )


@pytest.mark.parametrize("url", TABLE)
def test_persons_and_pages(cast, log_in, client, url):
    assert client.get(address(url, cast)).status_code == 302
    statuses = [log_in(cast[name], fresh=True).get(address(url, cast)).status_code for name in PERSONS]
    assert statuses == TABLE[url]


def test_every_route_of_the_organization_has_its_row():
    patterns = get_resolver("organization.urls").url_patterns
    routes = {f"/{pattern.pattern}" for pattern in patterns}
    stand_ins = [("<str:code>", "CH"), ("<str:instalment_code>", "CH-1"), ("<int:pk>", "1")]
    for pattern, value in stand_ins:
        routes = {route.replace(pattern, value) for route in routes}
    assert routes <= set(TABLE) | POST_ONLY | ELSEWHERE
    assert routes >= (POST_ONLY | ELSEWHERE)


def test_a_foreign_project_answers_like_one_that_is_not_there(cast, log_in):
    client = log_in(cast.property_clerk)

    def body(url):
        response = client.get(url)
        assert response.status_code == 404
        # The log-out form's token is masked anew for each answer.
        return [line for line in response.content.decode().splitlines() if "csrfmiddlewaretoken" not in line]

    assert body("/projects/WB/") == body("/projects/NONE/")


@pytest.mark.parametrize("name", PERSONS[1:])
def test_those_who_may_not_change_nothing_by_posting_either(cast, log_in, name):
    before = AppointmentEvent.objects.count()
    client = log_in(cast[name])
    for url in [*TABLE, *POST_ONLY]:
        if url.startswith("/settings/") or url.endswith(("/new/", "/edit/")) and "contacts" not in url:
            assert client.post(address(url, cast), {"name": "x"}).status_code in {403, 405}
    assert AppointmentEvent.objects.count() == before


def test_an_administrator_makes_a_project_and_fills_its_posts_by_pages_alone(cast, log_in):
    client = log_in(cast.administrator)
    made = [
        ("/settings/companies/new/", {"code": "xh-wy", "name": "新河物业", "camp": "property"}),
        ("/settings/departments/new/", {"company": "", "name": "服务中心"}),
        (
            "/settings/people/new/",
            {"username": "xh_clerk", "name": "新河经办", "company": "", "password": "a-long-password-2026"},
        ),
    ]
    for url, data in made:
        if "company" in data:
            data["company"] = Company.objects.get(code="xh-wy").pk
        assert client.post(url, data).status_code == 302
    project = {
        "code": "XH",
        "name": "新河苑",
        "developer": cast.companies["city"].pk,
        "property_company": Company.objects.get(code="xh-wy").pk,
        "sales_office_opens_on": "2027-01-01",
    }
    assert client.post("/projects/new/", project).url == "/projects/XH/"
    batch = {"code": "XH-1", "name": "一期", "planned_move_in_on": "2028-01-01"}
    assert client.post("/projects/XH/instalments/new/", batch).status_code == 302
    person = Person.objects.get(username="xh_clerk")
    appointment = {
        "person": person.pk,
        "post": "property_clerk",
        "project": Project.objects.get(code="XH").pk,
        "department": Department.objects.get(name="服务中心").pk,
        "starts_on": "2026-11-01",
    }
    assert client.post("/settings/posts/appoint/", appointment).url == f"/settings/people/{person.pk}/"
    page = client.get("/projects/XH/roster/").content.decode()
    assert "新河经办" in page
    assert "服务中心" in page
    row = Appointment.objects.get(person=person)
    assert client.post(f"/settings/posts/{row.pk}/end/", {"ends_on": "2026-11-30"}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2026, 11, 30)


def test_what_a_verb_refuses_stands_on_the_page_and_what_was_typed_stays(cast, log_in):
    data = {"person": cast.finance.pk, "post": "property_clerk", "starts_on": "2026-11-01"}
    response = log_in(cast.administrator).post("/settings/posts/appoint/", data)
    page = response.content.decode()
    assert response.status_code == 400
    assert "冯丽华 属于示例地产（临江）有限公司，不能担任物业经办人。" in page
    assert 'value="2026-11-01"' in page


def test_a_department_post_without_its_department_is_told_beside_the_field(cast, log_in):
    data = {"person": cast.finance.pk, "post": "leader_in_charge", "starts_on": "2026-11-01"}
    page = log_in(cast.administrator).post("/settings/posts/appoint/", data).content.decode()
    assert 'href="#id_department"' in page


def test_dates_of_a_project_are_not_written_beside_its_name(cast, log_in):
    client = log_in(cast.administrator)
    project = Project.objects.get(code="CH")
    sent = {"name": "翠湖花园", "region": project.region_id, "is_active": "on", "sales_office_opens_on": "2030-01-01"}
    assert client.post("/projects/CH/edit/", sent).status_code == 302
    assert Project.objects.get(code="CH").sales_office_opens_on == project.sales_office_opens_on
    assert 'href="/intervention/dates/CH/"' in client.get("/projects/CH/").content.decode()


def test_the_roster_names_people_of_this_project_alone_and_leaves_out_who_was_shut_out(cast, log_in):
    page = log_in(cast.property_clerk).get("/projects/CH/roster/").content.decode()
    for name in ("林晓燕", "黄雅婷", "宋启明", "示例地产华东区域公司", "物业经办人", "长期"):
        assert name in page
    for name in ("田佳", "任宇航", "已离职", "局外人", "卫东"):
        assert name not in page


def test_the_administrators_own_account_is_not_deactivated_by_its_page(cast, log_in):
    client = log_in(cast.administrator)
    response = client.post(f"/settings/people/{cast.administrator.pk}/deactivate/", follow=True)
    assert "不能停用自己的账号" in response.content.decode()
    client.post(f"/settings/people/{cast.finance.pk}/deactivate/")
    assert not Person.objects.get(username="finance").is_active


def test_people_are_found_by_name_and_those_shut_out_on_request(cast, log_in):
    client = log_in(cast.administrator)
    assert "林晓燕" in client.get("/settings/people/?q=晓燕").content.decode()
    assert "已离职" not in client.get("/settings/people/").content.decode()
    assert "已离职" in client.get("/settings/people/?inactive").content.decode()


@pytest.mark.parametrize("query", ["before=abc", "before=-1", "before=99999999999999999999", "before=5", ""])
def test_the_trail_is_paged_by_key_and_takes_any_address(cast, log_in, query):
    assert log_in(cast.administrator).get(f"/settings/trail/?{query}").status_code == 200


@pytest.mark.parametrize("url", ["/projects/", "/settings/people/", "/settings/posts/"])
def test_lists_cost_the_same_however_long_they_are(cast, log_in, url, django_assert_max_num_queries):
    client = log_in(cast.administrator)
    client.get(url)
    with django_assert_max_num_queries(10):
        client.get(url)


def test_the_project_page_costs_the_same_for_every_project(cast, log_in, django_assert_max_num_queries):
    client = log_in(cast.general_manager)
    client.get("/projects/CH/")
    for code in ("CH", "YJ"):
        with django_assert_max_num_queries(16):
            client.get(f"/projects/{code}/")


def test_the_trail_speaks_in_names_and_posts(cast, log_in):
    client = log_in(cast.administrator)
    data = {"person": cast.outsider.pk, "post": "property_clerk", "starts_on": "2026-11-01"}
    data["project"] = cast.projects["CH"].pk
    client.post("/settings/posts/appoint/", data)
    page = client.get("/settings/trail/").content.decode()
    assert "人员 局外人；岗位 物业经办人；项目 翠湖花园；自 2026-11-01" in page


def test_an_instalment_code_in_use_is_told_once_by_the_code_and_without_the_project(cast, log_in):
    browser = log_in(cast.administrator)
    page = browser.post("/projects/CH/instalments/new/", {"code": "WB-1", "name": "一期"}).content.decode()
    assert page.count("分期编码「WB-1」已被使用，请换一个。") == 1
    assert "具有" not in page
    assert Project.objects.get(code="WB").name not in page
