"""A result as canonical content and as a sheet (pure data over the content)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.filetypes import size_text
from documents.guide import of_guide
from documents.sheets import CellKind, Column, Fact, Row, Sheet
from documents.vocabulary import Phase, Result
from intervention.report_files import replaced
from organization.punctuation import bracketed

if TYPE_CHECKING:
    from documents.models import Document
    from intervention.models import ResultEntry

# Files stand among the lines of the sheet, behind the required contents.
FILES = "file:"


def entry_content(entry: ResultEntry) -> dict[str, Any]:
    """One required content as it is signed."""
    return {
        "id": entry.key,
        "position": entry.position,
        "title": entry.title,
        "text": entry.text,
        "page": entry.page,
    }


def result_sheet(content: dict[str, Any], document: Document) -> Sheet:
    """A result as page, PDF and workbook show it: what is required, and the files that it consists of."""
    head = content["head"]
    old = replaced((file["name"] for file in content["attachments"]), content["result"])
    contents, files = _("必备内容"), _("成果文件")
    rows = [
        Row(
            line["id"],
            n,
            {"title": of_guide(line["title"]), "text": line["text"], "page": line["page"]},
            group=contents,
        )
        for n, line in enumerate(content["lines"], start=1)
    ]
    rows += [
        Row(
            f"{FILES}{file['sha256'][:16]}",
            n,
            {"title": file["name"], "text": _file_text(file, old), "page": file["sha256"][:12]},
            group=files,
        )
        for n, file in enumerate(_valid_first(content["attachments"], old), start=len(rows) + 1)
    ]
    return Sheet(
        title=str(Result(content["result"]).label),
        facts=tuple(_facts(head, content, document, files=len(content["attachments"]) - len(old))),
        columns=(
            Column("title", _("内容 / 文件"), width=52),
            Column("text", _("要点 / 大小"), width=92),
            Column("page", _("页码 / 校验"), width=36),
        ),
        rows=tuple(rows),
        notes=(head["note"],) if head["note"] else (),
    )


def _valid_first(files: list[dict[str, Any]], old: frozenset[str]) -> list[dict[str, Any]]:
    return sorted(files, key=lambda file: file["name"] in old)


def _file_text(file: dict[str, Any], old: frozenset[str]) -> str:
    size = size_text(file["size"])
    return _("已由新报告替代（%(size)s）") % {"size": size} if file["name"] in old else size


def _facts(head: dict[str, Any], content: dict[str, Any], document: Document, *, files: int) -> list[Fact]:
    facts = [Fact(_("项目"), document.project.name)]
    if document.instalment is not None:
        facts.append(Fact(_("分期"), bracketed(document.instalment.name, document.instalment.code)))
    facts += [
        Fact(_("阶段"), str(Phase(content["phase"]).label)),
        Fact(_("成果"), str(Result(content["result"]).label)),
        Fact(_("版本"), _("第%(n)d版") % {"n": head["version"]}),
        Fact(_("成果文件数"), files, CellKind.INTEGER),
    ]
    if head["predecessor"]:
        facts.append(Fact(_("上一版"), head["predecessor"]))
    return facts
