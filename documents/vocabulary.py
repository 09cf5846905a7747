"""Closed vocabularies of the forms: kinds, sides, results. Pure leaf.

All seventeen kind codes of guide 5 live here; an app registers the ones it implements with ``documents.kinds``.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from organization.models.project import Phase

__all__ = ["DEVELOPER_ONLY", "KIND_PREFIX", "Kind", "Phase", "Result", "Side"]


class Kind(TextChoices):
    """The seventeen forms of guide 5, in its order."""

    STAFFING_PLAN = "staffing_plan", _("物业人员岗位配置表")
    ADMIN_EXPENSE_PLAN = "admin_expense_plan", _("物业行政管理费用支出表")
    PURCHASE_REQUEST = "purchase_request", _("物业采购申请表")
    SERVICE_CONFIRMATION = "service_confirmation", _("物业服务工作确认单（专项）")
    UNPLANNED_WORK = "unplanned_work", _("物业服务工作确认单（超计划）")
    UNPLANNED_PURCHASE = "unplanned_purchase", _("超计划代购申请")
    SALES_OFFICE_SUNDRIES = "sales_office_sundries", _("售楼处零星耗品采购")
    WORK_COMPLETION = "work_completion", _("工作量事后确认")
    ANNUAL_BUDGET = "annual_budget", _("物业前期介入年度费用预算表")
    BUDGET_SUPPLEMENT = "budget_supplement", _("物业前期费用预算追加")
    EXPENSE_APPLICATION = "expense_application", _("物业前期介入费用申请")
    PAYMENT_REQUEST = "payment_request", _("物业费用支付单")
    PAYMENT_APPROVAL = "payment_approval", _("付款审批表")
    PHASE_RESULT = "phase_result", _("阶段成果")
    PUBLICITY_CONFIRMATION = "publicity_confirmation", _("宣传承诺确认单")
    SERVICE_PLAN_REVIEW = "service_plan_review", _("入伙后服务方案及收费标准审查")
    SERVICE_AGREEMENT = "service_agreement", _("物业服务前期介入协议")


class Side(TextChoices):
    """Before or after move-in: which group reviews (guide 4)."""

    PRE = "pre", _("入伙前（营销小组）")
    POST = "post", _("入伙后（客服小组）")


class Result(TextChoices):
    """Phase results in the order of guide 2; routing looks only at ``move_in_plan``."""

    POSITIONING_SURVEY = "positioning_survey", _("《物业管理定位调研报告》")
    DETAIL_PROPOSALS = "detail_proposals", _("《物业相关项目细节建议书》")
    MANAGEMENT_PLAN = "management_plan", _("《项目前期物业管理方案》")
    INTERIM_COVENANT = "interim_covenant", _("《临时管理规约》")
    MOVE_IN_PLAN = "move_in_plan", _("《入伙方案》")
    UNIT_QUALITY_REPORT = "unit_quality_report", _("《项目分户工程质量现状报告》")
    COMMON_AREA_PATROL_REPORT = "common_area_patrol_report", _("《公共部位工地巡查报告》")
    DEFECT_LIST = "defect_list", _("《房屋质量缺陷表》")
    FACILITY_ACCEPTANCE = "facility_acceptance", _("《房屋及公共设施验收交接表》")
    BUILDING_HANDOVER = "building_handover", _("《房屋整体移交验收表》")
    OPEN_ISSUES = "open_issues", _("《房屋/附属设备遗留问题登记表》")
    KEY_HANDOVER = "key_handover", _("《房屋钥匙交接表》")
    MOVE_IN_PAPERS = "move_in_papers", _("入住文件")
    SATISFACTION_SURVEY = "satisfaction_survey", _("满意度调查结果")


# Letters of the form number: CH-PR-202612-001.
KIND_PREFIX: dict[str, str] = {
    Kind.STAFFING_PLAN: "SP",
    Kind.ADMIN_EXPENSE_PLAN: "AE",
    Kind.PURCHASE_REQUEST: "PR",
    Kind.SERVICE_CONFIRMATION: "SC",
    Kind.UNPLANNED_WORK: "UW",
    Kind.UNPLANNED_PURCHASE: "UP",
    Kind.SALES_OFFICE_SUNDRIES: "SS",
    Kind.WORK_COMPLETION: "WC",
    Kind.ANNUAL_BUDGET: "AB",
    Kind.BUDGET_SUPPLEMENT: "BS",
    Kind.EXPENSE_APPLICATION: "EA",
    Kind.PAYMENT_REQUEST: "PY",
    Kind.PAYMENT_APPROVAL: "PA",
    Kind.PHASE_RESULT: "RS",
    Kind.PUBLICITY_CONFIRMATION: "PC",
    Kind.SERVICE_PLAN_REVIEW: "SR",
    Kind.SERVICE_AGREEMENT: "SA",
}

# Never shown to the property side (design 16).
DEVELOPER_ONLY = (Kind.ANNUAL_BUDGET, Kind.BUDGET_SUPPLEMENT, Kind.PAYMENT_APPROVAL)

# Guide 4, second table: what belongs to what.
WORK_KINDS = (
    Kind.STAFFING_PLAN,
    Kind.ADMIN_EXPENSE_PLAN,
    Kind.PURCHASE_REQUEST,
    Kind.SERVICE_CONFIRMATION,
    Kind.UNPLANNED_WORK,
    Kind.UNPLANNED_PURCHASE,
    Kind.SALES_OFFICE_SUNDRIES,
)
INSTALMENT_MONTH_KINDS = (*WORK_KINDS, Kind.WORK_COMPLETION)
INSTALMENT_YEAR_KINDS = (Kind.ANNUAL_BUDGET, Kind.BUDGET_SUPPLEMENT)
PROJECT_MONTH_KINDS = (Kind.EXPENSE_APPLICATION, Kind.PAYMENT_REQUEST, Kind.PAYMENT_APPROVAL)
SIDED_KINDS = (*INSTALMENT_MONTH_KINDS, *INSTALMENT_YEAR_KINDS, Kind.EXPENSE_APPLICATION)
# What ends the work of a project that is out of use: confirmed, applied for (or reversed), paid.
ENDING_KINDS = (Kind.WORK_COMPLETION, *PROJECT_MONTH_KINDS)
# One live form per instalment and month.
MONTHLY_KINDS = (Kind.STAFFING_PLAN, Kind.ADMIN_EXPENSE_PLAN, Kind.PURCHASE_REQUEST)
