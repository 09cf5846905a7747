"""Work forms and confirmations as canonical content and as sheets (pure data over the content)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from budgets.columns import LINE_FORMS
from budgets.heads import HEADS
from budgets.sharing import parts_of, percent, share_text
from documents.money import line_amount, plain
from documents.sheets import CellKind, Column, Fact, Row, Sheet, Total
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from budgets.models import CompletionLine, WorkLine
    from documents.models import Document


def as_text(value: Any) -> Any:
    """A cell for canonical content: numbers as text without trailing zeros, dates as ISO, empty stays empty."""
    if isinstance(value, Decimal):
        # 0.1 as reckoned and 0.100 as read from the database are one text, or the hash would tell them apart.
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def as_value(kind: CellKind, text: Any) -> Any:
    """A cell of canonical content for a sheet."""
    if text is None or text == "":
        return None if kind != CellKind.TEXT else ""
    if kind in (CellKind.MONEY, CellKind.QUANTITY):
        return Decimal(text)
    if kind == CellKind.DATE:
        return date.fromisoformat(text)
    return text


def work_line_content(kind: str, line: WorkLine, shares: Mapping[str, int] | None = None) -> dict[str, Any]:
    """A line as it is signed: its kind's columns, quantity, price, amount and a reviewer's cut.

    ``shares`` of its split are there for shared staff alone, so what was signed before there was any keeps its hash.
    """
    cells = {column.key: as_text(getattr(line, column.key)) for column in LINE_FORMS[kind].columns}
    return {
        "id": line.key,
        "position": line.position,
        **cells,
        "quantity": as_text(line.quantity),
        "price": plain(line.price),
        "amount": plain(line.amount),
        "cut_to": None if line.cut_to is None else plain(line.cut_to),
        **(_share_content(line, shares) if shares else {}),
    }


def _share_content(line: WorkLine, shares: Mapping[str, int]) -> dict[str, Any]:
    """Whole amount, this form's share of it, and everybody's, in per cent."""
    return {
        "split_key": line.split_key,
        "whole": plain(line_amount(line.quantity, line.price)),
        "share": plain(percent(line.share or 0)),
        "shares": {code: plain(percent(share)) for code, share in sorted(shares.items())},
    }


def work_sheet(content: dict[str, Any], document: Document) -> Sheet:
    """A work form as page, PDF and workbook show it."""
    kind = content["kind"]
    form = LINE_FORMS[kind]
    cut = any(line["cut_to"] is not None for line in content["lines"])
    columns = [_column(column, form) for column in form.columns]
    if shared := any("share" in line for line in content["lines"]):
        columns = _share_columns(columns)
    if cut:
        at = next(index for index, column in enumerate(columns) if column.key == "amount")
        # With a cut, the amount no longer follows from quantity and price: both are shown, the formula is not.
        columns[at] = Column("amount", _("核定金额（元）"), CellKind.MONEY, 26)
        columns.insert(at, Column("filed", _("申报金额（元）"), CellKind.MONEY, 26))
    rows = tuple(_work_row(line, form, content["instalment"], cut=cut, shared=shared) for line in content["lines"])
    total = sum((Decimal(line["amount"]) for line in content["lines"]), Decimal(0))
    return Sheet(
        title=str(Kind(kind).label),
        facts=(*place_facts(content, document), *head_facts(content)),
        columns=tuple(columns),
        rows=rows,
        totals=(Total("total", _("合计"), total, formula="SUM({rows:amount})", strong=True),),
        amount=total,
        amount_label=_("合计金额"),
        notes=tuple(note for note in (*_shares_notes(content["lines"]), content["head"].get("note")) if note),
    )


def _share_columns(columns: list[Column]) -> list[Column]:
    """Whole amount, share and part in place of the amount.

    The part's formula is written only where rounding alone gives it: where the largest remainder gave or took a 分, the
    workbook holds the figure.
    """
    at = next(index for index, column in enumerate(columns) if column.key == "amount")
    return [
        *columns[:at],
        replace(columns[at], key="whole", label=_("全额（元）")),
        Column("share", _("分摊比例"), CellKind.PERCENT, 18),
        Column("amount", _("分摊金额（元）"), CellKind.MONEY, 26, "ROUND({whole}*{share},2)"),
        *columns[at + 1 :],
    ]


def _shares_notes(lines: list[dict[str, Any]]) -> list[str]:
    """Who bears which share, once for each sharing."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for line in lines:
        if "share" in line:
            found.setdefault(tuple(sorted(line["shares"].items())), []).append(str(line["position"]))
    return [
        _("第 %(lines)s 行为共用人员，各分期分摊：%(shares)s。")
        % {
            "lines": "、".join(numbers),
            "shares": "、".join(f"{code} {share_text(int(Decimal(share) * 100))}" for code, share in shares),
        }
        for shares, numbers in found.items()
    ]


