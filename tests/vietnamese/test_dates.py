from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.vietnamese.dates import DateError, format_date, format_datetime, format_long_date, parse_date

dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "05/02/2026",
        "5/2/2026",
        "05-02-2026",
        "05.02.2026",
        " 05 / 02 / 2026 ",
        "ngày 05 tháng 02 năm 2026",
        "Ngày 5 tháng 2 năm 2026",
        "Bạc Liêu, ngày 05 tháng 02 năm 2026",
        "2026-02-05",
        "2026-02-05 00:00:00",
        date(2026, 2, 5),
        datetime(2026, 2, 5, 13, 30),
        datetime(2026, 2, 4, 18, 0, tzinfo=UTC),
    ],
)
def test_day_comes_before_month(text):
    parsed = parse_date(text)
    assert parsed == date(2026, 2, 5)
    assert type(parsed) is date


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Chưa nhập ngày"),
        ("31/02/2026", "31/02/2026 không có trong lịch: tháng 2 năm 2026 chỉ có 28 ngày"),
        ("29/02/2024", None),
        ("29/02/2025", "tháng 2 năm 2025 chỉ có 28 ngày"),
        ("31/04/2026", "tháng 4 năm 2026 chỉ có 30 ngày"),
        ("00/04/2026", "ngày phải từ 1 đến 30"),
        ("05/02/26", "đủ bốn chữ số"),
        ("05/02/20266", "đủ bốn chữ số"),
        ("02/13/2026", "không có tháng 13.*dd/mm/yyyy.*13/02/2026"),
        ("20/13/2026", "không có tháng 13"),
        ("05/00/2026", "không có tháng 0"),
        ("05/02/0206", "ngoài khoảng"),
        ("05/02-2026", "Không đọc được ngày"),
        ("hôm nay", "Không đọc được ngày “hôm nay”"),
        ("20260205", "Không đọc được ngày"),
    ],
)
def test_refused_with_the_trouble_named(text, message):
    if message is None:
        assert parse_date(text) == date(2024, 2, 29)
        return
    with pytest.raises(DateError, match=message):
        parse_date(text)


@given(dates)
def test_round_trip_of_every_written_form(day):
    assert parse_date(format_date(day)) == day
    assert parse_date(format_long_date(day)) == day
    assert parse_date(day.isoformat()) == day


@given(st.text(alphabet="0123456789/-. ngàythángnăm,", max_size=30))
def test_any_text_is_a_date_or_a_date_error(text):
    try:
        parsed = parse_date(text)
    except DateError:
        return
    assert parse_date(format_date(parsed)) == parsed


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_long_date_pads_as_the_decree_says(day, shown):
    assert format_long_date(day) == shown


def test_printing_takes_vietnamese_time_and_nothing_for_none():
    moment = datetime(2026, 2, 4, 18, 5, tzinfo=UTC)
    assert format_date(moment) == "05/02/2026"
    assert format_datetime(moment) == "05/02/2026 01:05"
    assert format_datetime(datetime(2026, 2, 5, 14, 30)) == "05/02/2026 14:30"
    assert format_date(None) == format_datetime(None) == ""
