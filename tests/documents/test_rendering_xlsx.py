"""Forms as workbooks, read back with two other libraries."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal as D

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from documents.rendering.formulas import reckon, substitute
from documents.rendering.paper import VOIDED
from documents.rendering.xlsx import sheet_names, workbook_bytes
from documents.sheets import CellKind, Column, Fact, Row, Total
from tests.documents.papers import COLUMNS, MOMENT, PAYLOADS, paper, row, rows, sheet

INJECTIONS = (
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://127.0.0.1:9/\",\"x\")", "=WEBSERVICE(\"http://127.0.0.1:9/\")",
    "=IMPORTXML(\"http://127.0.0.1:9/\",\"//a\")", "+1+1", "+cmd|' /C calc'!A0", "-1+1", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)", "@SUM(1+9)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "=DDE(\"a\";\"b\";\"c\")",
    "='file:///etc/passwd'#$passwd.A1", "={1,2}", "{=1+1}", "=\u00001", "＝1+1", "'=1+1", "\"=1+1", "%0A=1+1",
    "=A1", "=SUM(A:A)", "http://127.0.0.1:9/", "file:///etc/passwd", "mailto:a@b.c", "internal:Sheet1!A1", "1234.50", "TRUE",
)  # fmt: skip


def book(*papers, **options):
    data = workbook_bytes([(form.number, form) for form in papers])
    return openpyxl.load_workbook(io.BytesIO(data), **options)


def cells(worksheet):
    return [cell for line in worksheet.iter_rows() for cell in line if cell.value is not None]


def find(worksheet, value):
    return next(cell for cell in cells(worksheet) if cell.value == value)


def test_a_form_stands_on_its_sheet_with_real_numbers():
    worksheet = book(paper())["CH-PR-202612-001"]
    heading = find(worksheet, "数量")
    line = heading.row + 1
    assert worksheet.cell(line, heading.column).value == 12
    assert worksheet.cell(line, heading.column + 1).value == 18.5
    assert worksheet.cell(line, heading.column + 1).number_format == "#,##0.00"
    assert worksheet.cell(line, 1).value == 1
    values = {cell.value for cell in cells(worksheet)}
    assert {
        "物业采购申请表", "示例物业服务有限公司", "人民币陆佰陆拾陆元整", "¥666.00", "物业财务部负责人（会签）", "喆堃镕（电子签批）",
        "周敏 代 马丽（电子签批）", "2026-11-23 11:30", "本年度无已批预算，未作超预算检查。", 18320,
    } <= values  # fmt: skip


def test_formulas_are_live_and_carry_their_values():
    form = paper(sheet(rows(3), totals=(
        Total("subtotal", "小计", D("666.00"), formula="SUM({rows:amount})"),
        Total("rate", "费率", D("0.10"), CellKind.PERCENT),
        Total("commission", "管理者佣金", D("66.60"), formula="ROUND({subtotal}*{rate},2)"),
        Total("total", "合计", D("732.60"), formula="{subtotal}+{commission}", strong=True),
    ), amount=D("732.60")))  # fmt: skip
    live, kept = book(form).active, book(form, data_only=True).active
    column = find(live, "金额（元）").column
    line = find(live, "金额（元）").row + 1
    letter = openpyxl.utils.get_column_letter
    assert live.cell(line, column).value == f"=ROUND({letter(column - 2)}{line}*{letter(column - 1)}{line},2)"
    assert live.cell(line + 3, column).value == f"=SUM({letter(column)}{line}:{letter(column)}{line + 2})"
    assert live.cell(line + 5, column).value == f"=ROUND({letter(column)}{line + 3}*{letter(column)}{line + 4},2)"
    assert live.cell(line + 6, column).value == f"={letter(column)}{line + 3}+{letter(column)}{line + 5}"
    figures = [kept.cell(line + step, column).value for step in range(7)]
    assert figures == [222, 222, 222, 666, 0.1, 66.6, 732.6]
    assert kept.cell(line + 4, column).number_format == "0.00%"


def test_sums_reach_over_the_headings_of_long_groups():
    name = "2026年12月物业采购申请表 CH-PR-202612-001"
    form = paper(sheet([row(1, group=name), row(2, group=name), row(3, group="另一张更长的单据名称")]))
    live = book(form).active
    assert find(live, name).row == find(live, "品名").row + 1
    total = next(cell for cell in cells(live) if str(cell.value).startswith("=SUM"))
    first, last = (int(n) for n in re.findall(r"(\d+)", total.value))
    assert (last - first, total.row - last) == (4, 1)


def test_another_reader_sees_the_same_values():
    rows_read = (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes([("a", paper())]))).get_sheet_by_index(0).to_python()
    )
    assert any("合计" in line and 666.0 in line for line in rows_read)


def test_a_formula_that_would_show_another_figure_is_not_written():
    form = paper(sheet([row(1, amount=D("200.00"))], total=D("199.00")))
    live = book(form).active
    assert not [cell for cell in cells(live) if cell.data_type == "f"]
    assert {200, 199} <= {cell.value for cell in cells(live)}


@pytest.mark.parametrize("text", [*INJECTIONS, *PAYLOADS])
def test_what_people_type_stays_text(text):
    form = sheet(
        [Row("l1", 1, {"subject": text, "specification": text, "unit": text, "quantity": text, "amount": text}, text)],
        (*COLUMNS[:4], Column("amount", text, CellKind.MONEY, 28, "ROUND({quantity}*{quantity},2)")),
        facts=(Fact(text, text, CellKind.MONEY),),
        totals=(Total("t", text, D("1.00"), column=text),),
        notes=(text,),
        title=text,
        amount_label=text,
    )  # fmt: skip
    worksheet = book(paper(form, company=text, number=text, copies=(text,))).active
    assert all(cell.data_type in "sn" and cell.hyperlink is None for cell in cells(worksheet))
    assert sum(str(cell.value).strip() == clean(text).strip() for cell in cells(worksheet)) >= 8


def clean(text):
    """What a workbook can hold of a text; a carriage return is a line end in XML."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "□", text).replace("\r", "\n")


