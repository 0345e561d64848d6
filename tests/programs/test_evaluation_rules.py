"""Changes against the time before support, and whole months."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.rules.evaluation import Change, months_before, whole_months

D = datetime.date
DAYS = st.dates(min_value=D(2001, 1, 1), max_value=D(2099, 12, 31))


@pytest.mark.parametrize(
    ("before", "after", "increase", "share"),
    [
        (800, 1200, 400, Fraction(1, 2)),
        (800, 600, -200, Fraction(-1, 4)),
        (0, 5, 5, None),
        (0, 0, 0, None),
        (None, 5, None, None),
        (5, None, None, None),
        (None, None, None, None),
    ],
)
def test_a_change_is_measured_by_what_was_before(before, after, increase, share):
    change = Change(before, after)
    assert (change.increase, change.share) == (increase, share)
    assert change.is_blank is (before is None and after is None)
    assert change.is_known is (increase is not None)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2026, 11, 24), 12, D(2025, 11, 24)),
        (D(2028, 2, 29), 12, D(2027, 2, 28)),
        (D(2026, 3, 31), 1, D(2026, 2, 28)),
        (D(2026, 1, 15), 1, D(2025, 12, 15)),
        (D(2026, 12, 31), 0, D(2026, 12, 31)),
        (D(2026, 12, 1), 24, D(2024, 12, 1)),
    ],
)
def test_the_same_day_earlier(day, months, expected):
    assert months_before(day, months) == expected


@given(DAYS, st.integers(min_value=0, max_value=120))
def test_what_is_old_enough_is_as_many_months_old(day, months):
    start = months_before(day, months)
    assert whole_months(start, day) >= months
    assert whole_months(start + datetime.timedelta(days=1), day) < max(months, 1)


def test_months_do_not_run_backwards():
    assert whole_months(D(2026, 5, 1), D(2026, 4, 1)) == 0
    assert whole_months(D(2026, 1, 15), D(2026, 2, 14)) == 0
    assert whole_months(D(2026, 1, 15), D(2026, 2, 15)) == 1
