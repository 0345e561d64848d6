"""The days that a period is compared with: its year so far, and the same days a year earlier. Pure Python."""

import datetime

from reports.periods import OWN_DAYS, Period, chosen_period, part_of, part_of_year, report_year, year_of

ONE_DAY = datetime.timedelta(days=1)


def plan_year(period: Period) -> int:
    """The year whose plan the period is held against: the report year of its last day.

    A period of whole calendar years is the plan of the last of them, though its last days close in the next report
    year.
    """
    return period.end.year if _is_calendar(period) else year_of(period.end)


def year_so_far(period: Period) -> Period:
    """From the first day of the year (15/12; 01/01 for calendar years) to the last day of the period.

    A period that began in an earlier year is longer than this.
    """
    year = plan_year(period)
    start = datetime.date(year, 1, 1) if _is_calendar(period) else report_year(year).start
    return chosen_period(year, start, period.end)


def same_period_before(period: Period) -> Period:
    """The same days a year earlier; a part of a report year is the same part of the year before.

    The last day of February stays the last of February, so that no day of a leap year is left out; a period that
    begins on 29/02 is compared from 28/02.
    """
    if (part := part_of(period)) != OWN_DAYS:
        return part_of_year(period.end.year - 1, part)
    end = _year_before(period.end + ONE_DAY, leap_day=(3, 1)) - ONE_DAY
    return chosen_period(end.year, _year_before(period.start, leap_day=(2, 28)), end)


def _is_calendar(period: Period) -> bool:
    return (period.start.month, period.start.day, period.end.month, period.end.day) == (1, 1, 12, 31)


def _year_before(day: datetime.date, *, leap_day: tuple[int, int]) -> datetime.date:
    """`leap_day`: month and day that stand for a 29/02 in the year before, which has none."""
    month, number = leap_day if (day.month, day.day) == (2, 29) else (day.month, day.day)
    return datetime.date(day.year - 1, month, number)
