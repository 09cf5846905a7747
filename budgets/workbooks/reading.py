"""From the bytes of a workbook to the checked lines of one form, or to everything that is wrong with it.

Nothing here stores anything. The entry is ``read_form``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.cells import Cell, ErrorValue, UncalculatedFormula, is_blank, shown
from budgets.columns import CheckedRow, check_row
from budgets.line_forms import LINE_FORMS, MAX_LINES
from budgets.numbers import read_written
from budgets.workbooks.annotated import FAULTS_SHEET
from budgets.workbooks.faults import WorkbookError, WorkbookRefused, at_row, refused
from budgets.workbooks.headings import Head, Heading, find_heading, read_head
from budgets.workbooks.parsing import Sheet, Workbook, parse
from budgets.workbooks.rows import Role, TableRow, agrees, table_rows, total_value
from budgets.workbooks.targets import HeadFaults, Month, Names, check_facts, check_head, fits_month
from documents.money import figures, round_fen

__all__ = ["ParsedForm", "WorkbookError", "WorkbookRefused", "read_form", "read_workbook"]


@dataclass(frozen=True, slots=True)
class ParsedForm:
    """A workbook that can be taken. ``rows`` are the lines in the sheet's order; ``amount`` is their sum in 元.

    ``source_rows`` are the sheet's own rows of the lines (from 1), ``computed`` those whose amount was not given,
    ``head`` what the head names besides (department, contact, requested_on, urgency, project, instalment, month), as written.
    """

    kind: str
    rows: list[CheckedRow]
    warnings: list[str]
    sheet: str
    amount: Decimal = Decimal("0.00")
    source_rows: list[int] = field(default_factory=list)
    computed: list[int] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sheet whose heading was found."""

    sheet: Sheet
    heading: Heading
    head: Head


def read_form(
    data: bytes,
    kind: str,
    *,
    expected_project: Names = None,
    expected_instalment: Names = None,
    expected_month: Month = None,
    categories: tuple[str, ...] | None = None,
    head_faults: HeadFaults | None = None,
) -> ParsedForm:
    """Read a workbook as a form of one kind; raises ``WorkbookRefused`` with every fault at once.

    Project and instalment are given by all their names (code and name); the month as a day in it or as ``2026-12``.
    ``head_faults`` says what the form would refuse of what the head names besides.
    """
    return read_workbook(
        parse(data),
        kind,
        expected_project=expected_project,
        expected_instalment=expected_instalment,
        expected_month=expected_month,
        categories=categories,
        head_faults=head_faults,
    )


def read_workbook(
    workbook: Workbook,
    kind: str,
    *,
    expected_project: Names = None,
    expected_instalment: Names = None,
    expected_month: Month = None,
    categories: tuple[str, ...] | None = None,
    head_faults: HeadFaults | None = None,
) -> ParsedForm:
    """``read_form`` for a workbook already parsed."""
    found = _choose(workbook, kind, expected_month)
    sheet, heading = found.sheet, found.heading
    errors = check_head(
        sheet.name, found.head, kind, project=expected_project, instalment=expected_instalment, month=expected_month
    )
    errors += check_facts(sheet.name, found.head, kind, head_faults)
    errors += _heading_errors(sheet, heading, kind)
    rows = table_rows(sheet, heading, kind)
    lines = [row for row in rows if row.role in (Role.LINE, Role.AFTER)]
    if len(lines) > MAX_LINES:
        raise refused("rows")
    checked: dict[int, CheckedRow] = {}
    for line in lines:
        faults = _line_errors(sheet, heading, kind, line, checked, categories)
        errors += faults
    errors += _total_errors(sheet, heading, rows, checked)
    if not lines:
        message = _("工作表“%(sheet)s”在表头下没有明细行，请填写后再导入。") % {"sheet": sheet.name}
        errors.append(WorkbookError(sheet.name, None, None, None, message))
    if errors:
        raise WorkbookRefused(sorted(errors, key=lambda error: (error.row or 0, (error.place or (0, 0))[1])))
    computed = [row + 1 for row, line in checked.items() if line.computed]
    return ParsedForm(
        kind,
        list(checked.values()),
        _warnings(workbook, sheet, rows, computed),
        sheet.name,
        sum((line.amount for line in checked.values()), Decimal("0.00")),
        [row + 1 for row in checked],
        computed,
        {key: value for key, (_row, value) in found.head.facts.items()},
    )


