"""Periods close on 14/12; both days can be edited."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    OWN_DAYS,
    PARTS,
    Period,
    PeriodError,
    asked_period,
    calendar_year,
    chosen_period,
    part_of,
    part_of_year,
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


KINDS = {
    "thang": [f"thang-{n}" for n in range(1, 13)],
    "quy": [f"quy-{n}" for n in range(1, 5)],
    "6-thang": ["6-thang-1", "6-thang-2"],
    "nam": ["nam"],
}
A_DAY = datetime.timedelta(days=1)


@given(YEARS)
@pytest.mark.parametrize("parts", KINDS.values(), ids=KINDS)
def test_the_parts_of_a_year_cover_it_and_count_no_day_twice(parts, year):
    periods = [part_of_year(year, part) for part in parts]
    assert (periods[0].start, periods[-1].end) == report_year(year).days
    for one, following in itertools.pairwise(periods):
        assert following.start - one.end == A_DAY
    assert (
        sum((one.end - one.start + A_DAY).days for one in periods)
        == (report_year(year).end - report_year(year).start + A_DAY).days
    )


@given(YEARS, st.sampled_from(list(PARTS)))
def test_the_days_of_a_part_name_it(year, part):
    assert part_of(part_of_year(year, part)) == part
    assert chosen_period(year, *part_of_year(year, part).days) == part_of_year(year, part)


@pytest.mark.parametrize(
    ("year", "part", "days", "label"),
    [
        (2026, "thang-1", (D(2025, 12, 15), D(2026, 1, 14)), "Tháng 1 năm 2026"),
        (2024, "thang-3", (D(2024, 2, 15), D(2024, 3, 14)), "Tháng 3 năm 2024"),
        (2026, "quy-1", (D(2025, 12, 15), D(2026, 3, 14)), "Quý I năm 2026"),
        (2026, "quy-4", (D(2026, 9, 15), D(2026, 12, 14)), "Quý IV năm 2026"),
        (2026, "6-thang-1", (D(2025, 12, 15), D(2026, 6, 14)), "6 tháng đầu năm 2026"),
        (2026, "6-thang-2", (D(2026, 6, 15), D(2026, 12, 14)), "6 tháng cuối năm 2026"),
        (2026, "nam", (D(2025, 12, 15), D(2026, 12, 14)), "Năm 2026"),
    ],
)
def test_parts_close_on_the_14th(year, part, days, label):
    period = part_of_year(year, part)
    assert (period.days, period.label) == (days, label)


def test_a_month_of_a_leap_year_has_a_day_more():
    lengths = [
        (one.end - one.start + A_DAY).days for one in (part_of_year(2024, "thang-3"), part_of_year(2026, "thang-3"))
    ]
    assert lengths == [29, 28]


@given(st.dates(D(FIRST_YEAR, 1, 1), D(LAST_YEAR, 1, 1)), st.integers(0, 800))
def test_other_days_are_the_persons_own(start, length):
    period = calendar_year(2026)
    assert part_of(period) == OWN_DAYS
    part = _part_of_days(start, start + length * A_DAY)
    assert part == OWN_DAYS or part_of_year(year_of(start), part).start == start


def _part_of_days(start, end):
    return part_of(Period(start, end, ""))


def test_a_part_that_was_just_chosen_gives_its_days():
    old = report_year(2026)
    assert asked_period(2026, "quy-2", "nam", *old.days) == part_of_year(2026, "quy-2")
    assert asked_period(2026, "quy-2", "tu-chon", D(2026, 1, 5), D(2026, 1, 9)) == part_of_year(2026, "quy-2")
    assert asked_period(2026, "thang-5", "", None, None) == part_of_year(2026, "thang-5")


def test_another_year_keeps_the_part():
    old = part_of_year(2026, "quy-2")
    assert asked_period(2024, "quy-2", "quy-2", *old.days) == part_of_year(2024, "quy-2")


def test_days_edited_under_a_part_stay():
    edited = asked_period(2026, "quy-2", "quy-2", D(2026, 3, 15), D(2026, 6, 30))
    assert edited.days == (D(2026, 3, 15), D(2026, 6, 30))
    assert part_of(edited) == OWN_DAYS
    own = asked_period(2026, OWN_DAYS, OWN_DAYS, D(2026, 3, 1), D(2026, 3, 2))
    assert own.days == (D(2026, 3, 1), D(2026, 3, 2))


@given(YEARS, st.sampled_from([*PARTS, OWN_DAYS, ""]), st.sampled_from([*PARTS, OWN_DAYS, ""]), st.dates(), st.dates())
def test_any_question_gives_a_period_or_a_reason(year, part, shown, start, end):
    refused = None
    try:
        period = asked_period(year, part, shown, start, end)
    except PeriodError as error:
        refused = error
    assert refused.field in ("start", "end") if refused else period.start <= period.end
