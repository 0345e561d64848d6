"""Long lists: one header row, then rows written as they come, without holding the workbook in memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from khuyencong.excel.cells import write_formula, write_text, write_value
from khuyencong.excel.columns import Column, Computed, Value, check_columns, checked
from khuyencong.excel.formulas import row_formula
from khuyencong.excel.sheetnames import sheet_names
from khuyencong.excel.styles import FONT, PAPER_A4, Styles, open_workbook
from khuyencong.excel.textfit import line_count, row_height

ROWS_PER_SHEET = 1_000_000  # of the 1.048.576 that Excel has


def write_flat(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Value]],
    stream: IO[bytes],
    *,
    title: str = "Danh sách",
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> int:
    """Streams `rows` (mappings by column key) into `stream` and returns how many there were.

    A list longer than a sheet goes on in the next one. Raises TableError when a value is not of its column's kind.
    """
    check_columns(columns)
    with open_workbook(stream, constant_memory=True) as workbook:
        writer = _FlatWriter(workbook, columns, title, rows_per_sheet)
        for row in rows:
            writer.write(row)
        writer.finish()
    return writer.count


class _FlatWriter:
    def __init__(self, workbook: Workbook, columns: Sequence[Column], title: str, rows_per_sheet: int) -> None:
        self.workbook, self.columns, self.title, self.rows_per_sheet = workbook, columns, title, rows_per_sheet
        self.styles = Styles(workbook)
        self.formats = [self.styles.cell(column) for column in columns]
        self.count = 0
        self.sheet = self._open_sheet()

    def write(self, row: Mapping[str, Value]) -> None:
        if self.count and self.count % self.rows_per_sheet == 0:
            self.finish()
            self.sheet = self._open_sheet()
        sheet_row = self.count % self.rows_per_sheet + 1
        values = _row_values(self.columns, row)
        for place, column in enumerate(self.columns):
            value, style = values[column.key], self.formats[place]
            if column.formula is None or all(values[key] is None for key in column.formula.keys):
                write_value(self.sheet, sheet_row, place, column, value, style)
            else:
                formula = row_formula(column, self.columns, sheet_row)
                write_formula(self.sheet, sheet_row, place, column, formula, value, style)
        self.count += 1

    def finish(self) -> None:
        """Filter buttons over the rows of the sheet that ends here."""
        last = self.count - self._sheets_before() * self.rows_per_sheet
        self.sheet.autofilter(0, 0, max(last, 1), len(self.columns) - 1)

    def _sheets_before(self) -> int:
        return len(self.workbook.worksheets()) - 1

    def _open_sheet(self) -> Worksheet:
        number = len(self.workbook.worksheets()) + 1
        sheet = self.workbook.add_worksheet(sheet_names([self.title] * number)[-1])
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width)
        lines = max(line_count(column.full_label, column.width - 3, bold=True) for column in self.columns)
        sheet.set_row(0, row_height(lines))
        for place, column in enumerate(self.columns):
            write_text(sheet, 0, place, column.full_label, self.styles.header())
        _set_up_print(sheet)
        return sheet


def _set_up_print(sheet: Worksheet) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f'&C&"{FONT},Regular"&10Trang &P/&N')


def _row_values(columns: Sequence[Column], row: Mapping[str, Value]) -> dict[str, Computed]:
    values: dict[str, Computed] = {
        column.key: checked(column, row.get(column.key)) for column in columns if column.formula is None
    }
    by_key = {column.key: column for column in columns}

    def get(key: str) -> Computed:
        formula = by_key[key].formula
        if key not in values and formula is not None:
            values[key] = formula.value(get)
        return values[key]

    return {column.key: get(column.key) for column in columns}
