"""Work forms and confirmations as canonical content and as sheets (pure data over the content)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from budgets.columns import LINE_FORMS
from budgets.heads import HEADS
from documents.money import plain
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


def work_line_content(kind: str, line: WorkLine) -> dict[str, Any]:
    """A line as it is signed: its kind's columns, quantity, price, amount and a reviewer's cut."""
    cells = {column.key: as_text(getattr(line, column.key)) for column in LINE_FORMS[kind].columns}
    return {
        "id": line.key,
        "position": line.position,
        **cells,
        "quantity": as_text(line.quantity),
        "price": plain(line.price),
        "amount": plain(line.amount),
        "cut_to": None if line.cut_to is None else plain(line.cut_to),
    }


def work_sheet(content: dict[str, Any], document: Document) -> Sheet:
    """A work form as page, PDF and workbook show it."""
    kind = content["kind"]
    form = LINE_FORMS[kind]
    cut = any(line["cut_to"] is not None for line in content["lines"])
    columns = [_column(column, form) for column in form.columns]
    if cut:
        at = next(index for index, column in enumerate(columns) if column.key == "amount")
        # With a cut, the amount no longer follows from quantity and price: both are shown, the formula is not.
        columns[at] = Column("amount", _("核定金额（元）"), CellKind.MONEY, 26)
        columns.insert(at, Column("filed", _("申报金额（元）"), CellKind.MONEY, 26))
    rows = tuple(_work_row(line, form, cut) for line in content["lines"])
    total = sum((Decimal(line["amount"]) for line in content["lines"]), Decimal(0))
    return Sheet(
        title=str(Kind(kind).label),
        facts=(*place_facts(content, document), *head_facts(content)),
        columns=tuple(columns),
        rows=rows,
        totals=(Total("total", _("合计"), total, formula="SUM({rows:amount})", strong=True),),
        amount=total,
        amount_label=_("合计金额"),
        notes=tuple(note for note in (content["head"].get("note"),) if note),
    )


def _column(column: Any, form: Any) -> Column:
    label = f"{column.label}（{column.unit}）" if column.unit else str(column.label)
    formula = ""
    if column.key == "amount":
        quantity = "*".join(f"{{{key}}}" for key in form.factors)
        price = "+".join(f"{{{key}}}" for key in form.addends)
        formula = f"ROUND({quantity}*({price}),2)"
    return Column(column.key, label, column.kind, column.width, formula)


def _work_row(line: dict[str, Any], form: Any, cut: bool) -> Row:
    cells = {column.key: as_value(column.kind, line[column.key]) for column in form.columns}
    cells["amount"] = Decimal(line["amount"])
    if cut:
        cells["filed"] = (Decimal(line["quantity"]) * Decimal(line["price"])).quantize(Decimal("0.01"), "ROUND_HALF_UP")
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
