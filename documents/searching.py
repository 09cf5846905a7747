"""The text that search looks in: number, title, people, pinyin initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypinyin import Style, lazy_pinyin

from documents.vocabulary import Kind

if TYPE_CHECKING:
    from documents.models import Document

# Both titles of one form are found (D14).
_OTHER_NAMES = {
    Kind.ADMIN_EXPENSE_PLAN: "物业行政管理费用计划表",
    Kind.UNPLANNED_WORK: "物业管理工作确认单",
    Kind.SALES_OFFICE_SUNDRIES: "物业服务工作确认单",
}


def initials(text: str) -> str:
    """First letters of the pinyin: 翠湖花园 → chhy."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="ignore"))


def search_text(document: Document) -> str:
    """Everything a person would type to find this document, in lower case."""
    names = [
        document.title,
        Kind(document.kind).label,
        _OTHER_NAMES.get(Kind(document.kind), ""),
        document.project.name,
        document.creator.name,
        document.submitted_by.name if document.submitted_by else "",
    ]
    codes = [
        document.number or "",
        document.reference,
        document.project.code,
        document.instalment.code if document.instalment else "",
        document.month,
        document.grouping,
    ]
    return " ".join([*codes, *map(str, names), *(initials(str(name)) for name in names)]).casefold()
