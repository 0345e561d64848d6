"""The days that a period is compared with, written down by hand."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.definitions.comparison_periods import plan_year, same_period_before, year_so_far
from reports.periods import PARTS, Period, calendar_year, chosen_period, part_of_year, report_year, several_years

D = datetime.date


def own(start, end):
    return chosen_period(end.year, start, end)


@pytest.mark.parametrize(
    ("period", "year", "so_far", "before"),
    [
        (report_year(2026), 2026, (D(2025, 12, 15), D(2026, 12, 14)), (D(2024, 12, 15), D(2025, 12, 14))),
        (part_of_year(2026, "thang-1"), 2026, (D(2025, 12, 15), D(2026, 1, 14)), (D(2024, 12, 15), D(2025, 1, 14))),
        (part_of_year(2026, "thang-3"), 2026, (D(2025, 12, 15), D(2026, 3, 14)), (D(2025, 2, 15), D(2025, 3, 14))),
        (part_of_year(2026, "thang-12"), 2026, (D(2025, 12, 15), D(2026, 12, 14)), (D(2025, 11, 15), D(2025, 12, 14))),
        (part_of_year(2025, "quy-1"), 2025, (D(2024, 12, 15), D(2025, 3, 14)), (D(2023, 12, 15), D(2024, 3, 14))),
        (part_of_year(2026, "6-thang-2"), 2026, (D(2025, 12, 15), D(2026, 12, 14)), (D(2025, 6, 15), D(2025, 12, 14))),
        # Days of one's own.
        (
            own(D(2026, 1, 10), D(2026, 1, 20)),
            2026,
            (D(2025, 12, 15), D(2026, 1, 20)),
            (D(2025, 1, 10), D(2025, 1, 20)),
        ),
        (own(D(2025, 12, 15), D(2025, 12, 15)), 2026, (D(2025, 12, 15), D(2025, 12, 15)), (D(2024, 12, 15),) * 2),
        (own(D(2025, 12, 14), D(2025, 12, 14)), 2025, (D(2024, 12, 15), D(2025, 12, 14)), (D(2024, 12, 14),) * 2),
        # Across two report years: the year is that of the last day.
        (own(D(2025, 12, 1), D(2026, 1, 5)), 2026, (D(2025, 12, 15), D(2026, 1, 5)), (D(2024, 12, 1), D(2025, 1, 5))),
        (several_years(2024, 2026), 2026, (D(2025, 12, 15), D(2026, 12, 14)), (D(2022, 12, 15), D(2025, 12, 14))),
        # A calendar year is the plan of its own number.
        (calendar_year(2026), 2026, (D(2026, 1, 1), D(2026, 12, 31)), (D(2025, 1, 1), D(2025, 12, 31))),
        (
            own(D(2026, 7, 1), D(2026, 12, 31)),
            2027,
            (D(2026, 12, 15), D(2026, 12, 31)),
            (D(2025, 7, 1), D(2025, 12, 31)),
        ),
        # Leap days.
        (own(D(2024, 2, 1), D(2024, 2, 29)), 2024, (D(2023, 12, 15), D(2024, 2, 29)), (D(2023, 2, 1), D(2023, 2, 28))),
        (own(D(2025, 2, 1), D(2025, 2, 28)), 2025, (D(2024, 12, 15), D(2025, 2, 28)), (D(2024, 2, 1), D(2024, 2, 29))),
        (own(D(2024, 2, 1), D(2024, 2, 28)), 2024, (D(2023, 12, 15), D(2024, 2, 28)), (D(2023, 2, 1), D(2023, 2, 28))),
        (own(D(2024, 2, 29), D(2024, 2, 29)), 2024, (D(2023, 12, 15), D(2024, 2, 29)), (D(2023, 2, 28),) * 2),
        (
            own(D(2024, 2, 29), D(2024, 3, 31)),
            2024,
            (D(2023, 12, 15), D(2024, 3, 31)),
            (D(2023, 2, 28), D(2023, 3, 31)),
        ),
    ],
)
def test_the_year_so_far_and_the_same_days_a_year_earlier(period, year, so_far, before):
    assert plan_year(period) == year
    assert year_so_far(period).days == so_far
    assert same_period_before(period).days == before


@pytest.mark.parametrize("part", list(PARTS))
def test_a_part_of_a_year_is_the_same_part_of_the_year_before(part):
    assert same_period_before(part_of_year(2025, part)) == part_of_year(2024, part)
    assert year_so_far(part_of_year(2025, part)).days == (D(2024, 12, 15), part_of_year(2025, part).end)


days = st.dates(D(2001, 1, 1), D(2099, 12, 31))


@given(days, st.integers(0, 800))
def test_no_period_is_empty_or_longer_than_a_leap_day_allows(start, length):
    period = Period(start, start + datetime.timedelta(days=length), "x")
    before, so_far = same_period_before(period), year_so_far(period)
    assert before.start <= before.end < period.end
    assert abs((before.end - before.start).days - length) <= 1
    assert 0 <= (so_far.end - so_far.start).days <= 365
    assert so_far.end == period.end
    assert (so_far.start.month, so_far.start.day) in {(12, 15), (1, 1)}


@given(days, st.integers(0, 400), st.integers(1, 400))
def test_neighbouring_periods_stay_neighbours(start, length, further):
    """So that no voucher of the year before is left out between two of them."""
    end = start + datetime.timedelta(days=length)
    first = Period(start, end, "x")
    second = Period(end + datetime.timedelta(days=1), end + datetime.timedelta(days=further), "x")
    gap = (same_period_before(second).start - same_period_before(first).end).days
    assert gap == (0 if (second.start.month, second.start.day) == (2, 29) else 1)
