"""What every typed value gives: the exact figure, or the sentence. Typed by hand."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from budgets.cells import CellFault, ErrorValue, UncalculatedFormula
from budgets.numbers import read_number, read_written

NOT_A_NUMBER = "单价“%s”不是数字，请填写如 12.50 的数字。"
NOT_PLAIN = "单价“%s”不是普通数字写法，请填写如 1000.00 的数字。"
NEGATIVE = "单价“%s”是负数，请填写大于 0 的数字。"
TOO_FINE = "单价“%s”超过 2 位小数，请改为最多 2 位小数。"
TOO_BIG = "单价“%s”大于上限 99,999,999,999.99，请核对后改小。"
ZERO = "单价为 0，请填写大于 0 的数字。"
GROUPING = "单价“%s”的千位分隔符位置不对，请去掉逗号，或填写如 1,234.50 的数字。"
A_DATE = "单价是日期或时间 %s，请改为数字，并把单元格格式设为“常规”。"

TAKEN = [
    (12, "12.00"),
    (12.0, "12.00"),
    (12.5, "12.50"),
    (0.01, "0.01"),
    (8.6, "8.60"),
    (33.33, "33.33"),
    (33.330000000000005, "33.33"),
    (0.30000000000000004, "0.30"),
    (1.1 + 2.2, "3.30"),
    (99999999999.99, "99999999999.99"),
    (Decimal("168.50"), "168.50"),
    ("12", "12.00"),
    ("12.5", "12.50"),
    ("12.50", "12.50"),
    ("0.01", "0.01"),
    ("007", "7.00"),
    ("1,011.00", "1011.00"),
    ("1，011.00", "1011.00"),
    ("1,234,567.89", "1234567.89"),
    ("1 011.00", "1011.00"),
    ("1\u00a0011.00", "1011.00"),
    (" 12.50 ", "12.50"),
    ("\u300012.50\u3000", "12.50"),
    ("￥1,011.00", "1011.00"),
    ("¥1,011.00", "1011.00"),
    ("￥ 12", "12.00"),
    ("1032.00元", "1032.00"),
    ("1,032.00 元", "1032.00"),
    ("￥12元", "12.00"),
    ("１０３２．００", "1032.00"),
    ("７４２．５０", "742.50"),
    ("１，２３４．５０", "1234.50"),
    ("99,999,999,999.99", "99999999999.99"),
    ("99999999999.99", "99999999999.99"),
]

REFUSED = [
    (True, "单价是布尔值 TRUE，请改为数字。"),
    (False, "单价是布尔值 FALSE，请改为数字。"),
    (float("nan"), NOT_A_NUMBER % "nan"),
    (float("inf"), NOT_A_NUMBER % "inf"),
    (Decimal("NaN"), NOT_A_NUMBER % "NaN"),
    (0, ZERO),
    (0.0, ZERO),
    ("0", ZERO),
    ("0.00", ZERO),
    ("-0", ZERO),
    (-3, NEGATIVE % "-3"),
    (-0.01, NEGATIVE % "-0.01"),
    ("-3", NEGATIVE % "-3"),
    ("－３", NEGATIVE % "－３"),
    ("-¥5.00", NEGATIVE % "-¥5.00"),
    (3.999, TOO_FINE % "3.999"),
    (0.001, TOO_FINE % "0.001"),
    (1e-9, TOO_FINE % "0.000000001"),
    ("3.999", TOO_FINE % "3.999"),
    ("25.000", TOO_FINE % "25.000"),
    (100_000_000_000, TOO_BIG % "100000000000"),
    (99999999999.995, TOO_BIG % "99999999999.995"),
    (1e308, TOO_BIG % ("1" + "0" * 38 + "…")),
    ("100000000000", TOO_BIG % "100000000000"),
    ("1e3", NOT_PLAIN % "1e3"),
    ("1E3", NOT_PLAIN % "1E3"),
    ("1_000", NOT_PLAIN % "1_000"),
    ("12..5", NOT_PLAIN % "12..5"),
    (".5", NOT_PLAIN % ".5"),
    ("5.", NOT_PLAIN % "5."),
    ("+5", NOT_PLAIN % "+5"),
    ("5-", NOT_PLAIN % "5-"),
    ("12%", NOT_PLAIN % "12%"),
    ("(100)", NOT_PLAIN % "(100)"),
    ("3元5", NOT_PLAIN % "3元5"),
    ("元12", NOT_PLAIN % "元12"),
    ("12¥", NOT_PLAIN % "12¥"),
    ("8,60", GROUPING % "8,60"),
    ("1,2345", GROUPING % "1,2345"),
    ("NaN", NOT_A_NUMBER % "NaN"),
    ("Infinity", NOT_A_NUMBER % "Infinity"),
    ("٣", NOT_A_NUMBER % "٣"),
    ("²", NOT_A_NUMBER % "²"),
    ("12²", NOT_A_NUMBER % "12²"),
    ("①", NOT_A_NUMBER % "①"),
    ("½", NOT_A_NUMBER % "½"),
    ("𝟏𝟐", NOT_A_NUMBER % "𝟏𝟐"),
    ("十二元", NOT_A_NUMBER % "十二元"),
    ("一百元", NOT_A_NUMBER % "一百元"),
    ("壹佰元整", NOT_A_NUMBER % "壹佰元整"),
    ("1.2万", NOT_A_NUMBER % "1.2万"),
    ("12元/桶", NOT_A_NUMBER % "12元/桶"),
    ("12元5角", NOT_A_NUMBER % "12元5角"),
    ("0x1F", NOT_A_NUMBER % "0x1F"),
    ("约12", NOT_A_NUMBER % "约12"),
    ("=1+1", NOT_A_NUMBER % "=1+1"),
    ("￥", NOT_A_NUMBER % "￥"),
    ("元", NOT_A_NUMBER % "元"),
    ("1\u202e2", NOT_A_NUMBER % "1\ufffd2"),
    ("1\x0b2", NOT_A_NUMBER % "1 2"),
    ("9" * 41, NOT_A_NUMBER % ("9" * 39 + "…")),
    (date(2026, 12, 5), A_DATE % "2026-12-05"),
    (datetime(2026, 12, 5, 3, 4), A_DATE % "2026-12-05 03:04:00"),
    (time(3, 4), A_DATE % "03:04:00"),
    (timedelta(hours=30), A_DATE % "1 day, 6:00:00"),
    (ErrorValue("#DIV/0!"), "单价是错误值 #DIV/0!，请改正公式或直接填写数字。"),
    (UncalculatedFormula(), "单价的公式没有保存计算结果，请打开工作簿重新计算并保存，或直接填写数字。"),
]


def test_the_table_is_as_long_as_promised():
    assert len(TAKEN) + len(REFUSED) >= 60


@pytest.mark.parametrize(("cell", "yuan"), TAKEN)
def test_a_price_is_read_to_the_fen(cell, yuan):
    assert str(read_number(cell, label="单价")) == yuan


@pytest.mark.parametrize(("cell", "sentence"), REFUSED)
def test_a_price_that_is_none_is_refused_with_its_sentence(cell, sentence):
    with pytest.raises(CellFault) as refusal:
        read_number(cell, label="单价")
    assert refusal.value.message == sentence


@pytest.mark.parametrize("cell", [None, "", "   ", "\u3000", "\u200b", "\n"])
def test_a_blank_cell_is_no_number_and_no_fault(cell):
    assert read_number(cell, label="单价") is None


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [(2.5, "2.500"), ("0.125", "0.125"), (1 / 8, "0.125"), ("1,000", "1000.000"), (638, "638.000")],
)
def test_quantities_have_three_decimals(cell, quantity):
    assert str(read_number(cell, label="数量", decimals=3)) == quantity


def test_a_fourth_decimal_of_a_quantity_is_refused():
    with pytest.raises(CellFault, match="数量“0.0625”超过 3 位小数"):
        read_number(0.0625, label="数量", decimals=3)


def test_people_are_whole():
    with pytest.raises(CellFault, match="人数“2.5”不是整数，请填写整数。"):
        read_number("2.5", label="人数", decimals=0)
    assert read_number(3.0, label="人数", decimals=0) == 3


def test_zero_where_it_is_allowed():
    assert str(read_number("-0.00", label="社保", zero=True)) == "0.00"


@pytest.mark.parametrize(
    ("cell", "value"),
    [(-180.0, "-180"), ("-180元", "-180"), (83.32499999999999, "83.325"), ("十二元", None), (True, None), (None, None)],
)
def test_written_figures_are_read_to_compare_with(cell, value):
    assert read_written(cell) == (None if value is None else Decimal(value))
