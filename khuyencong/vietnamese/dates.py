"""Dates the way Vietnamese offices write them: day, month, year."""

import calendar
import re
from datetime import date, datetime, timedelta, timezone

from khuyencong.vietnamese.text import fold, nfc

ACCEPTED = "Nhập theo dạng ngày/tháng/năm, ví dụ 05/02/2026."
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2199
# Vietnam has kept UTC+7 without summer time since 1975.
_VIETNAM = timezone(timedelta(hours=7))
_NUMERIC = re.compile(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]+)")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ t]00:00(?::00)?)?")
_WORDS = re.compile(r"(?:.*,\s*)?ngay\s*([0-9]{1,2})\s*thang\s*([0-9]{1,2})\s*nam\s*([0-9]+)")


class DateError(ValueError):
    """Text that is not a date of the calendar; the message (Vietnamese) says what is wrong."""


def parse_date(text: str | date) -> date:
    """A date from "05/02/2026" (5 February), 5-2-2026, 05.02.2026, "ngày 05 tháng 02 năm 2026" or ISO 2026-02-05.

    Dates and datetimes (cells) pass through. Raises DateError.
    """
    if isinstance(text, date):
        return _local(text).date() if isinstance(text, datetime) else text
    shown = nfc(text)
    if not shown:
        raise DateError(f"Chưa nhập ngày. {ACCEPTED}")
    day, month, year = _parts(shown)
    return _checked(day, month, year, shown)


def _parts(shown: str) -> tuple[str, str, str]:
    folded = fold(shown)
    if match := _NUMERIC.fullmatch(folded):
        return match[1], match[3], match[4]
    if match := _WORDS.fullmatch(folded):
        return match[1], match[2], match[3]
    if match := _ISO.fullmatch(folded):
        return match[3], match[2], match[1]
    raise DateError(f"Không đọc được ngày “{shown[:60]}”. {ACCEPTED}")


def _checked(day_text: str, month_text: str, year_text: str, shown: str) -> date:
    if len(year_text) != 4:
        raise DateError(f"“{shown[:60]}”: năm phải ghi đủ bốn chữ số. {ACCEPTED}")
    day, month, year = int(day_text), int(month_text), int(year_text)
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise DateError(f"“{shown}”: năm {year} nằm ngoài khoảng {_EARLIEST_YEAR}–{_LATEST_YEAR}, hãy kiểm tra lại.")
    if not 1 <= month <= 12:
        raise DateError(_wrong_month(day, month, year, shown))
    last = calendar.monthrange(year, month)[1]
    if day > last:
        raise DateError(f"{shown} không có trong lịch: tháng {month} năm {year} chỉ có {last} ngày.")
    if day < 1:
        raise DateError(f"{shown} không có trong lịch: ngày phải từ 1 đến {last}.")
    return date(year, month, day)


def _wrong_month(day: int, month: int, year: int, shown: str) -> str:
    message = f"{shown} không có trong lịch: không có tháng {month}. Thứ tự là ngày/tháng/năm (dd/mm/yyyy)"
    if 1 <= day <= 12 and 1 <= month <= calendar.monthrange(year, day)[1]:
        return f"{message}; có phải ý là {format_date(date(year, day, month))}?"
    return f"{message}."


def _local(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(_VIETNAM)


def format_date(d: date | None) -> str:
    """ "05/02/2026"; nothing for None. An aware datetime is taken in Vietnamese time."""
    if d is None:
        return ""
    local = _local(d) if isinstance(d, datetime) else d
    return f"{local.day:02d}/{local.month:02d}/{local.year:04d}"


def format_datetime(moment: datetime | None) -> str:
    """ "05/02/2026 14:30"; nothing for None. An aware datetime is shown in Vietnamese time."""
    if moment is None:
        return ""
    local = _local(moment)
    return f"{format_date(local)} {local.hour:02d}:{local.minute:02d}"


def format_long_date(d: date) -> str:
    """ "ngày 05 tháng 02 năm 2026": days under 10 and months 1 and 2 take a zero, other months do not.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 4 (thời gian ban hành văn bản).
    """
    month = f"{d.month:02d}" if d.month <= 2 else str(d.month)
    return f"ngày {d.day:02d} tháng {month} năm {d.year}"
