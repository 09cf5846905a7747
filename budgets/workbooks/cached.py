"""The values that formulas showed, kept in a workbook that openpyxl writes: it writes formulas without them.

Programs that show a workbook without calculating (previews of mail and phones), and an import of it, would find these cells empty.
The workbook stays marked to be calculated anew when a spreadsheet program opens it. No Django here.
"""

import re
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import to_excel

# Values by cell, for each worksheet in order.
Values = list[dict[str, Any]]

# A cell with a formula as openpyxl writes it: place, style, formula, and an empty value.
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"((?: s="[0-9]+")?)>(<f(?: [^>]*)?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>'
)
_SHEET = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")


def shown_values(data: bytes, book: Workbook) -> Values:
    """What the formulas of a workbook showed when it was last saved; ``book`` is the same file, loaded with its formulas."""
    kept = load_workbook(BytesIO(data), data_only=True)
    return [
        {
            cell.coordinate: value
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and (value := kept[sheet.title][cell.coordinate].value) is not None
        }
        for sheet in book.worksheets
    ]


def with_values(saved: bytes, values: Values) -> bytes:
    """A workbook that openpyxl has just written, each formula with the value it showed before."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(saved)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in source.infolist():
            data = source.read(entry)
            match = _SHEET.fullmatch(entry.filename)
            if match and int(match[1]) <= len(values):
                data = _filled(data, values[int(match[1]) - 1])
            copy.writestr(entry, data)
    return target.getvalue()


def _filled(sheet: bytes, values: dict[str, Any]) -> bytes:
    def cell(match: re.Match[bytes]) -> bytes:
        value = values.get(match[1].decode("ascii"))
        if value is None:
            return match[0]
        kind, text = _written(value)
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (match[1], match[2], kind, match[3], text)

    return _FORMULA.sub(cell, sheet)


def _written(value: Any) -> tuple[bytes, bytes]:
    """The cell's type and the text of its value."""
    if isinstance(value, bool):
        return b' t="b"', b"1" if value else b"0"
    if isinstance(value, datetime | date | time | timedelta):
        value = to_excel(value)
    if not isinstance(value, str):
        return b"", str(value).encode("ascii")
    kind = b' t="e"' if value.startswith("#") and value.endswith(("!", "?", "A")) else b' t="str"'
    return kind, escape(value).encode("utf-8")
