"""Periods close on 14/12; both days can be edited."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    PeriodError,
    calendar_year,
    chosen_period,
    report_year,
    several_years,
    year_of,
)

D = datetime.date
YEARS = st.integers(FIRST_YEAR, LAST_YEAR)


def test_a_report_year_runs_from_15_12_to_14_12():
    period = report_year(2026)
    assert period.days == (D(2025, 12, 15), D(2026, 12, 14))
    assert (period.label, period.file_part) == ("Năm 2026", "2026")
    assert period.spelled == "từ ngày 15/12/2025 đến ngày 14/12/2026"


def test_several_years_are_one_period():
    period = several_years(2008, 2013)
    assert period.days == (D(2007, 12, 15), D(2013, 12, 14))
    assert (period.label, period.file_part) == ("Giai đoạn 2008–2013", "2008-2013")


def test_several_years_the_wrong_way_round_are_refused():
    with pytest.raises(PeriodError, match="2008 đứng trước năm bắt đầu 2013"):
        several_years(2013, 2008)


def test_a_calendar_year_is_a_whole_year_too():
    period = calendar_year(2026)
    assert period.days == (D(2026, 1, 1), D(2026, 12, 31))
    assert period.label == "Năm 2026"


@given(YEARS)
def test_report_years_leave_no_day_out_and_count_none_twice(year):
    assert report_year(year + 1).start - report_year(year).end == datetime.timedelta(days=1)


@given(st.dates(D(FIRST_YEAR, 1, 1), D(LAST_YEAR, 12, 1)))
def test_every_day_lies_in_the_report_year_that_it_is_counted_in(day):
    period = report_year(year_of(day))
    assert period.start <= day <= period.end


def test_empty_days_are_those_of_the_year():
    assert chosen_period(2026, None, None) == report_year(2026)
    assert chosen_period(2026, D(2026, 1, 1), None).days == (D(2026, 1, 1), D(2026, 12, 14))


def test_another_year_replaces_days_that_were_never_edited():
    old = report_year(2026)
    assert chosen_period(2025, old.start, old.end) == report_year(2025)


def test_edited_days_stay():
    period = chosen_period(2026, D(2026, 1, 1), D(2026, 3, 31))
    assert (period.label, period.file_part) == ("Từ 01/01/2026 đến 31/03/2026", "20260101-20260331")


def test_several_report_years_can_be_asked_for_by_their_days():
    assert chosen_period(2013, D(2007, 12, 15), D(2013, 12, 14)).label == "Giai đoạn 2008–2013"


@pytest.mark.parametrize(
    ("start", "end", "field", "words"),
    [
        (D(2026, 5, 1), D(2026, 4, 30), "end", "Ngày kết thúc 30/04/2026 đứng trước ngày bắt đầu 01/05/2026"),
        (D(2024, 1, 1), D(2024, 3, 31), "start", "không có ngày nào của năm 2026"),
        (D(2027, 1, 1), D(2027, 3, 31), "start", "không có ngày nào của năm 2026"),
    ],
)
def test_days_that_make_no_period_of_the_year_are_refused(start, end, field, words):
    with pytest.raises(PeriodError, match=words) as refused:
        chosen_period(2026, start, end)
    assert refused.value.field == field


@given(YEARS, st.none() | st.dates(), st.none() | st.dates())
def test_any_days_give_a_period_or_a_reason(year, start, end):
    refused = None
    try:
        period = chosen_period(year, start, end)
    except PeriodError as error:
        refused = error
    assert refused.field in ("start", "end") if refused else period.start <= period.end
