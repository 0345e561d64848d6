"""Report periods: which days a report counts. Pure Python.

A province closes its books on the 14th: the year 2026 runs from 15/12/2025 to 14/12/2026, its month n from the 15th of
the month before to the 14th, its quarters and halves accordingly. Both days can be edited, so that a calendar year or
several years are asked for in the same way.
"""

import datetime
from dataclasses import dataclass

from khuyencong.vietnamese.dates import format_date

CLOSING_MONTH, CLOSING_DAY = 12, 14
FIRST_YEAR, LAST_YEAR = 2000, 2100
WHOLE_YEAR, OWN_DAYS = "nam", "tu-chon"
QUARTERS = ("I", "II", "III", "IV")
# Part of a report year → its first and last month, and its name.
PARTS: dict[str, tuple[int, int, str]] = {
    WHOLE_YEAR: (1, 12, "Cả năm"),
    "6-thang-1": (1, 6, "6 tháng đầu năm"),
    "6-thang-2": (7, 12, "6 tháng cuối năm"),
    **{f"quy-{n}": (3 * n - 2, 3 * n, f"Quý {QUARTERS[n - 1]}") for n in range(1, 5)},
    **{f"thang-{n}": (n, n, f"Tháng {n}") for n in range(1, 13)},
}


class PeriodError(ValueError):
    """The days asked for make no period; `field` ("start" or "end") is the one to correct."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(frozen=True)
class Period:
    """All days from `start` to `end`, both counted."""

    start: datetime.date
    end: datetime.date
    label: str

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """For a `__range` lookup."""
        return self.start, self.end

    @property
    def spelled(self) -> str:
        return f"từ ngày {format_date(self.start)} đến ngày {format_date(self.end)}"

    @property
    def file_part(self) -> str:
        """For the name of a file: 2026 for a whole year, 2008-2013 for several, else both days."""
        years = _whole_years(self.start, self.end)
        if years is None:
            return f"{self.start:%Y%m%d}-{self.end:%Y%m%d}"
        first, last = years
        return str(first) if first == last else f"{first}-{last}"


def report_year(year: int) -> Period:
    """15/12 of the year before to 14/12."""
    return several_years(year, year)


def several_years(first: int, last: int) -> Period:
    """The report years `first` to `last` in one period. Errors: PeriodError when they are the wrong way round."""
    if last < first:
        raise PeriodError(f"Năm kết thúc {last} đứng trước năm bắt đầu {first}.", field="end")
    closing = datetime.date(first - 1, CLOSING_MONTH, CLOSING_DAY)
    return _labelled(closing + datetime.timedelta(days=1), datetime.date(last, CLOSING_MONTH, CLOSING_DAY))


def calendar_year(year: int) -> Period:
    return _labelled(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def year_of(day: datetime.date) -> int:
    """The report year that a day falls in: 14/12/2026 → 2026, 15/12/2026 → 2027."""
    return day.year + ((day.month, day.day) > (CLOSING_MONTH, CLOSING_DAY))


def part_of_year(year: int, part: str) -> Period:
    """A month, quarter, half or the whole of a report year; `part` is a key of PARTS."""
    first, last, _ = PARTS[part]
    before = datetime.date(year - (first == 1), (first - 2) % 12 + 1, CLOSING_DAY)
    return _labelled(before + datetime.timedelta(days=1), datetime.date(year, last, CLOSING_DAY))


def part_of(period: Period) -> str:
    """The part of a report year that the days are exactly; OWN_DAYS for all others."""
    found = _part_and_year(period.start, period.end)
    return found[0] if found else OWN_DAYS


def asked_period(
    year: int, part: str, shown_part: str, start: datetime.date | None, end: datetime.date | None
) -> Period:
    """The period that a year, a part of it and two editable days ask for; `shown_part`: what the page showed before.

    A part that was just chosen gives its own days. One that stood there already gives them as long as the days are
    those of the part, in whatever year; days that were edited since mean themselves. Errors: PeriodError.
    """
    if part not in PARTS:
        return chosen_period(year, start, end)
    if part != shown_part or start is None or end is None:
        return part_of_year(year, part)
    found = _part_and_year(start, end)
    return part_of_year(year, part) if found and found[0] == part else chosen_period(year, start, end)


def chosen_period(year: int, start: datetime.date | None, end: datetime.date | None) -> Period:
    """The period that a year and two editable days ask for; a day left empty is the year's own.

    Days that are exactly another year's default were not edited: whoever picks another year means that year.
    Errors: PeriodError when the days are the wrong way round or have nothing to do with the year.
    """
    default = report_year(year)
    first, last = start or default.start, end or default.end
    if last < first:
        message = f"Ngày kết thúc {format_date(last)} đứng trước ngày bắt đầu {format_date(first)}."
        raise PeriodError(message, field="end")
    if _is_one_report_year(first, last):
        return default
    if last < datetime.date(year - 1, 1, 1) or first > datetime.date(year, 12, 31):
        message = f"Kỳ này không có ngày nào của năm {year}. Sửa lại ngày, hoặc xóa hai ô ngày để lấy cả năm {year}."
        raise PeriodError(message, field="start")
    return _labelled(first, last)


def _labelled(start: datetime.date, end: datetime.date) -> Period:
    years, part = _whole_years(start, end), _part_and_year(start, end)
    if years is None and part is not None:
        in_year = str(part[1]) if part[0].startswith("6-thang") else f"năm {part[1]}"
        return Period(start, end, f"{PARTS[part[0]][2]} {in_year}")
    if years is None:
        return Period(start, end, f"Từ {format_date(start)} đến {format_date(end)}")
    first, last = years
    return Period(start, end, f"Năm {first}" if first == last else f"Giai đoạn {first}–{last}")


def _whole_years(start: datetime.date, end: datetime.date) -> tuple[int, int] | None:
    """The years that the days span exactly, whether report years or calendar years."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return start.year, end.year
    is_whole = (start.month, start.day) == (CLOSING_MONTH, CLOSING_DAY + 1)
    is_whole = is_whole and (end.month, end.day) == (CLOSING_MONTH, CLOSING_DAY) and end > start
    return (start.year + 1, end.year) if is_whole else None


def _is_one_report_year(start: datetime.date, end: datetime.date) -> bool:
    return _whole_years(start, end) == (end.year, end.year) and start.year < end.year


def _part_and_year(start: datetime.date, end: datetime.date) -> tuple[str, int] | None:
    """The part whose days these are, and its report year."""
    if (start.day, end.day) != (CLOSING_DAY + 1, CLOSING_DAY):
        return None
    months = 12 * (end.year - start.year) + end.month - start.month
    span = (end.month - months + 1, end.month)
    return next(((part, end.year) for part, (first, last, _) in PARTS.items() if (first, last) == span), None)
