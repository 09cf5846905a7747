"""Which row of a sheet is the heading, which column is which, and what stands above: title, project, instalment, month."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from budgets.cells import Cell
from budgets.line_forms import LINE_FORMS, LineForm
from budgets.workbooks.parsing import Sheet

SEARCHED_ROWS = 40
_BRACKETS = re.compile(r"[(\[【〔〖{][^)\]】〕〗}]*[)\]】〕〗}]?")
_UNTAXED = re.compile("不含税|未税|除税|税额")
_FOREIGN_UNIT = re.compile("万|千元|百元|仟|佰|美元|港元|港币|欧元|USD|HKD", re.IGNORECASE)
_SERIAL = {"序号", "编号", "序", "项次", "行号", "号", "no", "no.", "项号"}
_HEAD_KEYS = {
    "project": ("项目名称", "所属项目", "项目"),
    "instalment": ("所属分期", "分期", "期数"),
    "month": ("所属月份", "申请月份", "费用月份", "计划月份", "月份", "月度"),
    "money_unit": ("金额单位", "货币单位", "单位"),
    "department": ("需求部门", "申请部门", "提出部门"),
    "contact": ("联系人", "需求联系人"),
    "requested_on": ("提出日期", "需求提出日期", "申请日期"),
    "urgency": ("紧急程度",),
    "account": ("费用科目", "科目"),
}
_MONTH = re.compile(r"(20[0-9]{2})\s*年\s*([0-9]{1,2})\s*月(?!\s*[0-9]{1,2}\s*日)")


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a sheet. ``last_row`` is its lowest row; ``columns`` maps keys to columns, from 0."""

    row: int
    last_row: int
    columns: dict[str, int]
    serial: int | None
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    foreign_units: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Head:
    """What stands above the heading. Rows count from 0; ``facts`` maps a key to (row, value)."""

    title: str = ""
    title_row: int | None = None
    kinds: frozenset[str] = frozenset()
    months: list[tuple[int, int | None, int, str]] = field(default_factory=list)
    facts: dict[str, tuple[int, str]] = field(default_factory=dict)


