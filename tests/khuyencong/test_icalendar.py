"""Calendar files: lines, letters and escapes as RFC 5545 wants them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khuyencong.icalendar import LINE_OCTETS, DayEvent, calendar_text, escaped, folded_line

STAMP = datetime.datetime(2026, 11, 24, 6, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)


@given(TEXT)
def test_a_folded_line_is_short_whole_and_comes_back(line):
    pieces = folded_line(line).split("\r\n")
    assert all(len(piece.encode()) <= LINE_OCTETS for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert folded_line(line).replace("\r\n ", "") == line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Đề án; loại A, B", "Đề án\\; loại A\\, B"),
        ("a\\b", "a\\\\b"),
        ("dòng 1\r\ndòng 2", "dòng 1\\ndòng 2"),
        ("END:VEVENT\nBEGIN:VEVENT", "END:VEVENT\\nBEGIN:VEVENT"),
    ],
)
def test_text_is_escaped(text, value):
    assert escaped(text) == value


def test_a_file_is_made_of_whole_days():
    event = DayEvent("a@b", datetime.date(2026, 12, 31), "Hạn, cuối năm", "Căn cứ", "http://x/?a=1&b=2")
    assert calendar_text("Lịch", [event], stamp=STAMP).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cong quan ly khuyen cong//Thoi han//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Lịch",
        "BEGIN:VEVENT",
        "UID:a@b",
        "DTSTAMP:20261123T233000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Hạn\\, cuối năm",
        "DESCRIPTION:Căn cứ",
        "URL:http://x/?a=1&b=2",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
