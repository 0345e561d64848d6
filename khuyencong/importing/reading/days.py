"""Cells of dates. Day and month are never swapped: what does not fit is asked back."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from khuyencong.importing.fields import ImportField
from khuyencong.importing.reading.book import Cell
from khuyencong.importing.reading.cells import as_text
from khuyencong.importing.reading.reading import Context, Reading, refused, shown
from khuyencong.vietnamese.dates import DateError, format_date, parse_date
from khuyencong.vietnamese.text import nfc

_DAY_0, _DAY_0_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_415  # 1927 to 2100, for books that count from 1900
_EARLIEST = date(1930, 1, 1)
_LAST_MONTH = 12
_CENTURY_TURN = 50  # "49" is 2049, "50" is 1950
_YEAR = re.compile(r"(?:năm\s*)?(?:19|20)[0-9]{2}", re.IGNORECASE)
_MONTH = re.compile(r"(?:tháng\s*)?[0-9]{1,2}\s*[/.-]\s*[0-9]{4}", re.IGNORECASE)
_TIME = re.compile(r"\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{2})")
_SWAPPED = re.compile(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})")
_EXAMPLE = "Nhập ngày/tháng/năm, ví dụ 05/02/2013."


def may_be_swapped(column: Iterable[Cell]) -> bool:
    """Whether Excel seems to have read a column as month/day/year.

    Then days up to 12 became dates with day and month exchanged, and what could not be one stayed text.
    """
    dates, texts = 0, 0
    for cell in column:
        if isinstance(cell, date):
            if cell.day > _LAST_MONTH:
                return False
            dates += 1
        elif isinstance(cell, str) and (match := _SWAPPED.fullmatch(nfc(cell))) and int(match[1]) > _LAST_MONTH:
            texts += 1
    return bool(dates and texts)


def swapped_note(cell: date, column: str) -> str:
    """For a date of such a column."""
    if cell.day > _LAST_MONTH or cell.day == cell.month:
        return ""
    other = date(cell.year, cell.day, cell.month)
    return (
        f"Cột {column}: có ngày dạng chữ lẫn ngày của Excel, có thể Excel đã đảo ngày và tháng. Đã lấy "
        f"{format_date(date(cell.year, cell.month, cell.day))}; hãy đối chiếu, có thể là {format_date(other)}."
    )


def read_day(cell: Cell, one: ImportField, context: Context) -> Reading:
    """ISO text of the date."""
    if isinstance(cell, bool):
        return refused(f"“{shown(cell, one)}” không phải ngày. {_EXAMPLE}")
    if isinstance(cell, date):
        return _dated(cell.date() if isinstance(cell, datetime) else cell)
    text = _TIME.sub("", nfc(as_text(cell)))
    if re.fullmatch(r"[0-9]{5}", text):
        return _serial(int(text), context)
    if re.fullmatch(r"[0-9]{5},[0-9]+", text):  # with a time of the day
        return _serial(int(text.partition(",")[0]), context)
    if _YEAR.fullmatch(text):
        return refused(f"“{shown(cell, one)}” chỉ có năm, thiếu ngày và tháng. {_EXAMPLE}")
    if _MONTH.fullmatch(text):
        return refused(f"“{shown(cell, one)}” chỉ có tháng và năm, thiếu ngày. {_EXAMPLE}")
    if match := _SHORT_YEAR.fullmatch(text):
        return _short_year(text, match)
    try:
        return _dated(parse_date(text))
    except DateError as error:
        return refused(str(error), _swapped(text))


def _dated(day: date) -> Reading:
    if day < _EARLIEST:
        return refused(f"Ngày {format_date(day)} quá xa: có thể là một số bị định dạng thành ngày. {_EXAMPLE}")
    return Reading(day.isoformat())


def _serial(number: int, context: Context) -> Reading:
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return refused(f"Số {number} không phải ngày. {_EXAMPLE}")
    day = (_DAY_0_OF_1904 if context.is_1904 else _DAY_0) + timedelta(days=number)
    return Reading(day.isoformat(), note=f"Số {number} của Excel hiểu là ngày {format_date(day)}.")


def _short_year(text: str, match: re.Match[str]) -> Reading:
    year = int(match[4]) + (2000 if int(match[4]) < _CENTURY_TURN else 1900)
    whole = f"{match[1]}/{match[3]}/{year}"
    try:
        day = parse_date(whole)
    except DateError as error:
        return refused(str(error), _swapped(whole))
    return Reading(day.isoformat(), note=f"“{text}” hiểu là ngày {format_date(day)}.")


def _swapped(text: str) -> dict[str, str]:
    """The reading month/day/year when only that is a date: offered, never taken."""
    match = _SWAPPED.fullmatch(text)
    if not match:
        return {}
    try:
        day = date(int(match[4]), int(match[1]), int(match[3]))
    except ValueError:
        return {}
    return {day.isoformat(): format_date(day)}
