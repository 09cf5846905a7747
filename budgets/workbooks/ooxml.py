"""What calamine does not tell of an .xlsx: errors, formulas without a result, hidden rows and columns, far cells.

calamine hands out an error value and a formula that was never calculated as an empty cell, which would silently lose an amount.
Standard library only; runs in the child process.
"""

import posixpath
import re

from budgets.workbooks.marks import SheetMarks
from budgets.workbooks.refusal import Refusal
from budgets.workbooks.xml import walk

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def scan_xlsx(parts: dict[str, bytes]) -> dict[str, SheetMarks]:
    """The marks of every sheet by its name."""
    targets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    walk(_part(parts, "xl/_rels/workbook.xml.rels"), relation)
    sheets: dict[str, SheetMarks] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            target = targets.get(attributes.get("id", ""), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            if "worksheets/" in path:
                sheets[attributes.get("name", "")] = _scan(_part(parts, path))

    walk(_part(parts, "xl/workbook.xml"), sheet)
    return sheets


def _part(parts: dict[str, bytes], path: str) -> bytes:
    if path in parts:
        return parts[path]
    for name, part in parts.items():
        if name.lower() == path.lower():
            return part
    raise Refusal("damaged")


def _scan(part: bytes) -> SheetMarks:
    marks = SheetMarks()
    row, column = -1, -1
    kind, has_formula, value, in_value = "", False, "", False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, has_formula, value, in_value
        if name == "row":
            row, column = (int(attributes["r"]) - 1 if attributes.get("r", "").isdecimal() else row + 1), -1
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") in ("0", "0.0"):
                marks.hidden_rows.add(row)
        elif name == "c":
            if match := _REFERENCE.fullmatch(attributes.get("r", "")):
                column = column_number(match[1])
                row = int(match[2]) - 1
            else:
                column += 1
            kind, has_formula, value = attributes.get("t", "n"), False, ""
        elif name == "v":
            in_value = True
        elif name == "f":
            has_formula = True
        elif name == "is":
            marks.reach(row, column)
        elif name == "col" and (attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            marks.hide_columns(first - 1, last - 1)
        elif name == "mergeCell":
            marks.merge()

    def text(data: str) -> None:
        nonlocal value
        if in_value:
            value += data

    def end(name: str) -> None:
        nonlocal in_value
        if name == "v":
            in_value = False
        elif name == "c":
            if kind == "e":
                marks.errors[row, column] = value or "#N/A"
            elif has_formula and not value and kind != "str":
                marks.uncalculated.add((row, column))
            if value or has_formula:
                marks.reach(row, column)

    try:
        walk(part, start, end, text)
    except ValueError as error:
        raise Refusal("damaged") from error
    return marks


def column_number(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
