"""The command that answers which way a form takes: one at a time, and many on standard input."""

import io
import json
import sys
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from documents.facts import amount_fault, load_object, read_amount

pytestmark = pytest.mark.django_db

BOTH = ["property_leader", "property_finance_head"]


def ask(*arguments):
    """What the command prints for one form."""
    out = io.StringIO()
    call_command("sign_off_chain", *arguments, stdout=out)
    return out.getvalue()


def ask_many(monkeypatch, *lines):
    """The answers of --batch, one for each line given (text, bytes or an object)."""
    given = b"".join(
        (line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()) + b"\n"
        for line in lines
    )
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given)))
    answers = ask("--batch").splitlines()
    assert len(answers) == len(lines)
    return [json.loads(answer) for answer in answers]


def posts(answer):
    return [station["posts"] for station in answer["stations"]]


# --- one form ---------------------------------------------------------------------------------------------------------
def test_text_names_posts_reason_and_clause():
    assert ask("unplanned_work", "--side", "pre", "--amount", "20000") == (
        "物业服务工作确认单（超计划）\n"
        "1. 物业地产配合业务分管领导 (property_leader)、物业财务部负责人 (property_finance_head)，会签\n"
        "   每单必经 · 3.2.3 计划外 A\n"
        "2. 营销小组经办人 (marketing_handler)\n"
        "   每单必经 · 3.2.3 计划外 A\n"
        "3. 营销小组负责人 (marketing_head)\n"
        "   每单必经 · 3.2.3 计划外 A\n"
        "4. 城市公司总经理 (general_manager)\n"
        "   金额 ≥ 20,000.00 元 · 3.2.3 计划外 A\n"
    )
    assert "营销小组负责人 (marketing_head)，出具意见" in ask("service_plan_review")


def test_json_is_one_object():
    assert json.loads(ask("purchase_request", "--side", "post", "--json")) == {
        "stations": [
            {"posts": BOTH, "mode": "sign", "clause": "3.2.3 年度预算 1) C", "why": "每单必经 · 3.2.3 年度预算 1) C"},
            {
                "posts": ["service_handler"],
                "mode": "sign",
                "clause": "3.2.3 年度预算 1) C",
                "why": "每单必经 · 3.2.3 年度预算 1) C",
            },
            {
                "posts": ["service_head"],
                "mode": "sign",
                "clause": "3.2.3 年度预算 1) C",
                "why": "每单必经 · 3.2.3 年度预算 1) C",
            },
        ]
    }


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (["unplanned_work", "--side", "pre", "--amount", "19999.99"], ["marketing_head"]),
        (["sales_office_sundries", "--amount", "5000"], ["department_head"]),
        (["sales_office_sundries", "--amount", "5000.01"], ["leader_in_charge", "finance_leader"]),
        (["sales_office_sundries", "--amount", "10000.01"], ["general_manager"]),
        (["expense_application", "--side", "pre"], ["general_manager"]),
        (["expense_application", "--side", "pre", "--over-budget"], ["regional_vp"]),
        (["phase_result", "--phase", "engineering", "--result", "defect_list"], ["project_engineer"]),
        (["phase_result", "--phase", "marketing", "--result", "move_in_plan"], ["department_head"]),
        (["work_completion", "--side", "post", "--of", "unplanned_purchase"], ["service_head"]),
        (["annual_budget", "--as-of", "2020-01-01"], ["general_manager"]),
    ],
)
def test_options_are_the_facts(arguments, last):
    assert posts(json.loads(ask(*arguments, "--json")))[-1] == last


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["unplanned_work", "--side", "pre"], "amount"),
        (["unplanned_work", "--amount", "5"], "side"),
        (["unplanned_work", "--side", "pre", "--amount=-5"], "amount"),
        (["unplanned_work", "--side", "during", "--amount", "5"], "side"),
        (["phase_result", "--phase", "planning"], "result"),
        (["annual_budget", "--as-of", "2019-12-31"], "2019-12-31"),
        (["annual_budget", "--as-of", "20200101"], "as_of"),
        (["leave_request"], "leave_request"),
        ([], "KIND"),
        (["annual_budget", "--batch"], "--batch"),
        (["--batch", "--side", "pre"], "--batch"),
    ],
)
def test_an_error_is_told_and_ends_the_command(arguments, told):
    with pytest.raises(CommandError) as caught:
        ask(*arguments)
    assert told in str(caught.value)
    assert caught.value.returncode == 1


def test_with_json_the_error_is_the_object():
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("sign_off_chain", "unplanned_work", "--side", "pre", "--json", stdout=out)
    assert "amount" in json.loads(out.getvalue())["error"]


