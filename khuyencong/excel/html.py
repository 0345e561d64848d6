"""The same table as plain rows of formatted text, for the template components/_report_table.html to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from khuyencong.excel.columns import Align, Column, Computed, Kind, column_numbers
from khuyencong.excel.header import HeaderCell, header_cells
from khuyencong.excel.table import RowStyle, Table
from khuyencong.vietnamese.dates import format_date
from khuyencong.vietnamese.money import format_million, format_percent, format_vnd

ALIGN_CLASSES = {Align.LEFT: "", Align.CENTER: "text-center", Align.RIGHT: "kc-num"}


@dataclass(frozen=True)
class PageHeader:
    text: str
    colspan: int
    rowspan: int
    scope: str


@dataclass(frozen=True)
class PageCell:
    text: str
    css: str
    link: str = ""
    is_header: bool = False


@dataclass(frozen=True)
class PageRow:
    css: str
    cells: Sequence[PageCell]


@dataclass(frozen=True)
class PageTable:
    title: str
    subtitle: str
    unit_note: str
    header_rows: Sequence[Sequence[PageHeader]]
    numbers: Sequence[str]
    rows: Sequence[PageRow]
    notes: Sequence[str]
    column_count: int


def page_table(table: Table) -> PageTable:
    """What `{% include "components/_report_table.html" with report=... %}` draws."""
    return PageTable(
        title=table.title,
        subtitle=table.subtitle,
        unit_note=table.unit_note,
        header_rows=[[_header(cell) for cell in level] for level in header_cells(table.columns)],
        numbers=column_numbers(table.columns) if table.number_row else [],
        rows=[_row(table, place) for place in range(len(table.rows))],
        notes=table.notes,
        column_count=len(table.columns),
    )


def cell_text(column: Column, value: Computed) -> str:
    """As the workbook shows it in Vietnamese: 2.768,9 for triệu đồng, 40,8% for a percent, 05/02/2026 for a date."""
    if isinstance(value, Fraction):
        return format_percent(value.numerator, value.denominator) + "%"
    if isinstance(value, int):
        return format_million(value) if column.kind is Kind.MONEY_MILLION else format_vnd(value)
    if isinstance(value, date):
        return format_date(value)
    return value or ""


def _header(cell: HeaderCell) -> PageHeader:
    return PageHeader(cell.text, cell.colspan, cell.rowspan, "colgroup" if cell.is_group else "col")


def _row(table: Table, place: int) -> PageRow:
    row = table.rows[place]
    return PageRow(f"kc-row-{row.style.value}", [_cell(table, place, column) for column in table.columns])


def _cell(table: Table, place: int, column: Column) -> PageCell:
    row, text = table.rows[place], cell_text(table.column_at(place, column), table.value(place, column.key))
    is_lead = column is table.lead
    indent = "kc-indent" if is_lead and row.style is RowStyle.SUB else ""
    css = " ".join(filter(None, (ALIGN_CLASSES[column.alignment], indent)))
    return PageCell(text, css, link=row.links.get(column.key, "") if text else "", is_header=is_lead and bool(text))
