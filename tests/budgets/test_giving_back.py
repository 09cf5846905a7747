"""What people get back from us: their own workbook with its faults marked, and our templates."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from budgets.line_forms import LINE_FORMS
from budgets.workbooks.annotated import FAULTS_SHEET, annotate
from budgets.workbooks.reading import WorkbookRefused, read_form
from budgets.workbooks.templates import template

SAMPLES = Path(__file__).parent / "samples"
RED = "FFFFC7CE"


def faults(data, kind="purchase_request"):
    with pytest.raises(WorkbookRefused) as refusal:
        read_form(data, kind)
    return refusal.value.errors


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def saved(book):
    target = BytesIO()
    book.save(target)
    return target.getvalue()


# --- the marked workbook ---------------------------------------------------------------------------------------------------
def test_faulty_cells_of_sample_06_are_red_and_say_why():
    data = (SAMPLES / "06-有错误的采购申请表.xlsx").read_bytes()
    book = opened(annotate(data, faults(data)))
    sheet = book.worksheets[0]
    red = {
        cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED
    }
    assert sorted(red) == sorted(["C5", "B6", "F7", "H7", "G8", "G9", "H10", "G11", "F12", "H13", "G14", "H15"])
    assert red["G8"] == "第 8 行：单价“十二元”不是数字，请填写如 12.50 的数字。"
    assert sheet["H13"].value == "=F13*G13+1"
    listed = book[FAULTS_SHEET]
    assert [cell.value for cell in listed[2]] == ["2026年12月物业采购申请表", 5, "品名", "第 5 行：缺少品名，请填写。"]
    assert listed.max_row == 13


def test_the_marked_workbook_imports_once_it_is_corrected():
    data = (SAMPLES / "06-有错误的采购申请表.xlsx").read_bytes()
    book = opened(annotate(data, faults(data)))
    sheet = book.worksheets[0]
    right = {"C5": "水桶", "B6": "清洁", "F7": 3, "H7": 180, "G8": 12, "G9": 4, "H9": 40, "H10": 340, "G11": 16}
    right |= {"F12": 1, "H13": "=F13*G13", "G14": 1000, "H15": 21750}
    for place, value in right.items():
        sheet[place] = value
    form = read_form(saved(book), "purchase_request")
    # 250 + 200 + 180 + 180 + 120 + 40 + 340 + 80 + 30 + 330 + 20,000
    assert (len(form.rows), str(form.amount)) == (11, "21750.00")


def values_of(data):
    """What each formula shows to a program that does not calculate."""
    live, shown = opened(data), openpyxl.load_workbook(BytesIO(data), data_only=True)
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.value, shown[sheet.title][cell.coordinate].value)
        for sheet in live.worksheets
        if sheet.title != FAULTS_SHEET
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def test_formulas_keep_the_values_they_showed_and_are_calculated_anew_on_opening():
    data = (SAMPLES / "06-有错误的采购申请表.xlsx").read_bytes()
    marked = annotate(data, faults(data))
    before = values_of(data)
    assert before
    assert values_of(marked) == before
    assert opened(marked).calculation.fullCalcOnLoad


def test_values_of_every_type_are_kept_beside_their_formulas():
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("采购")
        for column, text in enumerate(["类别", "品名", "数量", "单价", "金额"]):
            sheet.write(0, column, text)
        sheet.write_row(1, 0, ["清洁", "<水桶> & 盆", 3, "十二元"])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        shown = [("=B2", "<水桶> & 盆"), ("=C2=3", True), ("=1/0", "#DIV/0!"), ("=C2*1.1", 3.3), ("=C2-3", 0)]
        for row, (formula, value) in enumerate(shown, start=1):
            sheet.write_formula(row, 8, formula, None, value)
        sheet.write_formula(6, 8, "=DATE(2026,12,1)", day, 46357)
        sheet.write_formula(7, 8, '=IF(C2=3,"","x")', None, "")
    marked = values_of(annotate(target.getvalue(), faults(target.getvalue())))
    expected = [*shown, ("=DATE(2026,12,1)", datetime(2026, 12, 1))]
    assert [marked[f"采购!I{row}"] for row in range(2, 8)] == expected
    assert marked["采购!I8"][1] in (None, "")


def test_old_marks_go_when_a_workbook_is_marked_again():
    data = (SAMPLES / "06-有错误的采购申请表.xlsx").read_bytes()
    book = opened(annotate(data, faults(data)))
    book.worksheets[0]["C5"] = "水桶"
    again = saved(book)
    sheet = opened(annotate(again, faults(again))).worksheets[0]
    assert sheet["C5"].comment is None
    assert sheet["C5"].fill.fgColor.rgb != RED
    assert sheet["B6"].comment is not None


@pytest.mark.parametrize("suffix", ["ods", "xls"])
def test_other_formats_come_back_as_a_marked_copy(suffix):
    data = (SAMPLES / f"faulty.{suffix}").read_bytes()
    sheet = opened(annotate(data, faults(data)))["采购"]
    assert "A1:I1" in [str(merge) for merge in sheet.merged_cells.ranges]
    assert sheet.row_dimensions[4].hidden
    assert sheet["C3"].value == "物品1"
    assert sheet["G5"].comment.text == "第 5 行：单价是错误值 #DIV/0!，请改正公式或直接填写数字。"
    # A fault inside a merge stands on the cell that is seen.
    assert "第 6 行" in sheet["F6"].comment.text


def test_text_that_looks_like_a_formula_stays_text():
    book = openpyxl.Workbook()
    for row in (["类别", "品名", "数量", "单价"], ["清洁", "x", "=HYPERLINK", "十二元"]):
        book.active.append(row)
    book.active["C2"].data_type = "s"
    data = saved(book)
    listed = opened(annotate(data, faults(data)))[FAULTS_SHEET]
    assert {cell.data_type for row in listed.iter_rows() for cell in row} <= {"s", "n"}


def test_a_file_refused_as_a_whole_has_nothing_to_mark():
    assert annotate(b"no workbook", faults(b"no workbook")) is None


# --- templates -----------------------------------------------------------------------------------------------------------------
FILLED = {
    "staffing_plan": ({"部门": "秩序", "岗位": "维护员", "人数": 12, "工资": 5600, "社保": 1580, "福利": 300, "其他": 120}, "91200.00"),
    "admin_expense_plan": ({"类别": "办公", "费用项目": "打印耗材", "数量": 4, "单价": 285}, "1140.00"),
    "purchase_request": ({"类别": "清洁", "品名": "垃圾袋", "单位": "卷", "数量": 120, "单价": 8.6}, "1032.00"),
    "service_confirmation": (
        {"工作事项": "增援", "开始日期": date(2026, 12, 12), "结束日期": date(2026, 12, 13), "人数": 20, "天数": 2, "单价": 260},
        "10400.00",
    ),
    "unplanned_work": (
        {"工作事项": "值守", "开始日期": date(2026, 12, 18), "结束日期": date(2026, 12, 20), "人数": 20, "天数": 2, "单价": 320},
        "12800.00",
    ),
    "unplanned_purchase": ({"品名": "发电机", "数量": 1, "单价": "3,200.00"}, "3200.00"),
    "sales_office_sundries": ({"品名": "纸杯", "数量": 2.5, "单价": 33.33}, "83.33"),
}  # fmt: skip


def columns(sheet):
    return {str(cell.value).split("(")[0].strip("*"): cell.column for cell in sheet[3]}


@pytest.mark.parametrize("kind", LINE_FORMS)
def test_a_template_is_filled_and_imports_back(kind):
    data = template(kind, project="翠湖花园", instalment="二期(CH-2)", month=date(2026, 12, 1))
    assert "没有明细行" in faults(data, kind)[0].message
    book = opened(data)
    sheet = book.active
    line, amount = FILLED[kind]
    for label, value in line.items():
        sheet.cell(4, columns(sheet)[label], value)
    form = read_form(
        saved(book), kind, expected_project="翠湖花园", expected_instalment=("CH-2", "二期"), expected_month="2026-12"
    )
    assert (len(form.rows), str(form.amount)) == (1, amount)


def test_a_template_has_drop_downs_and_locked_formulas():
    sheet = opened(template("purchase_request")).active
    assert sheet.protection.sheet
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [(str(rule.sqref), rule.formula1) for rule in lists] == [("B4:B103", '"清洁,安保,工程,客服"')]
    assert sheet["H4"].value == '=IF(COUNT(F4,G4)=2,ROUND(F4*G4,2),"")'
    assert (sheet["H4"].protection.locked, sheet["G4"].protection.locked) == (True, False)
    assert sheet["H104"].value == "=SUM(H4:H103)"


def test_a_template_offers_the_company_s_own_categories():
    sheet = opened(template("purchase_request", categories=("绿化", "泳池"))).active
    assert '"绿化,泳池"' in [rule.formula1 for rule in sheet.data_validations.dataValidation]
