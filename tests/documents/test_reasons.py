"""How a station's reason is worded."""

import pytest
from django.utils import translation

from documents.permissions import post_names
from documents.reasons import why
from organization.posts import Post


@pytest.mark.parametrize(
    ("clause", "reason", "words"),
    [
        ("3.2.3 年度预算 1) A", {"code": "always"}, "每单必经 · 3.2.3 年度预算 1) A"),
        ("3.2.3 计划外 A", {"code": "amount_from", "amount": "20000.00"}, "金额 ≥ 20,000.00 元 · 3.2.3 计划外 A"),
        ("3.2.3 计划外 C", {"code": "amount_over", "amount": "5000.00"}, "金额 > 5,000.00 元 · 3.2.3 计划外 C"),
        ("3.2.6.2", {"code": "over_budget"}, "超出年度预算 · 3.2.6.2"),
        ("3.2.6.2", {"code": "within_budget"}, "未超年度预算 · 3.2.6.2"),
        ("3.2.3", {"code": "side", "side": "pre"}, "入伙前（营销小组） · 3.2.3"),
        ("3.1.4", {"code": "phase", "phase": "handover"}, "阶段：承接查验 · 3.1.4"),
        ("3.1.2", {"code": "result", "result": "move_in_plan"}, "成果：《入伙方案》 · 3.1.2"),
        ("3.2.3 计划外 B", {"code": "of", "of": "unplanned_purchase"}, "原单：超计划代购申请 · 3.2.3 计划外 B"),
        ("9", {"code": "nature", "nature": "reversal"}, "性质：reversal · 9"),
        (
            "9",
            {"code": "all", "parts": [{"code": "side", "side": "post"}, {"code": "amount_over", "amount": "0.50"}]},
            "入伙后（客服小组），且金额 > 0.50 元 · 9",
        ),
        # Never empty: nothing stored, a code and a value that this version doesn't know.
        ("", {"code": "always"}, "每单必经"),
        ("", {}, "按签批制度"),
        ("9", {"code": "moon", "phase": "full"}, "按签批制度 · 9"),
        ("9", {"code": "of", "of": "gone_kind"}, "原单：gone_kind · 9"),
    ],
)
def test_a_reason_is_worded_with_its_clause(clause, reason, words):
    with translation.override("zh-hans"):
        assert why(clause, reason) == words


def test_a_post_that_is_named_twice_is_told_once():
    assert (
        post_names([Post.PROPERTY_PROJECT_MANAGER, Post.FINANCE, "property_project_manager"])
        == "项目物业经理、地产财务部"
    )
