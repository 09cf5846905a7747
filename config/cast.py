"""One cast of companies, projects and people: the demonstration shows them, the tests play with them.

Literal tables, and one function that makes them real through the verbs of ``organization``. One person per post, username =
the post's code; project ``YJ`` has other people at the clerk's and the handlers' posts (``yj_<post code>``).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from organization import appointing
from organization.models import Company, Department, Person, Project
from organization.posts import Camp, Post

# Long before every date the demonstration or a test speaks of.
IN_OFFICE_SINCE = date(2024, 1, 1)

PROPERTY, CITY, REGION = "property", "city", "region"

COMPANIES: tuple[tuple[str, str, Camp], ...] = (
    (CITY, "示例地产（临江）有限公司", Camp.DEVELOPER),
    (PROPERTY, "示例物业服务有限公司", Camp.PROPERTY),
    (REGION, "示例地产华东区域公司", Camp.REGION),
)

LEAD_DEPARTMENT = "营销客服部"
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    CITY: (LEAD_DEPARTMENT, "设计管理部", "项目部", "财务部", "成本部"),
    PROPERTY: ("项目服务中心", "秩序维护部", "工程维修部", "财务部"),
}

PROJECTS: tuple[tuple[str, str, dict[str, date]], ...] = (
    (
        "CH",
        "翠湖花园",
        {
            "positioning_on": date(2024, 3, 1),
            "sales_office_opens_on": date(2025, 1, 15),
            "completion_acceptance_on": date(2027, 3, 31),
            "mass_move_in_on": date(2027, 6, 30),
        },
    ),
    (
        "YJ",
        "云锦府",
        {
            "positioning_on": date(2025, 5, 6),
            "sales_office_opens_on": date(2026, 5, 1),
            "completion_acceptance_on": date(2027, 12, 31),
            "mass_move_in_on": date(2028, 3, 31),
        },
    ),
)

# project, code, name, planned move-in, actual move-in
INSTALMENTS: tuple[tuple[str, str, str, date, date | None], ...] = (
    ("CH", "CH-1", "一期", date(2026, 3, 1), date(2026, 3, 1)),
    ("CH", "CH-2", "二期", date(2027, 6, 30), None),
    ("YJ", "YJ-1", "一期", date(2028, 3, 31), None),
)


@dataclass(frozen=True, slots=True)
class Role:
    """A person and the post they hold: in single projects, or company-wide where ``projects`` is empty."""

    username: str
    name: str
    company: str
    post: Post
    projects: tuple[str, ...] = ()
    departments: tuple[str, ...] = field(default=())


ROLES: tuple[Role, ...] = (
    Role("property_clerk", "林晓燕", PROPERTY, Post.PROPERTY_CLERK, ("CH",)),
    Role("property_project_manager", "周建民", PROPERTY, Post.PROPERTY_PROJECT_MANAGER, ("CH", "YJ")),
    Role("property_leader", "何志远", PROPERTY, Post.PROPERTY_LEADER),
    Role("property_finance", "孙倩", PROPERTY, Post.PROPERTY_FINANCE),
    Role("property_finance_head", "吴海涛", PROPERTY, Post.PROPERTY_FINANCE_HEAD),
    Role("property_gm", "罗镕", PROPERTY, Post.PROPERTY_GM),
    Role("marketing_handler", "陈思琪", CITY, Post.MARKETING_HANDLER, ("CH",)),
    Role("marketing_head", "赵一帆", CITY, Post.MARKETING_HEAD),
    Role("service_handler", "黄雅婷", CITY, Post.SERVICE_HANDLER, ("CH",)),
    Role("service_head", "徐静", CITY, Post.SERVICE_HEAD),
    Role("department_head", "马文博", CITY, Post.DEPARTMENT_HEAD),
    Role(
        "requesting_department_head",
        "郑喆",
        CITY,
        Post.REQUESTING_DEPARTMENT_HEAD,
        departments=DEPARTMENTS[CITY],
    ),
    Role("leader_in_charge", "沈国强", CITY, Post.LEADER_IN_CHARGE, departments=DEPARTMENTS[CITY]),
    Role("finance", "冯丽华", CITY, Post.FINANCE),
    Role("finance_leader", "蒋明", CITY, Post.FINANCE_LEADER),
    Role("general_manager", "韩立", CITY, Post.GENERAL_MANAGER),
    Role("payment_signatory", "曹颖", CITY, Post.PAYMENT_SIGNATORY),
    # One project's account, and only that one (3.2.1).
    Role("account_auditor", "邓伟", CITY, Post.ACCOUNT_AUDITOR, ("CH",)),
    Role("design_reviewer", "许可欣", CITY, Post.DESIGN_REVIEWER),
    Role("project_engineer", "傅堃", CITY, Post.PROJECT_ENGINEER),
    Role("regional_vp", "宋启明", REGION, Post.REGIONAL_VP),
    Role("yj_property_clerk", "田佳", PROPERTY, Post.PROPERTY_CLERK, ("YJ",)),
    Role("yj_marketing_handler", "任宇航", CITY, Post.MARKETING_HANDLER, ("YJ",)),
    Role("yj_service_handler", "姜雪", CITY, Post.SERVICE_HANDLER, ("YJ",)),
)

ADMINISTRATOR = ("administrator", "系统管理员")


def _companies() -> dict[str, Company]:
    companies = {
        code: appointing.create_company(actor=None, code=code, name=name, camp=camp) for code, name, camp in COMPANIES
    }
    for code, names in DEPARTMENTS.items():
        for name in names:
            appointing.create_department(
                actor=None, company=companies[code], name=name, is_lead=name == LEAD_DEPARTMENT
            )
    return companies


def _projects(companies: dict[str, Company]) -> dict[str, Project]:
    projects = {
        code: appointing.create_project(
            actor=None,
            code=code,
            name=name,
            developer=companies[CITY],
            property_company=companies[PROPERTY],
            region=companies[REGION],
            **dates,
        )
        for code, name, dates in PROJECTS
    }
    for project, code, name, planned, actual in INSTALMENTS:
        appointing.create_instalment(
            actor=None,
            project=projects[project],
            code=code,
            name=name,
            planned_move_in_on=planned,
            actual_move_in_on=actual,
        )
    return projects


def appoint(role: Role, person: Person, projects: dict[str, Project]) -> None:
    """Give a person their post: in each project named or company-wide, for each department named or for none."""
    departments: list[Department | None] = [
        Department.objects.get(company__code=role.company, name=name) for name in role.departments
    ]
    for project in [projects[code] for code in role.projects] or [None]:
        for department in departments or [None]:
            appointing.appoint(
                actor=None,
                person=person,
                post=role.post,
                project=project,
                department=department,
                starts_on=IN_OFFICE_SINCE,
            )


def create_person(username: str, name: str, company: Company | None, password: str, **more: Any) -> Person:
    """A person who can log in at once."""
    return appointing.create_person(
        actor=None, username=username, name=name, company=company, password=password, **more
    )


@transaction.atomic
def build(password: str) -> None:
    """Make companies, projects, people and appointments in an empty database. All get the same password."""
    companies = _companies()
    projects = _projects(companies)
    once = {"password": password, "password_hash": make_password(password)}
    for role in ROLES:
        appoint(role, create_person(role.username, role.name, companies[role.company], **once), projects)
    create_person(*ADMINISTRATOR, company=None, is_administrator=True, **once)
