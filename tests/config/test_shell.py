"""The menu around every page: what each person is offered, and at what cost."""

import pytest
from django.test import RequestFactory

from config.shell import Shell, shell

MEMBERS = [
    "工作台", "审批中心", "发起申请", "前期介入", "月度计划", "事后确认", "费用申请", "未结账龄", "月度对比", "项目", "使用说明",
]  # fmt: skip
ADMINISTRATORS = [
    "工作台", "前期介入", "项目", "人员", "岗位与任命", "节假日", "前期介入模板", "考核标准", "类别和科目", "必备资料", "使用说明",
]  # fmt: skip


@pytest.mark.parametrize(
    ("username", "labels"),
    [
        ("property_clerk", MEMBERS),
        ("general_manager", MEMBERS),
        ("regional_vp", MEMBERS),
        ("administrator", ADMINISTRATORS),
    ],
)
def test_the_menu_offers_what_a_person_may_open(cast, username, labels):
    menu = Shell(cast[username]).menu
    assert [str(entry["label"]) for group in menu for entry in group["entries"]] == labels


@pytest.mark.parametrize("username", ["property_clerk", "general_manager", "administrator"])
def test_every_entry_of_the_menu_opens(cast, log_in, username):
    browser = log_in(cast[username])
    for group in Shell(cast[username]).menu:
        for entry in group["entries"]:
            assert browser.get(entry["url"]).status_code == 200, entry["url"]


def test_visitors_have_no_shell(rf):
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert shell(request) == {"shell": None}


def test_nothing_is_read_until_a_template_asks(cast, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = cast.general_manager
    with django_assert_num_queries(0):
        around = shell(request)["shell"]
    with django_assert_num_queries(5):
        assert around.menu
        assert around.notice_count is not None
        assert around.projects
        assert around.inbox_count is not None
