"""A form as A4 PDF: prepares every cell as text, fills the template, and lets the engine render it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from django.template.loader import get_template, render_to_string
from django.utils.translation import gettext as _

from documents.money import figures, rmb_capital
from documents.refusals import Blocked
from documents.rendering import engine
from documents.rendering.engine import printable
from documents.rendering.layout import Fitting, Wanted, fit, title_lines
from documents.rendering.paper import Printout
from documents.rendering.values import NUMERIC, cell_text, fact_text
from documents.sheets import MAX_ROWS, CellKind, Column, Sheet
from documents.tables import TableSummary, summaries

if TYPE_CHECKING:
    from documents.models import Document

# Of these a page set takes some seconds: who waits for it waits no longer, and the engine is free for the next one.
QUICK_ROWS = 500
# A cell longer than this may run over a page break, so that a row never outgrows its page.
LONG_TEXT = 400
# The engine's time grows with the square of a text's length: what is longer than the first figure is set in blocks.
BLOCK_FROM, BLOCK = 2_000, 800
# A fact longer than this takes a whole line of the head.
WIDE_FACT = 26
# A group's name longer than this stands on a line of its own.
LONG_GROUP = 8
# A form's or a finding's number: broken over two lines it is misread.
CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+){2,}", re.ASCII)
# Columns that go in front of the sheet's own.
NUMBER = Column("#", "序号", CellKind.INTEGER, 10)
GROUP = Column("group", "类别", CellKind.TEXT, 20)

_ALIGN = {CellKind.MONEY: "n", CellKind.QUANTITY: "n", CellKind.PERCENT: "n", CellKind.INTEGER: "c", CellKind.DATE: "c"}


class TooManyRows(Blocked):
    """More lines than a page set or a workbook takes."""

    def __init__(self) -> None:
        super().__init__(
            _("此文件超过 %(most)s 行，PDF 和 Excel 一次最多 %(most)s 行；请分成几份单据，或缩小查询范围后再下载。")
            % {"most": MAX_ROWS}
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell ready to print: its text and the class that aligns it."""

    text: str
    align: str = ""
    span: int = 1

    @property
    def blocks(self) -> list[str]:
        """An extremely long text in pieces, else nothing."""
        if len(self.text) <= BLOCK_FROM:
            return []
        return [self.text[start : start + BLOCK] for start in range(0, len(self.text), BLOCK)]


def pdf_bytes(document: Document, revision_n: int | None = None) -> bytes:
    """Render a document afresh; ``revision_n`` 0 is the working copy, None the newest submitted revision."""
    from documents.rendering.printout import printout

    return render(printout(document, revision_n))


def render_now(paper: Printout) -> bytes:
    """A page set for somebody who waits for it. Raises ``Blocked`` above ``QUICK_ROWS`` lines and names the workbook."""
    if MAX_ROWS >= len(paper.sheet.rows) > QUICK_ROWS:
        raise Blocked(
            _("此表有 %(n)s 行，超过 %(most)s 行的 PDF 排版时间过长，不能即时生成；请下载 Excel 打印。")
            % {"n": len(paper.sheet.rows), "most": QUICK_ROWS}
        )
    return render(paper)


def render(paper: Printout) -> bytes:
    """A printed form; one of ``MAX_ROWS`` lines takes about a minute. Raises ``TooManyRows`` above that."""
    if len(paper.sheet.rows) > MAX_ROWS:
        raise TooManyRows
    pictures = {_address(n): plate.read for n, plate in enumerate(paper.plates)}
    return engine.render(render_to_string("documents/print/document.html", context(paper)), css("document"), pictures)


def _address(n: int) -> str:
    """The address of a plate's picture in our own HTML."""
    return f"plate:{n}"


@lru_cache(maxsize=4)
def css(name: str) -> str:
    """The style sheet beside a print template."""
    template = get_template(f"documents/print/{name}.html")
    return Path(template.origin.name).with_suffix(".css").read_text(encoding="utf-8")


