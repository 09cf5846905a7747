"""Policy 1: the guide's sign-off chains, frozen as data (guide 5; design 8).

Nothing here may follow the code: a form keeps the chain of the day on which it was submitted, so a later rule is a later
policy. Written as JSON would be (amounts are text, in yuan), one rule a line, one station a rule, in the order of signing.
"""

from datetime import date, datetime, timedelta, timezone

from django.db import migrations

RULES = [
    {"kind": "staffing_plan", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.3 年度预算 1) A"},
    {"kind": "staffing_plan", "posts": ["{group}_handler"], "clause": "3.2.3 年度预算 1) A"},
    {"kind": "staffing_plan", "posts": ["{group}_head"], "clause": "3.2.3 年度预算 1) A"},

    {"kind": "admin_expense_plan", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.3 年度预算 1) B"},
    {"kind": "admin_expense_plan", "posts": ["{group}_handler"], "clause": "3.2.3 年度预算 1) B"},
    {"kind": "admin_expense_plan", "posts": ["{group}_head"], "clause": "3.2.3 年度预算 1) B"},

    {"kind": "purchase_request", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.3 年度预算 1) C"},
    {"kind": "purchase_request", "posts": ["{group}_handler"], "clause": "3.2.3 年度预算 1) C"},
    {"kind": "purchase_request", "posts": ["{group}_head"], "clause": "3.2.3 年度预算 1) C"},

    {"kind": "service_confirmation", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.3 专项"},
    {"kind": "service_confirmation", "posts": ["{group}_handler"], "clause": "3.2.3 专项"},
    {"kind": "service_confirmation", "posts": ["{group}_head"], "clause": "3.2.3 专项"},

    {"kind": "unplanned_work", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.3 计划外 A"},
    {"kind": "unplanned_work", "posts": ["{group}_handler"], "clause": "3.2.3 计划外 A"},
    {"kind": "unplanned_work", "posts": ["{group}_head"], "clause": "3.2.3 计划外 A"},
    {"kind": "unplanned_work", "amount_from": "20000.00", "posts": ["general_manager"], "clause": "3.2.3 计划外 A"},

    {"kind": "unplanned_purchase", "posts": ["requesting_department_head"], "clause": "3.2.3 计划外 B"},
    {"kind": "unplanned_purchase", "posts": ["leader_in_charge"], "clause": "3.2.3 计划外 B"},
    {"kind": "unplanned_purchase", "posts": ["finance_leader"], "clause": "3.2.3 计划外 B"},
    {"kind": "unplanned_purchase", "posts": ["general_manager"], "clause": "3.2.3 计划外 B"},

    {"kind": "sales_office_sundries", "posts": ["department_head"], "clause": "3.2.3 计划外 C"},
    {"kind": "sales_office_sundries", "amount_over": "5000.00", "posts": ["leader_in_charge", "finance_leader"], "clause": "3.2.3 计划外 C"},
    {"kind": "sales_office_sundries", "amount_over": "10000.00", "posts": ["general_manager"], "clause": "3.2.3 计划外 C"},

    {"kind": "work_completion", "of": "unplanned_purchase", "posts": ["requesting_department_head"], "clause": "3.2.3 计划外 B"},
    {"kind": "work_completion", "posts": ["{group}_handler"], "clause": "3.2.1 2)"},
    {"kind": "work_completion", "posts": ["{group}_head"], "clause": "3.2.1 2)"},

    {"kind": "annual_budget", "posts": ["finance"], "clause": "3.2.6.1"},
    {"kind": "annual_budget", "posts": ["general_manager"], "clause": "3.2.6.1"},

    {"kind": "budget_supplement", "posts": ["finance"], "clause": "3.2.6.2"},
    {"kind": "budget_supplement", "posts": ["general_manager"], "clause": "3.2.6.2"},
    {"kind": "budget_supplement", "posts": ["regional_vp"], "clause": "3.2.6.2"},

    {"kind": "expense_application", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.4 2)"},
    {"kind": "expense_application", "posts": ["property_gm"], "clause": "3.2.4 2)"},
    {"kind": "expense_application", "posts": ["{group}_handler"], "clause": "3.2.4 2)"},
    {"kind": "expense_application", "posts": ["{group}_head"], "clause": "3.2.4 2)"},
    {"kind": "expense_application", "posts": ["finance"], "clause": "3.2.4 2)"},
    {"kind": "expense_application", "posts": ["general_manager"], "clause": "3.2.4 2)"},
    {"kind": "expense_application", "over_budget": True, "posts": ["regional_vp"], "clause": "3.2.6.2"},

    {"kind": "payment_request", "posts": ["property_leader", "property_finance_head"], "clause": "3.2.5 3)"},
    {"kind": "payment_request", "posts": ["property_gm"], "clause": "3.2.5 3)"},
    {"kind": "payment_request", "posts": ["payment_signatory"], "clause": "3.2.5 3)"},

    {"kind": "payment_approval", "posts": ["service_head"], "clause": "客服小组职责"},
    {"kind": "payment_approval", "posts": ["finance"], "clause": "客服小组职责"},
    {"kind": "payment_approval", "posts": ["general_manager"], "clause": "客服小组职责"},

    {"kind": "phase_result", "posts": ["property_leader"], "clause": "3.1"},
    {"kind": "phase_result", "phase": "planning", "unless_result": "move_in_plan", "posts": ["design_reviewer"], "clause": "3.1.1"},
    {"kind": "phase_result", "phase": "marketing", "unless_result": "move_in_plan", "posts": ["marketing_head"], "clause": "3.1.2"},
    {"kind": "phase_result", "phase": "engineering", "unless_result": "move_in_plan", "posts": ["project_engineer"], "clause": "3.1.3"},
    {"kind": "phase_result", "phase": "handover", "unless_result": "move_in_plan", "posts": ["project_engineer"], "clause": "3.1.4"},
    {"kind": "phase_result", "phase": "move_in", "unless_result": "move_in_plan", "posts": ["service_head"], "clause": "3.1.5"},
    {"kind": "phase_result", "result": "move_in_plan", "posts": ["department_head"], "clause": "3.1.2"},

    {"kind": "publicity_confirmation", "posts": ["marketing_head"], "clause": "3.1.2 4)"},
    {"kind": "publicity_confirmation", "posts": ["property_project_manager"], "clause": "3.1.2 4)"},
    {"kind": "publicity_confirmation", "posts": ["property_leader"], "clause": "3.1.2 4)"},

    {"kind": "service_plan_review", "posts": ["property_leader"], "clause": "客服小组职责"},
    {"kind": "service_plan_review", "posts": ["marketing_head"], "mode": "opinion", "clause": "营销小组职责"},
    {"kind": "service_plan_review", "posts": ["service_head"], "clause": "客服小组职责"},

    {"kind": "service_agreement", "posts": ["service_head"], "clause": "客服小组职责、4.3"},
    {"kind": "service_agreement", "posts": ["property_gm"], "clause": "客服小组职责、4.3"},
    {"kind": "service_agreement", "posts": ["finance"], "clause": "客服小组职责、4.3"},
    {"kind": "service_agreement", "posts": ["general_manager"], "clause": "客服小组职责、4.3"},
]

SETTINGS = {
    # Management commission on all confirmed cost of an application (3.2.1 3), D3).
    "commission_rate": "0.10",
    # Who is copied at submission (D13).
    "copies": {
        "staffing_plan": ["property_project_manager"],
        "admin_expense_plan": ["property_project_manager"],
        "purchase_request": ["property_project_manager"],
        "service_confirmation": ["property_project_manager"],
        "unplanned_work": ["property_project_manager"],
        "unplanned_purchase": ["property_leader", "property_finance_head", "property_project_manager"],
        "sales_office_sundries": ["property_leader", "property_finance_head", "property_project_manager"],
    },
    # Copied, or first in line, only when this post submitted; a project manager needs no copy of his own form.
    "copies_only_when_submitted_by": {"property_project_manager": "property_clerk"},
    # The project manager is the first station of what the clerk submits, instead of being copied (D13).
    "project_manager_first": False,
    # A form first submitted after its work began needs a reason ("reason") or is refused ("refuse") (D12).
    "late_submission": "reason",
    # Forms that belong together within so many days are tested on their sum (guide 5).
    "split_window_days": 30,
    # Work confirmed after this day of the month goes into the next application (guide 6).
    "cutoff_day": 25,
    # Every payment of the property company is signed by the developer's signatory (D6).
    "payment_signatory_scope": "always",
}


def insert_policy_1(apps, schema_editor):
    """Publish policy 1 unless it is there already."""
    Policy = apps.get_model("documents", "Policy")
    Policy.objects.using(schema_editor.connection.alias).get_or_create(
        version=1,
        defaults={
            "name": "物业对接管理作业指引",
            "valid_from": date(2020, 1, 1),
            "rules": RULES,
            "settings": SETTINGS,
            "published_at": datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    # Going back leaves the policy: forms point at it, and going forward again finds it.
    operations = [migrations.RunPython(insert_policy_1, migrations.RunPython.noop)]
