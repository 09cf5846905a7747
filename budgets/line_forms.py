"""The lines of the seven work forms as data: columns, headings for import, categories. Pure leaf.

Contents of the forms: guide 5, "Contents". ``budgets.columns`` checks lines against it.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from documents.money import MAX_AMOUNT, MAX_QUANTITY
from documents.sheets import CellKind

MAX_PEOPLE = Decimal(99_999)
# Lines of one form, however they come.
MAX_LINES = 5_000
TEXT_LENGTHS = {
    "category": 20,
    "department_name": 50,
    "subject": 200,
    "specification": 200,
    "unit": 20,
    "description": 500,
    "remark": 500,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a line. ``key`` is the field of WorkLine; ``aliases`` are headings without units, brackets and spaces.

    ``unit`` stands in the heading's brackets; ``width`` is in millimetres on A4; ``zero`` allows 0.
    """

    key: str
    label: Any
    kind: CellKind = CellKind.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()
    editable: bool = True
    zero: bool = False
    unit: str = ""
    width: int = 25

    @property
    def max_length(self) -> int:
        """Longest text; 0 for cells that are no texts."""
        return TEXT_LENGTHS[self.key] if self.kind == CellKind.TEXT else 0

    @property
    def decimals(self) -> int:
        """Decimals a number may have: prices two, quantities three, people none."""
        return {CellKind.MONEY: 2, CellKind.QUANTITY: 3}.get(self.kind, 0)

    @property
    def maximum(self) -> Decimal:
        """Largest number allowed."""
        return {CellKind.MONEY: MAX_AMOUNT, CellKind.QUANTITY: MAX_QUANTITY}.get(self.kind, MAX_PEOPLE)

    @property
    def is_number(self) -> bool:
        """Whether the cell is reckoned with; a merge over it is never guessed at."""
        return self.kind in (CellKind.MONEY, CellKind.QUANTITY, CellKind.INTEGER)


@dataclass(frozen=True, slots=True)
class LineForm:
    """The line schema of a kind: quantity = product of ``factors``, price = sum of ``addends``."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    factors: tuple[str, ...] = ("quantity",)
    addends: tuple[str, ...] = ("price",)

    def column(self, key: str) -> Column:
        """The column of a key; KeyError for a key that the kind has not."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


_PURCHASE_CATEGORIES = ("清洁", "安保", "工程", "客服")
_ADMIN_CATEGORIES = ("办公", "用车", "招待", "后勤")


def _amount(label: Any = gettext_lazy("金额")) -> Column:
    return Column(
        "amount",
        label,
        CellKind.MONEY,
        (
            "金额",
            "合计",
            "总价",
            "总额",
            "总金额",
            "合计金额",
            "金额合计",
            "费用合计",
            "总计",
            "月合计",
            "小计",
            "申请金额",
        ),
        editable=False,
        unit="元",
        width=26,
    )


def _price(unit: str = "元") -> Column:
    aliases = ("单价", "含税单价", "预算单价", "参考单价", "价格", "标准", "费用标准", "单位价格")
    return Column("price", gettext_lazy("单价"), CellKind.MONEY, aliases, required=True, unit=unit, width=24)


def _quantity() -> Column:
    aliases = ("数量", "申请数量", "采购数量", "申购数量", "计划数量")
    return Column("quantity", gettext_lazy("数量"), CellKind.QUANTITY, aliases, required=True, width=18)


def _category(choices: tuple[str, ...]) -> Column:
    aliases = ("类别", "费用类别", "物品类别", "采购类别", "分类", "类型", "大类", "种类")
    return Column("category", gettext_lazy("类别"), aliases=aliases, required=True, choices=choices, width=18)


_UNIT = Column("unit", gettext_lazy("单位"), aliases=("单位", "计量单位"), width=14)
_SPECIFICATION = Column(
    "specification",
    gettext_lazy("规格型号"),
    aliases=("规格型号", "规格", "型号", "规格及型号", "规格/型号", "型号规格"),
    width=30,
)
_ARTICLE = Column(
    "subject",
    gettext_lazy("品名"),
    aliases=(
        "品名",
        "名称",
        "物品名称",
        "物资名称",
        "品名规格",
        "商品名称",
        "采购物品",
        "物品",
        "材料名称",
        "货品名称",
        "品目",
    ),
    required=True,
    width=36,
)
_USE = Column(
    "description",
    gettext_lazy("用途"),
    aliases=("用途", "用途说明", "使用部位", "使用地点", "说明", "用途及说明", "采购用途"),
    width=32,
)
_REMARK = Column("remark", gettext_lazy("备注"), aliases=("备注", "备注说明", "附注"), width=28)


def _per_head(key: str, label: Any, *aliases: str, required: bool = False) -> Column:
    return Column(key, label, CellKind.MONEY, aliases, required=required, zero=not required, unit="元/人", width=20)


