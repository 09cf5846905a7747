"""Is this the workbook for this project, instalment, month and kind? What its head says is held against the target."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from budgets.heads import HEADS, IMPORTED
from budgets.line_forms import LINE_FORMS
from budgets.workbooks.faults import WorkbookError, at_row
from budgets.workbooks.headings import Head, plain

Names = str | Iterable[str] | None
Month = str | date | None
# From the facts of a head as written to what is wrong with them: (key of the head field, sentence).
HeadFaults = Callable[[Mapping[str, str]], list[tuple[str, str]]]


def check_head(
    sheet: str, head: Head, kind: str, *, project: Names = None, instalment: Names = None, month: Month = None
) -> list[WorkbookError]:
    """A fault for everything above the heading that names something else than the target."""
    errors = []
    if head.kinds and kind not in head.kinds and head.title_row is not None:
        message = _("标题“%(title)s”不是《%(form)s》，请选对工作簿或表单。")
        message %= {"title": head.title, "form": LINE_FORMS[kind].title}
        errors.append(_error(sheet, head.title_row, _("标题"), head.title, message))
    projects, instalments = _names(project), _names(instalment)
    for key, label, names in (("project", _("项目"), projects), ("instalment", _("分期"), instalments)):
        if key in head.facts and names:
            row, value = head.facts[key]
            if not _is_named(value, names, instalments if key == "project" else ()):
                message = _("%(label)s“%(value)s”与要导入的“%(target)s”不符，请选对工作簿或目标。")
                message %= {"label": label, "value": value, "target": " ".join(names)}
                errors.append(_error(sheet, row, label, value, message))
    errors += _month_errors(sheet, head, month)
    if "money_unit" in head.facts:
        row, value = head.facts["money_unit"]
        if re.search("[万千百仟佰]元|美元|港元|港币", value):
            message = _("金额单位是“%(value)s”，请改为以元为单位。") % {"value": value}
            errors.append(_error(sheet, row, _("单位"), value, message))
    return errors


def check_facts(sheet: str, head: Head, kind: str, faults_of: HeadFaults | None) -> list[WorkbookError]:
    """A fault for every head field that the form would refuse, with its row."""
    if faults_of is None:
        return []
    labels = {field.key: str(field.label) for field in HEADS[kind]}
    errors = []
    for key, sentence in faults_of({name: value for name, (_row, value) in head.facts.items()}):
        row, value = head.facts[IMPORTED[key]]
        errors.append(_error(sheet, row, labels[key], value, sentence))
    return errors


def fits_month(head: Head, month: Month) -> bool:
    """Whether nothing in the head names another month."""
    return not _month_errors("", head, month)


def _month_errors(sheet: str, head: Head, month: Month) -> list[WorkbookError]:
    if month is None:
        return []
    if isinstance(month, str):
        year, number = int(month[:4]), int(month[5:7])
    else:
        year, number = month.year, month.month
    errors: dict[int, WorkbookError] = {}
    for row, found_year, found_month, text in head.months:
        if found_month != number or found_year not in (None, year):
            message = _("月份“%(value)s”与要导入的 %(year)d年%(month)d月不符，请选对工作簿或月份。")
            message %= {"value": text, "year": year, "month": number}
            errors.setdefault(row, _error(sheet, row, _("月份"), text, message))
    return list(errors.values())


def _names(names: Names) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(name for name in names if name)


def _is_named(value: str, names: tuple[str, ...], extra: tuple[str, ...]) -> bool:
    """``二期(CH-2)``, ``CH-2 二期``, ``第二期`` name CH-2 二期; each part must be one of its names, the code or the name."""
    known = {_bare(name) for name in names}
    parts = [_bare(part) for part in re.split(r"[()\[\]【】/、·\s]+", value) if _bare(part)]
    if _bare(value) in known:
        return True
    joined = {first + second for first in known for second in (_bare(name) for name in extra)}
    others = {_bare(name) for name in extra}
    if not any(part in known | joined for part in parts):
        return False
    return all(part in known | joined | others for part in parts)


def _bare(text: str) -> str:
    bare = plain(text).lower().strip("()[]-_")
    return bare.removeprefix("第").removesuffix("项目") or bare


def _error(sheet: str, row: int, column: str, value: str, message: str) -> WorkbookError:
    return WorkbookError(sheet, row + 1, column, value, at_row(row + 1, message), (row, 0))
