"""An application as canonical content and as a sheet (pure data over the content)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from budgets.sheets import as_text, place_facts
from documents.money import figures, plain
from documents.rendering.values import percent_text
from documents.revisions import rows_of
from documents.sheets import CellKind, Column, Fact, Row, Sheet, Summary, SummaryRow, Total
from documents.vocabulary import Kind
from settlements.amounts import amounts_of
from settlements.models import InvoiceKind, Layout, Nature
from settlements.reckoning import lines_before, parts

if TYPE_CHECKING:
    from documents.models import Document
    from settlements.models import Application, ApplicationLine

MONEY_KEYS = ("approved", "earlier", "amount", "rest")


def application_content(document: Document) -> dict[str, Any]:
    """The working copy as it is signed. What was signed before tax and reasons were kept stays as it was."""
    application = document.application
    whole = application.layout == Layout.WHOLE
    rows = rows_of(document, "application_lines", "completion_line__document", "completion_line__origin_line__document")
    head = {
        "rate": as_text(application.rate),
        "subtotal": plain(application.subtotal),
        "commission": plain(application.commission),
        "note": application.note,
        "no_budget": True,
    }
    return {
        "head": head | (_whole_head(document, application) if whole else {}),
        "lines": [line_content(line, whole) for line in rows],
    }


def _whole_head(document: Document, application: Application) -> dict[str, Any]:
    """Nature, invoice, tax, and the forms behind it."""
    reverses = application.reverses
    return {
        "nature": application.nature,
        "serial": application.serial,
        "reverses": reverses.number if reverses else None,
        "reason": application.reason,
        "invoice_kind": application.invoice_kind,
        "tax_rate": None if application.tax_rate is None else as_text(application.tax_rate),
        "net": None if application.net is None else plain(application.net),
        "tax": None if application.tax is None else plain(application.tax),
        "forms": {
            row.origin.number: {
                "title": row.origin.title,
                "approved": plain(row.approved),
                "earlier": plain(row.earlier),
                "amount": plain(row.amount),
                "reason": row.reason,
            }
            for row in rows_of(document, "application_origins", "origin")
        },
        "before": _bases(application) if reverses else None,
    }


def _bases(application: Application) -> dict[str, str]:
    """What was left of the reversed application before, by commission rate: its share → 元."""
    found: dict[str, Decimal] = {}
    for amount, rate in parts(lines_before(application)):
        key = as_text(rate)
        found[key] = found.get(key, Decimal(0)) + amount
    return {key: plain(amount) for key, amount in sorted(found.items())}


def line_content(line: ApplicationLine, whole: bool = True) -> dict[str, Any]:
    """A line as it is signed: where it comes from, approved, applied for before, actual, rate."""
    confirmed = line.completion_line
    origin = confirmed.origin_line
    content = {
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
    return content | ({"earlier": plain(line.earlier), "rate": as_text(line.rate)} if whole else {})


def figures_of_lines(content: dict[str, Any]) -> list[dict[str, Decimal | None]]:
    """Money of each line as tables show it. An approved line of several confirmations is approved once: what was approved and
    applied for before stands at its first line here, what is left at its last, so that columns add up."""
    lines = content["lines"]
    keys = [(line["form"], line["form_position"]) for line in lines]
    first = {key: index for index, key in reversed(list(enumerate(keys)))}
    last = {key: index for index, key in enumerate(keys)}
    found = []
    for index, line in enumerate(lines):
        approved, amount = Decimal(line["approved"]), Decimal(line["amount"])
        earlier = Decimal(line.get("earlier", "0.00"))
        found.append(
            {
                "approved": approved if first[keys[index]] == index else None,
                "earlier": earlier if first[keys[index]] == index else None,
                "amount": amount,
                "rest": approved - earlier - amount if last[keys[index]] == index else None,
            }
        )
    return found


def bases_of(content: dict[str, Any]) -> dict[Decimal, Decimal]:
    """What lines come to by commission rate, the highest first; old content has one rate for all."""
    found: dict[Decimal, Decimal] = {}
    for line in content["lines"]:
        rate = Decimal(line.get("rate", content["head"]["rate"]))
        found[rate] = found.get(rate, Decimal(0)) + Decimal(line["amount"])
    return dict(sorted(found.items(), reverse=True))


def application_sheet(content: dict[str, Any], document: Document) -> Sheet:
    """Approved against actual by form, category and line; commission, tax, total in figures and capitals."""
    head = content["head"]
    whole = "tax_rate" in head
    money = figures_of_lines(content)
    rows = tuple(_row(line, cells) for line, cells in zip(content["lines"], money, strict=True))
    total = Decimal(head["subtotal"]) + Decimal(head["commission"])
    reversing = head.get("nature") == Nature.REVERSAL
    return Sheet(
        title=_("物业前期介入费用冲销申请") if reversing else str(Kind.EXPENSE_APPLICATION.label),
        facts=(*place_facts(content, document), *_facts(head)),
        columns=tuple(_columns(whole, len(bases_of(content)) > 1)),
        rows=rows,
        totals=tuple(_totals(content, rows)),
        summaries=tuple(_summaries(content, rows)) if whole else (),
        amount=total,
        amount_label=_("冲销金额") if reversing else _("申请金额"),
        notes=tuple(_notes(head, bases_of(content))),
    )


def _row(line: dict[str, Any], cells: dict[str, Decimal | None]) -> Row:
    return Row(
        line["id"],
        line["position"],
        {
            "source": _("第%(n)s项") % {"n": line["form_position"]},
            "category": line["category"],
            "subject": line["subject"],
            "completion": line["completion"],
            **cells,
            "rate": Decimal(line["rate"]) if "rate" in line else None,
        },
        group=f"{line['form_title']} {line['form']}",
    )


def _facts(head: dict[str, Any]) -> Iterator[Fact]:
    if "nature" not in head:
        return
    if head["nature"] == Nature.INTERIM:
        yield Fact(_("性质"), _("临时第%(n)d号") % {"n": head["serial"]})
    elif head["nature"] == Nature.REVERSAL:
        yield Fact(_("性质"), _("冲销第%(n)d号") % {"n": head["serial"]})
        yield Fact(_("冲销的申请"), head["reverses"])
        yield Fact(_("冲销原因"), head["reason"])
    else:
        yield Fact(_("性质"), _("月度申请"))
    yield Fact(_("发票种类"), str(InvoiceKind(head["invoice_kind"]).label) if head["invoice_kind"] else "")
    yield Fact(_("税率"), None if head["tax_rate"] is None else Decimal(head["tax_rate"]), CellKind.PERCENT)


def _columns(whole: bool, by_rate: bool) -> Iterator[Column]:
    """The line table's columns; rates where they differ, for one stands under the table."""
    yield Column("subject", _("品名 / 事项"), width=34)
    yield Column("category", _("类别"), width=16)
    yield Column("source", _("原单项次"), width=16)
    yield Column("completion", _("确认单"), width=34)
    yield Column("approved", _("批准金额（元）"), CellKind.MONEY, 24)
    if whole:
        yield Column("earlier", _("此前申请（元）"), CellKind.MONEY, 24)
    yield Column("amount", _("实际金额（元）"), CellKind.MONEY, 24)
    yield Column(
        "rest", _("其余（元）"), CellKind.MONEY, 24, "{approved}-{earlier}-{amount}" if whole else "{approved}-{amount}"
    )
    if by_rate:
        yield Column("rate", _("佣金比例"), CellKind.PERCENT, 14)


