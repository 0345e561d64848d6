"""Workbooks for signature: header block, title, merged headers, real formulas, signatures; A4, one page wide."""

from collections.abc import Sequence
from typing import IO, Any

from xlsxwriter.worksheet import Worksheet

from khuyencong.excel.cells import write_formula, write_merged, write_text, write_value
from khuyencong.excel.columns import Column, Kind, column_numbers
from khuyencong.excel.formulas import row_formula, total_formula
from khuyencong.excel.header import HeaderCell, header_cells, header_depth
from khuyencong.excel.pages import break_before_signatures
from khuyencong.excel.sheetnames import sheet_names
from khuyencong.excel.signing import signature_rows
from khuyencong.excel.styles import FONT, PAPER_A4, Styles, open_workbook
from khuyencong.excel.table import RowStyle, Table
from khuyencong.excel.textfit import BODY_SIZE, CELL_PADDING, line_count, row_height, spans, spread_widths, text_width

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NOTHING = "Không có số liệu trong kỳ"
PAGE_WIDTH = 118.0  # digits of the body font that fill A4 landscape between the margins
MARGINS = {"left": 0.6, "right": 0.5, "top": 0.6, "bottom": 0.7}  # inches
PAPER_WIDTH, PAPER_HEIGHT = (11.69 - 1.1) * 72, (8.27 - 1.3) * 72  # points between the margins
DIGIT, COLUMN_PADDING = 6.0, 3.75  # points
SMALLEST = 0.82  # body text of 12 points stays readable at 10
STEADY = 0.98  # of the scale that just fits: a fixed one must leave room for fonts that stand in


def write_workbook(sheets: Sequence[Table], *, stream: IO[bytes]) -> None:
    """Writes one sheet for each table into `stream`, which stays open.

    Money cells hold the exact amount; totals and computed columns are formulas that carry their result.
    """
    names = sheet_names(table.sheet_name or table.title for table in sheets)
    with open_workbook(stream, in_memory=True) as workbook:
        styles = Styles(workbook)
        for table, name in zip(sheets, names, strict=True):
            _SheetWriter(workbook.add_worksheet(name), table, styles).write()


