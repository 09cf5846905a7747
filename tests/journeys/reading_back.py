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