def test_the_words_do_not_change_with_the_callers_language():
    with translation.override("en"):
        assert json.loads(ask("annual_budget", "--json"))["stations"][0]["why"] == "每单必经 · 3.2.6.1"


# --- many forms -------------------------------------------------------------------------------------------------------
def test_batch_answers_every_line_in_order(monkeypatch):
    answers = ask_many(
        monkeypatch,
        {"kind": "unplanned_work", "side": "post", "amount": 20000},
        "this is no JSON",
        {"kind": "sales_office_sundries", "amount": "10000.00"},
        {"kind": "phase_result", "phase": "handover", "result": "open_issues"},
    )
    assert posts(answers[0]) == [BOTH, ["service_handler"], ["service_head"], ["general_manager"]]
    assert list(answers[1]) == ["error"]
    assert posts(answers[2]) == [["department_head"], ["leader_in_charge", "finance_leader"]]
    assert posts(answers[3]) == [["property_leader"], ["project_engineer"]]
    for answer in (answers[0], answers[2], answers[3]):
        for station in answer["stations"]:
            assert set(station) == {"posts", "mode", "clause", "why"}
            assert station["clause"]
            assert station["clause"] in station["why"]


ALL_EIGHT = (
    '{"kind": "%s", "side": "pre", "amount": 0.01, "over_budget": true, "phase": "planning", '
    '"result": "detail_proposals", "of": "staffing_plan", "as_of": "2026-12-01"}'
)


@pytest.mark.parametrize(
    ("kind", "stations"),
    [
        ("staffing_plan", 3),
        ("admin_expense_plan", 3),
        ("purchase_request", 3),
        ("service_confirmation", 3),
        ("unplanned_work", 3),
        ("unplanned_purchase", 4),
        ("sales_office_sundries", 1),
        ("work_completion", 2),
        ("annual_budget", 2),
        ("budget_supplement", 3),
        ("expense_application", 7),
        ("payment_request", 3),
        ("payment_approval", 3),
        ("phase_result", 2),
        ("publicity_confirmation", 3),
        ("service_plan_review", 3),
        ("service_agreement", 4),
    ],
)
def test_every_kind_accepts_all_eight_facts(monkeypatch, kind, stations):
    (answer,) = ask_many(monkeypatch, ALL_EIGHT % kind)
    assert len(answer["stations"]) == stations


def test_facts_that_a_kind_does_not_need_are_ignored_whatever_they_say(monkeypatch):
    odd = '{"kind": "annual_budget", "side": 7, "amount": 1e99, "over_budget": "maybe", "phase": [], "result": null, "of": {}}'
    (answer,) = ask_many(monkeypatch, odd)
    assert posts(answer) == [["finance"], ["general_manager"]]


def test_null_is_not_given(monkeypatch):
    answers = ask_many(
        monkeypatch,
        {"kind": "purchase_request", "side": "pre", "amount": None, "as_of": None},
        {"kind": "unplanned_work", "side": "pre", "amount": None},
    )
    assert "stations" in answers[0]
    assert "amount" in answers[1]["error"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ("[]", "JSON"),
        ('"annual_budget"', "JSON"),
        ("null", "JSON"),
        ("[" * 100_000, "JSON"),
        (b'\xff{"kind": "annual_budget"}', "JSON"),
        ('{"kind": "annual_budget"} {}', "JSON"),
        ('{"kind": "annual_budget", "kind": "staffing_plan"}', "JSON"),
        ('{"kind": "unplanned_work", "side": "pre", "amount": NaN}', "JSON"),
        ('{"kind": "unplanned_work", "side": "pre", "amount": -Infinity}', "JSON"),
        ("{}", "kind"),
        ('{"kind": null}', "kind"),
        ('{"kind": 5}', "5"),
        ('{"kind": "Annual_Budget"}', "Annual_Budget"),
        ('{"kind": "\\ud800"}', "kind"),
        ('{"kind": "annual_budget", "nature": "reversal"}', "nature"),
        ('{"kind": "annual_budget", "Side": null}', "Side"),
        ('{"kind": "annual_budget", "\\ud800": 1}', ""),
        ('{"kind": "annual_budget", "as_of": "2019-12-31"}', "2019-12-31"),
        ('{"kind": "annual_budget", "as_of": "2026-02-30"}', "as_of"),
        ('{"kind": "annual_budget", "as_of": "2026-2-3"}', "as_of"),
        ('{"kind": "annual_budget", "as_of": "2026-W01-1"}', "as_of"),
        ('{"kind": "annual_budget", "as_of": 20260101}', "as_of"),
        ('{"kind": "staffing_plan"}', "side"),
        ('{"kind": "staffing_plan", "side": "PRE"}', "side"),
        ('{"kind": "staffing_plan", "side": ""}', "side"),
        ('{"kind": "staffing_plan", "side": true}', "side"),
        ('{"kind": "unplanned_work", "side": "pre"}', "amount"),
        ('{"kind": "sales_office_sundries"}', "amount"),
        ('{"kind": "expense_application", "side": "pre"}', "over_budget"),
        ('{"kind": "expense_application", "side": "pre", "over_budget": 1}', "over_budget"),
        ('{"kind": "expense_application", "side": "pre", "over_budget": "true"}', "over_budget"),
        ('{"kind": "phase_result", "phase": "planning"}', "result"),
        ('{"kind": "phase_result", "result": "defect_list"}', "phase"),
        ('{"kind": "phase_result", "phase": "3.1.1", "result": "defect_list"}', "phase"),
        ('{"kind": "phase_result", "phase": "planning", "result": "novel"}', "result"),
        ('{"kind": "work_completion", "side": "pre"}', "of"),
        ('{"kind": "work_completion", "side": "pre", "of": "annual_budget"}', "of"),
    ],
)
def test_a_wrong_line_is_answered_with_its_error(monkeypatch, line, told):
    wrong, right = ask_many(monkeypatch, line, {"kind": "annual_budget"})
    assert list(wrong) == ["error"]
    assert told in wrong["error"]
    assert posts(right) == [["finance"], ["general_manager"]]