class _SheetWriter:
    """Draws one table from the top down; `row` is the next free row of the sheet."""

    def __init__(self, sheet: Worksheet, table: Table, styles: Styles) -> None:
        self.sheet, self.table, self.styles = sheet, table, styles
        self.row = 0
        self.heights: dict[int, float] = {}
        self.widths = _widths(table)
        self.last = len(self.widths) - 1
        self.table_last = len(table.columns) - 1

    def write(self) -> None:
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, width, self.styles.get())
        self._write_organisation()
        self._write_title()
        first_header = self.row
        self._write_header()
        first_data = self.row
        self._write_rows(first_data)
        table_end = self.row
        self._write_notes()
        self._write_signatures()
        self._set_up_print(first_header, first_data)
        self._keep_signatures_company(first_header, first_data, table_end)

    def _set_height(self, row: int, points: float) -> None:
        self.sheet.set_row(row, points)
        self.heights[row] = points

    def _write_organisation(self) -> None:
        """Superior body and issuing body on the left, name of the state and motto on the right."""
        if not self.table.organisation:
            return
        left, right = spans(self.widths, _heading_needs(self.table))
        lines = list(self.table.organisation)
        for place in range(max(len(lines), 2)):
            body = lines[place] if place < len(lines) else ""
            state = (NATION, MOTTO)[place] if place < 2 else ""
            bold = place == len(lines) - 1
            self._line(((left, body, {"bold": bold}), (right, state, {"bold": True, "font_size": 12 + place})))
        rule = {"font_size": 7, "valign": "top"}
        self._line(((left, "—" * 12, rule), (right, "—" * 24, rule)), height=10)

    def _write_title(self) -> None:
        whole = (0, self.last)
        self.row += 1 if self.table.organisation else 0
        self._line(((whole, self.table.title, {"bold": True, "font_size": 14}),))
        if self.table.subtitle:
            self._line(((whole, self.table.subtitle, {"italic": True, "font_size": 13}),))
        if self.table.unit_note:
            self._line((((0, self.table_last), self.table.unit_note, {"italic": True, "align": "right"}),))
        else:
            self.row += 1

    def _line(self, parts: Sequence[tuple[tuple[int, int], str, dict]], *, height: float = 0.0) -> None:
        """One row outside the table: centred text over spans of columns, as high as its longest text needs."""
        heights = [height]
        for (first, last), text, look in parts:
            style = self.styles.get(**({"align": "center", "text_wrap": True} | look))
            write_merged(self.sheet, self.row, first, last, text, style)
            size, room = look.get("font_size", BODY_SIZE), sum(self.widths[first : last + 1])
            lines = line_count(text, room, size=size, bold=look.get("bold", False))
            heights.append(height or row_height(lines, size=size, padding=2.0))
        self._set_height(self.row, max(heights))
        self.row += 1

    def _write_header(self) -> None:
        levels = header_cells(self.table.columns)
        needed = [row_height(1)] * len(levels)
        for cell in (cell for level in levels for cell in level):
            right = cell.column + cell.colspan - 1
            write_merged(
                self.sheet,
                self.row + cell.level,
                cell.column,
                right,
                cell.text,
                self.styles.header(),
                down=cell.rowspan - 1,
            )
            _make_room(needed, cell, sum(self.widths[cell.column : right + 1]))
        for level, height in enumerate(needed):
            self._set_height(self.row + level, height)
        self.row += header_depth(self.table.columns)
        if self.table.number_row:
            self._write_numbers()

    def _write_numbers(self) -> None:
        """The row of column numbers; a sum of many columns, such as (19=3+5+7+9), takes several lines."""
        style = self.styles.get(italic=True, align="center", border=1, font_size=11, text_wrap=True)
        numbers = column_numbers(self.table.columns)
        for place, number in enumerate(numbers):
            write_text(self.sheet, self.row, place, number, style)
        lines = max(line_count(text, room, size=11) for text, room in zip(numbers, self.widths, strict=False))
        self._set_height(self.row, row_height(max(lines, 1)))
        self.row += 1

    def _write_rows(self, first_data: int) -> None:
        for place, row in enumerate(self.table.rows):
            for column_place, column in enumerate(self.table.columns):
                self._write_cell(place, column_place, column, first_data)
            self._set_height(self.row, self._height(place, bold=row.style in (RowStyle.GROUP, RowStyle.TOTAL)))
            self.row += 1
        if not self.table.rows:
            style = self.styles.get(italic=True, align="center", border=1)
            write_merged(self.sheet, self.row, 0, self.table_last, NOTHING, style)
            self.row += 1

    def _write_cell(self, place: int, column_place: int, column: Column, first_data: int) -> None:
        table, value = self.table, self.table.value(place, column.key)
        is_lead, column = column is table.lead, table.column_at(place, column)
        style = self.styles.cell(column, table.rows[place].style, lead=is_lead)
        formula = ""
        if table.is_total(place, column):
            formula = total_formula(table, place, column_place, first_data)
        elif column.formula is not None and any(table.value(place, key) is not None for key in column.formula.keys):
            formula = row_formula(column, table.columns, self.row)
        if formula:
            write_formula(self.sheet, self.row, column_place, column, formula, value, style)
        else:
            write_value(self.sheet, self.row, column_place, column, value, style)

    def _height(self, place: int, *, bold: bool) -> float:
        indent = 1.0 if self.table.rows[place].style is RowStyle.SUB else 0.0
        texts = (
            (str(self.table.value(place, column.key) or ""), width - indent)
            for column, width in zip(self.table.columns, self.widths, strict=False)
            if column.kind is Kind.TEXT and column.wrap
        )
        return row_height(max((line_count(text, width, bold=bold) for text, width in texts), default=1))

    def _write_notes(self) -> None:
        for note in self.table.notes:
            self._line((((0, self.table_last), note, {"italic": True, "align": "left"}),))

    def _write_signatures(self) -> None:
        """Each row of signatures is one tall row, because no program breaks a page inside a row."""
        signatures = self.table.signatures
        if not signatures:
            return
        self.row += 1
        for cells in signature_rows(self.widths, signatures, self.table.place_and_date):
            for cell in cells:
                self._write_rich(cell.span, cell.parts)
            self._set_height(self.row, max(row_height(cell.lines) for cell in cells))
            self.row += 1

    def _write_rich(self, span: tuple[int, int], parts: Sequence[tuple[str, dict[str, Any]]]) -> None:
        style = self.styles.get(align="center", valign="top", text_wrap=True)
        first, last = span
        write_merged(self.sheet, self.row, first, last, "", style)
        fragments = [piece for text, look in parts for piece in (self.styles.get(**look), text)]
        self.sheet.write_rich_string(self.row, first, *fragments, style)

    def _set_up_print(self, first_header: int, first_data: int) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(PAPER_A4)
        sheet.set_margins(**MARGINS)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, int(self._is_nearly_one_page()))
        sheet.repeat_rows(first_header, first_data - 1)
        sheet.print_area(0, 0, self.row - 1, self.last)
        sheet.set_footer(f'&C&"{FONT},Regular"&10Trang &P/&N')
        sheet.freeze_panes(first_data, 0)

    def _keep_signatures_company(self, first_header: int, first_data: int, table_end: int) -> None:
        """A break of our own where the signatures would stand alone on the last page.

        Excel heeds such a break only under a fixed scale, not while it fits the sheet to the width of the page.
        """
        if not self.table.signatures or self._is_nearly_one_page():
            return
        percent = int(self._scale * 100 * STEADY)
        heights = self._row_heights
        above = break_before_signatures(
            heights,
            first_data=first_data,
            table_end=table_end,
            repeated=sum(heights[first_header:first_data]),
            page=PAPER_HEIGHT * 100 / percent,
        )
        if above is not None:
            self.sheet.set_print_scale(percent)
            self.sheet.set_h_pagebreaks([above])

    @property
    def _row_heights(self) -> list[float]:
        return [self.heights.get(row, row_height(1)) for row in range(self.row)]

    @property
    def _scale(self) -> float:
        """What fits the sheet to the width of the page."""
        return min(1.0, PAPER_WIDTH / (sum(self.widths) * DIGIT + len(self.widths) * COLUMN_PADDING))

    def _is_nearly_one_page(self) -> bool:
        """Whether a little more shrinking puts the whole report, signatures included, on one page."""
        return sum(self._row_heights) * self._scale * SMALLEST <= PAPER_HEIGHT