def _totals(content: dict[str, Any], rows: tuple[Row, ...]) -> Iterator[Total]:
    head, bases = content["head"], bases_of(content)
    approved = _sum(row.cells["approved"] for row in rows)
    subtotal, commission = Decimal(head["subtotal"]), Decimal(head["commission"])
    total = subtotal + commission
    yield Total("approved", _("批准合计"), approved, formula="SUM({rows:approved})", column="approved")
    yield Total("subtotal", _("实际费用合计"), subtotal, formula="SUM({rows:amount})")
    yield from _commission(content, commission, bases)
    yield Total("total", _("申请金额合计（价税合计）"), total, formula="{subtotal}+{commission}", strong=True)
    if head.get("net") is not None:
        percent = {"rate": percent_text(Decimal(head["tax_rate"]))}
        net, tax = Decimal(head["net"]), Decimal(head["tax"])
        yield Total("tax_rate", _("税率"), Decimal(head["tax_rate"]), CellKind.PERCENT)
        yield Total("net", _("其中：不含税金额"), net, formula="ROUND({total}/(1+{tax_rate}),2)")
        yield Total("tax", _("其中：税额（%(rate)s）") % percent, tax, formula="{total}-{net}")


def _commission(content: dict[str, Any], commission: Decimal, bases: dict[Decimal, Decimal]) -> Iterator[Total]:
    """The rate and the commission; with several rates, what each is taken on."""
    if len(bases) == 1:
        rate = next(iter(bases))
        yield Total("rate", _("管理者佣金比例"), rate, CellKind.PERCENT)
        label = _("管理者佣金（%(rate)s）") % {"rate": percent_text(rate)}
        yield Total("commission", label, commission, formula="ROUND({subtotal}*{rate},2)")
        return
    products = []
    for index, (rate, base) in enumerate(bases.items(), start=1):
        ids = tuple(line["id"] for line in content["lines"] if Decimal(line["rate"]) == rate)
        yield Total(f"base{index}", _("佣金比例 %(rate)s 的实际费用") % {"rate": percent_text(rate)}, base, rows=ids)
        yield Total(f"rate{index}", _("佣金比例"), rate, CellKind.PERCENT)
        products.append(f"{{base{index}}}*{{rate{index}}}")
    yield Total("commission", _("管理者佣金"), commission, formula=f"ROUND({'+'.join(products)},2)")


