"""Reading our files with other programs: LibreOffice for workbooks, poppler for PDF."""

import subprocess
from pathlib import Path
from typing import Any

import openpyxl


def recalculated(workbook: Path, folder: Path) -> Any:
    """The workbook after LibreOffice has computed every formula anew; values only."""
    out = folder / "recalculated"
    # A home of its own: two runs at once would share a profile and one of them would do nothing.
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            str(workbook),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return openpyxl.load_workbook(out / workbook.with_suffix(".xlsx").name, data_only=True)


def pdf_text(pdf: Path) -> str:
    """The text of a PDF as poppler reads it, without blanks."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=60)
    return "".join(done.stdout.decode().split())


def numbers_in(sheet: Any) -> set[float]:
    """Every number on a sheet."""
    return {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))}


def formulas_in(workbook: Path) -> dict[str, int]:
    """How many live formulas each sheet has."""
    book = openpyxl.load_workbook(workbook)
    return {
        sheet.title: sum(
            1 for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and cell.value.startswith("=")
        )
        for sheet in book
    }


def stored(workbook: Path) -> Any:
    """The workbook's values as we wrote them beside the formulas."""
    return openpyxl.load_workbook(workbook, data_only=True)


def off_after_recalculation(workbook: Path, sheets: Any) -> list[str]:
    """Formulas that LibreOffice computes to something else than we stored; empty when all agree."""
    ours, live = stored(workbook), openpyxl.load_workbook(workbook)
    return [
        f"{sheet.title}!{cell.coordinate}: {ours[sheet.title][cell.coordinate].value} {again}"
        for sheet in live
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and cell.value.startswith("=")
        and not _same(ours[sheet.title][cell.coordinate].value, again := sheets[sheet.title][cell.coordinate].value)
    ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) < 1e-6
    return bool(one == other)


def beside(sheet: Any, label: str) -> float:
    """The number on the row that begins with a label."""
    for row in sheet.iter_rows(values_only=True):
        if label in row:
            return next(value for value in row if isinstance(value, (int, float)))
    raise AssertionError(f"no {label} on {sheet.title}")


def column_of(sheet: Any, heading: str, marked: str) -> list[float]:
    """A column's numbers on the rows with a cell that begins with ``marked``."""
    rows = list(sheet.iter_rows(values_only=True))
    index = next(row.index(heading) for row in rows if heading in row)
    return [row[index] for row in rows if any(isinstance(value, str) and value.startswith(marked) for value in row)]
