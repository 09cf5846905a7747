"""The policy in force: dates, copies, rate, switches, and what may not be published."""

import importlib
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from documents import policies
from documents.models import Policy
from documents.policies import NoPolicy
from documents.routing import Facts, Rule

POLICY_1 = importlib.import_module("documents.migrations.0002_policy_1")


def publish(version, valid_from, rules=None, **settings):
    """A later policy; switches not named stay as in policy 1."""
    return Policy.objects.create(
        version=version,
        name=f"第 {version} 版",
        valid_from=valid_from,
        rules=POLICY_1.RULES if rules is None else rules,
        settings={**POLICY_1.SETTINGS, **settings},
        published_at=timezone.now(),
    )


@pytest.fixture
def policy_1(db):
    return policies.in_force(date(2026, 11, 23))


def posts(chain):
    return [station.posts for station in chain]


def test_policy_1_is_the_guide_and_valid_from_2020(policy_1):
    assert (policy_1.version, policy_1.valid_from) == (1, date(2020, 1, 1))
    assert policies.in_force(date(2020, 1, 1)) == policy_1
    assert [rule.to_json() for rule in policies.rules_of(policy_1)] == POLICY_1.RULES


@pytest.mark.django_db
def test_before_policy_1_there_is_none():
    with pytest.raises(NoPolicy) as caught:
        policies.in_force(date(2019, 12, 31))
    assert "2019-12-31" in str(caught.value)


def test_a_later_policy_holds_from_its_day_on(policy_1):
    later = publish(2, date(2027, 1, 1))
    assert policies.in_force(date(2026, 12, 31)) == policy_1
    assert policies.in_force(date(2027, 1, 1)) == later
    # A correction published for the same day wins.
    correction = publish(3, date(2027, 1, 1))
    assert policies.in_force(date(2027, 6, 30)) == correction


def test_a_later_policy_has_its_own_rules(policy_1):
    facts = Facts(kind="annual_budget")
    later = publish(2, date(2027, 1, 1), rules=[{"kind": "annual_budget", "posts": ["finance"], "clause": "3.2.6.1"}])
    assert posts(policies.chain_for(later, facts)) == [("finance",)]
    assert posts(policies.chain_for(policy_1, facts)) == [("finance",), ("general_manager",)]


def test_commission_is_ten_per_cent_and_exact(policy_1):
    assert policies.commission_rate(policy_1) == Decimal("0.10")


@pytest.mark.parametrize(
    ("kind", "submitted_as", "copied"),
    [
        ("purchase_request", "property_clerk", ["property_project_manager"]),
        ("purchase_request", "property_project_manager", []),
        ("staffing_plan", "property_clerk", ["property_project_manager"]),
        ("admin_expense_plan", "property_clerk", ["property_project_manager"]),
        ("service_confirmation", "property_clerk", ["property_project_manager"]),
        ("unplanned_work", "property_clerk", ["property_project_manager"]),
        (
            "unplanned_purchase",
            "property_clerk",
            ["property_leader", "property_finance_head", "property_project_manager"],
        ),
        ("unplanned_purchase", "property_project_manager", ["property_leader", "property_finance_head"]),
        (
            "sales_office_sundries",
            "property_clerk",
            ["property_leader", "property_finance_head", "property_project_manager"],
        ),
        ("annual_budget", "department_head", []),
        ("payment_approval", "service_handler", []),
        ("purchase_request", None, ["property_project_manager"]),
    ],
)
def test_who_is_copied(policy_1, kind, submitted_as, copied):
    assert list(policies.copies_of(policy_1, kind, submitted_as)) == copied


def test_a_switch_makes_the_project_manager_the_first_station(policy_1):
    facts = Facts(kind="purchase_request", side="pre")
    switched = publish(2, date(2027, 1, 1), project_manager_first=True)
    monthly = [("property_leader", "property_finance_head"), ("marketing_handler",), ("marketing_head",)]
    assert posts(policies.chain_for(policy_1, facts, "property_clerk")) == monthly
    chain = policies.chain_for(switched, facts, "property_clerk")
    assert posts(chain) == [("property_project_manager",), *monthly]
    assert [station.position for station in chain] == [1, 2, 3, 4]
    assert chain[0].clause == "3.2.3 年度预算 1) C"
    assert policies.copies_of(switched, "purchase_request", "property_clerk") == ()
    # His own form needs him neither first nor copied; a kind that isn't a work form stays as it is.
    assert posts(policies.chain_for(switched, facts, "property_project_manager")) == monthly
    assert ("property_project_manager",) not in posts(
        policies.chain_for(switched, Facts(kind="payment_request"), "property_clerk")
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("late_submission", "reason"),
        ("project_manager_first", False),
        ("split_window_days", 30),
        ("cutoff_day", 25),
        ("payment_signatory_scope", "always"),
    ],
)
def test_switches_of_policy_1(policy_1, name, value):
    assert policies.setting(policy_1, name) == value


def test_a_switch_that_the_policy_does_not_state_is_no_default(policy_1):
    with pytest.raises(KeyError):
        policies.setting(policy_1, "no_such_switch")


def test_policy_1_has_no_faults():
    assert policies.faults(Rule.from_json(data) for data in POLICY_1.RULES) == []


def test_faults_name_what_cannot_be_published():
    rules = [Rule.from_json(data) for data in POLICY_1.RULES if data["kind"] != "annual_budget"]
    rules.append(Rule(kind="trip", posts=("{group}_chief",), clause="1", of="walk"))
    told = "\n".join(policies.faults(rules))
    for part in ("annual_budget", "unknown kind trip", "unknown of walk", "marketing_chief", "service_chief"):
        assert part in told


@pytest.mark.django_db
def test_policy_1_is_put_in_once():
    # The function asks a schema editor for its connection only; SQLite's cannot be opened inside a test's transaction.
    editor = SimpleNamespace(connection=connection)
    POLICY_1.insert_policy_1(apps, editor)
    POLICY_1.insert_policy_1(apps, editor)
    assert Policy.objects.filter(version=1).count() == 1
