"""How a deadline stands on a day. Days are whole days of the calendar; the due day itself is still in time."""

import datetime
from enum import StrEnum, unique


@unique
class Standing(StrEnum):
    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"

    @property
    def label(self) -> str:
        return {"overdue": "Quá hạn", "soon": "Sắp đến hạn", "later": "Còn thời gian"}[self.value]


def days_left(due_date: datetime.date, today: datetime.date) -> int:
    """Days from today to the due day: 0 on the day itself, negative once it has passed."""
    return (due_date - today).days


def standing(due_date: datetime.date, today: datetime.date, warn_days: int) -> Standing:
    """Overdue from the day after the due day; soon within `warn_days` before it."""
    left = days_left(due_date, today)
    if left < 0:
        return Standing.OVERDUE
    return Standing.SOON if left <= warn_days else Standing.LATER


def last_soon_day(today: datetime.date, warn_days: int) -> datetime.date:
    """The latest due day that counts as soon today."""
    return today + datetime.timedelta(days=warn_days)


def describe(due_date: datetime.date, today: datetime.date) -> str:
    """For people: how long there is, or how long it has been overdue."""
    left = days_left(due_date, today)
    if left == 0:
        return "đến hạn hôm nay"
    return f"còn {left} ngày" if left > 0 else f"quá hạn {-left} ngày"


def is_escalated(due_date: datetime.date, today: datetime.date, escalate_days: int) -> bool:
    """Whether a leader is to be told: overdue, and by at least that many days."""
    late = -days_left(due_date, today)
    return late > 0 and late >= escalate_days
