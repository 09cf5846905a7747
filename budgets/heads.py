"""What a work form says beside its lines, as data: head fields per kind (guide 5, "Contents"). Pure leaf.

Entry page, import, API, submission check, sheet and print all read ``HEADS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.cells import CellFault, read_date
from documents.refusals import Invalid
from documents.sheets import CellKind
from documents.texts import clean_text
from documents.vocabulary import Kind

# A name of evidence as the data of ``RequiredPaper`` has it; stored on files, so never translated.
ATTENDANCE = "考勤"
URGENCIES = ("一般", "紧急", "特急")
# Groups inside 营销客服部 that clerks write as the department that asks.
GROUPS = ("营销小组", "客服小组")


@dataclass(frozen=True, slots=True)
class HeadField:
    """One field of the head. ``key`` is a column of WorkForm; ``required`` is asked at submission, never of a draft."""

    key: str
    label: Any
    kind: CellKind = CellKind.TEXT
    required: bool = False
    max_length: int = 50
    choices: tuple[str, ...] = ()
    long: bool = False
    help: Any = ""
    # Told in signed contents only where it says something: forms that were signed before the field existed read as before.
    sparse: bool = False


_NOTE = HeadField("note", gettext_lazy("说明"), max_length=500, long=True, help=gettext_lazy("可不填，随单据打印"))
_DEPARTMENT = HeadField("department_name", gettext_lazy("需求部门"), required=True)
_CONTACT = HeadField("contact", gettext_lazy("联系人"), required=True)
_REQUESTED = HeadField(
    "requested_on",
    gettext_lazy("提出日期"),
    CellKind.DATE,
    required=True,
    help=gettext_lazy("需求部门向物业公司提出的日期，早于提交"),
)
_SUPPLIER = HeadField("supplier", gettext_lazy("供应商"), max_length=100)
_SUBJECT = HeadField(
    "subject", gettext_lazy("费用科目"), max_length=50, help=gettext_lazy("管理者佣金和合并计算审批金额按科目办理")
)
# What the guide itself names, and what its forms are about; a property company keeps a list of its own from it (D3: the three
# that carry no commission are among them).
GUIDE_SUBJECTS = (
    "活动配合", "应急抢险", "保洁服务", "安保服务", "客户服务", "工程维护", "绿化养护", "案场耗材", "行政后勤", "房屋维修", "客户索赔", "空置房", "其他",
)  # fmt: skip

HEADS: dict[str, tuple[HeadField, ...]] = {
    Kind.STAFFING_PLAN: (_NOTE,),
    Kind.ADMIN_EXPENSE_PLAN: (_NOTE,),
    Kind.PURCHASE_REQUEST: (_NOTE,),
    Kind.SERVICE_CONFIRMATION: (_DEPARTMENT, _CONTACT, _REQUESTED, replace(_SUBJECT, sparse=True), _NOTE),
    Kind.UNPLANNED_WORK: (
        _DEPARTMENT,
        _CONTACT,
        _REQUESTED,
        HeadField("urgency", gettext_lazy("紧急程度"), required=True, choices=URGENCIES),
        _SUBJECT,
        _NOTE,
    ),
    Kind.UNPLANNED_PURCHASE: (
        _DEPARTMENT,
        _SUPPLIER,
        HeadField(
            "reason",
            gettext_lazy("代购理由"),
            required=True,
            max_length=500,
            long=True,
            help=gettext_lazy("为何地产授权人不能自行判断，须由需求部门及领导审批"),
        ),
        _NOTE,
    ),
    Kind.SALES_OFFICE_SUNDRIES: (_SUBJECT, _SUPPLIER, _NOTE),
}

# What the head of a workbook is read for (``workbooks.headings``), by the field that it becomes.
IMPORTED = {
    "department_name": "department",
    "contact": "contact",
    "requested_on": "requested_on",
    "urgency": "urgency",
    "subject": "account",
}


def read_head(kind: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The head fields of a kind out of what was typed or imported; keys that are not given are left out.

    Raises Invalid with a sentence per faulty field or key that the kind has not; a missing value is no fault of a draft.
    """
    values, faults = check_head(kind, raw)
    if faults:
        raise Invalid(*(sentence for _key, sentence in faults))
    return values


def check_head(kind: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The sound fields, and what is wrong with the others: (key, sentence)."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    if unknown := [key for key in raw if key not in {field.key for field in HEADS[kind]}]:
        told = {
            "names": "、".join(f"「{key}」" for key in unknown),
            "known": "、".join(f"{field.key}（{field.label}）" for field in HEADS[kind]),
        }
        faults.append(("", _("表头没有这个字段：%(names)s。请删去；本表的字段是：%(known)s。") % told))
    for field in HEADS[kind]:
        if field.key not in raw:
            continue
        try:
            values[field.key] = _value(field, raw[field.key])
        except Invalid as refusal:
            faults += [(field.key, sentence) for sentence in refusal.sentences]
    return values, faults


def importable(kind: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Head fields that a workbook names; what it doesn't hold is asked for before the submission, no import error."""
    keys = [field.key for field in HEADS[kind]]
    return {key: facts[fact] for key, fact in IMPORTED.items() if key in keys and facts.get(fact)}


def _value(field: HeadField, raw: Any) -> str | date | None:
    label = str(field.label)
    if field.kind == CellKind.DATE:
        try:
            return read_date(raw or None, label=label)
        except CellFault as fault:
            raise Invalid(fault.message) from fault
    text = clean_text(str(raw or ""), max_length=field.max_length, label=label)
    if text and field.choices and text not in field.choices:
        raise Invalid(
            _("%(label)s“%(value)s”不在可选范围内，请选择：%(choices)s。")
            % {"label": label, "value": text, "choices": "、".join(field.choices)}
        )
    return text


def missing(kind: str, values: Mapping[str, Any]) -> list[str]:
    """Sentences for required fields that are still empty, for the submission."""
    return [
        _("缺少%(label)s，请填写后再提交。") % {"label": field.label}
        for field in HEADS[kind]
        if field.required and not values.get(field.key)
    ]
