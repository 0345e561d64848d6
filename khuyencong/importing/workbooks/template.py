"""The blank workbook of a kind, and the same layout filled with what the portal holds, to be edited and sent in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khuyencong.excel.cells import write_text
from khuyencong.excel.styles import HEADER, Styles, open_workbook
from khuyencong.importing.fields import FieldKind, ImportField
from khuyencong.importing.kinds import ImportKind, Json
from khuyencong.importing.reading.cells import column_name
from khuyencong.importing.reading.places import PlaceFinder
from khuyencong.importing.reading.units import label_unit
from khuyencong.vietnamese.money import Unit

DATA_SHEET, NOTES_SHEET, LISTS_SHEET = "Nhập liệu", "Hướng dẫn", "DanhMuc"
REQUIRED_COLOUR, SAMPLE_COLOUR = "#FDF0C9", "#7A7A7A"
LAST_ROW = 200_000
PROTECTION = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
WIDTHS = {FieldKind.LONG_TEXT: 40.0, FieldKind.TEXT: 28.0, FieldKind.PLACE: 28.0, FieldKind.CHOICE: 24.0}
READS = {
    FieldKind.TEXT: "Chữ, một dòng",
    FieldKind.LONG_TEXT: "Chữ, có thể nhiều dòng",
    FieldKind.MONEY: "Số tiền, không âm",
    FieldKind.COUNT: "Số nguyên từ 0",
    FieldKind.YEAR: "Năm, bốn chữ số",
    FieldKind.DATE: "Ngày/tháng/năm, ví dụ 05/02/2026",
    FieldKind.CHOICE: "Chọn trong danh sách của ô",
    FieldKind.PLACE: "Chọn trong danh sách của ô, hoặc ghi tên xã, phường",
    FieldKind.CODE: "Mã số, giữ nguyên số 0 ở đầu",
}
TITLE_OF_NOTES = "HƯỚNG DẪN GHI TỆP NHẬP DỮ LIỆU"


def write_template(
    kind: ImportKind,
    fields: Sequence[ImportField],
    stream: IO[bytes],
    *,
    places: PlaceFinder | None,
    rows: Iterable[Json] = (),
) -> int:
    """The workbook with `rows` (none: blank); returns how many there were.

    Only the header is locked. Lists of choices stand on a hidden sheet; samples only on the sheet of notes, so that
    nobody sends one in.
    """
    with open_workbook(stream) as workbook:
        styles = Styles(workbook)
        sheet = workbook.add_worksheet(DATA_SHEET)
        writer = _Writer(sheet, styles, fields, places)
        writer.head()
        count = 0
        for count, row in enumerate(rows, start=1):
            writer.write(count, row)
        _write_notes(workbook.add_worksheet(NOTES_SHEET), styles, kind, fields)
        _write_lists(workbook, sheet, styles, fields, places)
    return count


def unit_of(one: ImportField) -> Unit:
    """What a bare number of the column counts."""
    return label_unit(one.label) or Unit.DONG


def header_of(one: ImportField) -> str:
    states_unit = one.kind is not FieldKind.MONEY or label_unit(one.label) is not None
    return one.label if states_unit else f"{one.label} (đồng)"


class _Writer:
    def __init__(
        self, sheet: Worksheet, styles: Styles, fields: Sequence[ImportField], places: PlaceFinder | None
    ) -> None:
        self.sheet, self.styles, self.fields = sheet, styles, fields
        self.formats = [self._format(one) for one in fields]
        self.place_text = PlaceText(places) if places else None

    def _format(self, one: ImportField) -> Format:
        formats = {FieldKind.MONEY: "#,##0", FieldKind.COUNT: "#,##0", FieldKind.DATE: "dd/mm/yyyy"}
        return self.styles.get(num_format=formats.get(one.kind, "@"), locked=False, text_wrap=True, valign="top")

    def head(self) -> None:
        for place, one in enumerate(self.fields):
            self.sheet.set_column(place, place, WIDTHS.get(one.kind, 18.0), self.formats[place])
            look: dict[str, Any] = HEADER | ({"bg_color": REQUIRED_COLOUR} if one.required else {})
            write_text(self.sheet, 0, place, header_of(one), self.styles.get(**look))
        self.sheet.set_row(0, 36)
        self.sheet.freeze_panes(1, 0)
        self.sheet.protect("", PROTECTION)

    def write(self, number: int, row: Json) -> None:
        for place, one in enumerate(self.fields):
            value = row.get(one.name)
            if value not in (None, ""):
                self._cell(number, place, one, value)

    def _cell(self, number: int, place: int, one: ImportField, value: Any) -> None:
        style = self.formats[place]
        if one.kind is FieldKind.MONEY:
            unit = unit_of(one).value
            self.sheet.write_number(number, place, value if unit == 1 else value / unit, style)
        elif one.kind in (FieldKind.COUNT, FieldKind.YEAR):
            self.sheet.write_number(number, place, value, style)
        elif one.kind is FieldKind.DATE:
            day = date.fromisoformat(str(value))
            self.sheet.write_datetime(number, place, datetime(day.year, day.month, day.day), style)
        elif one.kind is FieldKind.PLACE and self.place_text is not None:
            write_text(self.sheet, number, place, self.place_text(int(value)), style)
        else:
            write_text(self.sheet, number, place, str(one.choices.get(str(value), value)), style)


class PlaceText:
    """A text by which the room finds just that place: its name, with what it lies in, its code, else all with dates."""

    def __init__(self, places: PlaceFinder) -> None:
        self.places = places
        self._of = lru_cache(maxsize=None)(self._find)

    def __call__(self, pk: int) -> str:
        return self._of(pk)

    def _find(self, pk: int) -> str:
        place = self.places.places[pk]
        dated = self.places.full_name(pk)
        full = dated.partition(" (")[0]
        for text in (place.name, full, place.code):
            if self.places.find(text).value == pk:
                return text
        return dated


def _write_notes(sheet: Worksheet, styles: Styles, kind: ImportKind, fields: Sequence[ImportField]) -> None:
    bold, plain = styles.get(bold=True), styles.get(text_wrap=True, valign="top")
    grey = styles.get(font_color=SAMPLE_COLOUR, italic=True, text_wrap=True, valign="top")
    write_text(sheet, 0, 0, TITLE_OF_NOTES, bold)
    write_text(sheet, 1, 0, f"{kind.label}. {kind.explanation}", styles.get())
    write_text(sheet, 2, 0, f"Ghi vào trang “{DATA_SHEET}”, mỗi dòng một mục; cột tô vàng là bắt buộc.", styles.get())
    for place, label in enumerate(("Cột", "Bắt buộc", "Cách ghi", "Ghi chú", "Ví dụ")):
        write_text(sheet, 4, place, label, styles.get(**HEADER))
    for row, one in enumerate(fields, start=5):
        texts = (header_of(one), "Có" if one.required else "", READS[one.kind], one.help_text)
        for place, text in enumerate(texts):
            write_text(sheet, row, place, text, plain)
        write_text(sheet, row, 4, one.sample, grey)
    for place, width in enumerate((28, 10, 34, 50, 30)):
        sheet.set_column(place, place, width)
    sheet.protect()


def _write_lists(
    workbook: Workbook,
    sheet: Worksheet,
    styles: Styles,
    fields: Sequence[ImportField],
    places: PlaceFinder | None,
) -> None:
    """A hidden column for each list, named by the cells of its field."""
    lists = workbook.add_worksheet(LISTS_SHEET)
    lists.hide()
    offered: Mapping[str, Sequence[str]] = {one.name: _offered(one, places) for one in fields}
    for column, one in enumerate(one for one in fields if offered[one.name]):
        texts = offered[one.name]
        for row, text in enumerate(texts):
            write_text(lists, row, column, text, styles.get())
        letter = column_name(column)
        place = list(fields).index(one)
        rule = {
            "validate": "list",
            "source": f"={LISTS_SHEET}!${letter}$1:${letter}${len(texts)}",
            "error_type": "warning",
            "error_title": "Không có trong danh sách",
            "error_message": "Cổng có thể không nhận ra mục này. Vẫn ghi?",
        }
        sheet.data_validation(1, place, LAST_ROW, place, rule)


def _offered(one: ImportField, places: PlaceFinder | None) -> list[str]:
    if one.kind is not FieldKind.PLACE or places is None:
        return list(one.choices.values())
    text = PlaceText(places)
    mine = [unit for unit in places.places.values() if unit.in_area and unit.level == "commune" and not unit.valid_to]
    return [text(unit.pk) for unit in mine]
