"""Who may see which project, and who holds which post there."""

from datetime import date, timedelta

import pytest

from organization import access, appointing, clock
from organization.models import Appointment, ProjectGrant
from organization.posts import Post

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db

# person, projects they see on 2026-11-23; typed by hand from the cast
SEEN = [
    ("property_clerk", ["CH"]),
    ("yj_property_clerk", ["YJ"]),
    ("property_project_manager", ["CH", "YJ"]),
    ("property_gm", ["CH", "YJ"]),
    ("marketing_handler", ["CH"]),
    ("marketing_head", ["CH", "YJ"]),
    ("account_auditor", ["CH"]),
    ("general_manager", ["CH", "YJ"]),
    ("regional_vp", ["CH", "YJ"]),
    ("outsider", []),
    ("deactivated", []),
    ("administrator", []),
    ("foreign_clerk", ["WB"]),
    ("foreign_general_manager", ["WB"]),
]


@pytest.mark.parametrize(("username", "codes"), SEEN)
def test_each_person_sees_exactly_their_projects(cast, username, codes):
    seen = access.visible_projects(cast[username], TODAY)
    assert [project.code for project in seen] == codes


def test_memberships_are_one_query_and_visible_projects_another(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        held = access.memberships(cast.property_project_manager, TODAY)
    assert sorted(held, key=lambda row: row.project_id) == [
        access.Membership("property_project_manager", cast.projects["CH"].pk, None),
        access.Membership("property_project_manager", cast.projects["YJ"].pk, None),
    ]
    with django_assert_num_queries(1):
        list(access.visible_projects(cast.regional_vp, TODAY))


def test_a_company_wide_post_has_no_project_and_a_department_post_names_its_department(cast):
    assert access.memberships(cast.property_gm, TODAY) == [access.Membership("property_gm", None, None)]
    departments = {row.department_id for row in access.memberships(cast.leader_in_charge, TODAY)}
    assert departments == {department.pk for department in cast.departments.values()}


def test_a_grant_stands_before_the_first_day_and_after_the_last_one_and_only_the_days_between_let_in(cast):
    appointing.appoint(
        actor=None,
        person=cast.outsider,
        post=Post.PROPERTY_CLERK,
        project=cast.projects["CH"],
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 31),
    )
    assert ProjectGrant.objects.filter(user=cast.outsider).count() == 1
    seen = {
        day: access.visible_projects(cast.outsider, day).exists()
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    }
    assert list(seen.values()) == [False, True, True, False]
    assert list(access.differences()) == []


def test_an_appointment_without_its_grant_lets_nobody_in(cast):
    ProjectGrant.objects.filter(user=cast.property_clerk).delete()
    assert not access.visible_projects(cast.property_clerk, TODAY).exists()


def test_a_grant_without_an_appointment_lets_nobody_in(cast):
    grant = ProjectGrant.objects.filter(user=cast.property_clerk).get()
    ProjectGrant.objects.create(user=cast.outsider, content_object=cast.projects["CH"], permission=grant.permission)
    assert not access.visible_projects(cast.outsider, TODAY).exists()


def test_a_company_wide_appointment_reaches_a_project_made_later_and_only_of_its_own_company(cast):
    project = appointing.create_project(
        actor=None,
        code="XH",
        name="新河苑",
        developer=cast.companies["city"],
        property_company=cast.companies["foreign"],
    )
    assert [person.username for person in access.holders(Post.GENERAL_MANAGER, project)] == ["general_manager"]
    assert access.holders(Post.PROPERTY_GM, project) == []
    assert access.visible_projects(cast.general_manager, TODAY).filter(code="XH").exists()
    assert not access.visible_projects(cast.property_gm, TODAY).filter(code="XH").exists()
    # No region is named, and the region's own people are not the developer's.
    assert access.holders(Post.REGIONAL_VP, project) == []
    assert list(access.differences()) == []


def test_naming_a_region_later_gives_its_people_their_grants(cast):
    project = appointing.create_project(
        actor=None,
        code="XH",
        name="新河苑",
        developer=cast.companies["city"],
        property_company=cast.companies["property"],
    )
    appointing.edit_project(actor=None, project=project, region=cast.companies["region"])
    assert access.visible_projects(cast.regional_vp, TODAY).filter(code="XH").exists()
    appointing.edit_project(actor=None, project=project, region=None)
    assert not ProjectGrant.objects.filter(user=cast.regional_vp, content_object=project).exists()


