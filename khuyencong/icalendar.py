"""Days as a calendar file (.ics) that telephones and Outlook read. Source: RFC 5545."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

CONTENT_TYPE = "text/calendar; charset=utf-8"
LINE_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class DayEvent:
    """Something on one whole day. `uid` stays the same from one file to the next, so that importing again renews it."""

    uid: str
    day: datetime.date
    summary: str
    description: str = ""
    url: str = ""


def calendar_text(name: str, events: Iterable[DayEvent], *, stamp: datetime.datetime) -> str:
    """The whole file, to be written as UTF-8. `stamp`: the aware moment at which it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cong quan ly khuyen cong//Thoi han//VI"]
    lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    for event in events:
        lines += _event_lines(event, stamp)
    return "".join(f"{folded_line(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def escaped(text: str) -> str:
    """Text as a value: RFC 5545, 3.3.11."""
    return text.translate(_ESCAPES)


def folded_line(line: str) -> str:
    """The line in pieces of at most 75 octets, no letter cut in two: RFC 5545, 3.1."""
    pieces, room = [""], LINE_OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append("")
            room = LINE_OCTETS - 1  # the space that begins the next line
        pieces[-1] += letter
        room -= size
    return "\r\n ".join(pieces)


def _event_lines(event: DayEvent, stamp: datetime.datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{stamp.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{_day(event.day)}",
        f"DTEND;VALUE=DATE:{_day(event.day + datetime.timedelta(days=1))}",
        f"SUMMARY:{escaped(event.summary)}",
    ]
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _day(day: datetime.date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"