def plain(cell: Cell) -> str:
    """A cell's text for comparing: NFKC, all white space gone."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell)) if isinstance(cell, str) else ""


def find_heading(sheet: Sheet, kind: str) -> Heading | None:
    """The row (or pair of rows, for headings in two storeys) that names most columns of a kind; None when none looks like it."""
    form = LINE_FORMS[kind]
    best: Heading | None = None
    for row in range(min(SEARCHED_ROWS, len(sheet.rows))):
        heading = _match(form, row, row, {column: plain(cell) for column, cell in sheet.filled(row)})
        if not heading.missing:
            return heading
        if len(heading.columns) >= 2 and (best is None or len(heading.columns) > len(best.columns)):
            best = heading
    for row in range(min(SEARCHED_ROWS, len(sheet.rows)) - 1):
        upper = {column: plain(cell) for column, cell in sheet.filled(row)}
        lower = {column: plain(cell) for column, cell in sheet.filled(row + 1) if plain(cell)}
        if not _match(form, row, row, upper).columns:
            continue
        pair = _match(form, row, row + 1, upper | lower)
        if not pair.missing:
            return pair
    return best


def _match(form: LineForm, row: int, last_row: int, texts: dict[int, str]) -> Heading:
    found: dict[str, list[int]] = {}
    serial: int | None = None
    foreign: list[tuple[int, str]] = []
    bare: dict[int, str] = {}
    for column, text in sorted(texts.items()):
        brackets = "".join(_BRACKETS.findall(text))
        bare[column] = _BRACKETS.sub("", text).strip("*:·.").lower()
        if bare[column] in _SERIAL and serial is None:
            serial = column
            continue
        key = _key(form, bare[column])
        if key is None or _UNTAXED.search(brackets):
            continue
        found.setdefault(key, []).append(column)
        if form.column(key).kind == "money" and _FOREIGN_UNIT.search(brackets):
            foreign.append((column, text))
    columns: dict[str, int] = {}
    doubled: list[str] = []
    for key, places in found.items():
        exact = [place for place in places if bare[place] == form.column(key).aliases[0]]
        chosen = exact or places
        if len(chosen) > 1 and form.column(key).is_number:
            doubled.append(key)
        columns[key] = chosen[0]
    missing = tuple(column.key for column in form.columns if column.required and column.key not in columns)
    used = set(columns.values())
    return Heading(
        row, last_row, columns, serial, missing, tuple(doubled), tuple(unit for unit in foreign if unit[0] in used)
    )


def _key(form: LineForm, text: str) -> str | None:
    """The column that a heading without brackets names; ``单价/元`` and ``金额元`` count too."""
    shorter = re.sub(r"[/,:、_-]?(人民币)?元(/.*)?$", "", text)
    for candidate in (text, shorter):
        for column in form.columns:
            if candidate in column.aliases:
                return column.key
    return None


def kinds_of_title(title: str) -> frozenset[str]:
    """The kinds that a title may mean; empty when it names none. Two titles of one form are both known (D14)."""
    text = plain(title)
    if "代购" in text or re.search("(超计划|计划外)[^行]*采购", text):
        return frozenset({"unplanned_purchase"})
    if "零星" in text:
        return frozenset({"sales_office_sundries"})
    if "岗位配置" in text:
        return frozenset({"staffing_plan"})
    if "行政管理费用" in text:
        return frozenset({"admin_expense_plan"})
    if "采购申请" in text:
        return frozenset({"purchase_request"})
    if "工作确认单" in text:
        if "超计划" in text or "计划外" in text:
            return frozenset({"unplanned_work"})
        if "专项" in text:
            return frozenset({"service_confirmation"})
        return frozenset({"service_confirmation", "unplanned_work", "sales_office_sundries"})
    return frozenset()


def read_head(sheet: Sheet, end: int) -> Head:
    """Read the rows above ``end`` (from 0)."""
    head = Head()
    for row in range(min(end, len(sheet.rows))):
        texts = [_text(cell) for _column, cell in sheet.filled(row)]
        for text in texts:
            kinds = kinds_of_title(text)
            if kinds and not head.kinds:
                head.kinds, head.title, head.title_row = kinds, text, row
            # A title or the month alone; 制表时间 2026年11月 is not the form's month.
            if kinds or re.fullmatch(_MONTH.pattern + "份?", text):
                head.months += [(row, int(match[1]), int(match[2]), match[0]) for match in _MONTH.finditer(text)]
        for key, value in _facts(texts).items():
            head.facts.setdefault(key, (row, value))
    if "month" in head.facts:
        row, value = head.facts["month"]
        if match := re.match(r"(?:(20[0-9]{2})\s*[-/.年]\s*)?([0-9]{1,2})(?![0-9])", value):
            head.months.append((row, int(match[1]) if match[1] else None, int(match[2]), value))
    return head


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return f"{cell:g}"
    return unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""


_NAMES = {name: key for key, names in _HEAD_KEYS.items() for name in names}
_ANY_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
_FACT = re.compile(rf"(?<![^\s:;,|])({_ANY_NAME})\s*:\s*(.*?)(?=\s{{2,}}|[\s,|]+(?:{_ANY_NAME})\s*:|;|$)")


def _facts(texts: list[str]) -> dict[str, str]:
    """``项目:翠湖花园  分期:二期(CH-2)`` in one cell or spread over several."""
    line = ""
    for text in texts:
        if not text:
            continue
        line += text if line.endswith(":") else ("  " + text if line else text)
        if text in _NAMES:
            line += ":"
    facts: dict[str, str] = {}
    for match in _FACT.finditer(line):
        if match[2].strip():
            facts.setdefault(_NAMES[match[1]], match[2].strip())
    return facts
