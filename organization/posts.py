"""Posts (岗位) of guide 1: a closed vocabulary, with the side each one stands on. Pure leaf."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Camp(TextChoices):
    """Which side of the contract a company stands on. The region counts as developer side (design 16)."""

    PROPERTY = "property", _("物业公司")
    DEVELOPER = "developer", _("地产城市公司")
    REGION = "region", _("区域")


class Post(TextChoices):
    """Every post that the guide names, in its order."""

    PROPERTY_CLERK = "property_clerk", _("物业经办人")
    PROPERTY_PROJECT_MANAGER = "property_project_manager", _("项目物业经理")
    PROPERTY_LEADER = "property_leader", _("物业地产配合业务分管领导")
    PROPERTY_FINANCE = "property_finance", _("物业财务经办")
    PROPERTY_FINANCE_HEAD = "property_finance_head", _("物业财务部负责人")
    PROPERTY_GM = "property_gm", _("物业公司总经理")
    MARKETING_HANDLER = "marketing_handler", _("营销小组经办人")
    MARKETING_HEAD = "marketing_head", _("营销小组负责人")
    SERVICE_HANDLER = "service_handler", _("客服小组经办人")
    SERVICE_HEAD = "service_head", _("客服小组负责人")
    DEPARTMENT_HEAD = "department_head", _("营销客服部负责人")
    REQUESTING_DEPARTMENT_HEAD = "requesting_department_head", _("需求部门负责人")
    LEADER_IN_CHARGE = "leader_in_charge", _("分管领导")
    FINANCE = "finance", _("地产财务部")
    FINANCE_LEADER = "finance_leader", _("财务领导")
    GENERAL_MANAGER = "general_manager", _("城市公司总经理")
    PAYMENT_SIGNATORY = "payment_signatory", _("地产授权人")
    ACCOUNT_AUDITOR = "account_auditor", _("账户查核人员")
    DESIGN_REVIEWER = "design_reviewer", _("设计管理部")
    PROJECT_ENGINEER = "project_engineer", _("项目部")
    REGIONAL_VP = "regional_vp", _("区域分管总")


PROPERTY_POSTS = tuple(post for post in Post if post.value.startswith("property_"))
REGION_POSTS = (Post.REGIONAL_VP,)
DEVELOPER_POSTS = tuple(post for post in Post if post not in PROPERTY_POSTS and post not in REGION_POSTS)

# Held for a department: the appointment names it, and the step copies it from the form (design 9).
DEPARTMENT_POSTS = (Post.REQUESTING_DEPARTMENT_HEAD, Post.LEADER_IN_CHARGE)

# Told of every appointment in their company (design 17).
COMPANY_HEADS = (Post.PROPERTY_GM, Post.GENERAL_MANAGER, Post.REGIONAL_VP)


def camp_of(post: str) -> Camp:
    """The side on which a post stands."""
    if post in PROPERTY_POSTS:
        return Camp.PROPERTY
    return Camp.REGION if post in REGION_POSTS else Camp.DEVELOPER