def _make_room(heights: list[float], cell: HeaderCell, width: float) -> None:
    """Grows the last header row that `cell` covers until its text fits."""
    covered = slice(cell.level, cell.level + cell.rowspan)
    missing = row_height(line_count(cell.text, width, bold=True)) - sum(heights[covered])
    heights[cell.level + cell.rowspan - 1] += max(missing, 0.0)


def _widths(table: Table) -> list[float]:
    """Of the table's columns, and of empty ones beside it where header block or signatures need more columns."""
    widths = [column.width for column in table.columns]
    growing = [column.kind is Kind.TEXT and column.width >= 12 for column in table.columns]
    extra = max(2, len(table.signatures)) - len(widths)
    for _ in range(extra):
        widths.append(20.0)
        growing.append(False)
    widths = spread_widths(widths, growing, PAGE_WIDTH)
    if not table.organisation:
        return widths
    needs = _heading_needs(table)
    first = spans(widths, needs)[1][0]
    # The name of the state stands on one line, however narrow the columns under it.
    return widths[:first] + spread_widths(widths[first:], [], needs[1])


def _heading_needs(table: Table) -> tuple[float, float]:
    """Widths that the two sides of the header block want."""
    left = max(text_width(line, bold=True) for line in table.organisation)
    return left + CELL_PADDING, text_width(NATION, bold=True) + 2 * CELL_PADDING
