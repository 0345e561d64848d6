"""The rows of a batch as a workbook, what is wrong written beside them: to be mended in Excel and sent in again."""

from collections.abc import Mapping, Sequence
from typing import IO, Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khuyencong.excel.cells import write_text
from khuyencong.excel.styles import HEADER, Styles, open_workbook
from khuyencong.importing.checking import kept_portions
from khuyencong.importing.fields import ImportField
from khuyencong.importing.looking import ERRORS_LABEL
from khuyencong.importing.models import ImportBatch, ImportRow, RowVerdict
from khuyencong.importing.settled import Settled, mapping_of
from khuyencong.importing.stored import GROUP, problems_of
from khuyencong.vietnamese.money import Unit

BAD, WIDE, NARROW = "#F8D7DA", 60, 18


def write_errors(batch: ImportBatch, fields: Sequence[ImportField], stream: IO[bytes]) -> None:
    """All rows with their cells as text in the places that they had, so that the portal knows the layout again.

    A cell that the officer corrected holds the correction. Cells with a problem are coloured; the last column says what
    is wrong with each.
    """
    with open_workbook(stream, constant_memory=True) as workbook:
        styles = Styles(workbook)
        sheet = workbook.add_worksheet(_sheet_name(batch.sheet_name))
        writer = _Writer(sheet, styles, batch, fields)
        writer.head()
        for rows in kept_portions(batch.rows.all()):
            for row in rows:
                writer.write(row)


def _sheet_name(name: str) -> str:
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip("' ")[:31]
    return kept if kept and kept.lower() != "history" else "Du lieu"


class _Writer:
    def __init__(self, sheet: Worksheet, styles: Styles, batch: ImportBatch, fields: Sequence[ImportField]) -> None:
        self.sheet, self.batch = sheet, batch
        self.labels = {one.name: one.label for one in fields}
        self.columns = {name: place for place, name in mapping_of(batch.columns).items()}
        self.headers = list(batch.headers)
        while self.headers and (not self.headers[-1] or self.headers[-1] == ERRORS_LABEL):
            self.headers.pop()
        self.last = len(self.headers)
        self.plain, self.bad = styles.get(num_format="@"), styles.get(num_format="@", bg_color=BAD)
        self.said, self.header = styles.get(text_wrap=True, bg_color=BAD), styles.get(**HEADER)
        self.row, self.group = 0, ""

    def head(self) -> None:
        """The unit of money where the sheet stated one, and one row of names."""
        self.sheet.set_column(0, max(self.last - 1, 0), NARROW, self.plain)
        self.sheet.set_column(self.last, self.last, WIDE, self.plain)
        settled = Settled.from_json(self.batch.options)
        unit = settled.unit or settled.stated_unit
        if unit:
            write_text(self.sheet, self.row, 0, f"Đơn vị tính: {Unit[unit].label}", self.plain)
            self.row += 1
        for place, label in enumerate([*self.headers, ERRORS_LABEL]):
            write_text(self.sheet, self.row, place, label, self.header)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)

    def write(self, row: ImportRow) -> None:
        group = (row.problems.get(GROUP) or [""])[-1]
        if group and group != self.group:
            write_text(self.sheet, self.row, min(1, self.last - 1), group, self.plain)
            self.row += 1
        self.group = group
        problems = problems_of(row)
        bad = {self.columns[name] for name in problems if name in self.columns}
        cells = self._cells(row)
        is_refused = row.verdict in (RowVerdict.REFUSED, RowVerdict.DUPLICATE)
        for place in range(self.last):
            style = self.bad if is_refused and place in bad else self.plain
            self._cell(place, cells[place] if place < len(cells) else "", style)
        if is_refused:
            self._cell(self.last, self._told(problems), self.said)
        self.row += 1

    def _cell(self, place: int, text: str, style: Format) -> None:
        if text or style is not self.plain:
            write_text(self.sheet, self.row, place, text, style)

    def _cells(self, row: ImportRow) -> list[str]:
        cells = list(row.raw)
        for name, fix in row.fixes.items():
            place = self.columns.get(name)
            if place is not None and place < len(cells) and isinstance(fix, str):
                cells[place] = fix
        return cells

    def _told(self, problems: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
        lines = []
        for name, found in problems.items():
            for one in found:
                offered = "; ".join(label for _, label in one["choices"])
                text = f"{one['message']} Có thể ghi: {offered}." if offered else one["message"]
                lines.append(f"{self.labels[name]}: {text}" if name in self.labels else text)
        return "\n".join(lines) or "Dòng này không nhận."