@pytest.mark.parametrize(
    ("literal", "accepted"),
    [
        ("0.01", True),
        ("20000", True),
        ("20000.5", True),
        ("20000.50", True),
        ("20000.0", True),
        ("99999999999.99", True),
        ('"0.01"', True),
        ('"20000"', True),
        ('"99999999999.99"', True),
        ("0", False),
        ("0.00", False),
        ("-0", False),
        ("-0.01", False),
        ("0.001", False),
        ("0.010", False),
        ("100000000000", False),
        ("100000000000.00", False),
        ("99999999999.991", False),
        ("1e5", False),
        ("1E+5", False),
        ("2.0e4", False),
        ("9" * 6000, False),
        ("true", False),
        ("[]", False),
        ("{}", False),
        ('""', False),
        ('"0"', False),
        ('"1e5"', False),
        ('"20,000"', False),
        ('"20000元"', False),
        ('"２００００"', False),
        ('" 20000"', False),
        ('"20000\\n"', False),
        ('"+20000"', False),
        ('"020000"', False),
        ('"20000."', False),
        ('".5"', False),
        ('"NaN"', False),
        ('"Infinity"', False),
        ('"1_000"', False),
        ('"٥"', False),
    ],
)
def test_amounts_are_plain_yuan_within_the_guides_range(monkeypatch, literal, accepted):
    line = f'{{"kind": "unplanned_work", "side": "pre", "amount": {literal}}}'
    (answer,) = ask_many(monkeypatch, line)
    assert ("stations" in answer) is accepted
    assert accepted or "amount" in answer["error"]


def test_a_long_wrong_value_is_not_repeated_in_full(monkeypatch):
    (answer,) = ask_many(monkeypatch, {"kind": "staffing_plan", "side": "x" * 5000})
    assert len(answer["error"]) < 200


@pytest.mark.parametrize("cents", ["19999.99", "20000.00", "20000.01"])
def test_a_json_number_is_read_exactly(cents):
    raw = load_object(f'{{"amount": {cents}}}')
    assert read_amount(raw["amount"], "unplanned_work") == Decimal(cents)


@pytest.mark.parametrize(
    ("kind", "nature", "amount", "fine"),
    [
        ("purchase_request", None, "0.01", True),
        ("purchase_request", None, "0", False),
        ("purchase_request", None, "-1", False),
        ("purchase_request", "reversal", "-1", False),
        ("work_completion", None, "0", True),
        ("work_completion", None, "-1", False),
        ("phase_result", None, "0", True),
        ("publicity_confirmation", None, "0", True),
        ("service_plan_review", None, "0", True),
        ("service_agreement", None, "0", True),
        ("payment_approval", None, "0", False),
        ("annual_budget", None, "0", False),
        ("budget_supplement", None, "0", True),
        ("budget_supplement", None, "-30000", True),
        ("budget_supplement", None, "-100000000000", False),
        ("expense_application", None, "-1", False),
        ("expense_application", None, "0", False),
        ("expense_application", "reversal", "-1", True),
        ("expense_application", "reversal", "0", False),
        ("expense_application", None, "99999999999.99", True),
        ("expense_application", None, "100000000000", False),
    ],
)
def test_what_a_form_of_a_kind_may_amount_to(kind, nature, amount, fine):
    assert (amount_fault(kind, Decimal(amount), nature) == "") is fine