def context(paper: Printout) -> dict[str, Any]:
    """Everything the template shows, as text that our fonts can print."""
    sheet = paper.sheet
    columns = columns_of(sheet)
    fitting = fit([_wanted(sheet, column) for column in columns])
    title_class, lines = title_lines(printable(sheet.title), landscape=fitting.landscape)
    return {
        "title": printable(sheet.title),
        "title_class": title_class,
        "title_lines": lines,
        "company": printable(paper.company),
        "number": printable(paper.number),
        "created": paper.moment.isoformat(),
        "meta": [(label, printable(text)) for label, text in _meta(paper)],
        "foot": printable(" · ".join(filter(None, (paper.number, paper.check_code and f"校验码 {paper.check_code}")))),
        "qr": qr_path(paper.verify_url) if paper.verify_url else None,
        "watermark": paper.watermark,
        "body_class": _body_class(fitting),
        "facts": list(_fact_rows(sheet)),
        "columns": [(printable(column.label), width) for column, width in zip(columns, fitting.widths, strict=True)]
        if sheet.columns
        else [],
        "rows": list(_rows(sheet, columns)),
        "width": len(columns),
        "totals": list(_totals(sheet, columns)),
        "summaries": [_summary(one) for one in summaries(sheet)],
        "capitals": _capitals(sheet),
        "notes": [printable(note) for note in sheet.notes],
        "sign_offs": [
            {
                "station": printable(row.station),
                "remark": printable(row.remark),
                "opinion": printable(row.opinion),
                "signature": printable(row.signature),
                "at": row.at,
                "long": len(row.opinion) > LONG_TEXT,
            }
            for row in paper.sign_offs
        ],
        "copies": printable("、".join(paper.copies)),
        "note": printable(paper.note),
        "plates": [
            {"url": _address(n), "title": printable(plate.title), "caption": printable(plate.caption)}
            for n, plate in enumerate(paper.plates)
        ],
    }


def columns_of(sheet: Sheet) -> tuple[Column, ...]:
    """The printed columns: the line's number, its group where it is short and no column shows it, and the sheet's own."""
    grouped = _shows_groups(sheet) and not has_bands(sheet)
    return (NUMBER, *((GROUP,) if grouped else ()), *sheet.columns)


def has_bands(sheet: Sheet) -> bool:
    """Whether groups stand over their lines: their names are too long for a column."""
    return _shows_groups(sheet) and max(len(row.group) for row in sheet.rows) > LONG_GROUP


def _shows_groups(sheet: Sheet) -> bool:
    return any(row.group for row in sheet.rows) and not any(
        all((row.cells.get(column.key) or "") == row.group for row in sheet.rows) for column in sheet.columns
    )


def value_of(row: Any, column: Column) -> Any:
    """A line's value in a printed column."""
    if column is NUMBER:
        return row.number
    return row.group if column is GROUP else row.cells.get(column.key)


def total_column(sheet: Sheet, columns: tuple[Column, ...], key: str) -> int:
    """Index of the printed column under which a total stands: its own, else the last column of money, else the last."""
    keys = [column.key for column in columns]
    if key in keys[1:]:
        return keys.index(key)
    money = [index for index, column in enumerate(columns) if column.kind == CellKind.MONEY]
    return money[-1] if money else len(columns) - 1


def qr_path(url: str) -> dict[str, Any]:
    """A QR code as an SVG path of horizontal strokes, one unit a module, error level M."""
    matrix = segno.make(url, error="m", micro=False).matrix
    parts = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            length = next((i for i, dark in enumerate(row[x:]) if not dark), len(row) - x)
            if length:
                parts.append(f"M{x} {y}.5h{length}")
            x += length or 1
    return {"size": len(matrix), "path": "".join(parts)}


def _body_class(fitting: Fitting) -> str:
    size = str(fitting.size).replace(".", "-")
    return f"size-{size}{' wide' if fitting.landscape else ''}"


