"""One validator of a line for page, paste, API and import."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from budgets.columns import LINE_FORMS, CheckedRow, check_row, columns_of, is_blank_row

PURCHASE = {"category": "清洁", "subject": "垃圾袋", "unit": "卷", "quantity": "120", "price": "8.60"}
SERVICE = {
    "subject": "开盘活动安保增援",
    "description": "首开当日人流管控",
    "starts_on": "2026-12-12",
    "ends_on": "2026-12-13",
    "people": 20,
    "days": 2,
    "price": "260",
}
STAFF = {
    "department_name": "秩序",
    "subject": "秩序维护员",
    "quantity": 12,
    "wage": 5600,
    "social_insurance": "1,580",
    "benefits": "300",
    "other_cost": 120,
}


def sentences(kind, **cells):
    result = check_row(kind, cells)
    return [] if isinstance(result, CheckedRow) else [error.message for error in result]


def test_the_seven_work_forms_have_columns():
    assert list(LINE_FORMS) == [
        "staffing_plan",
        "admin_expense_plan",
        "purchase_request",
        "service_confirmation",
        "unplanned_work",
        "unplanned_purchase",
        "sales_office_sundries",
    ]
    assert [column.key for column in columns_of("purchase_request")] == [
        "category",
        "subject",
        "specification",
        "unit",
        "quantity",
        "price",
        "amount",
        "description",
        "remark",
    ]


@pytest.mark.parametrize("kind", LINE_FORMS)
def test_no_heading_means_two_columns_of_one_form(kind):
    aliases = [alias for column in columns_of(kind) for alias in column.aliases]
    assert len(aliases) == len(set(aliases))
    assert all(column.label in column.aliases for column in columns_of(kind))


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        (2.5, 33.33, "83.33"),  # 83.325, half up
        (0.5, "0.01", "0.01"),  # 0.005, half up
        ("3", "0.10", "0.30"),
        (7, 19.9, "139.30"),
        ("1.333", "1.50", "2.00"),  # 1.9995
        ("638", "15", "9570.00"),
    ],
)
def test_a_line_is_quantity_times_price_half_up(quantity, price, amount):
    line = check_row("purchase_request", {**PURCHASE, "quantity": quantity, "price": price})
    assert str(line.cells["amount"]) == amount
    assert str(line.amount) == amount
    assert line.computed


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        (2.5, 33.33, 83.33),
        (2.5, 33.33, 83.325),
        (2.5, 33.33, 83.32499999999999),  # as .xls keeps it
        (2.5, 33.33, "83.33"),
        (2.5, 33.33, "￥83.33元"),
        (3, 0.1, 0.30000000000000004),
    ],
)
def test_a_given_amount_is_the_product_or_its_rounding(quantity, price, amount):
    line = check_row("purchase_request", {**PURCHASE, "quantity": quantity, "price": price, "amount": amount})
    assert not line.computed
    assert line.cells["amount"] == round(Decimal(str(quantity)) * Decimal(str(price)) + Decimal("0.0001"), 2)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (350, "金额 350.00 不等于 数量 × 单价 = 1,032.00，请改正，或留空由系统计算。"),
        (0, "金额 0.00 不等于 数量 × 单价 = 1,032.00，请改正，或留空由系统计算。"),
        (1032.004, "金额 1032.004 不等于 数量 × 单价 = 1,032.00，请改正，或留空由系统计算。"),
        ("1032.000", "金额“1032.000”超过 2 位小数，请改为最多 2 位小数。"),
        (-1032, "金额“-1032”是负数，请填写大于 0 的数字。"),
        (True, "金额是布尔值 TRUE，请改为数字。"),
        ("一千元", "金额“一千元”不是数字，请填写如 12.50 的数字。"),
    ],
)
def test_an_amount_that_is_not_the_product_is_refused(amount, sentence):
    assert sentences("purchase_request", **PURCHASE, amount=amount) == [sentence]


def test_every_fault_of_a_line_is_told_at_once():
    assert sentences("purchase_request", category="食品", subject=" ", quantity=-3, price="十二元", amount=False) == [
        "类别“食品”不在清单内，请改为：清洁、安保、工程、客服。",
        "缺少品名，请填写。",
        "数量“-3”是负数，请填写大于 0 的数字。",
        "单价“十二元”不是数字，请填写如 12.50 的数字。",
        "金额是布尔值 FALSE，请改为数字。",
    ]


def test_a_company_may_keep_its_own_categories():
    own = {**PURCHASE, "category": "绿化类"}
    assert isinstance(check_row("purchase_request", own), list)
    assert check_row("purchase_request", own, categories=("绿化",)).cells["category"] == "绿化"


def test_staffing_multiplies_heads_by_the_sum_per_head():
    line = check_row("staffing_plan", {**STAFF, "amount": 91200, "price": 7600})
    assert (line.cells["quantity"], line.cells["price"], line.cells["amount"]) == (12, 7600, 91200)


def test_staffing_refuses_a_sum_per_head_that_is_not_the_sum():
    assert sentences("staffing_plan", **STAFF, price=7000, amount=91201) == [
        "人均合计 7,000.00 不等于 工资 + 社保 + 福利 + 其他 = 7,600.00，请改正，或留空由系统计算。",
        "合计 91,201.00 不等于 人数 ×（工资 + 社保 + 福利 + 其他） = 91,200.00，请改正，或留空由系统计算。",
    ]


def test_staffing_extras_may_be_blank_or_nought_but_not_the_wage():
    line = check_row("staffing_plan", {**STAFF, "benefits": None, "other_cost": 0})
    assert line.cells["price"] == 7180
    assert sentences("staffing_plan", **{**STAFF, "wage": 0}) == ["工资为 0，请填写大于 0 的数字。"]


def test_service_multiplies_people_days_and_price():
    line = check_row("unplanned_work", SERVICE)
    assert (line.cells["quantity"], line.cells["amount"]) == (40, 10400)
    assert (line.cells["people"], line.cells["starts_on"]) == (20, date(2026, 12, 12))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"days": 3}, "天数 3 多于 2026-12-12 至 2026-12-13 的 2 天，请改正天数或日期。"),
        ({"ends_on": "2026-12-11"}, "结束日期 2026-12-11 早于开始日期 2026-12-12，请改正。"),
        ({"starts_on": "2026-02-30"}, "开始日期“2026-02-30”不是有效日期，请填写如 2026-12-05 的日期。"),
        ({"starts_on": "0001-12-12"}, "开始日期“0001-12-12”不是有效日期，请填写如 2026-12-05 的日期。"),
        ({"starts_on": 46368.0}, "开始日期“46368”不是有效日期，请填写如 2026-12-05 的日期。"),
        (
            {"starts_on": datetime(2026, 12, 12, 8)},
            "开始日期“2026-12-12 08:00:00”不是有效日期，请填写如 2026-12-05 的日期。",
        ),
        ({"people": 2.5}, "人数“2.5”不是整数，请填写整数。"),
        ({"people": None}, "缺少人数，请填写。"),
    ],
)
def test_service_lines_that_cannot_be(cells, sentence):
    assert sentences("service_confirmation", **{**SERVICE, **cells}) == [sentence]


@pytest.mark.parametrize(
    "written",
    ["2026-12-12", "2026/12/12", "2026.12.12", "2026年12月12日", "２０２６－１２－１２", datetime(2026, 12, 12)],
)
def test_days_are_read_as_people_write_them(written):
    assert check_row("unplanned_work", {**SERVICE, "starts_on": written}).cells["starts_on"] == date(2026, 12, 12)


def test_fewer_days_than_the_dates_hold_are_fine():
    assert check_row("unplanned_work", {**SERVICE, "days": 0.5}).cells["quantity"] == 10


@pytest.mark.parametrize("bad", ["a\x0bb", "a\x1bb", "a\ufffeb", "a\ud800b", "a\u202eb", "a\u2066b", "\x00"])
def test_characters_that_no_export_carries_are_refused(bad):
    assert "不可见的控制字符" in sentences("purchase_request", **{**PURCHASE, "subject": bad})[0]


def test_texts_are_trimmed_and_line_breaks_become_spaces():
    line = check_row(
        "purchase_request", {**PURCHASE, "subject": "\u3000 垃圾袋\r\n（大） \u200b", "specification": 60.0}
    )
    assert (line.cells["subject"], line.cells["specification"]) == ("垃圾袋 （大）", "60")


def test_long_texts_are_told_with_their_length():
    assert sentences("purchase_request", **{**PURCHASE, "subject": "袋" * 201}) == [
        "品名有 201 个字，超过 200 个字，请缩短。"
    ]


def test_markup_and_formulas_are_text():
    for text in ("<script>alert(1)</script>", "{{7*7}}", "=1+1", "😀", "喆堃镕"):
        assert check_row("purchase_request", {**PURCHASE, "subject": text}).cells["subject"] == text


def test_a_product_out_of_range_is_refused():
    assert sentences("purchase_request", **{**PURCHASE, "quantity": "999999999", "price": "999999"}) == [
        "本行金额 999,998,999,000,001.00 大于上限 99,999,999,999.99，请核对数量和单价。"
    ]
    assert sentences("purchase_request", **{**PURCHASE, "quantity": "0.001", "price": "1"}) == [
        "本行金额不足 0.01 元，请核对数量和单价。"
    ]


def test_a_line_with_nothing_typed_is_blank():
    assert is_blank_row("purchase_request", {"category": " ", "amount": 0})
    assert not is_blank_row("purchase_request", {"category": "清洁"})
