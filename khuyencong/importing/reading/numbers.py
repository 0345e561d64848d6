"""Cells of money, counts and years."""

import re
from datetime import date
from fractions import Fraction

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import as_text
from khuyencong.importing.reading.reading import Context, Reading, refused, shown
from khuyencong.vietnamese.dates import DateError, parse_date
from khuyencong.vietnamese.money import MoneyError, Unit, format_vnd, parse_vnd
from khuyencong.vietnamese.text import fold

_MOST = 2_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1945, 2100
_COUNT = re.compile(r"([0-9]{1,3}(?:([., ])[0-9]{3})(?:\2[0-9]{3})*|[0-9]+)(?:[.,]0{1,2})?\s*([a-z/ .()%]*)")
_SIZES = re.compile(r"\b(?:nghin|ngan|trieu|tr|ty|ti|k)\b|%")
_YEAR = re.compile(r"(?:nam|n\.?)?\s*:?\s*([0-9]{4})(?:[.,]0+)?")
_YEARS = re.compile(r"(?:nam|giai doan|cac nam)?\s*([0-9]{4})\s*(?:-|–|den|,|va|/)\s*(?:nam\s*)?([0-9]{4})")
_TIME = re.compile(r"\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$")
_DATE_CELL = "Ô này đang định dạng ngày tháng ({}), không phải số. Hãy ghi lại số."


def read_money(cell: Cell, one: ImportField, context: Context) -> Reading:
    """Whole đồng. A bare number counts the unit of its column; without one it must be unmistakably đồng."""
    if isinstance(cell, bool | date):
        return refused(_DATE_CELL.format(shown(cell, one)) if isinstance(cell, date) else _no_number(cell, one))
    written = cell if isinstance(cell, int | float) and context.unit else as_text(cell)
    try:
        return Reading(parse_vnd(written, unit=context.unit))
    except MoneyError as error:
        choices = {str(vnd): f"{format_vnd(vnd)} đồng" for vnd in error.readings}
        if isinstance(cell, float) and context.unit and cell > 0:
            choices |= _rounded(cell, context.unit)
        return refused(str(error), choices)


def _rounded(number: float, unit: Unit) -> dict[str, str]:
    """Quotients leave parts of a đồng: a person confirms the rounding."""
    vnd = round(Fraction(f"{number:.15g}") * unit.value)
    return {str(vnd): f"{format_vnd(vnd)} đồng (làm tròn)"}


def read_count(cell: Cell, one: ImportField, context: Context) -> Reading:
    if isinstance(cell, date) and not isinstance(cell, bool):
        return refused(_DATE_CELL.format(shown(cell, one)))
    if isinstance(cell, bool):
        return refused(_no_number(cell, one))
    match = _COUNT.fullmatch(fold(as_text(cell)))
    if not match or _SIZES.search(match[3]):
        return refused(_no_number(cell, one))
    digits = re.sub(r"\D", "", match[1]).lstrip("0") or "0"
    if len(digits) > len(str(_MOST)) or int(digits) > _MOST:
        return refused(f"Số “{shown(cell, one)}” quá lớn, hãy kiểm tra lại.")
    return Reading(int(digits))


def _no_number(cell: Cell, one: ImportField) -> str:
    return f"“{shown(cell, one)}” không phải số nguyên từ 0. Nhập chữ số, ví dụ 12 hoặc 1.200."


def _day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    try:
        return parse_date(_TIME.sub("", as_text(cell)))
    except DateError:
        return None


def read_year(cell: Cell, one: ImportField, context: Context) -> Reading:
    if day := _day(cell):
        return Reading(day.year, note=f"{one.label}: lấy năm {day.year} của ngày {shown(cell, one)}.")
    folded = fold(as_text(cell))
    if match := _YEAR.fullmatch(folded):
        year = int(match[1])
        if _FIRST_YEAR <= year <= _LAST_YEAR:
            return Reading(year)
        return refused(f"Năm {year} nằm ngoài khoảng {_FIRST_YEAR}–{_LAST_YEAR}, hãy kiểm tra lại.")
    if match := _YEARS.fullmatch(folded):
        first, last = int(match[1]), int(match[2])
        years = [first, last] if last - first > 10 or last <= first else range(first, last + 1)
        choices = {str(year): f"Năm {year}" for year in years}
        return refused(f"“{shown(cell, one)}” có nhiều năm; cần một năm. Hãy chọn năm.", choices)
    return refused(f"Không đọc được năm “{shown(cell, one)}”. Nhập bốn chữ số, ví dụ 2013.")
