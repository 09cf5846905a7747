"""The pack as a workbook: a summary, the application, and a sheet for each form and confirmation.

A changed line moves everything that was reckoned from it: the summary adds up lines of the application, which are those of the
forms (approved) and of the confirmations (actual). Where that would not give the signed figure, the figure itself is written.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.presenting import content_of
from documents.rendering.pack import ASSEMBLING, FORMS, Progress, silent
from documents.rendering.printout import printout
from documents.rendering.xlsx import workbook_bytes
from documents.sheets import CellKind, Column, Row, Sheet, Total
from documents.vocabulary import WORK_KINDS, Kind

if TYPE_CHECKING:
    from documents.models import Document
    from documents.rendering.paper import Printout
    from documents.rendering.places import Links, Place


def pack_workbook(application: Document, documents: list[Document], progress: Progress = silent) -> bytes:
    """The workbook of a pack; ``documents`` begin with the application."""
    lines = content_of(application, application.revision_n)["lines"]
    papers = []
    for place, document in enumerate(documents, start=1):
        progress(FORMS, place - 1, len(documents))
        papers.append((document.number or "", printout(document)))
    progress(ASSEMBLING, 0, 1)
    name, paper = papers[0]
    summary = _("汇总")
    links: dict[str, Links] = {summary: _of_summary(name, lines), name: _of_application(lines)}
    for document, (own, sheet) in zip(documents, papers, strict=True):
        if document.kind == Kind.WORK_COMPLETION:
            links[own] = _of_completion(document, sheet)
    book = workbook_bytes([(summary, _summary(paper, documents, lines)), *papers], links)
    progress(ASSEMBLING, 1, 1)
    return book


def _of_application(lines: list[dict[str, Any]]) -> Links:
    """An application's line: approved as its form says, actual as its confirmation says."""
    links: dict[tuple[str, str], list[Place]] = {}
    for line in lines:
        key = line["id"].partition("/")[2]
        links[line["id"], "approved"] = [(line["form"], key, "amount")]
        links[line["id"], "amount"] = [(line["completion"], key, "amount")]
    return links


def _of_completion(document: Document, paper: Printout) -> Links:
    origin = document.completion.origin.number or ""
    return {(row.id, "approved"): [(origin, row.id, "amount")] for row in paper.sheet.rows}


def _of_summary(application: str, lines: list[dict[str, Any]]) -> Links:
    """A form's row adds up the application's lines of it; rate and commission are the application's."""
    links: dict[tuple[str, str], list[Place]] = {("", key): [(application, "", key)] for key in ("rate", "commission")}
    for line in lines:
        links.setdefault((line["form"], "amount"), []).append((application, line["id"], "amount"))
    for line in _approved_once(lines):
        links.setdefault((line["form"], "approved"), []).append((application, line["id"], "approved"))
    return links


def _approved_once(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each approved one: what was approved counts once, however many confirmations are applied for."""
    return list({(line["form"], line["form_position"]): line for line in reversed(lines)}.values())[::-1]


def _summary(paper: Printout, documents: list[Document], lines: list[dict[str, Any]]) -> Printout:
    """One line a form; the figures are the application's."""
    totals = {total.key: total for total in paper.sheet.totals}
    forms = [document for document in documents if document.kind in WORK_KINDS]
    rows = tuple(_row(n, form, lines) for n, form in enumerate(forms, start=1))
    approved = sum((row.cells["approved"] for row in rows), Decimal(0))
    actual = sum((row.cells["amount"] for row in rows), Decimal(0))
    sheet = Sheet(
        title=_("结算资料汇总"),
        facts=paper.sheet.facts,
        columns=(
            Column("number", _("单号"), width=40),
            Column("title", _("表单"), width=44),
            Column("kind", _("类型"), width=40),
            Column("instalment", _("分期"), width=30),
            Column("approved", _("批准金额（元）"), CellKind.MONEY, 28),
            Column("amount", _("实际金额（元）"), CellKind.MONEY, 28),
            Column("difference", _("其余（元）"), CellKind.MONEY, 26, "{approved}-{amount}"),
        ),
        rows=rows,
        totals=(
            Total("approved", _("批准合计"), approved, formula="SUM({rows:approved})", column="approved"),
            Total(
                "difference", _("其余合计"), approved - actual, formula="SUM({rows:difference})", column="difference"
            ),
            *(
                replace(totals[key], formula=formula, column="amount")
                for key, formula in _TOTALS.items()
                if key in totals
            ),
        ),
        amount=paper.sheet.amount,
        amount_label=paper.sheet.amount_label,
    )
    return replace(paper, sheet=sheet, sign_offs=(), copies=())


_TOTALS = {
    "subtotal": "SUM({rows:amount})",
    "rate": "",
    "commission": "",
    "total": "{subtotal}+{commission}",
    "tax_rate": "",
    "net": "ROUND({total}/(1+{tax_rate}),2)",
    "tax": "{total}-{net}",
}


def _row(n: int, form: Document, lines: list[dict[str, Any]]) -> Row:
    mine = [line for line in lines if line["form"] == form.number]
    approved = sum((Decimal(line["approved"]) for line in _approved_once(mine)), Decimal(0))
    actual = sum((Decimal(line["amount"]) for line in mine), Decimal(0))
    place = f"{form.instalment.name}（{form.instalment.code}）" if form.instalment else ""
    return Row(
        form.number or "",
        n,
        {
            "number": form.number,
            "title": form.title,
            "kind": str(form.get_kind_display()),
            "instalment": place,
            "approved": approved,
            "amount": actual,
            "difference": approved - actual,
        },
    )
