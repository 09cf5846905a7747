"""A sheet laid out for the page, and the line grid: pure data in, pure data out."""

from datetime import date
from decimal import Decimal

from documents import grids, tables
from documents.sheets import CellKind, Column, Row, Sheet, Total

COLUMNS = (
    Column("category", "类别"),
    Column("subject", "品名", width=40),
    Column("quantity", "数量", CellKind.QUANTITY),
    Column("price", "单价（元）", CellKind.MONEY),
    Column("amount", "金额（元）", CellKind.MONEY),
)


def row(number, category, subject, quantity, price, amount, group):
    cells = {
        "category": category,
        "subject": subject,
        "quantity": Decimal(quantity),
        "price": Decimal(price),
        "amount": Decimal(amount),
    }
    return Row(f"r{number}", number, cells, group)


SHEET = Sheet(
    "物业采购申请表",
    columns=COLUMNS,
    rows=(
        row(1, "清洁", "垃圾袋", "120", "8.60", "1032.00", "清洁"),
        row(2, "清洁", "拖把", "2.5", "10", "25.00", "清洁"),
        row(3, "客服", "绿植", "4", "1650", "6600.00", "客服"),
    ),
    totals=(Total("total", "合计", Decimal("7657.00"), strong=True),),
)


def test_lines_are_grouped_with_subtotals_of_what_adds_up():
    laid = tables.table(SHEET)

    assert [(group.name, group.span, list(group.subtotals)) for group in laid.groups] == [
        ("清洁", 3, ["1,057.00"]),
        ("客服", 3, ["6,600.00"]),
    ]


def test_a_column_that_repeats_the_group_heading_is_left_out():
    assert [label for label, _numeric in tables.table(SHEET).columns] == ["品名", "数量", "单价（元）", "金额（元）"]


def test_the_first_text_heads_its_row_and_figures_are_written_out():
    cells = tables.table(SHEET).groups[0].rows[1].cells

    assert [(cell.text, cell.role) for cell in cells] == [
        ("拖把", "subj"),
        ("2.5", "num"),
        ("10.00", "num"),
        ("25.00", "num"),
    ]


def test_days_and_numbers_of_forms_stay_in_one_piece():
    columns = (Column("subject", "品名"), Column("on", "日期", CellKind.DATE), Column("of", "确认单", width=34))
    cells = {"subject": "拖把", "on": date(2026, 12, 1), "of": "CH-WC-202610-001"}
    (group,) = tables.table(Sheet("无", columns=columns, rows=(Row("r1", 1, cells),))).groups

    assert [cell.role for cell in group.rows[0].cells] == ["subj", "day", "ref"]


def test_a_total_stands_under_its_column():
    (total,) = tables.table(SHEET).totals

    assert (total.text, total.before, total.after, total.strong) == ("¥7,657.00", 2, 0, True)


def test_a_proposed_cut_stands_at_its_line():
    rows = tables.table(SHEET, {"r3": Decimal("6000")}).groups[1].rows

    assert [line.proposed for line in rows] == ["6,000.00"]


def test_a_sheet_without_groups_has_one_without_subtotals():
    bare = Sheet("无", columns=COLUMNS, rows=(row(1, "清洁", "拖把", "1", "1", "1", ""),))
    (group,) = tables.table(bare).groups

    assert (group.name, list(group.subtotals)) == ("", [])


def test_the_grid_names_each_input_by_line_and_column_and_puts_errors_beside_it():
    columns = [grids.GridColumn("subject", "品名"), grids.GridColumn("price", "单价", "money", role="price")]
    rows = grids.prepare(columns, [{"id": "a1", "subject": "拖把", "price": None}], {(0, "price"): "缺少单价"})

    assert [(rows[0].id_name, rows[0].id, rows[0].number)] == [("lines-0-id", "a1", 1)]
    assert [(cell.name, cell.value, cell.error) for cell in rows[0].cells] == [
        ("lines-0-subject", "拖把", ""),
        ("lines-0-price", "", "缺少单价"),
    ]
    assert [cell.name for cell in grids.blank(columns).cells] == ["lines-__i__-subject", "lines-__i__-price"]
