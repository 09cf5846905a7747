"""Workbooks as clerks send them: what is taken, and everything wrong told at once."""

import json
import time
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from budgets.workbooks.reading import WorkbookRefused, read_form

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
TARGET = {
    "expected_project": ("CH", "翠湖花园"),
    "expected_instalment": ("CH-2", "二期"),
    "expected_month": "2026-12",
}
HEADING = ["序号", "类别", "品名", "规格型号", "单位", "数量", "单价(元)", "金额(元)", "用途"]
LINE = [1, "清洁", "垃圾袋", "大", "卷", 120, 8.6, 1032, "销售中心"]


def workbook(*rows, edit=None, sheet="采购"):
    """An .xlsx with these rows; ``edit`` may change the sheet before it is saved."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if edit:
        edit(page)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def faults(data, kind="purchase_request", **expected):
    with pytest.raises(WorkbookRefused) as refusal:
        read_form(data, kind, **expected)
    return refusal.value.errors


def messages(data, kind="purchase_request", **expected):
    return [error.message for error in faults(data, kind, **expected)]


# --- the samples -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kind", "lines", "amount"),
    [
        ("01-物业人员岗位配置表.xlsx", "staffing_plan", 9, "232890.00"),
        ("02-物业行政管理费用支出表.xls", "admin_expense_plan", 9, "24348.00"),
        ("03-物业采购申请表.xlsx", "purchase_request", 11, "21658.50"),
        ("04-物业服务工作确认单-专项.ods", "service_confirmation", 3, "19680.00"),
        ("05-物业服务工作确认单-超计划.xlsx", "unplanned_work", 2, "20000.00"),
    ],
)
def test_samples_import_unchanged(name, kind, lines, amount):
    assert EXPECTED[name] == {"kind": kind, "lines": lines, "amount": amount}
    form = read_form((SAMPLES / name).read_bytes(), kind, **TARGET)
    assert (len(form.rows), str(form.amount), form.warnings) == (lines, amount, [])
    assert sum(line.cells["amount"] for line in form.rows) == Decimal(amount)


def test_sample_01_fills_merged_departments():
    form = read_form((SAMPLES / "01-物业人员岗位配置表.xlsx").read_bytes(), "staffing_plan", **TARGET)
    assert [line.cells["department_name"] for line in form.rows] == [
        "管理", "客服", "客服", "秩序", "秩序", "保洁", "保洁", "工程", "工程",
    ]  # fmt: skip
    assert form.source_rows == [4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_sample_05_tells_who_needs_the_work():
    form = read_form((SAMPLES / "05-物业服务工作确认单-超计划.xlsx").read_bytes(), "unplanned_work", **TARGET)
    assert form.head["department"] == "营销小组"


def test_sample_06_is_refused_with_all_eleven_rows_and_the_wrong_total():
    errors = faults((SAMPLES / "06-有错误的采购申请表.xlsx").read_bytes(), **TARGET)
    assert sorted({error.row for error in errors}) == list(range(5, 16))
    assert [error.message for error in errors] == [
        "第 5 行：缺少品名，请填写。",
        "第 6 行：类别“食品”不在清单内，请改为：清洁、安保、工程、客服。",
        "第 7 行：数量“-3”是负数，请填写大于 0 的数字。",
        "第 7 行：金额“-180”是负数，请填写大于 0 的数字。",
        "第 8 行：单价“十二元”不是数字，请填写如 12.50 的数字。",
        "第 9 行：单价“3.999”超过 2 位小数，请改为最多 2 位小数。",
        "第 10 行：金额 350.00 不等于 数量 × 单价 = 340.00，请改正，或留空由系统计算。",
        "第 11 行：单价是布尔值 TRUE，请改为数字。",
        "第 12 行：数量“NaN”不是数字，请填写如 12.50 的数字。",
        "第 13 行：金额 331.00 不等于 数量 × 单价 = 330.00，请改正，或留空由系统计算。",
        "第 14 行：单价“1e3”不是普通数字写法，请填写如 1000.00 的数字。",
        "第 15 行：合计 99,999.00 不等于各行金额之和 21,400.99，请改正合计或明细。",
    ]
    assert errors[4].as_json() == {
        "sheet": "2026年12月物业采购申请表",
        "row": 8,
        "column": "单价",
        "value": "十二元",
        "message": "第 8 行：单价“十二元”不是数字，请填写如 12.50 的数字。",
    }


# --- relatives, written by LibreOffice in three formats ------------------------------------------------------------------
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_spans_subtotals_notes_and_noise_read_alike_in_every_format(suffix):
    form = read_form((SAMPLES / f"relative.{suffix}").read_bytes(), "purchase_request", **TARGET)
    assert [line.cells["category"] for line in form.rows] == ["清洁", "清洁", "清洁", "工程"]
    assert [str(line.cells["amount"]) for line in form.rows] == ["83.33", "0.30", "139.30", "340.00"]
    assert (form.sheet, form.source_rows, form.computed) == ("采购", [3, 4, 5, 8], [8])
    assert form.warnings == [
        "第 8 行没有填写金额，已按数量和单价计算。",
        "工作表“说明”未导入。",
        "工作表“旧表”（隐藏）未导入。",
    ]


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_hidden_merged_and_false_cells_are_told_alike_in_every_format(suffix):
    assert messages((SAMPLES / f"faulty.{suffix}").read_bytes(), **TARGET) == [
        "第 4 行：这一行被隐藏或筛选掉了，请取消隐藏，或删除这一行。",
        "第 5 行：单价是错误值 #DIV/0!，请改正公式或直接填写数字。",
        "第 5 行：金额是错误值 #DIV/0!，请改正公式或直接填写数字。",
        "第 6 行：数量是合并单元格，请取消合并并逐行填写。",
        "第 7 行：数量是合并单元格，请取消合并并逐行填写。",
        "第 8 行：单价是布尔值 TRUE，请改为数字。",
        "第 9 行：单价是日期或时间 2026-12-05，请改为数字，并把单元格格式设为“常规”。",
    ]


# --- headings ------------------------------------------------------------------------------------------------------------
def test_columns_in_any_order_with_extras_and_either_brackets():
    heading = ["数量", "状态", "单价（元）", "物品名称", "类别 *", "税额", "金额【元】", "不含税金额"]
    form = read_form(workbook(heading, [120, "新", 8.6, "垃圾袋", "清洁", 1, 1032, 1000]), "purchase_request")
    assert form.rows[0].cells["amount"] == 1032


def test_headings_in_two_storeys():
    form = read_form(
        workbook(
            ["部门", "岗位", "人数", "人均费用标准(元/人)", None, None, None, "合计(元)"],
            [None, None, None, "工资", "社保", "福利", "其他", None],
            ["秩序", "秩序维护员", 12, 5600, 1580, 300, 120, 91200],
        ),
        "staffing_plan",
    )
    assert str(form.amount) == "91200.00"


def test_missing_columns_are_named_with_their_row():
    data = workbook(
        ["2026年12月物业采购申请表"], ["序号", "类别", "品名", "单位", "单价(元)"], [1, "清洁", "袋", "卷", 1]
    )
    assert messages(data) == ["第 2 行：表头缺少列：数量。请补上后再导入。"]


def test_a_heading_in_ten_thousands_is_refused():
    heading = [*HEADING[:6], "单价(万元)", "金额", "用途"]
    assert messages(workbook(heading, LINE)) == ["第 1 行：表头“单价(万元)”的单位不是元，请把金额换算成元。"]


def test_two_columns_of_prices_are_refused():
    assert messages(workbook([*HEADING, "单价"], [*LINE, 9])) == ["第 1 行：表头有两列都是“单价”，请只留一列。"]


def test_a_hidden_column_that_counts_is_refused():
    def hide(page):
        page.column_dimensions["G"].hidden = True

    assert messages(workbook(HEADING, LINE, edit=hide)) == ["第 1 行：“单价”列被隐藏，请取消隐藏后再导入。"]


def test_no_heading_at_all():
    assert messages(workbook(["随便"], ["写写"])) == [
        "没有找到《物业采购申请表》的表头，表头须有：类别、品名、数量、单价。可下载模板填写后再导入。"
    ]


def test_a_heading_without_lines():
    assert messages(workbook(HEADING, ["合计"])) == ["工作表“采购”在表头下没有明细行，请填写后再导入。"]


# --- the head against the target ------------------------------------------------------------------------------------------
HEAD = "项目：翠湖花园  分期：二期（CH-2）  月份：2026年12月  单位：元"


@pytest.mark.parametrize(
    ("title", "head", "sentence"),
    [
        ("2026年12月物业采购申请表", HEAD.replace("翠湖花园", "云锦府"), "第 2 行：项目“云锦府”与要导入的“CH 翠湖花园”不符，请选对工作簿或目标。"),
        ("2026年12月物业采购申请表", HEAD.replace("二期（CH-2）", "一期（CH-1）"), "第 2 行：分期“一期(CH-1)”与要导入的“CH-2 二期”不符，请选对工作簿或目标。"),
        ("2026年12月物业采购申请表", HEAD.replace("CH-2", "CH-1"), "第 2 行：分期“二期(CH-1)”与要导入的“CH-2 二期”不符，请选对工作簿或目标。"),
        ("物业采购申请表", HEAD.replace("12月", "11月"), "第 2 行：月份“2026年11月”与要导入的 2026年12月不符，请选对工作簿或月份。"),
        ("2026年11月物业采购申请表", "", "第 1 行：月份“2026年11月”与要导入的 2026年12月不符，请选对工作簿或月份。"),
        ("2026年12月物业采购申请表", HEAD.replace("单位：元", "单位：万元"), "第 2 行：金额单位是“万元”，请改为以元为单位。"),
    ],
)  # fmt: skip
def test_another_target_than_the_head_names_is_refused(title, head, sentence):
    assert messages(workbook([title], [head], HEADING, LINE), **TARGET) == [sentence]


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "项目名称: 翠湖花园项目 分期: CH-2 月份: 12月",
        "项目:翠湖花园二期 月份:2026-12",
        "制表时间:2026年11月20日  月份:2026/12",
        "",
    ],
)
def test_a_head_that_names_the_target_in_other_words_is_taken(head):
    assert len(read_form(workbook(["采购申请表"], [head], HEADING, LINE), "purchase_request", **TARGET).rows) == 1


def test_a_head_spread_over_cells():
    row = ["项目", "翠湖花园", "分期：", "一期", "月份", "2026年12月"]
    assert messages(workbook(row, HEADING, LINE), **TARGET) == [
        "第 1 行：分期“一期”与要导入的“CH-2 二期”不符，请选对工作簿或目标。"
    ]


def test_a_title_of_another_kind_is_refused():
    data = (SAMPLES / "03-物业采购申请表.xlsx").read_bytes()
    assert messages(data, "staffing_plan") == [
        "第 1 行：标题“2026年12月物业采购申请表”不是《物业人员岗位配置表》，请选对工作簿或表单。"
    ]
    assert "不是《售楼处零星耗品采购》" in messages(data, "sales_office_sundries")[0]
    assert (
        "不是《物业服务工作确认单（专项）》"
        in messages((SAMPLES / "05-物业服务工作确认单-超计划.xlsx").read_bytes(), "service_confirmation")[0]
    )


# --- several sheets --------------------------------------------------------------------------------------------------------
def book_of(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_month_chooses_among_sheets():
    data = book_of(
        十一月=[["2026年11月物业采购申请表"], HEADING, LINE], 十二月=[["2026年12月物业采购申请表"], HEADING, LINE]
    )
    assert read_form(data, "purchase_request", **TARGET).sheet == "十二月"
    assert messages(data) == ["有 2 张工作表都像《物业采购申请表》（十一月、十二月），请只留一张后再导入。"]


def test_a_fitting_sheet_that_is_hidden_is_told():
    book = openpyxl.Workbook()
    page = book.create_sheet("藏")
    for row in (HEADING, LINE):
        page.append(row)
    page.sheet_state = "hidden"
    target = BytesIO()
    book.save(target)
    assert messages(target.getvalue()) == ["符合《物业采购申请表》的工作表“藏”是隐藏的，请取消隐藏后再导入。"]


# --- rows --------------------------------------------------------------------------------------------------------------------
def test_notes_blank_rows_repeated_headings_and_prefilled_numbers_are_no_lines():
    form = read_form(
        workbook(
            HEADING,
            ["一、清洁用品"],
            LINE,
            [None],
            HEADING,
            [2, *LINE[1:]],
            [3],
            [4, None, None, None, None, None, None, 0],
            ["合 计", None, None, None, None, 240, None, 2064],
            ["备注：以上含税"],
            ["制表:", "张三", "审核:", "李四"],
        ),
        "purchase_request",
    )
    assert form.source_rows == [3, 6]
    assert form.warnings == ["第 2 行：“一、清洁用品”看作说明，未导入。"]


def test_an_article_named_like_a_subtotal_is_a_line():
    rows = [[1, "客服", name, "", "个", 2, 10, 20, ""] for name in ("小计算器", "合计章", "小计")]
    assert len(read_form(workbook(HEADING, *rows), "purchase_request").rows) == 3


def test_lines_below_the_total_are_not_lost():
    data = workbook(HEADING, LINE, ["合计", *[None] * 6, 1032], [2, *LINE[1:]])
    assert messages(data) == ["第 4 行：明细在合计行之后，请移到合计行之前。"]


def test_subtotals_and_totals_are_checked_each():
    second = [2, "工程", "阀门", "", "个", 4, 85, 340, ""]
    good = workbook(
        HEADING,
        LINE,
        ["清洁小计", *[None] * 6, 1032],
        second,
        [None, "小计", *[None] * 5, "340.00元"],
        ["总计：1,372.00元"],
    )
    assert str(read_form(good, "purchase_request").amount) == "1372.00"
    bad = workbook(HEADING, LINE, ["清洁小计", *[None] * 6, 1000], second, ["合计", *[None] * 6, 1372.01])
    assert messages(bad) == [
        "第 3 行：清洁小计 1,000.00 不等于各行金额之和 1,032.00，请改正合计或明细。",
        "第 5 行：合计 1,372.01 不等于各行金额之和 1,372.00，请改正合计或明细。",
    ]


@pytest.mark.parametrize("total", [166.66, 166.65, 166.64999999999998, "166.66", None])
def test_a_total_is_the_stored_sum_or_the_exact_sum(total):
    line = [1, "清洁", "袋", "", "卷", 2.5, 33.33, None, ""]  # 83.325, stored as 83.33
    assert (
        str(read_form(workbook(HEADING, line, line, ["合计", *[None] * 6, total]), "purchase_request").amount)
        == "166.66"
    )


def test_a_right_total_over_a_faulty_line_is_not_blamed():
    wrong = [2, "清洁", "", "", "卷", 1, 10, 10, ""]
    assert messages(workbook(HEADING, LINE, wrong, ["合计", *[None] * 6, 1042])) == ["第 3 行：缺少品名，请填写。"]


def test_formulas_that_were_never_calculated():
    formula = [1, "清洁", "袋", "", "卷", 120, 8.6, "=F2*G2", ""]
    form = read_form(workbook(HEADING, formula, ["合计", *[None] * 6, "=SUM(H2:H2)"]), "purchase_request")
    assert (str(form.amount), form.computed) == ("1032.00", [2])
    assert messages(workbook(HEADING, [1, "清洁", "袋", "", "卷", 120, "=8+0.6", 1032, ""])) == [
        "第 2 行：单价的公式没有保存计算结果，请打开工作簿重新计算并保存，或直接填写数字。"
    ]


def test_merged_amounts_are_refused_row_by_row():
    def merge(page):
        page.merge_cells("G2:G3")

    assert messages(workbook(HEADING, LINE, LINE, edit=merge)) == [
        "第 2 行：单价是合并单元格，请取消合并并逐行填写。",
        "第 3 行：单价是合并单元格，请取消合并并逐行填写。",
    ]


# --- size ----------------------------------------------------------------------------------------------------------------------
def big(lines):
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("采购")
    page.write_row(0, 0, HEADING)
    for row in range(1, lines + 1):
        page.write_row(row, 0, [row, "清洁", f"物品{row}", "大", "个", row % 50 + 1, 19.9])
    book.close()
    return target.getvalue()


def test_five_thousand_lines_are_taken_and_one_more_is_not():
    started = time.monotonic()
    assert len(read_form(big(5_000), "purchase_request").rows) == 5_000
    assert time.monotonic() - started < 20
    assert messages(big(5_001)) == ["工作表超过 5,000 行，请拆成几张表后再导入。"]
    assert messages(big(9_000)) == ["工作表超过 5,000 行，请拆成几张表后再导入。"]