def _summaries(content: dict[str, Any], rows: tuple[Row, ...]) -> Iterator[Summary]:
    """By form with the whole form's figures and the reason, and by category over the lines here."""
    forms = content["head"]["forms"]
    ids: dict[str, list[str]] = {}
    for line in content["lines"]:
        ids.setdefault(line["form"], []).append(line["id"])
    yield Summary(
        _("按单据汇总"),
        _("原单（整单批准与申请）"),
        MONEY_KEYS,
        tuple(_form_row(number, forms[number], tuple(ids.get(number, ()))) for number in ids if number in forms),
        _("差异原因"),
    )
    by_category: dict[str, list[Row]] = {}
    for row in rows:
        by_category.setdefault(str(row.cells["category"] or "") or _("未分类"), []).append(row)
    yield Summary(
        _("按类别汇总"),
        _("类别（本申请所列明细）"),
        MONEY_KEYS,
        tuple(
            SummaryRow(
                name,
                {key: _sum(row.cells[key] for row in members) for key in MONEY_KEYS},
                tuple(row.id for row in members),
            )
            for name, members in by_category.items()
        ),
    )


def _form_row(number: str, form: dict[str, str], ids: tuple[str, ...]) -> SummaryRow:
    cells = {key: Decimal(form[key]) for key in ("approved", "earlier", "amount")}
    cells["rest"] = cells["approved"] - cells["earlier"] - cells["amount"]
    return SummaryRow(f"{form['title']} {number}", cells, ids, form["reason"])


def _sum(values: Iterable[Any]) -> Decimal:
    return sum((value for value in values if isinstance(value, Decimal)), Decimal(0))


def _notes(head: dict[str, Any], bases: dict[Decimal, Decimal]) -> Iterator[str]:
    if head["note"]:
        yield head["note"]
    if head.get("nature") == Nature.REVERSAL:
        before = amounts_of(((Decimal(base), Decimal(rate)) for rate, base in head["before"].items()), None)
        yield _(
            "冲销的佣金 = 冲销后余下明细应计的佣金 − 冲销前的佣金 %(before)s 元；不含税金额同理，全部冲销时恰为原申请的负数。"
        ) % {"before": figures(before.commission)}
    elif len(bases) == 1:
        percent = {"rate": percent_text(next(iter(bases)))}
        yield _("佣金 = 实际费用合计 × %(rate)s，四舍五入到分，整单计一次。") % percent
    else:
        yield _("佣金 = 各比例的实际费用 × 比例之和，四舍五入到分，整单计一次。")
    if head.get("net") is not None:
        yield _(
            "申请金额为价税合计；不含税金额 = 价税合计 ÷ (1 + 税率)，四舍五入到分；税额 = 价税合计 − 不含税金额，不另加税。"
        )
    if head.get("no_budget"):
        yield _("本年度无已批预算，未作超预算检查。")
