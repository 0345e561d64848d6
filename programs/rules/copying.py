"""Days of an earlier project carried to another plan year."""

import datetime


def shift_years(day: datetime.date, years: int) -> datetime.date:
    """The same day `years` later (or earlier, when negative); 29 February becomes the 28th in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def next_plan_year(source_year: int, this_year: int) -> int:
    """The plan year that a copy is offered: next year, or the one after the source when that lies further ahead."""
    return max(source_year, this_year) + 1
