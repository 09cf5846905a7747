"""Words for the organization's trail."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from organization.models import AppointmentEvent
from organization.posts import Post

register = template.Library()

TITLES = {
    "appointed": _("任命"),
    "ended": _("结束任命"),
    "person_created": _("新建人员"),
    "person_edited": _("编辑人员"),
    "deactivated": _("停用人员"),
    "reactivated": _("重新启用人员"),
    "password_reset": _("重置密码"),
    "password_changed": _("本人修改密码"),
    "company_created": _("新建公司"),
    "department_created": _("新建部门"),
    "project_created": _("新建项目"),
    "project_edited": _("编辑项目"),
    "instalment_created": _("新建分期"),
    "move_in_set": _("登记入伙日期"),
    "contact_recorded": _("登记对接"),
}

LABELS = {
    "person": _("人员"),
    "username": _("用户名"),
    "post": _("岗位"),
    "project": _("项目"),
    "project_code": _("项目编码"),
    "instalment": _("分期"),
    "instalment_code": _("分期编码"),
    "department": _("部门"),
    "company": _("公司"),
    "company_code": _("公司编码"),
    "starts_on": _("自"),
    "ends_on": _("至"),
    "reason": _("原因"),
    "planned_move_in_on": _("计划入伙"),
    "announced_move_in_on": _("入住通知书所载入伙日"),
    "actual_move_in_on": _("实际入伙"),
    "contacted_on": _("对接日期"),
    "phase": _("阶段"),
    "fields": _("字段"),
    "changes": _("变更"),
    "before": _("原值"),
}


@register.filter
def event_title(event: AppointmentEvent) -> str:
    """What happened, in words."""
    return str(TITLES.get(event.code, event.code))


@register.filter
def event_text(event: AppointmentEvent) -> str:
    """What the event says: known labels and values, rows by their keys as the trail stores them."""
    return "；".join(
        f"{LABELS[name]} {_value(name, value)}"
        for name, value in event.parameters.items()
        if name in LABELS and value not in (None, "", [], {})
    )


def _value(name: str, value: Any) -> str:
    if name == "post" and value in Post.values:
        return str(Post(value).label)
    if isinstance(value, dict):
        return "、".join(f"{LABELS.get(key, key)} {item or '—'}" for key, item in value.items())
    if isinstance(value, list):
        return "、".join(str(LABELS.get(item, item)) for item in value)
    return str(value) if name not in ("person", "project", "department", "company", "instalment") else f"#{value}"
