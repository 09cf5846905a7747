"""The page of help: the five phases from the template in force, who signs what from the policy in force."""

import re

import pytest

from intervention.models import TemplateItem

pytestmark = pytest.mark.django_db


def told(log_in, person):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", log_in(person).get("/help/").content.decode()))


def test_help_names_the_receivers_of_the_guide(cast, log_in):
    text = told(log_in, cast.property_clerk)
    for words in (
        "项目规划 3.1.1",
        "售楼处开放前 2 个月 《项目前期物业管理方案》、《临时管理规约》、《入伙方案》 营销小组负责人、营销客服部负责人",
        "竣工验收前 3 个月",
        "设计管理部",
    ):
        assert words in text, words


def test_help_tells_the_way_of_every_kind_with_amounts_and_clauses(cast, log_in):
    text = told(log_in, cast.administrator)
    for words in (
        "城市公司总经理 金额 ≥ 20,000.00 元 · 3.2.3 计划外 A",
        "城市公司总经理 金额 &gt; 10,000.00 元 · 3.2.3 计划外 C",
        "营销小组负责人 只出意见",
        "营销小组经办人、客服小组经办人",
        "区域分管总 超出年度预算",
    ):
        assert words in text, words


def test_help_follows_the_template_that_is_in_force(cast, log_in):
    TemplateItem.objects.filter(key="handover.start").update(months=-4)
    assert "竣工验收前 4 个月" in told(log_in, cast.service_head)