def _choose(workbook: Workbook, kind: str, month: Month) -> _Candidate:
    """The one visible sheet that fits."""
    found = []
    for sheet in workbook.sheets:
        heading = find_heading(sheet, kind)
        if heading:
            found.append(_Candidate(sheet, heading, read_head(sheet, heading.row)))
    fitting = [one for one in found if one.sheet.visible and not one.heading.missing]
    # Several forms, months or empty templates in one file: the more it says, the fewer remain.
    preferences: tuple[Callable[[_Candidate], bool], ...] = (
        lambda one: not one.head.kinds or kind in one.head.kinds,
        lambda one: fits_month(one.head, month),
        lambda one: any(row.role == Role.LINE for row in table_rows(one.sheet, one.heading, kind)),
    )
    for is_better in preferences:
        if len(fitting) > 1:
            fitting = [one for one in fitting if is_better(one)] or fitting
    if len(fitting) == 1:
        return fitting[0]
    title = LINE_FORMS[kind].title
    if fitting:
        names = "、".join(one.sheet.name for one in fitting)
        message = _("有 %(count)d 张工作表都像《%(form)s》（%(names)s），请只留一张后再导入。")
        raise _whole(message % {"count": len(fitting), "form": title, "names": names})
    for sheet in workbook.sheets:
        head = read_head(sheet, min(10, len(sheet.rows)))
        if sheet.visible and head.kinds and kind not in head.kinds:
            raise WorkbookRefused(check_head(sheet.name, head, kind))
    hidden = [one.sheet.name for one in found if not one.heading.missing]
    if hidden:
        message = _("符合《%(form)s》的工作表“%(sheet)s”是隐藏的，请取消隐藏后再导入。")
        raise _whole(message % {"form": title, "sheet": hidden[0]})
    partial = max(
        (one for one in found if one.sheet.visible and len(one.heading.columns) >= 2),
        key=lambda one: len(one.heading.columns),
        default=None,
    )
    if partial is None:
        names = "、".join(str(column.label) for column in LINE_FORMS[kind].columns if column.required)
        message = _("没有找到《%(form)s》的表头，表头须有：%(names)s。可下载模板填写后再导入。")
        raise _whole(message % {"form": title, "names": names})
    missing = "、".join(str(LINE_FORMS[kind].column(key).label) for key in partial.heading.missing)
    row = partial.heading.last_row + 1
    message = at_row(row, _("表头缺少列：%(names)s。请补上后再导入。") % {"names": missing})
    raise WorkbookRefused([WorkbookError(partial.sheet.name, row, missing, None, message)])


def _whole(message: str) -> WorkbookRefused:
    return WorkbookRefused([WorkbookError(None, None, None, None, message)])


def _heading_errors(sheet: Sheet, heading: Heading, kind: str) -> list[WorkbookError]:
    errors = []
    row = heading.last_row
    for key in heading.doubled:
        label = str(LINE_FORMS[kind].column(key).label)
        message = _("表头有两列都是“%(label)s”，请只留一列。") % {"label": label}
        errors.append(_error(sheet, row, heading.columns[key], label, None, message))
    for column, text in heading.foreign_units:
        message = _("表头“%(text)s”的单位不是元，请把金额换算成元。") % {"text": text}
        errors.append(_error(sheet, row, column, text, text, message))
    for key, column in heading.columns.items():
        if column in sheet.hidden_columns:
            label = str(LINE_FORMS[kind].column(key).label)
            message = _("“%(label)s”列被隐藏，请取消隐藏后再导入。") % {"label": label}
            errors.append(_error(sheet, row, column, label, None, message))
    return errors


def _line_errors(
    sheet: Sheet,
    heading: Heading,
    kind: str,
    line: TableRow,
    checked: dict[int, CheckedRow],
    categories: tuple[str, ...] | None,
) -> list[WorkbookError]:
    """Check one line; a sound one goes into ``checked``."""
    errors = []
    if line.row in sheet.hidden_rows:
        message = _("这一行被隐藏或筛选掉了，请取消隐藏，或删除这一行。")
        errors.append(_error(sheet, line.row, None, None, None, message))
    if line.role == Role.AFTER:
        message = _("明细在合计行之后，请移到合计行之前。")
        errors.append(_error(sheet, line.row, None, None, None, message))
    for key in dict.fromkeys(line.merged_numbers):
        label = str(LINE_FORMS[kind].column(key).label)
        message = _("%(label)s是合并单元格，请取消合并并逐行填写。") % {"label": label}
        errors.append(_error(sheet, line.row, heading.columns[key], label, None, message))
    result = check_row(kind, line.cells, categories=categories)
    if isinstance(result, CheckedRow):
        checked[line.row] = result
    else:
        errors += [
            _error(sheet, line.row, heading.columns.get(fault.key), fault.label, fault.value, fault.message)
            for fault in result
            if fault.key not in line.merged_numbers
        ]
    return errors


