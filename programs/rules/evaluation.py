"""What support came to: a figure after support held against the one before. Pure Python."""

import calendar
import datetime
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Change:
    """A figure before and after support, both in one unit; None is "not known", never zero."""

    before: int | None
    after: int | None

    @property
    def is_known(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def is_blank(self) -> bool:
        return self.before is None and self.after is None

    @property
    def increase(self) -> int | None:
        """After − before, negative for a fall; None unless both are known."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def share(self) -> Fraction | None:
        """Increase ÷ before (1/2 is 50 %); None where there is nothing known to divide by."""
        return Fraction(self.increase, self.before) if self.increase is not None and self.before else None


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many whole months earlier; the last day of that month where it has no such day.

    `months` ≥ 0. 29/02/2028 less 12 months is 28/02/2027.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def whole_months(start: datetime.date, end: datetime.date) -> int:
    """Whole months from `start` to `end` (15/01 → 14/02 is 0, → 15/02 is 1); 0 when `end` comes first."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(months - (end.day < start.day), 0)
