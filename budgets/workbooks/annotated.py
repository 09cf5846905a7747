"""The clerk's own workbook given back with its faulty cells marked and commented."""

import json
from collections.abc import Sequence

from django.utils.translation import gettext as _

from budgets.workbooks.faults import WorkbookError
from budgets.workbooks.parsing import run_child

CHILD = "budgets.workbooks.marking"
# The sheet that lists the faults: always of this name, so that a second import knows it.
FAULTS_SHEET = "问题清单"


def annotate(data: bytes, errors: Sequence[WorkbookError]) -> bytes | None:
    """An .xlsx with a red, commented cell for every fault; None where the file as a whole was refused or cannot be marked.

    An .xlsx comes back as it was, formulas and formats included; an .xls or .ods as a copy of its values.
    """
    marks = [
        {
            "sheet": error.sheet,
            "row": error.place[0] if error.place else (error.row - 1 if error.row else None),
            "column": error.place[1] if error.place else 0,
            "label": error.column,
            "message": error.message,
        }
        for error in errors
    ]
    if not any(mark["row"] is not None for mark in marks):
        return None
    order = {"marks": marks, "title": FAULTS_SHEET, "headings": [_("工作表"), _("行"), _("列"), _("问题")]}
    return run_child(CHILD, json.dumps(order).encode("ascii") + b"\n" + data) or None
