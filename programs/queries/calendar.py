"""A calendar year of deadlines: on which days something is due, and how many projects of the user owe it."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from khuyencong.accounts.models import User
from khuyencong.vietnamese.dates import format_date
from programs.models import Certainty, DeadlineKind, DeadlineRule, Project, RegistrationRound
from programs.queries.deadlines import due_days

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class CalendarEntry:
    """Something on a day: what a rule makes due (`owing` projects still owe it), or a registration round's first or
    last day.
    """

    day: datetime.date
    title: str
    basis: str
    key: str
    is_overdue: bool = False
    owing: int = 0
    rule: DeadlineRule | None = None

    @property
    def is_unverified(self) -> bool:
        return self.rule is not None and self.rule.certainty == Certainty.UNVERIFIED

    @property
    def standing(self) -> str:
        """How many projects owe it, in words; nothing for a registration round."""
        if self.rule is None:
            return ""
        if not self.owing:
            return "không đề án nào còn nợ"
        return f"{self.owing} đề án quá hạn" if self.is_overdue else f"{self.owing} đề án còn nợ"


@dataclass(frozen=True)
class CalendarDay:
    """A day with what is on it; `date` is None for the cells of a month's grid that lie outside of it."""

    date: datetime.date | None
    entries: Sequence[CalendarEntry] = ()
    is_today: bool = False

    @property
    def is_overdue(self) -> bool:
        return any(entry.is_overdue for entry in self.entries)

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.date.weekday()] if self.date else ""

    @property
    def title(self) -> str:
        """For a pointer that rests on the day, and for those who listen."""
        return f"{format_date(self.date)}: " + "; ".join(entry.title for entry in self.entries)


@dataclass(frozen=True)
class CalendarMonth:
    number: int
    weeks: Sequence[Sequence[CalendarDay]]

    @property
    def days(self) -> list[CalendarDay]:
        """The days that are worth a line: those with something on them, and today."""
        return [day for week in self.weeks for day in week if day.entries or day.is_today]

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


def year_entries(user: User, rules: list[DeadlineRule], year: int, today: datetime.date) -> list[CalendarEntry]:
    """Everything on the days of that year, in order; two queries."""
    known = {rule.pk: rule for rule in rules}
    rows = due_days(Project.objects.visible_to(user), rules, year)
    owing = {(row["owed_rule"], row["due_date"]): row["owing"] for row in rows}
    for rule in rules:
        day = _day_of_year(rule, year)
        if day is not None:
            owing.setdefault((rule.pk, day), 0)
    due = [_due(known[rule], day, count, today) for (rule, day), count in owing.items()]
    return sorted([*due, *_rounds(year)], key=lambda entry: (entry.day, entry.title, entry.key))


def months_of(year: int, entries: Sequence[CalendarEntry], today: datetime.date) -> list[CalendarMonth]:
    """The twelve months, weeks from Monday on."""
    on: dict[datetime.date, list[CalendarEntry]] = {}
    for entry in entries:
        on.setdefault(entry.day, []).append(entry)

    def day_of(number: int, month: int) -> CalendarDay:
        if not number:
            return CalendarDay(None)
        date = datetime.date(year, month, number)
        return CalendarDay(date, on.get(date, ()), date == today)

    weeks = {month: calendar.monthcalendar(year, month) for month in range(1, 13)}
    return [CalendarMonth(month, [[day_of(n, month) for n in week] for week in weeks[month]]) for month in weeks]


def _day_of_year(rule: DeadlineRule, year: int) -> datetime.date | None:
    """The rule's fixed day in that year while the rule holds; none for days that run from a step."""
    if rule.kind != DeadlineKind.CALENDAR or rule.month is None or rule.day is None:
        return None
    day = datetime.date(year, rule.month, rule.day)
    begun, ended = rule.valid_from and day < rule.valid_from, rule.valid_to and day > rule.valid_to
    return None if begun or ended else day


def _due(rule: DeadlineRule, day: datetime.date, owing: int, today: datetime.date) -> CalendarEntry:
    basis = f"{rule.legal_basis}; {rule.get_certainty_display().lower()}"
    return CalendarEntry(day, rule.name, basis, rule.key, bool(owing) and day < today, owing, rule)


def _rounds(year: int) -> list[CalendarEntry]:
    rounds = RegistrationRound.objects.filter(Q(opens_on__year=year) | Q(closes_on__year=year)).order_by("pk")
    found = []
    for one in rounds:
        days = ((one.opens_on, "Mở", "mo"), (one.closes_on, "Ngày cuối của", "dong"))
        for day, words, key in days:
            if day.year == year:
                title = f"{words} đợt đăng ký {one.get_track_display().lower()} kế hoạch năm {one.year}"
                found.append(CalendarEntry(day, title, one.decision_number, f"dot-dang-ky-{one.pk}-{key}"))
    return found
