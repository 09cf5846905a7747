"""An application as canonical content and as a sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from budgets.sheets import place_facts
from documents.money import plain
from documents.sheets import CellKind, Column, Row, Sheet, Total
from documents.vocabulary import Kind

if TYPE_CHECKING:
    from documents.models import Document
    from settlements.models import ApplicationLine


def line_content(line: ApplicationLine) -> dict[str, Any]:
    """A line as it is signed: where it comes from, approved and actual."""
    confirmed = line.completion_line
    origin = confirmed.origin_line
    return {
        "id": f"{confirmed.document.number}/{origin.key}",
        "position": line.position,
        "form": origin.document.number,
        "form_title": origin.document.title,
        "form_position": origin.position,
        "completion": confirmed.document.number,
        "category": origin.category or origin.department_name,
        "subject": origin.subject,
        "approved": plain(line.approved),
        "amount": plain(line.amount),
    }


def application_sheet(content: dict[str, Any], document: Document) -> Sheet:
    """Approved against actual by form, commission, total in figures and capitals."""
    head = content["head"]
    rows = tuple(
        Row(
            line["id"],
            line["position"],
            {
                "source": _("第%(n)s项") % {"n": line["form_position"]},
                "category": line["category"],
                "subject": line["subject"],
                "completion": line["completion"],
                "approved": Decimal(line["approved"]),
                "amount": Decimal(line["amount"]),
                "difference": Decimal(line["amount"]) - Decimal(line["approved"]),
            },
            group=f"{line['form_title']} {line['form']}",
        )
        for line in content["lines"]
    )
    approved = sum((Decimal(line["approved"]) for line in content["lines"]), Decimal(0))
    rate = Decimal(head["rate"])
    subtotal, commission = Decimal(head["subtotal"]), Decimal(head["commission"])
    percent = f"{(rate * 100).normalize():f}%"
    return Sheet(
        title=str(Kind.EXPENSE_APPLICATION.label),
        facts=place_facts(content, document),
        columns=(
            Column("subject", _("品名 / 事项"), width=38),
            Column("category", _("类别"), width=18),
            Column("source", _("原单项次"), width=18),
            Column("completion", _("确认单"), width=38),
            Column("approved", _("批准金额（元）"), CellKind.MONEY, 26),
            Column("amount", _("实际金额（元）"), CellKind.MONEY, 26),
            Column("difference", _("差额（元）"), CellKind.MONEY, 24, "{amount}-{approved}"),
        ),
        rows=rows,
        totals=(
            Total("approved", _("批准合计"), approved, formula="SUM({rows:approved})", column="approved"),
            Total("subtotal", _("实际费用合计"), subtotal, formula="SUM({rows:amount})"),
            Total("rate", _("管理者佣金比例"), rate, CellKind.PERCENT),
            Total(
                "commission",
                _("管理者佣金（%(rate)s）") % {"rate": percent},
                commission,
                formula="ROUND({subtotal}*{rate},2)",
            ),
            Total("total", _("申请金额合计"), subtotal + commission, formula="{subtotal}+{commission}", strong=True),
        ),
        amount=subtotal + commission,
        amount_label=_("申请金额"),
        notes=(
            *((head["note"],) if head["note"] else ()),
            _("佣金 = 实际费用合计 × %(rate)s，四舍五入到分，整单计一次。") % {"rate": percent},
            *((_("本年度无已批预算，未作超预算检查。"),) if head.get("no_budget") else ()),
        ),
    )
