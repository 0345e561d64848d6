"""Money of one source over the budget years of a project: what a year may spend, what may go on. Whole đồng."""

from collections.abc import Mapping
from dataclasses import dataclass

from funding.rules.ceiling import Ceiling


@dataclass(frozen=True)
class SourceYears:
    """Approved from a source for `plan_year`; `out` is net out per budget year, `carried` what each year passed on.

    `out` and `carried` map a year to đồng; both may lack years.
    """

    plan_year: int
    approved_vnd: int
    out: Mapping[int, int]
    carried: Mapping[int, int]

    @property
    def current_year(self) -> int:
        """The plan year, or the last year that money was carried into."""
        return max(self.carried) + 1 if self.carried else self.plan_year

    @property
    def years(self) -> list[int]:
        """The budget years that a voucher may count for, oldest first."""
        return list(range(self.plan_year, self.current_year + 1))

    def year_ceiling(self, year: int, wanted_vnd: int = 0) -> Ceiling:
        """Net out in a year ≤ what was given to it (approved, or carried in) less what it passed on."""
        given = self.approved_vnd if year == self.plan_year else self.carried.get(year - 1, 0)
        return Ceiling(given - self.carried.get(year, 0), self.out.get(year, 0), wanted_vnd)

    @property
    def total_out_vnd(self) -> int:
        return sum(self.out.values())

    @property
    def unspent_vnd(self) -> int:
        """What may be carried from the current year into the next; never more than approved and not yet out."""
        left = self.year_ceiling(self.current_year).remaining_vnd
        return max(0, min(left, self.approved_vnd - self.total_out_vnd))