def test_texts_that_no_workbook_can_hold_do_not_break_it():
    odd = "a\x00\x0b\x1b\ud800\ufffe\uffffb"
    assert find(book(paper(company=odd)).active, "a□□□□□□b")
    worksheet = book(paper(company="x" * 50_000)).active
    assert worksheet["A1"].value == "x" * 32_767
    assert find(book(paper(company="_x0041_")).active, "_x0041_")


def test_a_form_prints_on_a4_with_its_heading_on_every_page():
    worksheet = book(paper(sheet(rows(80)))).active
    heading = find(worksheet, "品名").row
    assert worksheet.page_setup.paperSize == 9
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert (worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
    assert worksheet.print_title_rows == f"${heading}:${heading}"
    assert worksheet.print_area.endswith(f"${worksheet.max_row}")
    assert "第 &P 页 共 &N 页" in str(worksheet.oddFooter.right.text or worksheet.oddFooter)


def test_dates_are_dates_and_missing_values_are_blank():
    form = sheet(
        [row(1, starts_on=date(2026, 12, 3), unit=None)], (*COLUMNS, Column("starts_on", "开始", CellKind.DATE))
    )
    worksheet = book(paper(form)).active
    cell = next(cell for cell in cells(worksheet) if cell.is_date)
    assert cell.value.date() == date(2026, 12, 3)
    assert worksheet.cell(cell.row, find(worksheet, "单位").column).value is None


def test_a_form_without_lines_or_money_has_a_sheet_too():
    form = sheet((), (), totals=(), amount=D("0"), facts=(Fact("成果", "《入伙方案》"),), total=D("0"))
    worksheet = book(paper(form, sign_offs=())).active
    assert find(worksheet, "《入伙方案》")


def test_a_voided_form_says_so():
    assert any("作废" in str(cell.value) for cell in cells(book(paper(watermark=VOIDED)).active))


def test_sheet_names_are_lawful_and_unique():
    wishes = ["CH-PR-202612-001", "ch-pr-202612-001", "a/b\\c[d]:e*f?", "'quoted'", "", "x" * 60, "X" * 60, "History"]
    names = sheet_names(wishes)
    assert names[:4] == ["CH-PR-202612-001", "ch-pr-202612-001(2)", "a-b-c-d--e-f-", "quoted"]
    assert len({name.casefold() for name in names}) == len(wishes)
    assert all(0 < len(name) <= 31 for name in names)
    assert "history" not in {name.casefold() for name in names}
    assert len(book(*(paper(number=wish or "?") for wish in wishes)).sheetnames) == len(wishes)


def test_the_same_forms_give_the_same_bytes():
    assert workbook_bytes([("a", paper()), ("b", paper())]) == workbook_bytes([("a", paper()), ("b", paper())])
    created = book(paper()).properties.created
    assert created.replace(tzinfo=None) == MOMENT.replace(tzinfo=None)


def test_a_workbook_has_no_links_macros_or_outside_parts():
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([("a", paper(company="http://127.0.0.1:9/"))]))) as archive:
        assert not [name for name in archive.namelist() if re.search(r"vba|external|embed|drawing|ole", name, re.I)]
        assert not any(b'TargetMode="External"' in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize(
    ("formula", "values", "result"),
    [
        ("ROUND({quantity}*{price},2)", {"quantity": "2.5", "price": "0.01"}, "0.03"),
        ("ROUND({quantity}*{price},2)", {"quantity": "0.5", "price": "0.01"}, "0.01"),
        ("ROUND({a}*{b},2)", {"a": "-0.5", "b": "0.01"}, "-0.01"),
        ("SUM({rows:amount})", {"rows:amount": "21658.50"}, "21658.50"),
        ("ROUND({subtotal}*0.1,2)", {"subtotal": "21658.50"}, "2165.85"),
        ("{a}+{b}-{c}/2", {"a": "1", "b": "2", "c": "3"}, "1.5"),
        ("-{a}", {"a": "1"}, "-1"),
        ("{a}/{b}", {"a": "1", "b": "0"}, None),
        ("{a}+{unknown}", {"a": "1"}, None),
        ("VLOOKUP({a},1,2)", {"a": "1"}, None),
        ("{a}.__class__", {"a": "1"}, None),
        ("{a}**9", {"a": "9"}, None),
        ("1+", {}, None),
    ],
)  # fmt: skip
def test_formulas_are_reckoned_exactly(formula, values, result):
    found = reckon(formula, {key: D(value) for key, value in values.items()})
    assert found == (None if result is None else D(result))


def test_a_formula_over_a_cell_that_is_not_there_is_none():
    assert substitute("{a}+{b}", {"a": "A1"}) is None
    assert substitute("ROUND({a}*{b},2)", {"a": "A1", "b": "B1"}) == "=ROUND(A1*B1,2)"