def _column(column: Any, form: Any) -> Column:
    label = f"{column.label}（{column.unit}）" if column.unit else str(column.label)
    formula = ""
    if column.key == "amount":
        quantity = "*".join(f"{{{key}}}" for key in form.factors)
        price = "+".join(f"{{{key}}}" for key in form.addends)
        formula = f"ROUND({quantity}*({price}),2)"
    return Column(column.key, label, column.kind, column.width, formula)


def _work_row(line: dict[str, Any], form: Any, instalment: str, *, cut: bool, shared: bool) -> Row:
    cells = {column.key: as_value(column.kind, line[column.key]) for column in form.columns}
    cells["amount"] = Decimal(line["amount"])
    filed = whole = line_amount(Decimal(line["quantity"]), Decimal(line["price"]))
    if "share" in line:
        shares = {code: int(Decimal(share) * 100) for code, share in line["shares"].items()}
        filed = parts_of(whole, shares)[instalment]
    if shared:
        cells["whole"] = whole
        cells["share"] = Decimal(line["share"]) / 100 if "share" in line else Decimal(1)
    if cut:
        cells["filed"] = filed
    return Row(line["id"], line["position"], cells, group=line.get("category") or line.get("department_name") or "")


def head_facts(content: dict[str, Any]) -> tuple[Fact, ...]:
    """The head fields that are filled; the note stands under the table."""
    return tuple(
        Fact(str(field.label), as_value(field.kind, content["head"][field.key]), field.kind)
        for field in HEADS[content["kind"]]
        if field.key != "note" and content["head"].get(field.key)
    )


def place_facts(content: dict[str, Any], document: Document) -> tuple[Fact, ...]:
    """Project, instalment, month and side: the head every form has."""
    facts = [Fact(_("项目"), document.project.name)]
    if document.instalment is not None:
        facts.append(Fact(_("分期"), f"{document.instalment.name}（{document.instalment.code}）"))
    if content["period"]:
        year, month = content["period"].split("-")
        facts.append(Fact(_("月份"), _("%(year)s年%(month)s月") % {"year": year, "month": month}))
    if content["side"]:
        facts.append(
            Fact(_("审核小组"), _("营销小组（入伙前）") if content["side"] == "pre" else _("客服小组（入伙后）"))
        )
    if content.get("late"):
        facts.append(Fact(_("事后补报"), content["late"]))
    return tuple(facts)


def completion_line_content(line: CompletionLine) -> dict[str, Any]:
    """A confirmed line as it is signed; what was approved stands beside it."""
    origin = line.origin_line
    return {
        "id": origin.key,
        "position": line.position,
        "origin_position": origin.position,
        "category": origin.category or origin.department_name,
        "subject": origin.subject,
        "specification": origin.specification,
        "unit": origin.unit,
        "approved_quantity": as_text(origin.quantity),
        "approved": plain(origin.amount),
        "quantity": as_text(line.quantity),
        "amount": plain(line.amount),
        "note": line.note,
    }


def completion_sheet(content: dict[str, Any], document: Document) -> Sheet:
    """A confirmation: approved against actual, line by line."""
    head = content["head"]
    rows = tuple(
        Row(
            line["id"],
            line["position"],
            {
                "subject": line["subject"],
                "specification": line["specification"],
                "unit": line["unit"],
                "approved_quantity": Decimal(line["approved_quantity"]),
                "approved": Decimal(line["approved"]),
                "quantity": Decimal(line["quantity"]),
                "amount": Decimal(line["amount"]),
                "note": line["note"],
            },
            group=line["category"],
        )
        for line in content["lines"]
    )
    approved = sum((Decimal(line["approved"]) for line in content["lines"]), Decimal(0))
    actual = sum((Decimal(line["amount"]) for line in content["lines"]), Decimal(0))
    return Sheet(
        title=str(Kind.WORK_COMPLETION.label),
        facts=(*place_facts(content, document), Fact(_("原单"), f"{head['origin_label']} {head['origin']}")),
        columns=(
            Column("subject", _("品名 / 事项"), width=38),
            Column("specification", _("规格型号"), width=26),
            Column("unit", _("单位"), width=14),
            Column("approved_quantity", _("批准数量"), CellKind.QUANTITY, 20),
            Column("approved", _("批准金额（元）"), CellKind.MONEY, 26),
            Column("quantity", _("实际数量"), CellKind.QUANTITY, 20),
            Column("amount", _("实际金额（元）"), CellKind.MONEY, 26),
            Column("note", _("说明"), width=28),
        ),
        rows=rows,
        totals=(
            Total("approved", _("批准合计"), approved, formula="SUM({rows:approved})", column="approved"),
            Total("total", _("实际合计"), actual, formula="SUM({rows:amount})", strong=True),
        ),
        amount=actual,
        amount_label=_("实际金额"),
    )