_PURCHASE = (_ARTICLE, _SPECIFICATION, _UNIT, _quantity(), _price(), _amount(), _USE, _REMARK)
_SERVICE = (
    Column(
        "subject",
        gettext_lazy("工作事项"),
        aliases=(
            "工作事项",
            "事项",
            "工作内容",
            "工作项目",
            "服务事项",
            "服务内容",
            "工作名称",
            "服务项目",
            "项目",
            "名称",
        ),
        required=True,
        width=32,
    ),
    Column(
        "description",
        gettext_lazy("工作内容及原因"),
        aliases=(
            "工作内容及原因",
            "内容及原因",
            "原因",
            "事由",
            "原因说明",
            "说明",
            "工作说明",
            "工作原因",
            "具体内容",
        ),
        width=40,
    ),
    Column(
        "starts_on",
        gettext_lazy("开始日期"),
        CellKind.DATE,
        ("开始日期", "起始日期", "开始时间", "起始时间", "开始", "起", "从", "自"),
        required=True,
        width=22,
    ),
    Column(
        "ends_on",
        gettext_lazy("结束日期"),
        CellKind.DATE,
        ("结束日期", "截止日期", "终止日期", "结束时间", "截止时间", "结束", "止", "至", "到"),
        required=True,
        width=22,
    ),
    Column(
        "people",
        gettext_lazy("人数"),
        CellKind.INTEGER,
        ("人数", "用工人数", "投入人数", "派工人数"),
        required=True,
        unit="人",
        width=14,
    ),
    Column(
        "days",
        gettext_lazy("天数"),
        CellKind.QUANTITY,
        ("天数", "工作天数", "用工天数", "工期"),
        required=True,
        unit="天",
        width=14,
    ),
    _price("元/人·天"),
    _amount(),
    _REMARK,
)

LINE_FORMS: dict[str, LineForm] = {
    form.kind: form
    for form in (
        LineForm(
            "staffing_plan",
            "物业人员岗位配置表",
            (
                Column(
                    "department_name",
                    gettext_lazy("部门"),
                    aliases=("部门", "所属部门", "部门名称", "班组", "组别"),
                    required=True,
                    width=22,
                ),
                Column(
                    "subject",
                    gettext_lazy("岗位"),
                    aliases=("岗位", "岗位名称", "职务", "职位", "工种"),
                    required=True,
                    width=34,
                ),
                Column(
                    "quantity",
                    gettext_lazy("人数"),
                    CellKind.QUANTITY,
                    ("人数", "编制", "编制人数", "配置人数", "岗位人数", "定编", "定员"),
                    required=True,
                    unit="人",
                    width=14,
                ),
                _per_head(
                    "wage",
                    gettext_lazy("工资"),
                    "工资",
                    "月工资",
                    "工资标准",
                    "人均工资",
                    "薪资",
                    "薪酬",
                    required=True,
                ),
                _per_head(
                    "social_insurance",
                    gettext_lazy("社保"),
                    "社保",
                    "社会保险",
                    "社保公积金",
                    "五险一金",
                    "社保及公积金",
                ),
                _per_head("benefits", gettext_lazy("福利"), "福利", "福利费", "员工福利"),
                _per_head("other_cost", gettext_lazy("其他"), "其他", "其它", "其他费用", "其它费用"),
                Column(
                    "price",
                    gettext_lazy("人均合计"),
                    CellKind.MONEY,
                    (
                        "人均合计",
                        "每人合计",
                        "人均费用",
                        "人均成本",
                        "单人合计",
                        "单人费用",
                        "人均小计",
                        "每人小计",
                        "单价",
                    ),
                    editable=False,
                    unit="元/人",
                    width=22,
                ),
                _amount(gettext_lazy("合计")),
                _REMARK,
            ),
            addends=("wage", "social_insurance", "benefits", "other_cost"),
        ),
        LineForm(
            "admin_expense_plan",
            "物业行政管理费用支出表",
            (
                _category(_ADMIN_CATEGORIES),
                Column(
                    "subject",
                    gettext_lazy("费用项目"),
                    aliases=(
                        "费用项目",
                        "项目",
                        "费用名称",
                        "支出项目",
                        "费用明细",
                        "项目名称",
                        "名称",
                        "内容",
                        "费用内容",
                    ),
                    required=True,
                    width=36,
                ),
                Column(
                    "description",
                    gettext_lazy("说明"),
                    aliases=("说明", "费用说明", "用途", "用途说明", "事由", "明细说明"),
                    width=40,
                ),
                _UNIT,
                _quantity(),
                _price(),
                _amount(),
                _REMARK,
            ),
        ),
        LineForm("purchase_request", "物业采购申请表", (_category(_PURCHASE_CATEGORIES), *_PURCHASE)),
        LineForm("service_confirmation", "物业服务工作确认单（专项）", _SERVICE, factors=("people", "days")),
        LineForm("unplanned_work", "物业服务工作确认单（超计划）", _SERVICE, factors=("people", "days")),
        LineForm("unplanned_purchase", "超计划代购申请", _PURCHASE),
        LineForm("sales_office_sundries", "售楼处零星耗品采购", _PURCHASE),
    )
}
