"""Our own workbook for each kind: drop-downs, locked formulas, and it imports back. Always in Chinese, like the forms."""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.utility import xl_col_to_name

from budgets.cells import EARLIEST_YEAR, LATEST_YEAR
from budgets.line_forms import LINE_FORMS, Column, LineForm
from documents.sheets import CellKind

LINES = 100
_FIRST = 3  # rows from 0: title, head, heading, lines


def template(
    kind: str,
    *,
    project: str = "",
    instalment: str = "",
    month: date | None = None,
    categories: tuple[str, ...] | None = None,
    lines: int = LINES,
) -> bytes:
    """An empty .xlsx of a kind. ``project``, ``instalment`` and ``month`` stand in its head when given."""
    form = LINE_FORMS[kind]
    target = BytesIO()
    with override("zh-hans"), xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": form.title, "created": datetime(2020, 1, 1)})
        _write(book, form, _head(project, instalment, month), month, categories, lines)
    return target.getvalue()


def _head(project: str, instalment: str, month: date | None) -> str:
    parts = {
        "项目": project,
        "分期": instalment,
        "月份": f"{month.year}年{month.month:02d}月" if month else "",
        "单位": "元",
    }
    return "  ".join(f"{key}:{value}" for key, value in parts.items() if value)


def _write(
    book: Any, form: LineForm, head: str, month: date | None, categories: tuple[str, ...] | None, lines: int
) -> None:
    formats = _formats(book)
    sheet = book.add_worksheet(form.title[:31])
    last = len(form.columns)
    places = {column.key: index for index, column in enumerate(form.columns, start=1)}
    title = f"{month.year}年{month.month:02d}月{form.title}" if month else form.title
    sheet.merge_range(0, 0, 0, last, title, formats["title"])
    sheet.merge_range(1, 0, 1, last, head, formats["head"])
    sheet.write_string(2, 0, "序号", formats["heading"])
    sheet.set_column(0, 0, 6)
    end = _FIRST + lines - 1
    for index, column in enumerate(form.columns, start=1):
        sheet.write_string(2, index, _heading(column), formats["heading"])
        sheet.set_column(index, index, max(9, round(column.width * 0.55)))
        rule = _rule(column, categories)
        if rule:
            sheet.data_validation(_FIRST, index, end, index, rule)
    for row in range(_FIRST, end + 1):
        sheet.write_number(row, 0, row - _FIRST + 1, formats["serial"])
        for index, column in enumerate(form.columns, start=1):
            if column.editable:
                sheet.write_blank(row, index, None, formats[column.kind])
            else:
                sheet.write_formula(row, index, _formula(form, column, places, row + 1), formats["computed"], "")
    letter = xl_col_to_name(places["amount"])
    sheet.merge_range(end + 1, 0, end + 1, places["amount"] - 1, "合计", formats["total_label"])
    total = f"=SUM({letter}{_FIRST + 1}:{letter}{end + 1})"
    sheet.write_formula(end + 1, places["amount"], total, formats["total"], 0)
    sheet.write_string(
        end + 2, 0, _("说明：带 * 的列必填；灰色的列由公式计算，不必填写；行数不够可插入行。金额均为含税，单位为元。")
    )
    sheet.freeze_panes(_FIRST, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.protect(
        "",
        {"insert_rows": True, "delete_rows": True, "format_cells": True, "format_columns": True, "format_rows": True},
    )


def _heading(column: Column) -> str:
    unit = f"({column.unit})" if column.unit and column.kind == CellKind.MONEY else ""
    return f"{column.label}{unit}{'*' if column.required else ''}"


def _formula(form: LineForm, column: Column, places: Mapping[str, int], row: int) -> str:
    """``=IF(COUNT(F4,G4)=2,ROUND(F4*G4,2),"")``: empty until the line is complete."""
    factors = [f"{xl_col_to_name(places[key])}{row}" for key in form.factors]
    addends = [f"{xl_col_to_name(places[key])}{row}" for key in form.addends]
    price = f"SUM({','.join(addends)})" if len(addends) > 1 else addends[0]
    needed = [*factors, addends[0]]
    if column.key == "price":
        return f'=IF(COUNT({addends[0]})=1,{price},"")'
    return f'=IF(COUNT({",".join(needed)})={len(needed)},ROUND({"*".join([*factors, price])},2),"")'


def _rule(column: Column, categories: tuple[str, ...] | None) -> dict[str, Any] | None:
    """What the program that fills the template lets through, told in the same words as our refusals."""
    named = {"label": column.label}
    if column.choices:
        choices = list(categories or column.choices)
        message = _("请从清单中选择：%(choices)s") % {"choices": "、".join(choices)}
        return {"validate": "list", "source": choices, "error_title": str(column.label), "error_message": message[:255]}
    if not column.editable:
        return None
    rule: dict[str, Any] = {"error_title": str(column.label), "ignore_blank": True}
    if column.kind == CellKind.DATE:
        between = {"minimum": date(EARLIEST_YEAR, 1, 1), "maximum": date(LATEST_YEAR, 12, 31)}
        message = _("%(label)s请填写如 2026-12-05 的日期。") % named
        return {**rule, "validate": "date", "criteria": "between", **between, "error_message": message}
    if column.is_number:
        whole = column.kind == CellKind.INTEGER
        smallest = "0" if column.zero else ("1" if whole else "0.001" if column.kind == CellKind.QUANTITY else "0.01")
        message = (_("%(label)s请填写整数。") if whole else _("%(label)s请填写大于 0 的数字。")) % named
        if column.zero:
            message = _("%(label)s请填写不小于 0 的数字。") % named
        limits = {"minimum": f"={smallest}", "maximum": f"={column.maximum}"}
        return {
            **rule,
            "validate": "integer" if whole else "decimal",
            "criteria": "between",
            **limits,
            "error_message": message,
        }
    return None


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "border": 1, "valign": "vcenter"}
    free = {**base, "locked": False}
    return {
        "title": book.add_format(
            {"font_name": "宋体", "font_size": 16, "bold": True, "align": "center", "locked": False}
        ),
        "head": book.add_format({"font_name": "宋体", "font_size": 11, "locked": False}),
        "heading": book.add_format({**base, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DDEBF7"}),
        "serial": book.add_format({**free, "align": "center"}),
        "computed": book.add_format({**base, "num_format": "#,##0.00", "bg_color": "#EDEDED"}),
        "total_label": book.add_format({**base, "bold": True, "align": "center"}),
        "total": book.add_format({**base, "bold": True, "num_format": "#,##0.00", "bg_color": "#EDEDED"}),
        CellKind.TEXT: book.add_format({**free, "num_format": "@", "text_wrap": True}),
        CellKind.MONEY: book.add_format({**free, "num_format": "#,##0.00"}),
        CellKind.QUANTITY: book.add_format({**free, "num_format": "General"}),
        CellKind.INTEGER: book.add_format({**free, "num_format": "0"}),
        CellKind.DATE: book.add_format({**free, "num_format": "yyyy-mm-dd"}),
    }
