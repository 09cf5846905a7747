"""What changed between two months' lines of a form, exactly reckoned. Pure leaf.

Lines are canonical content (``budgets.sheets.work_line_content``). Two lines are the same one when category or department,
subject and specification agree once blanks, width and case are levelled; the rest of the cells then says whether it changed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from budgets.line_forms import LINE_FORMS, Column
from budgets.sharing import share_text
from documents.money import figures, quantity_text
from documents.sheets import CellKind

NAMING = ("category", "department_name", "subject", "specification")

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell with another value than before; texts as the page shows them, an empty one is empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is new, gone or other than before. ``number`` is its place in this form, in the earlier one where it is gone.

    Amounts are in 元; None where the line was not there.
    """

    kind: str
    number: int
    name: str
    before: Decimal | None
    after: Decimal | None
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Two forms compared; totals in 元."""

    unchanged: int
    lines: tuple[LineChange, ...]
    before: Decimal
    after: Decimal

    def count(self, kind: str) -> int:
        """How many lines changed in one way: changed, added, removed."""
        return sum(1 for line in self.lines if line.kind == kind)

    @property
    def difference(self) -> Decimal:
        """How much the total grew, in 元."""
        return self.after - self.before

    @property
    def total_text(self) -> str:
        """The total's change: in per cent with one decimal, in words where there is nothing to reckon from."""
        if self.before == self.after:
            return _("合计不变")
        if not self.before:
            return _("上次合计为 0，无法计算百分比")
        share = percent(self.before, self.after)
        return f"{'+' if self.difference > 0 else '-'}{abs(share)} %"

    @property
    def summary(self) -> str:
        """38 行未变，3 行有变，新增 1，减少 2，+4.2 %. Counts of nothing are left out, but for the unchanged lines."""
        counts = [_("%(n)d 行未变") % {"n": self.unchanged}]
        for kind, text in (("changed", _("%(n)d 行有变")), ("added", _("新增 %(n)d")), ("removed", _("减少 %(n)d"))):
            if found := self.count(kind):
                counts.append(text % {"n": found})
        return "，".join([*counts, self.total_text])


def percent(before: Decimal, after: Decimal) -> Decimal:
    """Growth in per cent, one decimal, half up away from zero. ``before`` is not 0."""
    # Reckoned in whole numbers, so that no quotient is rounded before the tie is seen.
    tenths, rest = divmod(abs(after - before) * 1000, before)
    tenths += 1 if rest * 2 >= before else 0
    return (tenths if after >= before else -tenths).scaleb(-1)


def compare(kind: str, before: Sequence[Line], after: Sequence[Line]) -> Changes:
    """Match the lines of two forms of a kind. Lines of one name are paired like with like first, then in order."""
    columns = [column for column in LINE_FORMS[kind].columns if column.key not in NAMING]
    same = Counter(_cells_key(columns, line) for line in before)
    kept: Counter[tuple[Any, ...]] = Counter()
    unlike = []
    for line in after:
        key = _cells_key(columns, line)
        if kept[key] < same[key]:
            kept[key] += 1
        else:
            unlike.append(line)
    unchanged = kept.total()
    waiting: dict[tuple[str, ...], deque[Line]] = defaultdict(deque)
    for line in before:
        key = _cells_key(columns, line)
        if kept[key]:
            kept[key] -= 1
        else:
            waiting[_name_key(line)].append(line)
    found = []
    for line in unlike:
        partners = waiting[_name_key(line)]
        found.append(_changed(columns, partners.popleft(), line) if partners else _alone("added", line))
    # What was there once more than now has no partner left.
    gone = sorted((line for lines in waiting.values() for line in lines), key=lambda line: line["position"])
    found += [_alone("removed", line) for line in gone]
    return Changes(unchanged, tuple(found), _total(before), _total(after))


def _total(lines: Sequence[Line]) -> Decimal:
    return sum((Decimal(line["amount"]) for line in lines), Decimal("0.00"))


def _level(text: Any) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text or "")).casefold().split())


def _name_key(line: Line) -> tuple[str, ...]:
    return tuple(_level(line.get(key)) for key in NAMING)


def _value(column: Column, line: Line) -> Any:
    text = line.get(column.key)
    if column.is_number:
        # 0 of a cell that may be empty and an empty one are the same sum.
        return Decimal(str(text)) if text not in (None, "") else Decimal(0)
    return text if column.kind == CellKind.DATE else _level(text)


def _cells_key(columns: Sequence[Column], line: Line) -> tuple[Any, ...]:
    return (_name_key(line), _share(line), *(_value(column, line) for column in columns))


def _share(line: Line) -> str:
    """The share of a line of shared staff; empty for a whole line."""
    return share_text(int(Decimal(line["share"]) * 100)) if "share" in line else ""


def _changed(columns: Sequence[Column], old: Line, new: Line) -> LineChange:
    cells = tuple(
        CellChange(str(column.label), _shown(column, old), _shown(column, new))
        for column in columns
        if column.key != "amount" and _value(column, old) != _value(column, new)
    )
    if _share(old) != _share(new):
        cells += (CellChange(_("分摊比例"), _share(old), _share(new)),)
    return LineChange("changed", new["position"], _name(new), Decimal(old["amount"]), Decimal(new["amount"]), cells)


def _alone(kind: str, line: Line) -> LineChange:
    amount = Decimal(line["amount"])
    before, after = (None, amount) if kind == "added" else (amount, None)
    return LineChange(kind, line["position"], _name(line), before, after)


def _name(line: Line) -> str:
    return " ".join(str(line[key]) for key in NAMING if line.get(key))


def _shown(column: Column, line: Line) -> str:
    text = line.get(column.key)
    if text in (None, ""):
        return ""
    if column.kind == CellKind.MONEY:
        return figures(Decimal(text))
    return quantity_text(Decimal(str(text))) if column.is_number else str(text)
