"""One cell → its value, or what is wrong with it."""

import re
from collections.abc import Callable, Mapping

from khuyencong.importing.fields import FieldKind, ImportField, Problem
from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import is_blank
from khuyencong.importing.reading.days import read_day
from khuyencong.importing.reading.numbers import read_count, read_money, read_year
from khuyencong.importing.reading.places import read_place
from khuyencong.importing.reading.reading import Context, Reading, refused
from khuyencong.importing.reading.texts import read_choice, read_code, read_text
from khuyencong.importing.reading.xlsx_marks import UNCALCULATED

__all__ = ["Context", "Reading", "read_cell", "understand"]

_NOTHING = re.compile(r"[-–—_.…\s]+")  # what people put where there is nothing
_ERROR = re.compile(r"#(?:N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|CALC!|SPILL!|FIELD!|GETTING_DATA)")
_READERS: Mapping[FieldKind, Callable[[Cell, ImportField, Context], Reading]] = {
    FieldKind.TEXT: read_text,
    FieldKind.LONG_TEXT: read_text,
    FieldKind.MONEY: read_money,
    FieldKind.COUNT: read_count,
    FieldKind.YEAR: read_year,
    FieldKind.DATE: read_day,
    FieldKind.CHOICE: read_choice,
    FieldKind.PLACE: read_place,
    FieldKind.CODE: read_code,
}
_NUMBERS = frozenset({FieldKind.MONEY, FieldKind.COUNT, FieldKind.YEAR, FieldKind.PLACE})


def read_cell(cell: Cell, one: ImportField, context: Context) -> Reading:
    """The value with what was noted on the way. The cell is already Unicode."""
    if is_blank(cell) or (isinstance(cell, str) and _NOTHING.fullmatch(cell)):
        return Reading()
    if isinstance(cell, str) and cell.startswith("#"):
        sign = cell.strip()
        if sign == UNCALCULATED:
            return refused("Công thức chưa có kết quả. Hãy mở tệp bằng Excel, lưu lại rồi tải lên, hoặc nhập giá trị.")
        if _ERROR.fullmatch(sign):
            return refused(f"Ô báo lỗi {sign} của Excel. Hãy sửa công thức hoặc nhập giá trị.")
    return _READERS[one.kind](cell, one, context)


def understand(cell: Cell, one: ImportField, context: Context) -> object:
    """The JSON value of the field (see FieldKind), None for a blank cell, or a Problem."""
    reading = read_cell(cell, one, context)
    return Problem(one.name, reading.problem, reading.choices) if reading.problem else reading.value


def chosen(text: str, one: ImportField, choices: Mapping[str, str]) -> object:
    """The value of one of a problem's `choices`; None when the text is none of them."""
    if text not in choices:
        return None
    return int(text) if one.kind in _NUMBERS else text
