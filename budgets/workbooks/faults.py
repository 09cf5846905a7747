"""What is wrong with a workbook: one fault a cell, row or file, each a sentence that says where, why and what to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class WorkbookError:
    """One fault. ``row`` is the sheet's own row from 1, None for a fault of the whole file; ``message`` names the row itself.

    ``place`` is the cell as (row, column) from 0 where one is meant: what the annotated copy marks.
    """

    sheet: str | None
    row: int | None
    column: str | None
    value: str | None
    message: str
    place: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """The five keys that scripts rely on."""
        keys = ("sheet", "row", "column", "value", "message")
        return {key: getattr(self, key) for key in keys}


class WorkbookRefused(Exception):
    """Nothing of the workbook is taken; ``errors`` holds every fault found, in the order of the rows."""

    def __init__(self, errors: Sequence[WorkbookError]) -> None:
        super().__init__("\n".join(error.message for error in errors))
        self.errors = list(errors)

    @property
    def sentences(self) -> list[str]:
        """The faults as sentences."""
        return [error.message for error in self.errors]


def at_row(row: int, message: str) -> str:
    """``第 6 行：…``: how every fault of a row begins."""
    sentence: str = _("第 %(row)d 行：%(message)s")
    return sentence % {"row": row, "message": message}


def refused(code: str, **parameters: Any) -> WorkbookRefused:
    """The refusal of a whole file in one sentence."""
    return WorkbookRefused([WorkbookError(None, None, None, None, _SENTENCES[code](parameters))])


def _type(parameters: dict[str, Any]) -> str:
    found = parameters.get("found", "")
    if found == "CSV/TXT":
        found = _("文本文件 CSV/TXT")
    sentence: str = _("按内容看，这不是 .xlsx、.xls 或 .ods 工作簿%(found)s，文件名不作数。请另存为 .xlsx 后再导入。")
    return sentence % {"found": f"（{found}）" if found else ""}


def _far(parameters: dict[str, Any]) -> str:
    sentence: str = _("第 %(row)s 行第 %(column)s 列有一个离表格很远的单元格，请删除表格以外的内容后再导入。")
    return sentence % parameters


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "empty": lambda _parameters: _("文件是空的，请重新选择工作簿。"),
    "size": lambda _parameters: _("工作簿大于 5 MB，请删去图片和无关的工作表后再导入。"),
    "type": _type,
    "damaged": lambda _parameters: _("工作簿已损坏，无法读取。请用表格软件打开并另存为新的 .xlsx 后再导入。"),
    "bomb": lambda _parameters: _("工作簿解压后过大（疑似压缩炸弹），不予读取。请另存为新的 .xlsx 后再导入。"),
    "doctype": lambda _parameters: _(
        "工作簿内含文档类型声明（<!DOCTYPE 或 <!ENTITY），不予读取。请另存为新的 .xlsx 后再导入。"
    ),
    "encrypted": lambda _parameters: _("工作簿已加密，请取消密码后再导入。"),
    "macros": lambda _parameters: _("工作簿含有宏，请另存为不含宏的 .xlsx 后再导入。"),
    "links": lambda _parameters: _("工作簿含有指向其他文件的外部链接，请断开链接（粘贴为数值）后再导入。"),
    "objects": lambda _parameters: _("工作簿内嵌了其他对象（OLE），请删除嵌入对象后再导入。"),
    "far": _far,
    "rows": lambda _parameters: _("工作表超过 5,000 行，请拆成几张表后再导入。"),
    "merges": lambda _parameters: _("工作表的合并单元格超过 5,000 处，请取消合并后再导入。"),
    "dead": lambda _parameters: _("读取工作簿时占用的时间或内存过多，已停止。请另存为新的 .xlsx 后再导入。"),
}
