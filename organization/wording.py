"""The organization's trail in words: what happened, to whom, worded on reading in the active language."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext_lazy as _

from organization.models import AppointmentEvent, Company, Department, Instalment, Person, Project
from organization.models.project import Phase
from organization.posts import Camp, Post
from organization.punctuation import listed, with_semicolons

TITLES = {
    "appointed": _("已任命"),
    "ended": _("已结束任命"),
    "person_created": _("已新建人员"),
    "person_edited": _("已编辑人员"),
    "deactivated": _("已停用人员"),
    "reactivated": _("已重新启用人员"),
    "password_reset": _("已重置密码"),
    "password_changed": _("本人已修改密码"),
    "company_created": _("已新建公司"),
    "department_created": _("已新建部门"),
    "project_created": _("已新建项目"),
    "project_edited": _("已编辑项目"),
    "instalment_created": _("已新建分期"),
    "dates_set": _("已变动节点日期"),
    "move_in_set": _("已登记入伙日期"),
    "contact_recorded": _("已登记对接"),
    "calendar_imported": _("已导入节假日"),
    "category_added": _("已新增明细类别"),
    "category_renamed": _("明细类别已改名"),
    "category_activated": _("已启用明细类别"),
    "category_deactivated": _("已停用明细类别"),
    "category_moved": _("已调整明细类别顺序"),
    "paper_added": _("已新增必备资料"),
    "paper_renamed": _("必备资料已改名"),
    "paper_activated": _("已启用必备资料"),
    "paper_deactivated": _("已停用必备资料"),
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
    "kind": _("单据类型"),
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
    "name": _("名称"),
    "phone": _("电话"),
    "email": _("邮箱"),
    "is_active": _("在用"),
    "camp": _("一方"),
    "region": _("区域"),
    "developer": _("地产城市公司"),
    "property_company": _("物业公司"),
    "developer_department": _("地产部门"),
    "property_department": _("物业部门"),
    "positioning_on": _("项目定位启动"),
    "sales_office_opens_on": _("售楼处开放"),
    "completion_acceptance_on": _("竣工验收"),
    "mass_move_in_on": _("集中入住"),
    "year": _("年份"),
    "holidays": _("放假（天）"),
    "make_up_days": _("调休上班（天）"),
    "source": _("来源"),
}

# Parameters that hold keys, and the rows that they are keys of.
ROWS = {
    "person": Person,
    "project": Project,
    "instalment": Instalment,
    "department": Department,
    "developer_department": Department,
    "property_department": Department,
    "company": Company,
    "developer": Company,
    "property_company": Company,
    "region": Company,
}
# Later apps add the vocabularies that their events speak of.
CHOICES: dict[str, type[Choices]] = {"post": Post, "camp": Camp, "phase": Phase}
Names = dict[tuple[str, Any], str]


@dataclass(frozen=True, slots=True)
class EventLine:
    """A line of the trail's page."""

    event: AppointmentEvent
    title: str
    text: str


def worded(events: Iterable[AppointmentEvent]) -> list[EventLine]:
    """Events with the names of the rows that they speak of; a query per table spoken of."""
    listed = list(events)
    names = _names(listed)
    return [EventLine(event, str(TITLES.get(event.code, event.code)), _text(event, names)) for event in listed]


def _names(events: list[AppointmentEvent]) -> Names:
    keys: dict[type[Any], set[int]] = defaultdict(set)
    for event in events:
        for name, model in ROWS.items():
            if isinstance(event.parameters.get(name), int):
                keys[model].add(event.parameters[name])
    found = {}
    for model, pks in keys.items():
        rows = model.objects.select_related("project") if model is Instalment else model.objects.all()
        found[model] = {row.pk: str(row) for row in rows.filter(pk__in=pks)}
    return {(name, pk): text for name, model in ROWS.items() if model in found for pk, text in found[model].items()}


def _text(event: AppointmentEvent, names: Names) -> str:
    """In the order of ``LABELS``: PostgreSQL keeps JSON keys in an order of its own."""
    said = event.parameters
    return with_semicolons(
        f"{label} {_value(name, said[name], names)}"
        for name, label in LABELS.items()
        if name != "is_active" and said.get(name) not in (None, "", [], {})
    )


def _value(name: str, value: Any, names: Names) -> str:
    if name in CHOICES and value in CHOICES[name].values:
        return str(CHOICES[name](value).label)
    if isinstance(value, dict):
        return listed(f"{LABELS.get(key, key)} {_value(key, item, names)}" for key, item in value.items())
    if isinstance(value, list):
        return listed(LABELS.get(item, item) for item in value)
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return names.get((name, value), str(value)) if isinstance(value, int) else str(value)