def _total_errors(
    sheet: Sheet, heading: Heading, rows: list[TableRow], checked: dict[int, CheckedRow]
) -> list[WorkbookError]:
    """合计 and 小计 against the lines above them; the last 合计 stands for the whole table."""
    errors = []
    lines: list[TableRow] = []
    since_subtotal, since_total = 0, 0
    last_total = max((row.row for row in rows if row.role == Role.TOTAL), default=None)
    for row in rows:
        if row.role in (Role.LINE, Role.AFTER):
            lines.append(row)
        elif row.role in (Role.TOTAL, Role.SUBTOTAL):
            spans = [lines]
            if row.role == Role.SUBTOTAL:
                spans = [lines[since_subtotal:], lines[since_total:]]
            elif row.row != last_total:
                spans = [lines, lines[since_total:]]
            if fault := _total_fault(sheet, heading, row, spans, checked):
                errors.append(fault)
            since_subtotal = len(lines)
            since_total = len(lines) if row.role == Role.TOTAL else since_total
    return errors


def _total_fault(
    sheet: Sheet, heading: Heading, row: TableRow, spans: list[list[TableRow]], checked: dict[int, CheckedRow]
) -> WorkbookError | None:
    cell, column = total_value(sheet, heading, row)
    if is_blank(cell) or isinstance(cell, UncalculatedFormula):
        return None
    value = read_written(cell)
    if value is None:
        message = _("%(label)s“%(value)s”不是数字，请改正或留空。") % {"label": row.label, "value": shown(cell)}
        if isinstance(cell, ErrorValue):
            message = _("%(label)s是错误值 %(value)s，请改正公式或留空。") % {"label": row.label, "value": cell.code}
        return _error(sheet, row.row, column, row.label, shown(cell), message)
    sums = [_sums(lines, checked) for lines in spans]
    if any(one is None or agrees(value, one) for one in sums):
        return None
    expected = (sums[0] or (Decimal(0),))[0]
    message = _("%(label)s %(value)s 不等于各行金额之和 %(sum)s，请改正合计或明细。")
    message %= {"label": row.label, "value": figures(value), "sum": figures(expected)}
    return _error(sheet, row.row, column, row.label, shown(cell), message)


def _sums(lines: list[TableRow], checked: dict[int, CheckedRow]) -> tuple[Decimal, ...] | None:
    """What a total over these lines may be; None when it cannot be known.

    Sound lines: the sum of the stored amounts, or the exact sum, or that rounded. With a faulty line among them: the sum of the
    amount cells as written, so that a wrong total is told in the same answer.
    """
    results = [checked.get(line.row) for line in lines]
    if all(result is not None for result in results):
        sound = [result for result in results if result is not None]
        exact = sum((result.exact for result in sound), Decimal(0))
        return sum((result.amount for result in sound), Decimal(0)), exact, round_fen(exact)
    written = Decimal(0)
    for line, result in zip(lines, results, strict=True):
        cell: Cell = line.cells.get("amount")
        amount = read_written(cell)
        if amount is not None:
            written += amount
        elif is_blank(cell) or isinstance(cell, UncalculatedFormula):
            if result is None:
                return None
            written += result.amount
    return written, round_fen(written)


def _warnings(workbook: Workbook, sheet: Sheet, rows: list[TableRow], computed: list[int]) -> list[str]:
    warnings = []
    if computed:
        names = "、".join(map(str, computed[:20])) + ("…" if len(computed) > 20 else "")
        warnings.append(_("第 %(rows)s 行没有填写金额，已按数量和单价计算。") % {"rows": names})
    last_line = max(row.row for row in rows if row.role == Role.LINE)
    for row in rows:
        if row.role == Role.NOTE and row.row < last_line:
            text = next((shown(cell) for _column, cell in sheet.filled(row.row) if not is_blank(cell)), "")
            warnings.append(at_row(row.row + 1, _("“%(text)s”看作说明，未导入。") % {"text": text}))
    for other in workbook.sheets:
        if other is not sheet and any(other.rows) and other.name != FAULTS_SHEET:
            hidden = "" if other.visible else _("（隐藏）")
            warnings.append(_("工作表“%(sheet)s”%(hidden)s未导入。") % {"sheet": other.name, "hidden": hidden})
    return warnings


def _error(
    sheet: Sheet, row: int, column: int | None, label: str | None, value: str | None, message: str
) -> WorkbookError:
    return WorkbookError(
        sheet.name, row + 1, label, value, at_row(row + 1, message), (row, column if column is not None else 0)
    )
