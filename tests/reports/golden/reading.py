"""Reads the expected workbooks: plain text, a line for each cell that holds something.

    sheet: Kinh phí
    printed: A1:E45            what the sheet prints
    repeated: 8:10             the rows at the head of each page
    merged: A1:B1 C1:E1
    A5: KINH PHÍ KHUYẾN CÔNG
    D11: 60 | #,##0.0          a number and how it is shown
    D35: =SUM(D11:D34) -> 400 | #,##0.0

A line break inside a cell is written as ⏎.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

HERE = Path(__file__).parent
BREAK = "⏎"


@dataclass
class Sheet:
    """What is on one sheet: address → "content | format", and the layout."""

    name: str
    printed: str = ""
    repeated: str = ""
    merged: set[str] = field(default_factory=set)
    cells: dict[str, str] = field(default_factory=dict)


def expected(slug: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    for line in (HERE / f"{slug}.txt").read_text("utf-8").splitlines():
        name, _, content = line.partition(": ")
        if name == "sheet":
            sheets.append(Sheet(content))
        elif name in ("printed", "repeated"):
            setattr(sheets[-1], name, content)
        elif name == "merged":
            sheets[-1].merged |= set(content.split())
        elif name:
            assert name not in sheets[-1].cells, f"{slug}: {name} is told twice"
            sheets[-1].cells[name] = content
    return sheets


def found(workbook: Any, results: Any) -> list[Sheet]:
    """The same of a workbook: `workbook` holds the formulas, `results` what they come to. Both are paths or streams."""
    books = load_workbook(workbook), load_workbook(results, data_only=True)
    return [_sheet(sheet, books[1][sheet.title]) for sheet in books[0].worksheets]


def _sheet(sheet: Any, results: Any) -> Sheet:
    return Sheet(
        sheet.title,
        str(sheet.print_area).rpartition("!")[2].replace("$", ""),
        str(sheet.print_title_rows or "").replace("$", ""),
        {str(one) for one in sheet.merged_cells.ranges},
        {
            cell.coordinate: _content(cell, results[cell.coordinate].value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        },
    )


def _content(cell: Any, result: Any) -> str:
    if isinstance(cell.value, str) and cell.data_type != "f":
        return cell.value.replace("\n", BREAK)
    if cell.data_type == "f":
        return f"{cell.value} -> {_number(result)} | {cell.number_format}"
    return f"{_number(cell.value)} | {cell.number_format}"


def _number(value: Any) -> str:
    """Up to nine decimals, so that a quotient is the same whoever divides."""
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:.9f}".rstrip("0").rstrip(".").replace("-0", "0" if value == 0 else "-0")
