"""The demonstration's people and projects: who is there, who holds what, and that it is made once."""

import pytest
from django.core.management import call_command

from config.cast import ROLES
from organization import access
from organization.clock import today
from organization.models import Appointment, Instalment, Person, Project
from organization.posts import Post

EVERY_POST = [
    "property_clerk", "property_project_manager", "property_leader", "property_finance", "property_finance_head",
    "property_gm", "marketing_handler", "marketing_head", "service_handler", "service_head", "department_head",
    "requesting_department_head", "leader_in_charge", "finance", "finance_leader", "general_manager",
    "payment_signatory", "account_auditor", "design_reviewer", "project_engineer", "regional_vp",
]  # fmt: skip
OTHER_PEOPLE_AT_YJ = {"property_clerk", "marketing_handler", "service_handler"}
DEPARTMENT_POSTS = {"requesting_department_head", "leader_in_charge"}


@pytest.mark.parametrize("post", EVERY_POST)
def test_in_ch_one_person_holds_each_post_and_is_named_after_it(cast, post):
    department = cast.departments["项目部"] if post in DEPARTMENT_POSTS else None
    holders = access.holders(post, cast.projects["CH"], department)
    assert [person.username for person in holders] == [post]


@pytest.mark.parametrize("post", [post for post in EVERY_POST if post != "account_auditor"])
def test_in_yj_clerk_and_handlers_are_other_people(cast, post):
    department = cast.departments["项目部"] if post in DEPARTMENT_POSTS else None
    holders = access.holders(post, cast.projects["YJ"], department)
    assert [person.username for person in holders] == [f"yj_{post}" if post in OTHER_PEOPLE_AT_YJ else post]


def test_no_post_of_the_guide_is_forgotten():
    assert sorted(EVERY_POST) == sorted(Post.values)
    assert {role.post for role in ROLES} == set(Post)


def test_projects_and_instalments_are_those_of_the_guide_to_the_product(cast):
    assert (cast.projects["CH"].name, cast.projects["YJ"].name) == ("翠湖花园", "云锦府")
    first, second = cast.instalments["CH-1"], cast.instalments["CH-2"]
    assert (first.name, str(first.actual_move_in_on)) == ("一期", "2026-03-01")
    assert (second.name, str(second.planned_move_in_on), second.move_in_on) == ("二期", "2027-06-30", None)


@pytest.mark.parametrize("username", ["outsider", "administrator", "deactivated"])
def test_those_who_must_be_kept_out_see_no_project(cast, username):
    assert not access.visible_projects(cast[username], today()).exists()


def test_people_of_another_company_see_their_own_project_only(cast):
    seen = access.visible_projects(cast.foreign_clerk, today())
    assert [project.code for project in seen] == ["WB"]


def test_the_auditor_sees_one_project(cast):
    assert [project.code for project in access.visible_projects(cast.account_auditor, today())] == ["CH"]


def test_demo_changes_nothing_where_there_are_people(cast, capsys):
    before = [model.objects.count() for model in (Person, Project, Instalment, Appointment)]
    call_command("demo")
    assert "nothing changed" in capsys.readouterr().out
    assert [model.objects.count() for model in (Person, Project, Instalment, Appointment)] == before
