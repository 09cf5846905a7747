"""The cast of all tests: the demonstration's people, and some who must be kept out."""

import importlib
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from config import cast as demonstration
from config.cast import Role
from organization import appointing
from organization.models import Company, Department, Instalment, Person, Project
from organization.posts import Camp, Post

FOREIGN_COMPANY = ("foreign", "另例物业管理有限公司", Camp.PROPERTY)
FOREIGN_CITY = ("foreign-city", "另例地产有限公司", Camp.DEVELOPER)
# A clerk and a general manager of two other companies, in a project of their own.
FOREIGN_ROLES = (
    Role("foreign_clerk", "卫东", "foreign", Post.PROPERTY_CLERK, ("WB",)),
    Role("foreign_general_manager", "柳青", "foreign-city", Post.GENERAL_MANAGER),
)


def insert_policy_1() -> None:
    """The policy that the data migration inserts; a flush takes it away."""
    editor = SimpleNamespace(connection=connection)
    importlib.import_module("documents.migrations.0002_policy_1").insert_policy_1(apps, editor)
    importlib.import_module("documents.migrations.0005_guide_papers").insert_papers(apps, editor)
    importlib.import_module("documents.migrations.0008_evidence_names").insert_names(apps, editor)


def insert_calendar() -> None:
    """The holidays that the data migration inserts; a flush takes them away."""
    editor = SimpleNamespace(connection=connection)
    importlib.import_module("organization.migrations.0003_china_calendar").insert_calendar(apps, editor)


def insert_phase_template() -> None:
    """The five phases that the data migration inserts."""
    editor = SimpleNamespace(connection=connection)
    importlib.import_module("intervention.migrations.0002_guide_template").insert_template(apps, editor)


def insert_checklist() -> None:
    """The assessment's checklist and grades that the data migration inserts."""
    editor = SimpleNamespace(connection=connection)
    importlib.import_module("intervention.migrations.0007_assess_checklist").insert_checklist(apps, editor)


def build(password: str) -> None:
    """The demonstration's cast, then an outsider, a deactivated clerk, and people of foreign companies."""
    demonstration.build(password)
    property_company = Company.objects.get(code=demonstration.PROPERTY)
    demonstration.create_person("outsider", "局外人", property_company, password)

    former = Role("deactivated", "已离职", demonstration.PROPERTY, Post.PROPERTY_CLERK, ("CH",))
    projects = {project.code: project for project in Project.objects.all()}
    gone = demonstration.create_person(former.username, former.name, property_company, password)
    demonstration.appoint(former, gone, projects)
    appointing.deactivate(actor=None, person=gone)

    companies = {
        code: appointing.create_company(actor=None, code=code, name=name, camp=camp)
        for code, name, camp in (FOREIGN_COMPANY, FOREIGN_CITY)
    }
    projects["WB"] = appointing.create_project(
        actor=None,
        code="WB",
        name="外埠花园",
        developer=companies["foreign-city"],
        property_company=companies["foreign"],
        region=None,
    )
    appointing.create_instalment(actor=None, project=projects["WB"], code="WB-1", name="一期")
    for role in FOREIGN_ROLES:
        person = demonstration.create_person(role.username, role.name, companies[role.company], password)
        demonstration.appoint(role, person, projects)


class Cast:
    """Everybody by username, read afresh for each test."""

    def __init__(self) -> None:
        self.people = {person.username: person for person in Person.objects.select_related("company")}
        self.projects = {project.code: project for project in Project.objects.all()}
        self.instalments = {row.code: row for row in Instalment.objects.select_related("project")}
        self.companies = {company.code: company for company in Company.objects.all()}
        self.departments = {row.name: row for row in Department.objects.filter(company__code=demonstration.CITY)}

    def __getattr__(self, username: str) -> Person:
        """``cast.property_clerk``; ``__getitem__`` does the same for a name in a variable."""
        try:
            return self.__dict__["people"][username]
        except KeyError:
            raise AttributeError(username) from None

    def __getitem__(self, username: str) -> Person:
        return self.people[username]