def test_holders_are_the_active_people_of_that_project_that_post_and_that_day(cast):
    ch, yj = cast.projects["CH"], cast.projects["YJ"]

    def names(post, project, on=TODAY, department=None):
        return [person.username for person in access.holders(post, project, department=department, on=on)]

    assert names(Post.PROPERTY_CLERK, ch) == ["property_clerk"]  # and not the deactivated one
    assert names(Post.PROPERTY_CLERK, yj) == ["yj_property_clerk"]
    assert names(Post.PROPERTY_CLERK, ch, on=date(2023, 12, 31)) == []
    assert names(Post.GENERAL_MANAGER, cast.projects["WB"]) == ["foreign_general_manager"]
    lead = cast.departments["营销客服部"]
    assert names(Post.LEADER_IN_CHARGE, ch, department=lead) == ["leader_in_charge"]
    assert names(Post.LEADER_IN_CHARGE, ch, department=lead.pk) == ["leader_in_charge"]
    assert names(Post.LEADER_IN_CHARGE, ch) == []


def test_the_holders_of_a_whole_chain_are_one_query(cast, django_assert_num_queries):
    places = [("property_leader", None), ("property_finance_head", None), ("general_manager", None)]
    with django_assert_num_queries(1):
        found = access.holders_of(places, cast.projects["CH"], TODAY)
    assert [[person.username for person in found[place]] for place in places] == [
        ["property_leader"],
        ["property_finance_head"],
        ["general_manager"],
    ]


# person, post, project, department, holds
HOLDS = [
    ("property_clerk", "property_clerk", "CH", None, True),
    ("property_clerk", "property_clerk", "YJ", None, False),
    ("property_clerk", "property_leader", "CH", None, False),
    ("property_gm", "property_gm", "YJ", None, True),
    ("property_gm", "property_gm", "WB", None, False),
    ("foreign_general_manager", "general_manager", "CH", None, False),
    ("regional_vp", "regional_vp", "CH", None, True),
    ("regional_vp", "regional_vp", "WB", None, False),
    ("leader_in_charge", "leader_in_charge", "CH", "成本部", True),
    ("leader_in_charge", "leader_in_charge", "CH", None, False),
    ("deactivated", "property_clerk", "CH", None, False),
    ("outsider", "property_clerk", "CH", None, False),
]


@pytest.mark.parametrize("lock", [False, True])
@pytest.mark.parametrize(("username", "post", "code", "department", "expected"), HOLDS)
def test_who_holds_what(cast, username, post, code, department, expected, lock):
    department_id = cast.departments[department].pk if department else None
    assert access.holds(cast[username], post, cast.projects[code].pk, department_id, TODAY, lock=lock) is expected


def test_an_ended_appointment_holds_no_longer_and_its_row_and_grant_stay(cast):
    appointment = Appointment.objects.get(person=cast.property_clerk)
    appointing.end_appointment(actor=None, appointment=appointment, ends_on=TODAY - timedelta(days=1))
    assert not access.holds(cast.property_clerk, "property_clerk", cast.projects["CH"].pk, None, TODAY)
    assert not access.visible_projects(cast.property_clerk, TODAY).exists()
    assert access.visible_projects(cast.property_clerk, TODAY - timedelta(days=1)).exists()
    assert ProjectGrant.objects.filter(user=cast.property_clerk).exists()
    assert list(access.differences()) == []


def test_verify_names_a_missing_a_foreign_and_a_wrong_grant(cast):
    clerk, project = cast.property_clerk, cast.projects["CH"]
    grant = ProjectGrant.objects.get(user=clerk)
    ProjectGrant.objects.create(user=cast.outsider, content_object=project, permission=grant.permission)
    grant.delete()
    cast.finance.user_permissions.add(grant.permission)
    lines = list(access.differences())
    assert f"organization_projectgrant {clerk.pk}/{project.pk} content_object_id" in lines
    assert f"organization_projectgrant {cast.outsider.pk}/{project.pk} content_object_id" in lines
    assert any(line.startswith("organization_person_user_permissions") for line in lines)
    assert len(lines) == 3


# --- one look ----------------------------------------------------------------------------------------------------------
def test_a_request_that_shows_reads_posts_and_projects_once(cast, django_assert_num_queries):
    person, today = cast.marketing_handler, clock.today()
    with access.one_look(), django_assert_num_queries(2):
        first = access.memberships(person, today), access.visible_keys(person, today)
        assert (access.memberships(person, today), access.visible_keys(person, today)) == first
    assert first[1] == [cast.projects["CH"].pk]


def test_what_was_seen_is_forgotten_with_the_request(cast, log_in):
    client = log_in(cast.marketing_handler)
    assert client.get("/projects/CH/").status_code == 200
    Appointment.objects.filter(person=cast.marketing_handler).update(ends_on=clock.today() - timedelta(days=1))
    assert client.get("/projects/CH/").status_code == 404
    with access.one_look():
        assert access.memberships(cast.marketing_handler, clock.today()) == []
