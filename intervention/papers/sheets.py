"""The three papers as sheets: what page, PDF, workbook and comparison show (pure data over the content)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.filetypes import size_text
from documents.sheets import CellKind, Column, Fact, Row, Sheet
from documents.vocabulary import Kind
from intervention.papers.forms import PaperForm
from intervention.papers.reading import Shape, shown
from intervention.papers.vocabulary import Channel, FeeUnit, PromiseSubject
from intervention.sheets import FILES

if TYPE_CHECKING:
    from documents.models import Document


def publicity_sheet(paper: PaperForm, content: Mapping[str, Any], document: Document) -> Sheet:
    """A confirmation: each promise as a line, the found ones that it covers, then the pictures and files."""
    promises, covered = _("涉及物业管理的承诺"), _("补确认的在用宣传")
    rows = list(_text_rows(paper, content, _("拟发布内容")))
    rows += [
        Row(
            line["id"],
            n,
            {"title": _label(PromiseSubject, line["subject"]) or "—", "text": line["wording"]},
            group=covered if line["id"].startswith("found:") else promises,
        )
        for n, line in enumerate(content["lines"], start=len(rows) + 1)
    ]
    rows += _file_rows(content, len(rows) + 1)
    columns = (Column("title", _("事项 / 文件"), width=48), Column("text", _("表述 / 大小"), width=132))
    return Sheet(
        title=str(Kind(document.kind).label),
        facts=tuple(_facts(paper, content, document)),
        columns=columns,
        rows=tuple(rows),
    )


def review_sheet(paper: PaperForm, content: Mapping[str, Any], document: Document) -> Sheet:
    """A review: the plan in words, then a fee a line."""
    rows = list(_text_rows(paper, content, _("服务方案"), title="subject", text="note"))
    rows += [
        Row(
            line["id"],
            n,
            {
                "subject": line["subject"] or "—",
                "unit": _label(FeeUnit, line["unit"]),
                "price": Decimal(line["price"]) if line["price"] else None,
                "note": line["note"],
            },
            group=_("收费标准"),
        )
        for n, line in enumerate(content["lines"], start=len(rows) + 1)
    ]
    columns = (
        Column("subject", _("房屋类型 / 收费对象"), width=44),
        Column("unit", _("计费单位"), width=26),
        Column("price", _("单价（元）"), CellKind.MONEY, width=26),
        Column("note", _("说明"), width=84),
    )
    return Sheet(
        title=str(Kind(document.kind).label),
        facts=tuple(_facts(paper, content, document)),
        columns=columns,
        rows=tuple(rows),
    )


def agreement_sheet(paper: PaperForm, content: Mapping[str, Any], document: Document) -> Sheet:
    """An agreement: dates above, its terms and files as lines."""
    head = content["head"]
    facts = list(_facts(paper, content, document))
    facts.insert(1, Fact(_("版本"), _("第%(n)d版") % {"n": head["version"]}))
    if head["predecessor"]:
        facts.insert(2, Fact(_("上一版"), head["predecessor"]))
    rows = list(_text_rows(paper, content, _("协议内容")))
    rows += _file_rows(content, len(rows) + 1)
    columns = (Column("title", _("事项 / 文件"), width=52), Column("text", _("约定 / 大小"), width=128))
    return Sheet(
        title=str(Kind(document.kind).label),
        facts=tuple(facts),
        columns=columns,
        rows=tuple(rows),
    )


def _text_rows(
    paper: PaperForm, content: Mapping[str, Any], group: str, *, title: str = "title", text: str = "text"
) -> Iterator[Row]:
    """Long texts of the head stand among the lines: each has the width of the page, and two submissions compare them."""
    fields = [field for field in paper.head if field.shape == Shape.LONG and content["head"][field.name]]
    for n, field in enumerate(fields, start=1):
        cells = {title: str(field.label), text: content["head"][field.name]}
        yield Row(f"head:{field.name}", n, cells, group=group)


def _facts(paper: PaperForm, content: Mapping[str, Any], document: Document) -> Iterator[Fact]:
    yield Fact(_("项目"), document.project.name)
    for field in paper.head:
        value = content["head"][field.name]
        # An empty field stands there as well, so that comparing two submissions shows that it was emptied.
        if field.shape == Shape.LONG:
            continue
        if field.shape == Shape.FLAG:
            if content["head"]["predecessor"]:
                yield Fact(_("与上一版的关系"), _("自生效日起取代上一版") if value else _("上一版到期后接续"))
        elif field.shape == Shape.DATE and value:
            yield Fact(str(field.label), date.fromisoformat(value), CellKind.DATE)
        else:
            yield Fact(str(field.label), shown(field, str(value)))


def _file_rows(content: Mapping[str, Any], start: int) -> list[Row]:
    return [
        Row(
            f"{FILES}{file['sha256'][:16]}",
            n,
            {"title": file["name"], "text": f"{size_text(file['size'])} · {file['sha256'][:12]}"},
            group=_("图片和文件"),
        )
        for n, file in enumerate(content["attachments"], start=start)
    ]


def channel_text(channel: str, note: str) -> str:
    """A channel in words, with what was told besides."""
    return f"{_label(Channel, channel)} · {note}" if note else _label(Channel, channel)


def _label(choices: type[Channel] | type[PromiseSubject] | type[FeeUnit], value: str) -> str:
    return str(choices(value).label) if value in choices.values else value