def _wanted(sheet: Sheet, column: Column) -> Wanted:
    if column.kind not in NUMERIC:
        return Wanted(column.width, _whole(sheet, column))
    longest = max((len(cell_text(value_of(row, column), column.kind)) for row in sheet.rows), default=0)
    if column is NUMBER:
        return Wanted(column.width, max(longest, 4))
    totals = (len(cell_text(total.value, total.kind)) for total in sheet.totals if total.column == column.key)
    # A figure cell that holds a sentence by mistake must not push the others off the page; headings wrap at two words.
    return Wanted(column.width, min(max(longest, *totals, 2 * min(len(column.label), 4), 4), 24))


def _whole(sheet: Sheet, column: Column) -> int:
    """How long the values of a column are that must not be broken: days, and numbers of forms; 0 for other texts."""
    texts = [text for row in sheet.rows if (text := cell_text(value_of(row, column), column.kind))]
    if texts and (column.kind == CellKind.DATE or all(CODE.fullmatch(text) for text in texts)):
        return max(map(len, texts))
    return 0


def _meta(paper: Printout) -> Iterator[tuple[str, str]]:
    yield "编　　号", paper.number
    yield from paper.dates
    if paper.state:
        yield "状　　态", paper.state
    if paper.attachments is not None:
        yield "附　　件", f"{paper.attachments} 份"


def _fact_rows(sheet: Sheet) -> Iterator[list[tuple[str, Cell]]]:
    """The head, two facts a line; a long one has a line of its own."""
    pair: list[tuple[str, Cell]] = []
    for fact in sheet.facts:
        text = printable(fact_text(fact.value, fact.kind))
        align = "n" if fact.kind in (CellKind.MONEY, CellKind.QUANTITY, CellKind.PERCENT) else ""
        label = printable(fact.label)
        if len(text) > WIDE_FACT:
            if pair:
                yield _alone(pair)
                pair = []
            yield [(label, Cell(text, align, 3))]
            continue
        pair.append((label, Cell(text, align)))
        if len(pair) == 2:
            yield pair
            pair = []
    if pair:
        yield _alone(pair)


def _alone(pair: list[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    label, cell = pair[0]
    return [(label, Cell(cell.text, cell.align, 3))]


def _rows(sheet: Sheet, columns: tuple[Column, ...]) -> Iterator[dict[str, Any]]:
    bands, group = has_bands(sheet), ""
    for row in sheet.rows:
        cells = [
            Cell(printable(cell_text(value_of(row, column), column.kind)), _ALIGN.get(column.kind, ""))
            for column in columns
        ]
        begins = bands and row.group != group
        group = row.group
        yield {
            "band": printable(row.group) if begins else "",
            "cells": cells,
            "long": any(len(cell.text) > LONG_TEXT for cell in cells),
        }


def _totals(sheet: Sheet, columns: tuple[Column, ...]) -> Iterator[dict[str, Any]]:
    for total in sheet.totals:
        index = total_column(sheet, columns, total.column)
        yield {
            "label": printable(total.label),
            "before": index,
            "text": cell_text(total.value, total.kind),
            "after": range(len(columns) - index - 1),
            "strong": total.strong,
        }


def _summary(one: TableSummary) -> dict[str, Any]:
    """A summary as printable texts; ``row.text`` is None where it has no column of texts."""
    return {
        "title": printable(one.title),
        "label": printable(one.label),
        "headings": [printable(heading) for heading in one.headings],
        "text": printable(one.text),
        "rows": [
            {"name": printable(name), "sums": sums, "text": printable(text) if one.text else None}
            for name, sums, text in one.rows
        ],
        "total": one.total,
    }


def _capitals(sheet: Sheet) -> dict[str, str] | None:
    if sheet.amount is None:
        return None
    return {
        "label": printable(sheet.amount_label or "合计金额"),
        "capitals": f"人民币{rmb_capital(sheet.amount)}",
        "figures": f"¥{figures(sheet.amount)}",
    }
